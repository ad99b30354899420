"""Asking every source, each in a child process of its own with a time limit.

Native loaders crash, hang and print; none of it reaches this process. Imports no runtime, so the
window may use it: sources are known here by the names of their modules only.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Sequence
from dataclasses import dataclass
from multiprocessing.connection import Connection, wait

from studio.places import log_dir
from studio.processes.child import Child, describe_exit
from studio.runtimes.detection.merging import merged
from studio.runtimes.device import Device
from studio.runtimes.target import TITLES

logger = logging.getLogger(__name__)
HERE = "studio.runtimes.detection"
PROCESS = f"{HERE}.probe_process"
LIMIT_SECONDS = 45.0
SLICE_SECONDS = 0.1


@dataclass(frozen=True)
class Source:
    """``name`` as in ``Device.runtime``; ``module`` has ``devices()``."""

    name: str
    module: str

    @property
    def title(self) -> str:
        """For people."""
        return TITLES.get(self.name, "the operating system")


SOURCES = (
    Source("pytorch", f"{HERE}.pytorch"),
    Source("onnxruntime", f"{HERE}.onnxruntime"),
    Source("openvino", f"{HERE}.openvino"),
    Source("system", f"{HERE}.system"),
)


@dataclass(frozen=True)
class ProbeFailed:
    """A source raised; what it said."""

    sentence: str


_lock = threading.Lock()
_kept: tuple[Device, ...] | None = None


def gather(*, again: bool = False, stopped: threading.Event | None = None) -> tuple[Device, ...]:
    """Every device of this host: what each runtime can use, and what it cannot with the reason.

    The first call takes seconds, later ones return what it found. Several threads may call.

    Args:
        again: look anew, whatever is known.
        stopped: set by another thread to end the children now; sources that have not answered are
            then said to be stopped, and nothing is kept.
    """
    global _kept
    with _lock:
        if _kept is None or again:
            found = merged(ask(SOURCES, LIMIT_SECONDS, stopped))
            if stopped is not None and stopped.is_set():
                return found
            _kept = found
        return _kept


def ask(
    sources: Sequence[Source], limit: float, stopped: threading.Event | None = None
) -> dict[str, tuple[Device, ...]]:
    """The rows of each source, in the order given. One that crashes, hangs for ``limit`` seconds,
    raises or answers nonsense has one unavailable row that says so. Leaves no process behind."""
    children: dict[str, Child] = {}
    answers: dict[str, object] = {}
    try:
        for source in sources:
            try:
                children[source.name] = Child(
                    PROCESS, log_dir() / "devices.log", [source.module, str(limit)]
                )
            except OSError as error:
                answers[source.name] = ProbeFailed(f"no process can be started: {error.strerror}")
        _listen(children, answers, time.monotonic() + limit, stopped)
    finally:
        codes = {name: child.end(grace=0) for name, child in children.items()}
        for child in children.values():
            child.close()
    found = {}
    for source in sources:
        answer = answers.get(source.name)
        if isinstance(answer, tuple) and all(isinstance(each, Device) for each in answer):
            found[source.name] = answer
            continue
        why = _why(answer, codes.get(source.name, 0), limit, stopped)
        logger.warning("looking for devices of %s: %s", source.name, why)
        found[source.name] = (_failed(source, why),)
    return found


_ENDED = object()


def _listen(
    children: dict[str, Child],
    answers: dict[str, object],
    deadline: float,
    stopped: threading.Event | None,
) -> None:
    waiting: dict[Connection, str] = {c.connection: name for name, c in children.items()}
    while waiting and not (stopped is not None and stopped.is_set()):
        left = deadline - time.monotonic()
        if left <= 0:
            return
        for ready in wait(list(waiting), timeout=min(left, SLICE_SECONDS)):
            assert isinstance(ready, Connection)
            name = waiting.pop(ready)
            try:
                answers[name] = ready.recv()
            except Exception:  # noqa: BLE001 - it died, or sent what cannot be read
                answers[name] = _ENDED


def _why(answer: object, code: int, limit: float, stopped: threading.Event | None) -> str:
    if isinstance(answer, ProbeFailed):
        return f"failed: {answer.sentence}"
    if answer is _ENDED:
        return describe_exit(code)
    if answer is not None:
        return "gave an answer that is no list of devices"
    if stopped is not None and stopped.is_set():
        return "was stopped"
    return f"did not answer within {limit:g} s and was ended"


def _failed(source: Source, why: str) -> Device:
    reason = f"looking for devices through {source.title} {why}"
    return Device(source.name, "CPU", status="unavailable", reason=reason)
