"""Trains clay heads: plain regression of drawn busts at several widths and sizes at once.

Every step trains the full width, width 0.25 and, every second step, one between (the sandwich rule,
Yu & Huang 2019), each against the drawn busts and the narrow ones also against full. The network
grows through its last three resolutions, so that most of the steps are cheap ones.
"""

from __future__ import annotations

import copy
import logging
import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

import torch
from torch import Tensor

from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.adversarial import Rivalry
from studio.training.clay_heads.data import DrawnSet, drawn_set
from studio.training.clay_heads.generator import CONFIG, new_generator, run
from studio.training.clay_heads.losses import Target, Weights, picture_loss, target_of
from studio.training.clay_heads.meaning import taught_mapping
from studio.training.clay_heads.observer import observer_for
from studio.training.clay_heads.optimiser import Optimisers, follow, warm
from studio.training.clay_heads.package import HistoryStep
from studio.training.clay_heads.precision import bf16_pays
from studio.training.clay_heads.preview import write_sheet
from studio.training.clay_heads.scene import scene_from_z

log = logging.getLogger(__name__)

DECAY_FROM = 0.25  # share of the run after which the rate falls to nothing; falling early keeps the
# larger stages from undoing what the small ones have learnt
BETWEEN = (0.5, 0.75)
ODD = (0.375, 0.625, 0.875)  # widths that nobody quotes, trained now and then so that none dips
ODD_EVERY = 8  # steps
EMA = 0.998
FUSED_FROM = 64  # pixels; smaller stages run about as fast without

RARER = ("curls", "bun")  # hair with a shape of its own is drawn twice as often
RARER_WEIGHT = 2.0

Step = Callable[[Tensor, Target], tuple[Tensor, list[Tensor]]]


def rarer(z: Tensor) -> list[float]:
    """Cumulative weights of latents (n, 128), for ``random.choices``."""
    scenes = scene_from_z(z)
    shape = sum(scenes.presence("hairstyle", option) for option in RARER)
    assert isinstance(shape, Tensor)
    weights: list[float] = (1.0 + (RARER_WEIGHT - 1.0) * shape[:, 0]).cumsum(0).tolist()
    return weights


@dataclass(frozen=True)
class Settings:
    """What a training run is made of.

    Args:
        work: folder for drawn busts, checkpoints and preview sheets.
        minutes: length of the run; ignored when ``steps`` is given.
        steps: length in steps, which makes a run repeatable to the bit.
        sets: (seed, count) of each drawn set. batch: pictures a step at 64 px and beyond.
        growth: shares of the run at which one more stage joins; the run ends with the last stage.
        widths: False trains full alone, which makes a plain generator.
        orthogonal: False trains with Adam alone. weights: what the loss is made of.
        checkpoint_minutes: time between checkpoints.
        observer_steps: 0 trains without an observer.
        mapping_steps: steps that teach the mapping alone before everything else; 0 for none.
        workers: processes that draw. fuse: compile renderer and network (needs a C++ compiler).
        adversarial: weight of the adversarial part, taken at full size only and on the CPU; 0 for
            none.
        stop: stop after this many steps of this run, for a later resume.
        device: "cpu" or "cuda". half: run the network in bf16; None does so where that is faster.
    """

    work: Path
    minutes: float = 90.0
    steps: int | None = None
    seed: int = 0
    sets: tuple[tuple[int, int], ...] = ((1, 8192), (3, 8192))
    batch: int = 16
    growth: tuple[float, ...] = (0.15, 0.35, 0.6)
    widths: bool = True
    orthogonal: bool = True
    weights: Weights = field(default_factory=Weights)
    checkpoint_minutes: float = 4.0
    observer_steps: int = 1500
    mapping_steps: int = 2500
    workers: int = 2
    fuse: bool = False
    adversarial: float = 0.0
    stop: int | None = None
    config: StyleGanConfig = CONFIG
    device: str = "cpu"
    half: bool | None = None


