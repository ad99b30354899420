"""Makes the embedded models that turn a line drawing into a lit clay head, from nothing.

Pairs are drawn; a teacher learns from them at half size and then at full size. A student of half
its width begins with its strongest channels, learns by distillation, and once-for-all training
makes it serve every width (Li et al. 2020, section 3); a search finds the subnet of a budget, which
is fine-tuned. Two small networks learn beside it, a plain one of few channels and a MobileNet-style
one, first from pairs alone and then by distillation. Every part leaves a file in the work folder
and is not done again, and one that was stopped goes on.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import torch

from studio.checkpoints.translation_sizes import ResNetSizes
from studio.errors import BadChoice, MaquetteError
from studio.families.translation.model import TranslationModel
from studio.fidelity.judge import clay_heads_judge
from studio.search.budget import Budget
from studio.search.evolution import EvolutionOptions
from studio.search.job import SearchRun
from studio.search.orders import SearchOrder
from studio.training.clay_heads.precision import bf16_pays
from studio.training.gan_compression.job import StageRun, open_translation, written
from studio.training.gan_compression.making import new_model
from studio.training.gan_compression.options import DataOptions, TrainingOptions, checkpoint_path
from studio.training.gan_compression.orders import Order
from studio.training.gan_compression.shapes import mobile_sizes, resnet_sizes
from studio.training.sketch.closeness import closeness_by
from studio.training.sketch.pairs import SIZE, write_pairs

NAME = "sketch-to-clay"
INPUTS = 1  # a grey drawing
RATIOS = (1.0, 0.75, 0.5)
FEWER = 10.0  # times fewer multiplies than the teacher's, which the found subnet has to reach
PLAIN = (8, 48, 6)  # channels of the stem, channels of the blocks, blocks
LICENCE = "Apache-2.0"
SHARES: dict[str, float] = {
    "teacher-small": 0.06,
    "teacher": 0.225,
    "student": 0.08,
    "supernet": 0.15,
    "found": 0.035,
    "plain-alone": 0.11,
    "plain": 0.085,
    "mobile-alone": 0.21,
    "mobile": 0.045,
}
"""How the minutes of a run are divided among what is trained."""
SHIPPED: dict[str, tuple[str, str]] = {
    "supernet": (NAME, "Sketch to clay"),
    "teacher": (f"{NAME}-teacher", "Sketch to clay, teacher"),
    "found": (f"{NAME}-found", "Sketch to clay, found subnet"),
    "plain": (f"{NAME}-plain", "Sketch to clay, plain and narrow"),
    "mobile": (f"{NAME}-mobile", "Sketch to clay, MobileNet-style"),
}
"""File name and title of every model that a run writes."""

Tell = Callable[[str], None]


@dataclass(frozen=True)
class Request:
    """What a run is asked to do.

    Args:
        output: folder for the models. work: folder for pairs, checkpoints and parts.
        minutes: of training, all parts together. steps: of every part, in place of minutes.
        pairs: to learn from. size: of their sides in pixels, a multiple of 8.
        ngf, blocks: base channels and residual blocks of the teacher.
        threads: of the processor; None takes all. fuse: compile the renderer.

    Raises:
        BadChoice: a number is out of range.
    """

    output: Path
    work: Path
    minutes: float = 120.0
    steps: int | None = None
    seed: int = 0
    pairs: int = 3072
    size: int = SIZE
    ngf: int = 32
    blocks: int = 9
    threads: int | None = None
    fuse: bool = False

    def __post_init__(self) -> None:
        if not self.minutes > 0 or (self.steps is not None and self.steps < 1):
            raise BadChoice("a training needs more than 0 minutes, or at least 1 step")
        if self.pairs < 10:
            raise BadChoice(f"{self.pairs} pairs were asked for; at least 10 are needed")
        if self.size < 32 or self.size % 8:
            raise BadChoice(f"size {self.size} is not a multiple of 8 from 32 pixels")
        if self.ngf < 8 or self.ngf % 8 or self.blocks < 3:
            raise BadChoice(
                f"ngf {self.ngf} and {self.blocks} blocks make no teacher here; accepted are "
                "multiples of 8, and at least 3 blocks"
            )


@dataclass(frozen=True)
class Part:
    """A part of a run that trains: its name, what it makes of what, and how."""

    name: str
    order: Order
    options: TrainingOptions


class SketchRun:
    """One run; everything is kept in ``request.work`` and taken up from there."""

    def __init__(self, request: Request, tell: Tell = lambda text: None) -> None:
        self.request, self.tell = request, tell
        self.data = DataOptions(
            (str(request.work / "pairs" / "lines"), str(request.work / "pairs" / "clay")),
            pairing="folders",
        )
        self._said = ""

    def run(self, stopped: Callable[[], bool] = lambda: False) -> tuple[Path, ...] | None:
        """Do what is left to do; the files of the models, or None when it was stopped."""
        r = self.request
        if r.threads is not None:
            torch.set_num_threads(r.threads)
        write_pairs(
            r.work / "pairs", r.pairs, r.size, fuse=r.fuse, progress=lambda _, text: self._say(text)
        )
        for name in SHARES:
            if name == "found":
                self.search()
            if not self.train(name, stopped):
                return None
        return self.ship()

    def file(self, name: str) -> Path:
        """The model of a part."""
        return self.request.work / f"{name}.safetensors"

    def is_done(self, name: str) -> bool:
        """A file alone is no proof: a part that was stopped leaves its checkpoint beside it."""
        return self.file(name).is_file() and not checkpoint_path(self.file(name)).is_file()

    def train(self, name: str, stopped: Callable[[], bool] = lambda: False) -> bool:
        """Train one part unless it is there; whether it is complete.

        Raises:
            MaquetteError: as of the stages of GAN Compression.
        """
        if self.is_done(name):
            return True
        part = self.part(name)
        run = StageRun(
            part.order,
            self.file(name),
            part.options,
            resume=checkpoint_path(self.file(name)).is_file(),
            reconstruction=closeness_by(clay_heads_judge()),
            half=bf16_pays("cuda" if torch.cuda.is_available() else "cpu"),
        )
        report = run.run(lambda _, text: self._say(f"{name}: {text}"), stopped=stopped).report
        if report.broken:
            raise MaquetteError(f"{name} broke off: {report.broken}")
        return not report.stopped

    def part(self, name: str) -> Part:
        """What a part makes of what; those before it must be there."""
        r, teacher = self.request, str(self.file("teacher"))
        half = r.size // 2
        base = TrainingOptions(
            minutes=max(0.02, r.minutes * SHARES[name]),
            steps=r.steps,
            batch=4,
            rate=5e-4,
            seed=r.seed,
            gan=0.0,
            crop=1.0,
            flip=False,  # the light comes from one side
            held=32,
        )
        if name == "teacher-small":
            order = Order(
                "teacher", self.data, ngf=r.ngf, blocks=r.blocks, inputs=INPUTS, size=(half, half)
            )
            return Part(name, order, replace(base, batch=8, rate=6e-4, decay=0.3))
        if name == "teacher":
            small = open_translation(self.file("teacher-small"))
            begun = self._begun(name, small.answered({"size": f"{r.size}x{r.size}"}))
            return Part(name, Order("teacher", self.data, model=begun), base)
        if name == "student":
            return Part(name, Order("distil", self.data, model=teacher, ngf=r.ngf // 2), base)
        if name == "supernet":
            student = str(self.file("student"))
            order = Order("supernet", self.data, model=teacher, student=student, ratios=RATIOS)
            return Part(name, order, base)
        if name == "found":
            order = Order(
                "finetune",
                self.data,
                model=str(self.file("supernet")),
                teacher=teacher,
                config=self._config.read_text("utf-8"),
            )
            return Part(name, order, replace(base, rate=3e-4))
        if name in ("plain-alone", "mobile-alone"):
            # Small networks learn from pairs much faster while no teacher draws beside them.
            begun = self._begun(name, self._small(name))
            return Part(name, Order("teacher", self.data, model=begun), replace(base, rate=1e-3))
        alone = str(self.file(f"{name}-alone"))
        order = Order("distil", self.data, model=teacher, student=alone)
        return Part(name, order, replace(base, rate=4e-4))

    def _small(self, name: str) -> TranslationModel:
        r = self.request
        if name == "mobile-alone":
            sizes = mobile_sizes(resnet_sizes(INPUTS, 3, r.ngf // 2, r.blocks))
        else:
            sizes = plain_sizes()
        return new_model(sizes, name=name, size=(r.size, r.size), seed=r.seed)

    def _begun(self, name: str, model: TranslationModel) -> str:
        """The file that a part begins with, written unless it is there."""
        file = self.file(f"{name}-begun")
        if not file.is_file():
            written(model, file, "begun")
        return str(file)

    @property
    def _config(self) -> Path:
        return self.request.work / "found.txt"

    def search(self) -> None:
        """Find the subnet that is nearest to the teacher with ``FEWER`` times fewer multiplies."""
        if self._config.is_file():
            return
        teacher = open_translation(self.file("teacher"))
        budget = Budget(teacher.cost().macs / FEWER, "macs")
        order = SearchOrder(
            str(self.file("supernet")),
            self.data,
            budget,
            teacher=str(self.file("teacher")),
            ratios=RATIOS,
        )
        quick = EvolutionOptions(population=24, generations=6, seed=self.request.seed)
        run = SearchRun(order, None, quick)
        report = run.run(lambda _, text: self._say(f"search: {text}"))[1]
        aside = self._config.with_suffix(".part")
        aside.write_text(report.best.name, "utf-8")
        aside.replace(self._config)

    def ship(self) -> tuple[Path, ...]:
        """Write what was made into the output folder in f16, with title and licence."""
        self.request.output.mkdir(parents=True, exist_ok=True)
        made = []
        for name, (stem, title) in SHIPPED.items():
            model = open_translation(self.file(name))
            model = model.answered(dict(model.info.answers))  # nobody need be asked
            info = replace(model.info, name=stem, title=title, licence=LICENCE)
            file = self.request.output / f"{stem}.safetensors"
            model.described(info).save(file, "f16")
            made.append(file)
        return tuple(made)

    def _say(self, text: str) -> None:
        if text != self._said:
            self._said = text
            self.tell(text)


def plain_sizes() -> ResNetSizes:
    """The plain network of few channels and blocks: whole convolutions, whose multiplies run
    faster than those of depthwise ones."""
    stem, trunk, blocks = PLAIN
    sizes = resnet_sizes(INPUTS, 3, stem, blocks)
    return replace(sizes, down=(sizes.down[0], trunk), blocks=(trunk,) * blocks)
