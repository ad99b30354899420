"""Trains clay heads: plain regression of drawn busts at several widths and sizes at once.

    python -m studio.training.clay_heads.train --minutes 75 --out clay-heads.safetensors

Every step trains the full width, width 0.25 and, every second step, one between (the sandwich rule,
Yu & Huang 2019), each against the drawn busts. The network grows through its last three
resolutions, so that most of the time is spent where a step is cheap.
"""

from __future__ import annotations

import argparse
import copy
import logging
import math
import random
import time
from dataclasses import dataclass
from pathlib import Path

import torch
from torch import Tensor, nn

from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.data import DrawnSet, drawn_set
from studio.training.clay_heads.generator import CONFIG, new_generator, run
from studio.training.clay_heads.losses import Observer, picture_loss, target_of, train_observer
from studio.training.clay_heads.package import HistoryStep, write_model
from studio.training.clay_heads.preview import write_sheet

log = logging.getLogger(__name__)

GROWTH = (0.12, 0.68)  # shares of the training at which the last but one and the last stage join
BETWEEN = (0.5, 0.75)
EMA = 0.998
CLIP = 3.0
LATE = 3.0  # the last stage joins when the rate has fallen and has the least time


@dataclass(frozen=True)
class Settings:
    """What a training run is made of.

    Args:
        work: folder for drawn busts, checkpoint, log lines and preview sheets.
        minutes: length of the run; ignored when ``steps`` is given.
        steps: length in steps, which makes a run repeatable to the bit.
        sets: (seed, count) of each drawn set. batch: pictures a step.
        rate: learning rate of tensors of unit scale. checkpoint_minutes: time between checkpoints.
        observer_steps: 0 trains without an observer.
        workers: processes that draw. fuse: compile the renderer.
        stop: stop after this many steps of this run, for a later ``--resume``.
    """

    work: Path
    minutes: float = 75.0
    steps: int | None = None
    seed: int = 0
    sets: tuple[tuple[int, int], ...] = ((1, 6144), (3, 8192))
    batch: int = 8
    rate: float = 1e-2
    checkpoint_minutes: float = 4.0
    observer_steps: int = 1200
    workers: int = 2
    fuse: bool = False
    stop: int | None = None
    config: StyleGanConfig = CONFIG


