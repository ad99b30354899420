"""Scans of layers: which are known, and the job that makes one."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.engine.job_messages import JobDone, JobFailed, JobProgress, ScanJob
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session.document import Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice
from widgets.jobs import Jobs
from widgets.recipes.baking import Background, recipe_text
from widgets.scene import normal

if TYPE_CHECKING:
    from studio.recipes.scan import Scan

Key = Hashable
KEEP = "keep"
"""The field that a scan proposes; it decides nothing about the scan itself."""


class Scanning(QObject):
    """Answers which scan is at hand for a step, and makes one when told to.

    Signals:
        changed(): another scan is at hand, or a job is under way, further, or over.
        failed(sentence, details): a scan could not be made.
    """

    changed = Signal()
    failed = Signal(str, str)

    def __init__(self, jobs: Jobs, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._jobs = jobs
        self._background = background
        self._info: ModelInfo | None = None
        self._known: dict[Key, Scan | None] = {}
        self._job: int | None = None
        self._making: Key | None = None
        self.progress: JobProgress | None = None
        jobs.progressed.connect(self._progress)

    def use_model(self, info: ModelInfo | None) -> None:
        """Another model is in force."""
        if (info and info.key) != (self._info and self._info.key):
            self.cancel()
            self._info = info
            self._known.clear()

    def find(self, document: Document, ref: str) -> Scan | None:
        """The scan of a step where it is at hand; else it is looked for, and ``changed`` says when
        it is there."""
        key, info = self._key(document, ref), self._info
        if key is None or info is None:
            return None
        if key not in self._known:
            self._known[key] = None
            steps, choice = _up_to(document.recipe, ref), document.subnet

            def look() -> Scan | None:
                from studio.recipes.recipe import from_text
                from studio.recipes.scan_store import kept_scan

                return kept_scan(info.key, from_text(recipe_text(steps, choice)))

            def looked(found: Scan | None, _: MaquetteError | None) -> None:
                if found is not None and self._known.get(key) is None:
                    self._known[key] = found
                    self.changed.emit()

            self._background(look, looked)
        return self._known[key]

    def making(self, document: Document, ref: str) -> bool:
        """Whether a job scans this step now."""
        return self._making is not None and self._making == self._key(document, ref)

    def start(self, document: Document, ref: str) -> None:
        """Scan a step, in place of what is under way."""
        key, info = self._key(document, ref), self._info
        if key is None or info is None or key == self._making:
            return
        self.cancel()
        self._making = key
        steps, choice = _up_to(document.recipe, ref), document.subnet

        def prepared(text: str | None, error: MaquetteError | None) -> None:
            if self._making is not key:
                return
            if text is None:
                self._end()
                self.failed.emit(str(error), "")
            else:
                self._start(key, ScanJob(info.path, text))

        self._background(lambda: recipe_text(steps, choice), prepared)
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

    def _start(self, key: Key, job: ScanJob) -> None:
        def done(end: JobDone) -> None:
            if self._making is key:
                self._known[key] = end.scan
                self._end()

        def failed(end: JobFailed) -> None:
            if self._making is key:
                self._end()
                self.failed.emit(end.sentence, end.details)

        def cancelled() -> None:
            if self._making is key:
                self._end()

        self._job = self._jobs.start(job, self.tr("Scan the layers"), done, failed, cancelled)

    def _end(self) -> None:
        self._job = self._making = self.progress = None
        self.changed.emit()

    def _progress(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            self.progress = progress
            self.changed.emit()

    def _key(self, document: Document, ref: str) -> Key | None:
        """All that decides a scan: the model, the steps up to this one, and the subnet where they
        are cut to it."""
        if self._info is None or document.recipe.find(ref) is None:
            return None
        from studio.recipes.scan_store import IGNORED

        steps = _up_to(document.recipe, ref)
        last = steps.steps[-1]
        values = {n: v for n, v in last.values().items() if n not in IGNORED}
        contents = (*(s.content for s in steps.active[:-1]), last.with_values(values).content)
        if not steps.cuts:
            return (self._info.key, contents, None, None)
        try:
            cut: SubnetChoice = normal(document.subnet, self._info)
        except MaquetteError:
            return None
        assert steps.cut_at is not None
        return (self._info.key, contents, sum(s.on for s in steps.steps[: steps.cut_at]), cut)


def _up_to(steps: Steps, ref: str) -> Steps:
    """The steps before one, and it itself, switched on and without what a scan is to find."""
    found: list[Any] = []
    for step in steps.steps:
        if step.id == ref:
            values = {n: v for n, v in step.values().items() if n != KEEP}
            found.append(replace(step.with_values(values), on=True))
            break
        found.append(step)
    cut = steps.cut_at
    return Steps(tuple(found), None if cut is None else min(cut, len(found) - 1))
