"""Timing a variant layer by layer in a job, out of the way of anyone who is drawing."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.engine.job_messages import JobDone, JobFailed, JobProgress, LayersJob
from widgets.jobs import Jobs
from widgets.out_of_the_way import OutOfTheWay


class LayerTiming(OutOfTheWay):
    """Runs one job at a time. A drag stops it, a pause starts it again.

    Signals:
        timed(job, table), failed(sentence, details), busy_changed(busy).
        progressed(progress): of the job; a ``JobProgress``.
    """

    timed = Signal(object, object)
    failed = Signal(str, str)
    busy_changed = Signal(bool)
    progressed = Signal(object)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(jobs, parent)
        self._wanted: LayersJob | None
        jobs.progressed.connect(self._progress)

    def time(self, job: LayersJob) -> None:
        """Do ``job``, in place of what is under way."""
        if job == self._wanted:
            return
        self.cancel()
        self._wanted = job
        self.busy_changed.emit(True)
        self._start()

    def cancel(self) -> None:
        """Give it up."""
        self._again.stop()
        job, self._job = self._job, None
        if self._wanted is not None:
            self._end()
        if job is not None:
            self._jobs.cancel(job)

    def _start(self) -> None:
        wanted = self._wanted
        if wanted is None or self._job is not None:
            return
        self._interrupted = False

        def done(end: JobDone) -> None:
            if self._wanted is wanted:
                self._end()
                self.timed.emit(wanted, end.layers)

        def failed(end: JobFailed) -> None:
            if self._wanted is wanted:
                self._end()
                self.failed.emit(end.sentence, end.details)

        def cancelled() -> None:
            if self._wanted is not wanted:
                return
            self._job = None
            if self._interrupted:
                self._again.start()
            else:
                self._end()

        self._job = self._jobs.start(wanted, self.tr("Time the layers"), done, failed, cancelled)

    def _progress(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            self.progressed.emit(progress)

    def _end(self) -> None:
        self._job, self._wanted, self._interrupted = None, None, False
        self.busy_changed.emit(False)
