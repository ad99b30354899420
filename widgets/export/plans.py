"""What exports would give, asked from the engine and remembered."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QObject, Signal

from studio.engine.bundle_messages import ExportSubject, PlanExportJob, SubjectOffer
from studio.engine.job_messages import JobDone, JobFailed
from studio.families.info import ModelInfo
from widgets.jobs import Jobs


class ExportPlans(QObject):
    """Of one model at a time. What is wanted last is asked for; an answer is kept.

    Signals:
        changed(): more is known, or it is being asked for.
        failed(sentence): it could not be found out.
    """

    changed = Signal()
    failed = Signal(str)

    def __init__(self, jobs: Jobs, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._key = ""
        self._known: dict[ExportSubject, SubjectOffer] = {}
        self._asked: tuple[ExportSubject, ...] = ()
        self._job: int | None = None

    @property
    def busy(self) -> bool:
        """Something is being asked for."""
        return self._job is not None

    def offers(self, subjects: Sequence[ExportSubject]) -> tuple[SubjectOffer, ...] | None:
        """What is known of all of them, or None while something is missing."""
        found = tuple(self._known[s] for s in subjects if s in self._known)
        return found if len(found) == len(subjects) else None

    def any(self) -> SubjectOffer | None:
        """What is known of something: formats and their words are those of everything."""
        return next(iter(self._known.values()), None)

    def want(
        self,
        info: ModelInfo,
        subjects: Sequence[ExportSubject],
        also: Sequence[ExportSubject] = (),
    ) -> None:
        """Ask for what is not known of ``subjects``; if anything is asked for, of ``also`` too."""
        if info.key != self._key:
            self.forget()
            self._key = info.key
        missing = [s for s in dict.fromkeys(subjects) if s not in self._known]
        if not missing or set(missing) <= set(self._asked):
            return
        self._stop()
        wanted = [s for s in dict.fromkeys((*missing, *also)) if s not in self._known]
        self._asked = tuple(wanted)

        def done(end: JobDone) -> None:
            if self._job == job:
                self._end()
                self._known.update({offer.subject: offer for offer in end.offers})
                self.changed.emit()

        def failed(end: JobFailed) -> None:
            if self._job == job:
                self._end()
                self.changed.emit()
                self.failed.emit(end.sentence)

        def cancelled() -> None:
            if self._job == job:
                self._end()
                self.changed.emit()

        order = PlanExportJob(info.path, self._asked)
        job = self._job = self._jobs.start(
            order, self.tr("Work out sizes"), done, failed, cancelled
        )
        self.changed.emit()

    def forget(self) -> None:
        """Nothing is known any more: another model, or other formats can be made now."""
        self._stop()
        self._known.clear()

    def _stop(self) -> None:
        job = self._job
        self._end()
        if job is not None:
            self._jobs.cancel(job)

    def _end(self) -> None:
        self._job, self._asked = None, ()
