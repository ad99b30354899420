"""Has a bundle checked by a job and shows on its page what came of it."""

from __future__ import annotations

from PySide6.QtCore import QObject, Signal

from studio.engine.bundle_messages import VerifyJob
from studio.engine.job_messages import JobDone, JobFailed, JobProgress
from widgets.controls.progress import time_left
from widgets.export.bundle_page import BundlePage
from widgets.jobs import Jobs


class Verifying(QObject):
    """One check at a time.

    Signals: ended(sound): it is over; False where the bundle is not what it says.
    """

    ended = Signal(bool)

    def __init__(self, jobs: Jobs, page: BundlePage, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs, self._page = jobs, page
        self._job: int | None = None
        page.verify_wanted.connect(self.begin)
        jobs.progressed.connect(self._progressed)

    def begin(self) -> None:
        """Check the bundle of the page."""
        report = self._page.report
        if report is None or self._job is not None:
            return
        self._page.show_busy(self.tr("Verifying…"), busy=True)
        title = self.tr("Verify {name}").format(
            name=report.folder.replace("\\", "/").split("/")[-1]
        )
        self._job = self._jobs.start(
            VerifyJob(report.folder), title, self._done, self._failed, self._cancelled
        )

    def cancel(self) -> None:
        """Give it up."""
        if self._job is not None:
            self._jobs.cancel(self._job)

    def _progressed(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            words = [progress.text]
            if progress.seconds_left is not None:
                words.append(time_left(progress.seconds_left))
            self._page.show_busy(", ".join(words), busy=True)

    def _done(self, end: JobDone) -> None:
        self._over("")
        if end.bundle is not None:
            self._page.show_verified(end.bundle)
            self.ended.emit(True)

    def _failed(self, end: JobFailed) -> None:
        self._over("")
        self._page.show_refused(end.sentence)
        self.ended.emit(False)

    def _cancelled(self) -> None:
        self._over(self.tr("Cancelled; nothing was found out."))

    def _over(self, text: str) -> None:
        self._job = None
        self._page.show_busy(text, busy=False)
