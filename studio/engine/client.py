"""The engine as its users see it: start it, send requests, receive answers.

Imports neither torch nor Qt. All callbacks are called on threads of this module; a window passes
them on to its own thread (in Qt: emits a signal).
"""

from __future__ import annotations

import logging
import threading
import time
from collections import deque
from collections.abc import Callable
from enum import Enum

from studio.engine.job_runner import JobHandle as JobHandle
from studio.engine.job_runner import JobRunner as JobRunner
from studio.engine.ledger import Ledger
from studio.engine.messages import Answer, CancelLane, Compare, Finish, Ready, Render, Request
from studio.engine.pictures import decode as decode
from studio.engine.pictures import landed_answer
from studio.places import log_dir
from studio.processes.aside import remove_parts
from studio.processes.blocks import new_prefix, sweep
from studio.processes.child import Child, describe_exit

logger = logging.getLogger(__name__)
MODULE = "studio.engine.render_process"
QUICK_SECONDS = 10.0
QUICK_DEATHS = 3


class EngineState(Enum):
    """How the render process is."""

    STARTING = "starting"
    READY = "ready"
    RESTARTING = "restarting"
    STOPPED = "stopped"
    FAILED = "failed"


class EngineClient:
    """Starts and supervises the render process.

    When the process dies it is started again, models are opened again, and the newest unanswered
    request of every lane is sent again; the user sees RESTARTING and then READY. A request that was
    running at two deaths is answered with Failed. A process that dies three times in a row by
    itself is given up (FAILED) until :meth:`restart`; requests sent meanwhile are kept.

    Args:
        on_answer: receives every answer; pictures in it can be decoded at any time.
        on_state: receives every change of state.
        module: the module to run as the render process.
    """

    def __init__(
        self,
        on_answer: Callable[[Answer], None],
        on_state: Callable[[EngineState], None],
        module: str = MODULE,
    ) -> None:
        self._on_answer = on_answer
        self._on_state = on_state
        self._module = module
        self._changed = threading.Condition()  # guards all that follows
        self._ledger = Ledger()
        self._outbox: deque[Request] = deque()
        self._child: Child | None = None
        self._connected = False
        self._state = EngineState.STOPPED
        self._stopping = False
        self._retry = False
        self._renewing = False
        self._details = ""
        self._threads: list[threading.Thread] = []
        self._writing = threading.Lock()  # held while the sender uses the connection

    @property
    def pid(self) -> int | None:
        """Process number of the render process, or None while there is none."""
        child = self._child
        return None if child is None else child.pid

    @property
    def state(self) -> EngineState:
        return self._state

    @property
    def details(self) -> str:
        """How the last process died and the end of what it printed; empty if none did."""
        return self._details

    def start(self) -> None:
        """Start the render process in the background. Returns at once."""
        with self._changed:
            if self._threads:
                return
            self._stopping = False
            for work, name in ((self._supervise, "engine"), (self._send_all, "engine-sender")):
                self._threads.append(threading.Thread(target=work, name=name, daemon=True))
            for thread in self._threads:
                thread.start()

    def send(self, request: Request) -> None:
        """Send a request. Never blocks; while the process is (re)starting, requests wait."""
        with self._changed:
            request = self._ledger.sent(request)
            if self._connected:
                # An unsent older request of the lane is pointless, and the box must stay small
                # should the process not read for a while.
                if isinstance(request, Render | Compare | Finish | CancelLane):
                    self._outbox = deque(r for r in self._outbox if not _same_lane(r, request.lane))
                self._outbox.append(request)
                self._changed.notify_all()

    def restart(self) -> None:
        """Try again after FAILED; in other states nothing happens."""
        with self._changed:
            self._retry = self._state is EngineState.FAILED
            self._changed.notify_all()

    def renew(self) -> None:
        """End the render process and start another, which reads its settings anew. Nothing is lost
        and no request is blamed; the state goes to STARTING and READY. Returns at once."""
        with self._changed:
            if not self._threads:
                return
            self._retry = self._state is EngineState.FAILED
            self._renewing = True
            child = self._child
            self._changed.notify_all()
        if child is not None:
            # Ending takes a while: what was started by the process ends with it.
            threading.Thread(target=child.end, name="engine-renewal", daemon=True).start()

    def stop(self) -> None:
        """End the process and the threads. What is not answered yet is forgotten."""
        with self._changed:
            self._stopping = True
            child = self._child
            self._changed.notify_all()
        if child is not None:
            child.end()
        for thread in self._threads:
            if thread is not threading.current_thread():
                thread.join()
        with self._changed:
            self._threads.clear()
            self._ledger = Ledger()

    # ---- the supervising thread ---------------------------------------------------------------

    def _supervise(self) -> None:
        quick = 0
        self._set_state(EngineState.STARTING)
        while not self._stopping:
            prefix = new_prefix()
            started = time.monotonic()
            words, ready = self._live(prefix)
            sweep(prefix)
            if self._stopping:
                break
            with self._changed:
                renewed = self._renewing
                files = self._ledger.files_in_work()
                blamed, told = self._ledger.died(blame=not renewed)
            for file in files:
                remove_parts(file)
            if renewed:
                logger.info("the renderer starts again with other settings")
            else:
                logger.warning("the renderer %s", words)
            alone = not (blamed or renewed) and (
                not ready or time.monotonic() - started < QUICK_SECONDS
            )
            quick = quick + 1 if alone else 0
            if quick >= QUICK_DEATHS:
                self._set_state(EngineState.FAILED)
                self._wait_for_retry()
                quick = 0
            if not self._stopping:
                self._set_state(EngineState.STARTING if renewed else EngineState.RESTARTING)
            for answer in told:
                self._tell(answer)
        self._set_state(EngineState.STOPPED)

    def _live(self, prefix: str) -> tuple[str, bool]:
        """Run one process from start to death. Returns how it died and whether it was ready."""
        ready = False
        with self._changed:
            self._renewing = False  # what is started from here on has the settings of now
        try:
            child = Child(self._module, log_dir() / "render.log", [f"--blocks={prefix}"])
        except OSError as error:
            self._details = f"The renderer could not be started: {error}"
            return "could not be started", False
        with self._changed:
            self._child = child
            late = self._renewing
        if late:
            child.end()
        try:
            while not self._stopping:
                answer: Answer = child.connection.recv()
                if isinstance(answer, Ready):
                    ready = True
                    self._connect()
                self._receive(answer)
        except (EOFError, OSError):
            pass
        except Exception:
            logger.exception("the renderer sent something that cannot be read")
        with self._changed:
            self._connected = False
            self._child = None
            self._outbox.clear()
        words = describe_exit(child.end())
        self._details = "" if self._renewing else f"The renderer {words}.\n\n{child.tail()}"
        with self._writing:
            child.close()
        return words, ready

    def _connect(self) -> None:
        with self._changed:
            self._outbox = deque(self._ledger.resend())
            self._connected = True
            self._changed.notify_all()
        self._set_state(EngineState.READY)

    def _receive(self, answer: Answer) -> None:
        answer = landed_answer(answer)
        with self._changed:
            wanted = self._ledger.answered(answer)
        if wanted:
            self._tell(answer)

    def _wait_for_retry(self) -> None:
        with self._changed:
            self._changed.wait_for(lambda: self._retry or self._stopping)
            self._retry = False

    def _tell(self, answer: Answer) -> None:
        try:
            self._on_answer(answer)
        except Exception:
            logger.exception("the receiver of an answer failed")

    def _set_state(self, state: EngineState) -> None:
        self._state = state
        try:
            self._on_state(state)
        except Exception:
            logger.exception("the receiver of a state failed")

    # ---- the sending thread -------------------------------------------------------------------

    def _send_all(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._stopping or bool(self._outbox))
                if self._stopping:
                    return
                request = self._outbox.popleft()
                child = self._child
                # Taken before the other lock is let go: from here on nobody closes the connection.
                self._writing.acquire()
            try:
                if child is not None:
                    child.connection.send(request)
            except OSError:
                pass  # the process has died; the supervising thread sees that, and sends again
            finally:
                self._writing.release()


def _same_lane(request: Request, lane: str) -> bool:
    return isinstance(request, Render | Compare | Finish | CancelLane) and request.lane == lane
