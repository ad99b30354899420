"""Jobs whose times would be wrong while somebody draws: a drag stops them, a pause begins anew."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer

from studio.engine.job_messages import Job
from widgets.jobs import Jobs

PAUSE_MS = 1500


class OutOfTheWay(QObject):
    """What runs such a job keeps it in ``_wanted``, runs it through ``_jobs``, has its number in
    ``_job`` while it runs, and looks at ``_interrupted`` when it was cancelled: then it starts
    ``_again``, which calls ``_start`` after a pause."""

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._wanted: Job | None = None
        self._job: int | None = None
        self._interrupted = False
        self._again = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._again.timeout.connect(self._start)

    @property
    def busy(self) -> bool:
        """A job is under way or waits for a pause."""
        return self._wanted is not None

    def cancel(self) -> None:
        """Give it up."""
        raise NotImplementedError

    def _start(self) -> None:
        raise NotImplementedError

    def drag(self, active: bool) -> None:
        """A drag has begun or ended: times taken while both cores draw would be wrong."""
        if not self.busy:
            return
        if not active:
            if self._job is None:
                self._again.start()
            return
        self._again.stop()
        if self._job is not None:
            self._interrupted = True
            self._jobs.cancel(self._job)

    def cancel_job(self, job: int) -> bool:
        """Give it up if it is ``job``; whether it is."""
        if job != self._job:
            return False
        self.cancel()
        return True