class Trainer:
    """One run: generator, its average, optimisers, and where it stands."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self.drawn = [self._drawn(seed, count) for seed, count in settings.sets]
        self.model = new_generator(settings.seed, settings.config).to(settings.device)
        taught_mapping(self.model, settings.work, settings.mapping_steps, settings.seed)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimisers = Optimisers(self.model, orthogonal=settings.orthogonal)
        self.random = random.Random(settings.seed)
        self.step, self.elapsed, self.losses = 0, 0.0, list[float]()
        self.observer = observer_for(
            settings.work, self.drawn[0], settings.observer_steps, settings.seed
        )
        if self.observer is not None:
            self.observer.to(settings.device)
        self._steps: dict[tuple[float, int], Step] = {}
        self._pooled: tuple[int, list[DrawnSet]] = (0, [])
        self._odds = [rarer(d.z) for d in self.drawn]
        self.rivalry: Rivalry | None = None
        if settings.adversarial:
            weight, seed = settings.adversarial, settings.seed
            self.rivalry = Rivalry(self.model, self.drawn[0], weight, seed)
        self.half = bf16_pays(settings.device) if settings.half is None else settings.half

    def _drawn(self, seed: int, count: int) -> DrawnSet:
        s = self.settings
        size = s.config.resolution
        return drawn_set(s.work / "data", count, size, seed, workers=s.workers, fuse=s.fuse)

    @property
    def checkpoint(self) -> Path:
        """Where this run keeps its state."""
        return self.settings.work / "checkpoint.pt"

    @property
    def at_full_rate(self) -> Path:
        """The state before the rate fell, from which a longer run goes on."""
        return self.settings.work / "checkpoint-at-full-rate.pt"

    def save(self, file: Path | None = None) -> None:
        """Write the state aside, then in place."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimisers": self.optimisers.state(),
            "random": self.random.getstate(),
            "step": self.step,
            "elapsed": self.elapsed,
            "losses": self.losses,
            "half": self.half,
            "rivalry": None if self.rivalry is None else self.rivalry.state(),
        }
        file = file or self.checkpoint
        aside = file.with_suffix(".part")
        torch.save(state, aside)
        aside.replace(file)

    def load(self, file: Path | None = None) -> None:
        """Go on where :meth:`save` stopped."""
        state = torch.load(
            file or self.checkpoint, weights_only=True, map_location=self.settings.device
        )
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        self.optimisers.load(state["optimisers"])
        version, numbers, spare = state["random"]
        self.random.setstate((version, tuple(numbers), spare))
        self.step, self.elapsed = state["step"], state["elapsed"]
        self.losses = state["losses"]
        if self.settings.half is None:  # measured when the run began, kept so that it repeats
            self.half = state.get("half", self.half)
        if self.rivalry is not None and state.get("rivalry") is not None:
            self.rivalry.load(state["rivalry"])

    def progress(self) -> float:
        """Share of the run that is done, 0 to 1."""
        s = self.settings
        return self.elapsed / (60.0 * s.minutes) if s.steps is None else self.step / s.steps

    def resolution(self) -> int:
        """The stage being trained now."""
        growth = self.settings.growth
        stages = self.settings.config.resolutions[-len(growth) - 1 :]
        return stages[min(sum(self.progress() >= g for g in growth), len(stages) - 1)]

    def _batch_size(self) -> int:
        """Pictures a step: small pictures cost little beside the update, so more of them."""
        return self.settings.batch * min(4, max(1, 64 // self.resolution()))

    def _batch(self) -> tuple[Tensor, Tensor, Tensor]:
        resolution = self.resolution()
        if self._pooled[0] != resolution:
            self._pooled = (resolution, [d.at(resolution) for d in self.drawn])
        sizes = [len(d) for d in self.drawn]
        which: int = self.random.choices(range(len(sizes)), weights=sizes)[0]
        index = self.random.choices(
            range(sizes[which]), cum_weights=self._odds[which], k=self._batch_size()
        )
        z, picture, feature = self._pooled[1][which].batch(torch.tensor(index))
        device = self.settings.device
        return z.to(device), picture.to(device), feature.to(device)

    def _rate(self) -> float:
        left = (1.0 - min(self.progress(), 1.0)) / (1.0 - DECAY_FROM)
        return warm(self.step) * min(1.0, left)

    def _narrow(self, resolution: int) -> list[float]:
        """The widths that this step trains besides full."""
        if not self.settings.widths:
            return []
        if self.step % ODD_EVERY == 0 and resolution == self.settings.config.resolution:
            return [0.25, self.random.choice(ODD)]
        return [0.25, self.random.choice(BETWEEN)] if self.step % 2 else [0.25]

    def _loss(self, ratio: float, resolution: int) -> Step:
        """The pass of one width: loss and pictures from latents and target."""
        known = self._steps.get((ratio, resolution))
        if known is not None:
            return known
        model, observer, weights = self.model, self.observer, self.settings.weights
        device, half = self.settings.device, self.half

        def forward(z: Tensor, target: Target) -> tuple[Tensor, list[Tensor]]:
            with torch.autocast(device, torch.bfloat16, enabled=half):
                stages = run(model, model.map(z), ratio, resolution)
            stages = [s.float() for s in stages]
            return picture_loss(stages, target, observer, weights), stages

        step: Step = forward
        if self.settings.fuse and resolution >= FUSED_FROM and ratio not in ODD:
            torch._dynamo.config.recompile_limit = 64
            step = torch.compile(forward, dynamic=False)
        self._steps[ratio, resolution] = step
        return step

    def one_step(self) -> float:
        """Train on one batch; returns the full width's loss."""
        resolution = self.resolution()
        z, picture, feature = self._batch()
        resolutions = [r for r in self.settings.config.resolutions if r <= resolution]
        weights = self.settings.weights
        target = target_of(picture, feature, resolutions, self.observer, weights)
        rate = self._rate()
        self.optimisers.clear()
        loss, stages = self._loss(1.0, resolution)(z, target)
        loss.backward()  # type: ignore[no-untyped-call]
        target = target.towards([s.detach() for s in stages], weights.agreement)
        widths = self._narrow(resolution)
        for ratio in widths:
            narrow, _ = self._loss(ratio, resolution)(z, target)
            narrow.backward()  # type: ignore[no-untyped-call]
        if self.rivalry is not None and resolution == self.settings.config.resolution:
            self.rivalry.teach(self.model, z, [1.0, *widths])
        self.optimisers.step(rate)
        follow(self.average, self.model, min(EMA, (1 + self.step) / (10 + self.step)))
        self.step += 1
        self.losses.append(loss.item())
        return self.losses[-1]

    def run(self, stopped: Callable[[], bool] = lambda: False) -> None:
        """Train to the end, to ``settings.stop`` or until ``stopped``, asked before every step."""
        s, began, saved = self.settings, self.step, time.monotonic()
        while self.progress() < 1.0 and not stopped():
            if s.stop is not None and self.step - began >= s.stop:
                break
            start, before = time.monotonic(), self.progress()
            self.one_step()
            self.elapsed += time.monotonic() - start
            if before < DECAY_FROM <= self.progress():
                self.save(self.at_full_rate)
            if self.step % 25 == 0:
                mean = sum(self.losses[-25:]) / len(self.losses[-25:])
                log.info(
                    "step %d, %d px, %.1f %%, loss %.4f",
                    self.step,
                    self.resolution(),
                    100.0 * self.progress(),
                    mean,
                )
            if time.monotonic() - saved > 60.0 * s.checkpoint_minutes:
                self.pause()
                saved = time.monotonic()
        self.pause()

    def pause(self) -> None:
        """Save, and draw a sheet to look at."""
        self.save()
        write_sheet(self.average, self.resolution(), self.settings.work / "sheet.png")

    def history(self) -> tuple[HistoryStep, ...]:
        """How this model came to be."""
        s = self.settings
        drawn = sum(len(d) for d in self.drawn)
        trained = (
            f"regression on {drawn} drawn busts, {self.step} steps, "
            f"{self.elapsed / 60:.0f} minutes, seed {s.seed}"
        )
        if s.adversarial:
            trained += f", adversarial part of weight {s.adversarial:g}"
        made = HistoryStep("drawn", "clay busts by Maquette's own renderer; no photographs")
        steps = (made, HistoryStep("trained", trained))
        if not s.widths:
            return steps
        return (*steps, HistoryStep("widths", "sandwich rule over 0.25, 0.5, 0.75 and 1"))

    def finished(self) -> StyleGan2:
        """The averaged generator."""
        return self.average
