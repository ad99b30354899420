"""What a job finds out about one step of the recipe: at hand, looked for, made, given up."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, replace
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.engine.job_messages import Job, JobDone, JobFailed, JobProgress
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session.document import Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice
from widgets.jobs import Jobs
from widgets.recipes.baking import Background, recipe_text


@dataclass(frozen=True)
class Wanted:
    """One finding.

    Args:
        key: all that decides it; equal for equal findings.
        steps, choice: the recipe that it is of. target: where it runs; empty where that is nothing
            to it.
    """

    key: Hashable
    steps: Steps
    choice: SubnetChoice
    target: str = ""


class Finding(QObject):
    """Answers which finding is at hand for a step, and has one made when told to. What it is, the
    subclass says.

    Signals:
        changed(): another one is at hand, or a job is under way, further, or over.
        failed(sentence, details): one could not be made.
    """

    changed = Signal()
    failed = Signal(str, str)

    def __init__(self, jobs: Jobs, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._background = background
        self._info: ModelInfo | None = None
        self._known: dict[Hashable, Any] = {}
        self._job: int | None = None
        self._making: Hashable | None = None
        self.progress: JobProgress | None = None
        jobs.progressed.connect(self._progress)

    # ---- what the subclass says ----------------------------------------------------------------

    def wanted(self, document: Document, ref: str) -> Wanted | None:
        """What is to be found about the step ``ref``; None where there is nothing to find."""
        raise NotImplementedError

    def kept(self, model: str, text: str, wanted: Wanted) -> Any:
        """What lies on disk for the recipe ``text``, or None. On a thread of its own."""
        raise NotImplementedError

    def order(self, info: ModelInfo, text: str, wanted: Wanted) -> Job:
        """The job that makes it for the recipe ``text``. On a thread of its own."""
        raise NotImplementedError

    def taken(self, end: JobDone) -> Any:
        """What a job that ended well has found."""
        raise NotImplementedError

    def title(self) -> str:
        """Of the job, for the status bar."""
        raise NotImplementedError

    # ---- for everybody -------------------------------------------------------------------------

    def use_model(self, info: ModelInfo | None) -> None:
        """Another model is in force."""
        if (info and info.key) != (self._info and self._info.key):
            self.cancel()
            self._info = info
            self._known.clear()

    def find(self, document: Document, ref: str) -> Any:
        """What was found about a step where it is at hand; else it is looked for, and ``changed``
        says when it is there."""
        wanted, info = self._wanted(document, ref), self._info
        if wanted is None or info is None:
            return None
        key = wanted.key
        if key not in self._known:
            self._known[key] = None

            def look() -> Any:
                return self.kept(info.key, recipe_text(wanted.steps, wanted.choice), wanted)

            def looked(found: Any, _: MaquetteError | None) -> None:
                if found is not None and self._known.get(key, found) is None:
                    self._known[key] = found
                    self.changed.emit()

            self._background(look, looked)
        return self._known[key]

    def making(self, document: Document, ref: str) -> bool:
        """Whether a job is under way for this step now."""
        wanted = self._wanted(document, ref)
        return self._making is not None and wanted is not None and self._making == wanted.key

    def start(self, document: Document, ref: str) -> None:
        """Have it made, in place of what is under way."""
        wanted, info = self._wanted(document, ref), self._info
        if wanted is None or info is None or wanted.key == self._making:
            return
        self.cancel()
        key = self._making = wanted.key

        def prepared(job: Job | None, error: MaquetteError | None) -> None:
            if self._making is not key:
                return
            if job is None:
                self._end()
                self.failed.emit(str(error), "")
            else:
                self._start(key, job)

        def prepare() -> Job:
            return self.order(info, recipe_text(wanted.steps, wanted.choice), wanted)

        self._background(prepare, prepared)
        self.changed.emit()

    def cancel(self) -> None:
        """Give up what is under way."""
        job = self._job
        if self._making is not None:
            self._end()
        if job is not None:
            self._jobs.cancel(job)

    def cancel_job(self, job: int) -> bool:
        """Give it up if it is ``job``; whether it is."""
        if job != self._job:
            return False
        self.cancel()
        return True

    def _wanted(self, document: Document, ref: str) -> Wanted | None:
        if self._info is None or document.recipe.find(ref) is None:
            return None
        return self.wanted(document, ref)

    def _start(self, key: Hashable, job: Job) -> None:
        def done(end: JobDone) -> None:
            if self._making is key:
                self._known[key] = self.taken(end)
                self._end()

        def failed(end: JobFailed) -> None:
            if self._making is key:
                self._end()
                self.failed.emit(end.sentence, end.details)

        def cancelled() -> None:
            if self._making is key:
                self._cancelled(key, job)

        self._job = self._jobs.start(job, self.title(), done, failed, cancelled)

    def _cancelled(self, key: Hashable, job: Job) -> None:
        """The job under way was ended by somebody else."""
        self._end()

    def _end(self) -> None:
        self._job = self._making = self.progress = None
        self.changed.emit()

    def _progress(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            self.progress = progress
            self.changed.emit()


def up_to(steps: Steps, ref: str, without: tuple[str, ...] = ()) -> Steps:
    """The steps before one, and it itself, switched on and without some of its fields."""
    found: list[Any] = []
    for step in steps.steps:
        if step.id == ref:
            values = {n: v for n, v in step.values().items() if n not in without}
            found.append(replace(step.with_values(values), on=True))
            break
        found.append(step)
    cut = steps.cut_at
    return Steps(tuple(found), None if cut is None else min(cut, len(found) - 1))
