"""The whole of GAN Compression in one run: from a teacher, or from pairs alone, to one subnet.

Every stage leaves a model file in a folder beside the result, and a stage whose file is there is
not done again, so a run that was killed goes on where it was. The folder is kept in the end: a
supernet that took days holds every other subnet too. The *fast* way leaves out the
MobileNet-style teacher and the distillation before once-for-all training, and begins the supernet
with the teacher's own weights.
"""

from __future__ import annotations

import json
import secrets
import shutil
from collections.abc import Callable
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Literal

from studio.errors import BadChoice, MaquetteError, cause_of
from studio.families.info import HistoryStep
from studio.families.picture_file import checked_target
from studio.families.translation.info import TranslationInfo
from studio.families.translation.model import TranslationModel
from studio.processes.aside import written_aside
from studio.runtimes.target import Target
from studio.search.evolution import EvolutionOptions
from studio.search.job import SearchRun
from studio.search.latency import timing_on
from studio.search.orders import PipelineOrder, SearchOrder
from studio.search.reach import refuse_above, supernet_sizes
from studio.search.report import SearchReport
from studio.training.gan_compression.job import SAVE_SECONDS, StageRun, open_translation
from studio.training.gan_compression.making import fresh_network, new_model, remade
from studio.training.gan_compression.options import (
    Stage,
    TrainingOptions,
    checkpoint_path,
)
from studio.training.gan_compression.orders import Order
from studio.training.gan_compression.report import Look, TrainingReport
from studio.training.gan_compression.shapes import (
    is_mobile,
    resnet_sizes,
)
from studio.training.gan_compression.space import choice_of, space_of
from studio.training.gan_compression.together import Together

Part = Literal["teacher", "student", "distil", "supernet", "search", "finetune"]
FULL: tuple[Part, ...] = ("teacher", "student", "distil", "supernet", "search", "finetune")
FAST: tuple[Part, ...] = ("teacher", "supernet", "search", "finetune")
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class PipelineResult:
    """The subnet that was written, and what every part told; parts done before tell nothing."""

    info: TranslationInfo
    parts: tuple[str, ...]
    training: tuple[TrainingReport, ...]
    search: SearchReport | None
    stopped: bool = False


def stages_folder(out: str | Path) -> Path:
    """Where the run that writes ``out`` keeps the models of its stages."""
    path = Path(out)
    return path.with_name(f"{path.name}.stages")


