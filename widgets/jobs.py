"""Long work in processes of its own: started, followed, cancelled from the window."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Protocol

from PySide6.QtCore import QObject, Signal

from studio.engine.bundle_messages import JobAsk
from studio.engine.job_messages import (
    Job,
    JobCancelled,
    JobDone,
    JobFailed,
    JobLesson,
    JobLook,
    JobMeasured,
    JobNear,
    JobProgress,
    JobRung,
    JobStage,
)
from widgets.bridge import Bridge


class Handle(Protocol):
    """What the runner gives back for a job that it has started."""

    id: int

    def cancel(self) -> None: ...

    def stop(self) -> None: ...

    def near(self, wanted: JobNear) -> None: ...

    def answer(self, go_on: bool) -> None: ...


class Runner(Protocol):
    """The job runner of the engine, or a stand-in of the same shape."""

    def run(self, job: Job) -> Handle: ...

    def stop(self) -> None: ...


@dataclass(frozen=True)
class Running:
    """One job under way: its title for the status bar and what to do with its end."""

    title: str
    handle: Handle
    done: Callable[[JobDone], None]
    failed: Callable[[JobFailed], None]
    cancelled: Callable[[], None]


class Jobs(QObject):
    """Every job under way.

    Signals:
        progressed(id, title, progress): something to show; ``progress`` is a ``JobProgress``.
        looked(id, look): what a training has reached; ``look`` is a ``JobLook``.
        taught(id, lesson): what a step of a recipe that learns has reached; a ``JobLesson``.
        staged(id, stage): what a stage of GAN Compression has reached; ``stage`` is a ``JobStage``.
        rung_ready(id, rung): one more compiled network; ``rung`` is a ``JobRung``.
        measured(id, news): a MeasureJob has measured one more; ``news`` is a ``JobMeasured``.
        asked(id, question): a job waits for :meth:`answer`; ``question`` is a ``JobAsk``.
        ended(id): nothing to show any more.
    """

    progressed = Signal(int, str, object)
    looked = Signal(int, object)
    taught = Signal(int, object)
    staged = Signal(int, object)
    rung_ready = Signal(int, object)
    measured = Signal(int, object)
    asked = Signal(int, object)
    ended = Signal(int)

    def __init__(
        self, make_runner: Callable[[], Runner], bridge: Bridge, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._make_runner = make_runner
        self._runner: Runner | None = None
        self._running: dict[int, Running] = {}
        bridge.job_event.connect(self._take)

    def start(
        self,
        job: Job,
        title: str,
        done: Callable[[JobDone], None],
        failed: Callable[[JobFailed], None],
        cancelled: Callable[[], None] = lambda: None,
    ) -> int:
        """Start ``job``; exactly one of the callbacks follows. Returns its id."""
        if self._runner is None:
            self._runner = self._make_runner()
        handle = self._runner.run(job)
        self._running[handle.id] = Running(title, handle, done, failed, cancelled)
        self.progressed.emit(handle.id, title, JobProgress(None, self.tr("starting")))
        return handle.id

    def cancel(self, job: int) -> None:
        """Ask a job to end; ``cancelled`` follows within a second or so."""
        if job in self._running:
            self._running[job].handle.cancel()

    def stop_early(self, job: int) -> None:
        """Ask a job to end early and keep what it has reached; ``done`` follows where it can."""
        if job in self._running:
            self._running[job].handle.stop()

    def near(self, job: int, wanted: JobNear) -> None:
        """Tell a CompileJob what is wanted now."""
        if job in self._running:
            self._running[job].handle.near(wanted)

    def answer(self, job: int, *, go_on: bool) -> None:
        """Answer the question of a job."""
        if job in self._running:
            self._running[job].handle.answer(go_on)

    def close(self) -> None:
        """End every job and the runner."""
        self._running.clear()
        if self._runner is not None:
            self._runner.stop()

    def _take(self, job: int, event: Any) -> None:
        running = self._running.get(job)
        if running is None:
            return
        if isinstance(event, JobProgress):
            self.progressed.emit(job, running.title, event)
            return
        if isinstance(event, JobLook):
            self.looked.emit(job, event)
            return
        if isinstance(event, JobLesson):
            self.taught.emit(job, event)
            return
        if isinstance(event, JobStage):
            self.staged.emit(job, event)
            return
        if isinstance(event, JobRung):
            self.rung_ready.emit(job, event)
            return
        if isinstance(event, JobMeasured):
            self.measured.emit(job, event)
            return
        if isinstance(event, JobAsk):
            self.asked.emit(job, event)
            return
        if not isinstance(event, JobDone | JobFailed | JobCancelled):
            return
        del self._running[job]
        self.ended.emit(job)
        if isinstance(event, JobDone):
            running.done(event)
        elif isinstance(event, JobFailed):
            running.failed(event)
        else:
            running.cancelled()
