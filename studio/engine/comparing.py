"""Comparing pictures in a process of its own, so that rendering goes on meanwhile."""

from __future__ import annotations

import contextlib
import threading
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.engine.messages import Compare, Compared, Failed
from studio.engine.pictures import Packer
from studio.places import log_dir
from studio.processes.child import Child, describe_exit

if TYPE_CHECKING:
    from studio.engine.pictures import Pixels
    from studio.fidelity.compare import Fidelity

MODULE = "studio.engine.compare_process"
REMEMBERED = 8  # each may hold a map, 3 MB at 1024 px


@dataclass(frozen=True)
class _Work:
    request: Compare
    reference: Pixels
    candidate: Pixels


class Comparer:
    """Compares one pair after the other; of each lane only the newest waits.

    The process is started by :meth:`warm` or for the first pair, and again should it die.

    Args:
        answer: receives each answer, on a thread of the comparer.
        packer: packs the maps.
    """

    def __init__(self, answer: Callable[[Compared | Failed], None], packer: Packer) -> None:
        self._answer = answer
        self._packer = packer
        self._changed = threading.Condition()  # guards the next four
        self._warming = False
        self._waiting: OrderedDict[str, _Work] = OrderedDict()
        self._current: Compare | None = None
        self._thread: threading.Thread | None = None
        self._child: Child | None = None
        self._known: OrderedDict[Compare, Fidelity] = OrderedDict()

    def warm(self) -> None:
        """Start the process, so that the first pair does not wait for it. Returns at once."""
        with self._changed:
            self._warming = True
            self._wake()

    def submit(self, request: Compare, reference: Pixels, candidate: Pixels) -> None:
        """Take in a pair of pictures (h, w, 3). Returns at once."""
        with self._changed:
            self._waiting[request.lane] = _Work(request, reference, candidate)
            self._wake()

    def _wake(self) -> None:
        if self._thread is None:
            self._thread = threading.Thread(target=self._work, name="compare", daemon=True)
            self._thread.start()
        self._changed.notify_all()

    def drop(self, unwanted: Callable[[Compare], bool]) -> None:
        """Forget what waits and is unwanted; what is being compared gets no answer."""
        with self._changed:
            for lane in [n for n, w in self._waiting.items() if unwanted(w.request)]:
                del self._waiting[lane]
            if self._current is not None and unwanted(self._current):
                self._current = None

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: bool(self._waiting) or self._warming)
                self._warming = False
                work = self._waiting.popitem(last=False)[1] if self._waiting else None
                self._current = work.request if work else None
            if work is None:
                # Should this fail, the first pair tries again and reports it.
                with contextlib.suppress(OSError):
                    self._started()
                continue
            answer = self._compared(work)
            with self._changed:
                wanted, self._current = self._current is not None, None
                if wanted:  # within the lock, so that nothing dropped is answered afterwards
                    self._answer(answer)

    def _compared(self, work: _Work) -> Compared | Failed:
        request = work.request
        found = self._known.get(_pair(request))
        if found is None:
            result = self._ask(work)
            if isinstance(result, Failed):
                return result
            found = result
            self._known[_pair(request)] = found
            while len(self._known) > REMEMBERED:
                self._known.popitem(last=False)
        return Compared(
            request.lane,
            request.stamp,
            request.reference,
            request.candidate,
            found.psnr,
            found.ssim,
            found.flip,
            None if found.map is None else self._packer.pack(found.map),
        )

    def _ask(self, work: _Work) -> Fidelity | Failed:
        lane, stamp = work.request.lane, work.request.stamp
        try:
            connection = self._started().connection
            connection.send((work.reference, work.candidate, work.request.with_map))
            answer: Fidelity | str = connection.recv()
        except (EOFError, OSError) as error:
            return Failed(lane, stamp, *self._bury(error))
        if isinstance(answer, str):
            return Failed(lane, stamp, f"Comparing failed: {answer}")
        return answer

    def _started(self) -> Child:
        if self._child is None:
            # In the group of the render process, so that whoever ends that ends this too.
            self._child = Child(MODULE, log_dir() / "compare.log", own_group=False)
        return self._child

    def _bury(self, error: Exception) -> tuple[str, str]:
        child, self._child = self._child, None
        if child is None:
            return f"Comparing failed: its process could not be started ({error})", ""
        code = child.end()
        child.close()
        return f"Comparing failed: its process {describe_exit(code)}", child.tail()


def _pair(request: Compare) -> Compare:
    """The request without what does not decide its result."""
    return Compare("", 0, request.reference, request.candidate, request.with_map)
