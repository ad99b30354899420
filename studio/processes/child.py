"""Starting a Python module as a child process with a private two-way connection.

The child never runs the parent's ``__main__`` (as multiprocessing's spawn would), and the
connection is an inherited socket pair or pipe: no name in the file system, no port, nothing
another user could connect to. When the parent dies, however it dies, the child reads the end of the
connection; a child is expected to exit then. (Linux's PR_SET_PDEATHSIG is not used: it follows the
thread that started the child, not the process.)
"""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Sequence
from contextlib import suppress
from multiprocessing import Pipe
from multiprocessing.connection import Connection
from pathlib import Path

import psutil

from studio.processes.logs import LogDrain

GRACE_SECONDS = 0.4
THREADS = "MAQUETTE_THREADS"
MAX_THREADS = 512
_CHANNEL = "--channel="
_ROOT = Path(__file__).resolve().parents[2]


class Child:
    """A child process, the connection to it, and what it prints.

    Args:
        module: run as ``python -m module``.
        log: file that collects what the child prints.
        arguments: further command-line arguments.
        on_line: called with every line the child prints, on a thread of its own.
        own_group: the child leads a group of its own, which :meth:`end` ends as a whole; False puts
            it into this process's group, to be ended together with it.
    """

    def __init__(
        self,
        module: str,
        log: Path,
        arguments: Sequence[str] = (),
        on_line: Callable[[str], None] | None = None,
        own_group: bool = True,
    ) -> None:
        self.connection, theirs = Pipe()
        try:
            with theirs:
                self._process = _launch(module, theirs, arguments, own_group)
        except OSError:
            self.connection.close()
            raise
        self._lock = threading.Lock()
        self._code: int | None = None
        assert self._process.stdout is not None
        title = f"{module} started as process {self._process.pid}"
        self._drain = LogDrain(self._process.stdout, log, title, on_line)

    @property
    def pid(self) -> int:
        return self._process.pid

    def tail(self) -> str:
        """The last lines the child printed."""
        return self._drain.tail()

    def end(self, grace: float = GRACE_SECONDS) -> int:
        """End the child and every process it started, and return its exit code.

        They are asked first (SIGTERM) and killed after ``grace`` seconds. Ending a child that has
        ended already, or is being ended by another thread, is fine. The connection stays open for
        whoever still reads it: :meth:`close` it afterwards.
        """
        with self._lock:
            if self._code is None:
                end_tree(self._process.pid, grace)
                self._code = self._process.wait()
                self._drain.join()
        return self._code

    def close(self) -> None:
        """Close this side of the connection. The child must have ended."""
        self.connection.close()


def end_tree(pid: int, grace: float) -> None:
    """End a direct child, its group if it leads one, and its offspring, without reaping it.

    Not reaping matters: as long as the zombie is there, its group number cannot be taken by anybody
    else, so the last SIGKILL cannot hit a stranger.
    """
    try:
        process = psutil.Process(pid)
        offspring = process.children(recursive=True)
    except psutil.NoSuchProcess:
        return
    if not _is_dead(process):
        _signal_all(pid, [*offspring, process], gently=True)
        deadline = time.monotonic() + grace
        while time.monotonic() < deadline and not _is_dead(process):
            time.sleep(0.01)
    _signal_all(pid, [*offspring, process], gently=False)


def _is_dead(process: psutil.Process) -> bool:
    try:
        return bool(process.status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _signal_all(group: int, processes: list[psutil.Process], gently: bool) -> None:
    if sys.platform != "win32":
        # Nobody may be left in the group; macOS says "not permitted" when only zombies are.
        with suppress(ProcessLookupError, PermissionError):
            os.killpg(group, signal.SIGTERM if gently else signal.SIGKILL)
    # Offspring that left the group, and everything on Windows, is reached one by one.
    for process in processes:
        with suppress(psutil.NoSuchProcess, psutil.AccessDenied):
            if gently:
                process.terminate()
            else:
                process.kill()


def _launch(
    module: str, theirs: Connection, arguments: Sequence[str], own_group: bool
) -> subprocess.Popen[bytes]:
    environment = dict(os.environ)
    environment["PYTHONUNBUFFERED"] = "1"
    environment["PYTHONIOENCODING"] = "utf-8"
    # OpenMP's threads spin while they wait for each other. On a machine that is busy with anything
    # else a picture then takes ten times as long as with threads that sleep (350 against 20 to
    # 60 ms, measured with torch 2.13 on two cores that others used too).
    environment.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if (_ROOT / "pyproject.toml").is_file():
        # In a checkout the child must find this very source, whatever else is installed.
        known = environment.get("PYTHONPATH")
        environment["PYTHONPATH"] = os.pathsep.join([str(_ROOT), *([known] if known else [])])
    handle = theirs.fileno()
    # -P: the user's current folder may hold a random.py, which must not be imported.
    command = [sys.executable, "-P", "-m", module, f"{_CHANNEL}{handle}", *arguments]
    if sys.platform == "win32":
        startup = subprocess.STARTUPINFO()
        startup.lpAttributeList = {"handle_list": [handle]}
        os.set_handle_inheritable(handle, True)
        return subprocess.Popen(
            command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=environment,
            startupinfo=startup,
            creationflags=subprocess.CREATE_NO_WINDOW,
        )
    return subprocess.Popen(
        command,
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        env=environment,
        pass_fds=(handle,),
        start_new_session=own_group,  # and Ctrl-C in a terminal stays the parent's business
    )


def parent_connection(arguments: Sequence[str]) -> Connection:
    """In a child: the connection to the parent, from the command line the parent gave."""
    handle = next(int(a.removeprefix(_CHANNEL)) for a in arguments if a.startswith(_CHANNEL))
    if sys.platform == "win32":
        from multiprocessing.connection import PipeConnection

        os.set_handle_inheritable(handle, False)
        return PipeConnection(handle)  # type: ignore[no-any-return]
    os.set_inheritable(handle, False)
    return Connection(handle)


def watch_parent(connection: Connection, on_message: Callable[[object], None]) -> threading.Thread:
    """In a child: hand every message of the parent to ``on_message``, on a new thread, and end this
    process at once when the parent is gone. Nothing is tidied then: files are written aside."""

    def watch() -> None:
        while True:
            try:
                message = connection.recv()
            except (EOFError, OSError):
                os._exit(0)
            on_message(message)

    thread = threading.Thread(target=watch, name="parent", daemon=True)
    thread.start()
    return thread


def describe_exit(code: int) -> str:
    """Words for an exit code, to follow "the renderer"."""
    if code in (-9, 137):
        return "was killed by the system, perhaps because memory ran out"
    if code < 0:
        try:
            return f"crashed ({signal.Signals(-code).name})"
        except ValueError:
            return f"crashed (signal {-code})"
    return f"ended unexpectedly (exit code {code})"


def lower_priority() -> None:
    """Give this process the lowest claim on the processor, so that the window stays smooth."""
    process = psutil.Process()
    with suppress(psutil.AccessDenied, OSError):
        if sys.platform == "win32":
            process.nice(psutil.BELOW_NORMAL_PRIORITY_CLASS)
        else:
            process.nice(10)


def processor_count() -> int:
    """How many logical processors this process may use: those the system allows it, or as many as
    ``MAQUETTE_THREADS`` says."""
    chosen = os.environ.get(THREADS, "")
    if chosen.isdecimal() and 0 < int(chosen) <= MAX_THREADS:
        return int(chosen)
    return allowed_processors()


def allowed_processors() -> int:
    """How many logical processors the system allows this process, whatever the user has chosen."""
    if sys.platform == "linux":
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1
