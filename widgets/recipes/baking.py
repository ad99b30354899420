"""Baked variants: which are open, which must be made, and the job that makes one."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.engine.job_messages import BakeJob, JobDone, JobFailed, JobLesson, JobProgress
from studio.engine.messages import CloseModel, Failed, Opened, OpenModel
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session.document import CURRENT, Document
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice, cut_part
from widgets.jobs import Jobs
from widgets.scene import normal

if TYPE_CHECKING:
    from studio.recipes.contract import StepReport

FIRST_REQUEST = 1_000_000_000  # so that no number is one of Opening's
KEEP_OPEN = 4
Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]


@dataclass(frozen=True)
class BakeKey:
    """All that decides a baked variant: the model, the steps that are on, and the subnet where some
    of them work on the cut network, at the place ``cut``."""

    model: str
    steps: tuple[tuple[str, int, str], ...]
    cut: int | None = None
    choice: SubnetChoice | None = None


@dataclass(frozen=True)
class BakedVariant:
    """A baked variant that is open in the renderer, and what was done to make it."""

    info: ModelInfo
    reports: tuple[StepReport, ...]
    request: int = 0


@dataclass
class _Opening:
    key: BakeKey
    path: Path
    reports: tuple[StepReport, ...]


class Baking(QObject):
    """Answers which variant is at hand, and has missing ones made when told to.

    Signals:
        changed(): another variant is at hand, or a job is under way or over.
        progressed(progress): of the job; a ``JobProgress``.
        taught(lesson): what a step of it that learns has reached; a ``JobLesson``.
        failed(sentence, details): a variant could not be made, or is gone.
    """

    changed = Signal()
    progressed = Signal(object)
    taught = Signal(object)
    failed = Signal(str, str)

    def __init__(
        self,
        send: Callable[[Any], None],
        jobs: Jobs,
        background: Background,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._jobs = jobs
        self._background = background
        self._info: ModelInfo | None = None
        self._open: OrderedDict[BakeKey, BakedVariant] = OrderedDict()
        self._looked: set[BakeKey] = set()
        self._opening: dict[int, _Opening] = {}
        self._request = FIRST_REQUEST
        self._job: int | None = None
        self._making: BakeKey | None = None
        self._looking: set[BakeKey] = set()
        self._brought: tuple[BakeKey, Document] | None = None
        self.took: float | None = None
        """Seconds that the last variant took to make."""
        jobs.progressed.connect(self._progress)
        jobs.taught.connect(self._taught)

    # ---- what is there -------------------------------------------------------------------------

    def key(self, steps: Steps, choice: SubnetChoice) -> BakeKey | None:
        """What names the variant; None while nothing is to be baked, or no model is open."""
        if self._info is None or not steps.active:
            return None
        contents = tuple(step.content for step in steps.active)
        if not steps.cuts:
            return BakeKey(self._info.key, contents)
        assert steps.cut_at is not None
        try:
            cut = cut_part(normal(choice, self._info))
        except MaquetteError:
            return None
        place = sum(step.on for step in steps.steps[: steps.cut_at])
        return BakeKey(self._info.key, contents, place, cut)

    def find(self, steps: Steps, choice: SubnetChoice) -> BakedVariant | None:
        """The variant, where it is open."""
        key = self.key(steps, choice)
        return None if key is None else self._open.get(key)

    def known(self, model: str) -> ModelInfo | None:
        """The variant of that key, where it is open."""
        return next((v.info for v in self._open.values() if v.info.key == model), None)

    def made_by(self, model: str) -> tuple[Steps, SubnetChoice] | None:
        """The steps that made the open variant of that key, and the subnet that they cut to."""
        for key, variant in self._open.items():
            if variant.info.key == model:
                steps = tuple(RecipeStep("", *content) for content in key.steps)
                return Steps(steps, key.cut), key.choice or SubnetChoice()
        return None

    def making(self, steps: Steps, choice: SubnetChoice) -> bool:
        """Whether a job makes this variant now, or it is being opened."""
        key = self.key(steps, choice)
        if key is None:
            return False
        return key == self._making or any(each.key == key for each in self._opening.values())

    @property
    def busy(self) -> bool:
        """Whether a job is under way."""
        return self._job is not None

    # ---- following -----------------------------------------------------------------------------

    def use_model(self, info: ModelInfo | None) -> None:
        """Another model is in force: its variants are others."""
        if (info and info.key) == (self._info and self._info.key):
            return
        self.cancel()
        self._info = info
        self._looked.clear()
        self._looking.clear()
        self._brought = None
        self._opening.clear()
        for key in list(self._open):
            self._close(key)
        self.changed.emit()

    def follow(self, document: Document) -> None:
        """Open what was baked before, for all that is on show."""
        if self._info is None or document.model is None or document.model.key != self._info.key:
            return
        brought = self._brought
        if brought is not None and brought[0] != self.key(document.recipe, document.subnet):
            self._brought = None  # something else is wanted meanwhile
        for ref in dict.fromkeys((CURRENT, document.view.side_a, document.view.side_b)):
            steps, choice = document.recipe_of(ref), document.choice_of(ref)
            self.open_known(steps, choice)

    def open_known(self, steps: Steps, choice: SubnetChoice) -> bool:
        """Open a variant that was baked before. False where there is none: it is to be applied
        first. Otherwise it is open, or ``changed`` follows."""
        key = self.key(steps, choice)
        if key is None:
            return False
        if key in self._open:
            self._open.move_to_end(key)
        elif key not in self._looked and key != self._making:
            self._looked.add(key)
            self._look(key, steps, choice)
        return key in self._open or key in self._looking or self.making(steps, choice)

    def bring(self, document: Document) -> None:
        """Have the recipe of ``document`` at hand: out of the cache, else by a job."""
        key = self.key(document.recipe, document.subnet)
        if key is None:
            return
        self.follow(document)
        if key in self._looking:
            self._brought = (key, document)
        elif not self.making(document.recipe, document.subnet):
            self.apply(document)

    def _look(self, key: BakeKey, steps: Steps, choice: SubnetChoice) -> None:
        self._looking.add(key)

        def look() -> tuple[Path, tuple[StepReport, ...]] | None:
            from studio.engine.baked_files import baked_path, read_reports

            path = baked_path(key.model, recipe_text(steps, choice))
            reports = read_reports(path)
            return None if reports is None else (path, reports)

        def looked(found: Any, _: MaquetteError | None) -> None:
            self._looking.discard(key)
            brought = self._brought if self._brought and self._brought[0] == key else None
            if brought is not None:
                self._brought = None
            if key in self._open or not self._of_model(key):
                return
            if found is not None:
                self._load(key, *found)
            elif brought is not None:
                self.apply(brought[1])
            else:
                self.changed.emit()

        self._background(look, looked)

    # ---- making --------------------------------------------------------------------------------

    def apply(self, document: Document) -> None:
        """Have the recipe of ``document`` baked, in place of what is being made."""
        steps, choice = document.recipe, document.subnet
        key = self.key(steps, choice)
        if key is None or key in self._open or key == self._making or self._info is None:
            return
        self.cancel()
        info = self._info
        self._making = key
        self.changed.emit()

        def prepare() -> BakeJob:
            from studio.engine.baked_files import baked_path

            text = recipe_text(steps, choice)
            return BakeJob(info.path, text, str(baked_path(info.key, text)))

        def prepared(job: BakeJob | None, error: MaquetteError | None) -> None:
            if self._making is not key:
                return
            if job is None:
                self._end()
                self.failed.emit(str(error), "")
            else:
                self._start(key, job)

        self._background(prepare, prepared)

    def cancel(self) -> None:
        """Give up what is being made."""
        job = self._job
        if self._making is not None:
            self._end()
        if job is not None:
            self._jobs.cancel(job)

    def stop_early(self) -> None:
        """Let a step that learns end now, with the best so far."""
        if self._job is not None:
            self._jobs.stop_early(self._job)

    def cancel_job(self, job: int) -> bool:
        """Give it up if it is ``job``; whether it is."""
        if job != self._job:
            return False
        self.cancel()
        return True

    def _start(self, key: BakeKey, job: BakeJob) -> None:
        began = time.monotonic()

        def done(end: JobDone) -> None:
            if self._making is key:
                self.took = time.monotonic() - began
                self._end()
                self._load(key, Path(end.path or job.out), end.reports)

        def failed(end: JobFailed) -> None:
            if self._making is key:
                self._end()
                self.failed.emit(end.sentence, end.details)

        def cancelled() -> None:
            if self._making is key:
                self._end()

        self._job = self._jobs.start(job, self.tr("Apply the recipe"), done, failed, cancelled)
        self.changed.emit()

    def _end(self) -> None:
        self._job = self._making = None
        self.changed.emit()

    def _progress(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            self.progressed.emit(progress)

    def _taught(self, job: int, lesson: JobLesson) -> None:
        if job == self._job:
            self.taught.emit(lesson)

    # ---- opening -------------------------------------------------------------------------------

    def take(self, answer: object, pixels: object = None) -> bool:
        """Take one answer of the renderer in; False when it is not for this object."""
        if isinstance(answer, Opened) and answer.request >= FIRST_REQUEST:
            waiting = self._opening.pop(answer.request, None)
            if waiting is None:
                self._forget(answer.info.key)
                return True
            self._open[waiting.key] = BakedVariant(answer.info, waiting.reports, answer.request)
            self._trim()
            self.changed.emit()
            return True
        if isinstance(answer, Failed) and answer.lane == "open" and answer.stamp >= FIRST_REQUEST:
            waiting = self._opening.pop(answer.stamp, None)
            if waiting is not None:
                self.failed.emit(answer.sentence, answer.details)
            else:
                self._lost(answer)
            self.changed.emit()
            return True
        return False

    def _load(self, key: BakeKey, path: Path, reports: tuple[StepReport, ...]) -> None:
        self._request += 1
        self._opening[self._request] = _Opening(key, path, reports)
        self._send(OpenModel(self._request, str(path)))
        self.changed.emit()

    def _lost(self, answer: Failed) -> None:
        """A variant that was open could not be opened again by a new renderer."""
        gone = [key for key, v in self._open.items() if v.request == answer.stamp]
        for key in gone:
            del self._open[key]
            self._looked.discard(key)
        if gone:
            self.failed.emit(
                self.tr("The applied recipe is gone; apply it again."), answer.sentence
            )

    def _trim(self) -> None:
        while len(self._open) > KEEP_OPEN:
            self._close(next(iter(self._open)))

    def _close(self, key: BakeKey) -> None:
        gone = self._open.pop(key)
        self._looked.discard(key)
        self._forget(gone.info.key)

    def _forget(self, model: str) -> None:
        """Let the renderer forget a model, unless it draws something else too."""
        used = {variant.info.key for variant in self._open.values()}
        if self._info is not None:
            used.add(self._info.key)
        if model not in used:
            self._send(CloseModel(model))

    def _of_model(self, key: BakeKey) -> bool:
        return self._info is not None and key.model == self._info.key


def recipe_text(steps: Steps, choice: SubnetChoice) -> str:
    """What is baked, as YAML; equal for equal variants."""
    from studio.recipes.recipe import to_text
    from studio.session.recipes import baking_recipe

    plain = replace(steps, steps=tuple(replace(step, id="") for step in steps.steps))
    return to_text(baking_recipe(plain, choice))