class PipelineRun:
    """The whole of it.

    Args:
        out: where the subnet goes. resume: go on with what is in the folder of stages.
        token: names the hidden folders in which files are prepared.
    """

    def __init__(
        self,
        order: PipelineOrder,
        out: str | Path,
        options: TrainingOptions,
        evolution: EvolutionOptions,
        *,
        resume: bool = False,
        token: str | None = None,
        save_seconds: float = SAVE_SECONDS,
    ) -> None:
        self.order, self.options, self.evolution = order, options, evolution
        self.out = checked_target(out)
        self.resume = resume
        self.token = token or secrets.token_hex(8)
        self.save_seconds = save_seconds
        self.folder = stages_folder(self.out)

        self._own: TranslationModel | None = None  # the teacher that was given, once opened

    @property
    def parts(self) -> tuple[Part, ...]:
        """What there is to do, in order. A teacher that is MobileNet-style needs no such student.

        Raises:
            RefusedFile: the teacher cannot be opened.
        """
        every = FAST if self.order.fast else FULL
        if self.order.model is None:
            return every
        mobile = is_mobile(self._given().info.config.sizes)
        return tuple(p for p in every[1:] if p != "student" or not mobile)

    def _given(self) -> TranslationModel:
        """The model of the order, or one of random weights in its place."""
        o = self.order
        if self._own is None:
            if o.model is None:
                sizes = resnet_sizes(3, 3, o.teacher_ngf, o.blocks)
                self._own = new_model(sizes, name=self.out.stem, size=o.size)
            else:
                self._own = open_translation(o.model)
        return self._own

    def run(
        self,
        progress: Progress,
        seen: Callable[[Look], None] = lambda look: None,
        stopped: Callable[[], bool] = lambda: False,
    ) -> PipelineResult:
        """Do it; arguments as of a stage. A stop ends the stage that runs and leaves the rest, so
        nothing is written at ``out`` unless fine-tuning had begun.

        Raises:
            MaquetteError: as of the stages and the search.
        """
        together = Together(self.options.batch)
        parts = self.parts
        if together.first:
            if not self.resume:
                progress(0.0, "looking whether the budget can be met")
                self._check_budget()
            self._begin()
        together.wait()
        done: list[str] = []
        reports: list[TrainingReport] = []
        search: SearchReport | None = None
        last = parts[-1]
        info: TranslationInfo | None = None
        for number, part in enumerate(parts):
            file = self.out if part == last else self._file(part)

            def share(f: float, text: str, number: int = number, part: str = part) -> None:
                progress((number + f) / len(parts), f"{part}: {text}")

            if part == "search":
                # One process searches: candidates are small, and latency wants a quiet machine.
                if together.first and not self._config.is_file():
                    search = self._search(share, stopped)
                    if not search.stopped:
                        self._note(self._config, {"config": search.best.name})
                    done.append(part)
                together.wait()
                (ended,) = together.told(float(search is not None and search.stopped))
                if ended:
                    return self._cut_short(done, reports, search)
                continue
            # One process decides: files appear while another is still looking.
            past, begun = together.told(
                float(part != last and self._is_done(file)),
                float(checkpoint_path(file).is_file()),
            )
            if past:
                continue
            result = self._stage(part, file, bool(begun), share, seen, stopped)
            done.append(part)
            reports.append(result[1])
            info = result[0]
            if result[1].broken:
                raise MaquetteError(
                    f"{part} broke off, and the rest was not begun: {result[1].broken}. The best "
                    f"up to then is in {file}"
                )
            if result[1].stopped:
                return self._cut_short(done, reports, search)
        assert info is not None
        if together.first:
            for note in (self._order, self._config):
                note.unlink(missing_ok=True)
        together.wait()
        return PipelineResult(info, tuple(done), tuple(reports), search)

    def _cut_short(
        self, done: list[str], reports: list[TrainingReport], search: SearchReport | None
    ) -> PipelineResult:
        last = self.out if done[-1] == self.parts[-1] else self._file(done[-1])
        info = open_translation(last).info
        return PipelineResult(info, tuple(done), tuple(reports), search, stopped=True)

    def _check_budget(self) -> None:
        """Refuse now what training for hours would not change: costs hang on widths alone.

        Raises:
            MaquetteError: the smallest subnet that there will be does not meet the budget, or the
                network has no such form.
        """
        o, given = self.order, self._given()
        sizes = supernet_sizes(given.info.config.sizes, o.ngf, fast=o.fast)
        config = replace(given.info.config, sizes=sizes)
        weights = fresh_network(config, 0).state_dict()
        supernet = remade(given, sizes, weights, HistoryStep("new", "random weights"))
        space = space_of(sizes, o.ratios)
        cost = supernet.cost(choice_of(space.smallest))
        least: float = cost.paper_macs if o.budget.unit == "paper_macs" else cost.macs
        if o.budget.unit == "ms":
            if o.target is None:
                raise BadChoice(
                    "a budget in milliseconds needs a target on which they are measured"
                )
            timed = timing_on(supernet, Target.parse(o.target), lambda: None)
            least = timed(space.smallest).median
        refuse_above(o.budget, space, space.smallest, least)

    def _begin(self) -> None:
        """Make the folder of stages, or see that it belongs to this very run."""
        asked = json.loads(json.dumps(asdict(self.order)))
        order = self._order
        try:
            if self.resume:
                if not order.is_file():
                    raise MaquetteError(f"there is nothing in {self.folder} to go on from")
                if json.loads(order.read_text("utf-8")) != asked:
                    raise BadChoice(
                        f"{self.folder} belongs to a run with other choices; a run goes on with "
                        "those it began with"
                    )
                for left in self.folder.glob(".maquette-*"):  # by processes that were killed
                    shutil.rmtree(left, ignore_errors=True)
                return
            if self.folder.exists() and any(self.folder.iterdir()):
                raise MaquetteError(
                    f"{self.folder} holds stages of an earlier run; go on with --resume, or remove "
                    "it"
                )
            self.folder.mkdir(exist_ok=True)
            self._note(order, asked)
        except OSError as error:
            raise MaquetteError(f"cannot use {self.folder}: {cause_of(error)}") from error
        except ValueError as error:
            raise MaquetteError(f"{order} is damaged and cannot be gone on from") from error

    def _note(self, file: Path, content: object) -> None:
        with written_aside(file, self.token) as aside:
            aside.write_text(json.dumps(content), "utf-8")

    def _file(self, part: str) -> Path:
        return self.folder / f"{part}.safetensors"

    @property
    def _order(self) -> Path:
        return self.folder / "order.json"

    @property
    def _config(self) -> Path:
        return self.folder / "config.json"

    def _is_done(self, file: Path) -> bool:
        """A file alone is no proof: a stage that was stopped leaves its checkpoint beside it."""
        return file.is_file() and not checkpoint_path(file).is_file()

    def _teacher(self) -> str:
        """Who teaches: the MobileNet-style one once it is trained, as in the paper."""
        student = self._file("student")
        if not self.order.fast and self._is_done(student):
            return str(student)
        return self.order.model or str(self._file("teacher"))

    def _stage(
        self,
        part: Stage,
        file: Path,
        resume: bool,
        progress: Progress,
        seen: Callable[[Look], None],
        stopped: Callable[[], bool],
    ) -> tuple[TranslationInfo, TrainingReport]:
        o = self.order
        base = Order(part, o.data, model=self._teacher(), ratios=o.ratios)
        if part == "teacher":
            base = replace(base, model=None, ngf=o.teacher_ngf, blocks=o.blocks, size=o.size)
        elif part == "student":
            base = replace(base, model=o.model or str(self._file("teacher")))
        elif part == "distil":
            base = replace(base, ngf=o.ngf)
        elif part == "supernet" and not o.fast:
            base = replace(base, student=str(self._file("distil")))
        elif part == "finetune":
            config = str(json.loads(self._config.read_text("utf-8"))["config"])
            base = replace(
                base, model=str(self._file("supernet")), teacher=self._teacher(), config=config
            )
        run = StageRun(
            base,
            file,
            self.options,
            resume=resume,
            token=self.token,
            save_seconds=self.save_seconds,
        )
        result = run.run(progress, seen, stopped)
        return result.info, result.report

    def _search(self, progress: Progress, stopped: Callable[[], bool]) -> SearchReport:
        o = self.order
        order = SearchOrder(
            model=str(self._file("supernet")),
            data=o.data,
            budget=o.budget,
            teacher=self._teacher(),
            target=o.target,
            pictures=o.pictures,
            ratios=o.ratios,
        )
        run = SearchRun(order, self._file("search"), self.evolution, token=self.token)
        return run.run(progress, stopped)[1]