class Trainer:
    """One run: generator, its average, optimiser, and where it stands."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        size = settings.config.resolution
        self.drawn = [
            drawn_set(
                settings.work / "data",
                count,
                size,
                seed,
                workers=settings.workers,
                fuse=settings.fuse,
            )
            for seed, count in settings.sets
        ]
        self.model = new_generator(settings.seed, settings.config)
        self.average = copy.deepcopy(self.model).requires_grad_(False)
        self.optimiser = torch.optim.Adam(self._groups(), betas=(0.9, 0.99))
        self.random = random.Random(settings.seed)
        self.step, self.elapsed, self.losses = 0, 0.0, list[float]()
        self.observer = self._observer()

    @property
    def checkpoint(self) -> Path:
        """Where this run keeps its state."""
        return self.settings.work / "checkpoint.pt"

    def _groups(self) -> list[dict[str, object]]:
        # Weights are stored already scaled, so each tensor's rate follows its own scale
        # (the equalised learning rate of Karras et al. 2018, section 4.1, written the other way).
        groups: list[dict[str, object]] = []
        layers, stages = len(self.model.layers), len(self.model.rgb)
        late = (f"layers.{layers - 2}.", f"layers.{layers - 1}.", f"rgb.{stages - 1}.")
        for name, p in self.model.named_parameters():
            if p.requires_grad:
                fan_in = p[0].numel() if p.ndim in (2, 4) else 1
                share = 0.8 if name.startswith("mapping") else 1.0
                share = LATE if name.startswith(late) else share
                groups.append({"params": [p], "share": share / math.sqrt(fan_in)})
        return groups

    def _observer(self) -> Observer | None:
        s = self.settings
        if s.observer_steps == 0:
            return None
        file = s.work / f"observer-{s.observer_steps}.pt"
        if file.exists():
            observer = Observer()
            observer.load_state_dict(torch.load(file, weights_only=True))
            return observer.requires_grad_(False).eval()
        observer = train_observer(self.drawn[0], s.observer_steps, s.seed)
        torch.save(observer.state_dict(), file)
        return observer

    def save(self) -> None:
        """Write the state aside, then in place."""
        state = {
            "model": self.model.state_dict(),
            "average": self.average.state_dict(),
            "optimiser": self.optimiser.state_dict(),
            "random": self.random.getstate(),
            "step": self.step,
            "elapsed": self.elapsed,
            "losses": self.losses,
        }
        aside = self.checkpoint.with_suffix(".part")
        torch.save(state, aside)
        aside.replace(self.checkpoint)

    def load(self) -> None:
        """Go on where :meth:`save` stopped."""
        state = torch.load(self.checkpoint, weights_only=True)
        self.model.load_state_dict(state["model"])
        self.average.load_state_dict(state["average"])
        shares = [group["share"] for group in self.optimiser.param_groups]
        self.optimiser.load_state_dict(state["optimiser"])
        for group, share in zip(self.optimiser.param_groups, shares, strict=True):
            group["share"] = share  # the rates are this run's, not the checkpoint's
        version, numbers, spare = state["random"]
        self.random.setstate((version, tuple(numbers), spare))
        self.step, self.elapsed = state["step"], state["elapsed"]
        self.losses = state["losses"]

    def progress(self) -> float:
        """Share of the run that is done, 0 to 1."""
        s = self.settings
        return self.elapsed / (60.0 * s.minutes) if s.steps is None else self.step / s.steps

    def resolution(self) -> int:
        """The stage being trained now."""
        stages = self.settings.config.resolutions[-3:]
        return stages[min(sum(self.progress() >= g for g in GROWTH), len(stages) - 1)]

    def _batch(self) -> tuple[Tensor, Tensor, Tensor]:
        sizes = [len(d) for d in self.drawn]
        drawn: DrawnSet = self.random.choices(self.drawn, weights=sizes)[0]
        index = [self.random.randrange(len(drawn)) for _ in range(self.settings.batch)]
        return drawn.batch(torch.tensor(index))

    def _rate(self) -> float:
        progress = self.progress()
        warm = min(1.0, (self.step + 1) / 100)
        return self.settings.rate * warm * 0.5 * (1.0 + math.cos(math.pi * min(progress, 1.0)))

    def one_step(self) -> float:
        """Train on one batch; returns the full width's loss."""
        resolution = self.resolution()
        z, picture, feature = self._batch()
        resolutions = [r for r in self.settings.config.resolutions if r <= resolution]
        target = target_of(picture, feature, resolutions, self.observer)
        rate = self._rate()
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["share"]
        self.optimiser.zero_grad(set_to_none=True)
        ratios = [1.0, 0.25] + ([self.random.choice(BETWEEN)] if self.step % 2 else [])
        full = 0.0
        for ratio in ratios:
            stages = run(self.model, self.model.map(z), ratio, resolution)
            loss = picture_loss(stages, target, self.observer)
            loss.backward()  # type: ignore[no-untyped-call]
            full = loss.item() if ratio == 1.0 else full
        nn.utils.clip_grad_norm_(self.model.parameters(), CLIP)
        self.optimiser.step()
        self._follow()
        self.step += 1
        self.losses.append(full)
        return full

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(EMA, (1 + self.step) / (10 + self.step))
        mine: list[Tensor] = list(self.model.parameters())
        torch._foreach_lerp_(list(self.average.parameters()), mine, 1.0 - keep)

    def run(self) -> None:
        """Train to the end, or to ``settings.stop``."""
        s, began, saved = self.settings, self.step, time.monotonic()
        while self.progress() < 1.0 and (s.stop is None or self.step - began < s.stop):
            start = time.monotonic()
            self.one_step()
            self.elapsed += time.monotonic() - start
            if self.step % 25 == 0:
                mean = sum(self.losses[-25:]) / len(self.losses[-25:])
                log.info(
                    "step %d %d px progress %.3f loss %.4f",
                    self.step,
                    self.resolution(),
                    self.progress(),
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
        drawn = sum(len(d) for d in self.drawn)
        detail = (
            f"regression on {drawn} drawn busts, {self.step} steps of "
            f"{self.settings.batch}, {self.elapsed / 60:.0f} minutes, seed "
            f"{self.settings.seed}"
        )
        return (
            HistoryStep("drawn", "clay busts by Maquette's own renderer; no photographs"),
            HistoryStep("trained", detail),
            HistoryStep("widths", "sandwich rule over 0.25, 0.5, 0.75 and 1"),
        )

    def finished(self) -> StyleGan2:
        """The averaged generator."""
        return self.average


def main() -> None:
    """The command line."""
    parser = argparse.ArgumentParser(description="Train the embedded model clay-heads.")
    parser.add_argument("--minutes", type=float, default=75.0, help="length of the training")
    parser.add_argument("--out", type=Path, required=True, help="the model file to write")
    parser.add_argument("--work", type=Path, default=Path("clay-heads-work"), help="scratch folder")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--rate", type=float, default=Settings.rate)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--fuse", action="store_true", help="compile the renderer (needs C++)")
    parser.add_argument("--resume", action="store_true", help="go on from the last checkpoint")
    parser.add_argument("--stop", type=int, help="stop after so many steps, to resume later")
    given = parser.parse_args()
    torch.set_num_threads(given.threads)
    logging.basicConfig(level=logging.INFO, format="%(asctime)s %(message)s")
    given.work.mkdir(parents=True, exist_ok=True)
    trainer = Trainer(
        Settings(
            work=given.work,
            minutes=given.minutes,
            seed=given.seed,
            rate=given.rate,
            fuse=given.fuse,
            stop=given.stop,
        )
    )
    if given.resume:
        trainer.load()
    trainer.run()
    write_model(trainer.finished(), trainer.history(), given.out)


if __name__ == "__main__":
    main()
