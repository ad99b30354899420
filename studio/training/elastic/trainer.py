"""One run of elastic training: the student, its average, the optimiser, and where they stand.

Every step teaches full width, the smallest width and one between (the sandwich rule, Yu & Huang
2019, "Universally Slimmable Networks", as in Lin et al. 2021, section 3.2), each to draw at every
stage what the frozen original draws. The mapping network, the average w and the noise stay as they
are, so latents, edit directions and truncation keep their meaning.

A run that keeps full ends with a repair: only what full width alone reads is trained, and only for
full, which thereby comes back to the original while every narrower width stays as it is.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch
from torch import Tensor, nn

from studio.families.stylegan.discriminator import Discriminator
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.synthesis import synthesise
from studio.subnets.choice import SubnetChoice, resolve
from studio.training.elastic.adversary import Adversary
from studio.training.elastic.looking import (
    WATCHED_SEED,
    HeldOut,
    Pixels,
    held_out,
    look_at,
    score,
    strip,
)
from studio.training.elastic.losses import agreement, feature_distance
from studio.training.elastic.options import ElasticOptions
from studio.training.elastic.repair import full_alone, spare
from studio.training.elastic.report import WidthFidelity
from studio.training.elastic.teacher import Lesson, Teacher

RATE = 2e-2  # learning rate of tensors of unit scale
REPAIR = 0.25  # share of the run, at its end, in which full is repaired
REPAIR_RATE = 1.2e-2
FULL_EVERY = 2  # steps; full costs as much as all else together, and the repair is for it
BETAS = (0.9, 0.99)
WARM_STEPS = 40
CLIP = 3.0
EMA = 0.995
FULL_WEIGHT = 1.0
SMALLEST_WEIGHT = 1.0
LISTED = 0.8  # share of the steps whose width between is one of the asked ones
FROZEN = ("mapping.", "label_embed.")
LOOK_MINUTES = 2.0
FEWEST_LOOKS, MOST_LOOKS = 4, 500
KEPT_LOSSES = 400


@dataclass(frozen=True)
class Look:
    """What there is to see at one moment of a run.

    Args:
        fraction: of the run, 0 to 1. step, minutes: spent so far.
        losses: of the run so far, oldest first, at most 400 means.
        widths: every width against the original, on pictures that decide which result is best.
        strip: pictures (h, w, 3) of every width, narrowest on top, the original last.
    """

    fraction: float
    step: int
    minutes: float
    losses: tuple[float, ...]
    widths: tuple[WidthFidelity, ...]
    strip: Pixels


class Trainer:
    """One run.

    Args:
        network: frozen, with sorted channels; it is the teacher and is not changed.
        options: what was asked.
        critic: a trained discriminator whose features compare pictures, or None.
        adversary: the adversarial part, or None without pictures of one's own.
        piece: pictures that are held in memory at a time; a batch is taken in such pieces.
    """

    def __init__(
        self,
        network: StyleGan2,
        options: ElasticOptions,
        critic: Discriminator | None = None,
        adversary: Adversary | None = None,
        piece: int | None = None,
    ) -> None:
        self.options = options
        self.teacher = Teacher(network)
        self.student = _copy(network)
        self.average = _copy(network)
        self.critic = critic
        self.adversary = adversary
        self.piece = piece or options.batch
        for name, parameter in self.student.named_parameters():
            taught = not name.startswith(FROZEN) and not name.endswith("noise_strength")
            parameter.requires_grad_(taught)
        self.student.train()
        self.taught = {n: p for n, p in self.student.named_parameters() if p.requires_grad}
        self.optimiser = torch.optim.Adam(self._groups(), betas=BETAS)
        self.masks = full_alone(self.taught, self.student.config, options.widths[-2])
        self.random = torch.Generator().manual_seed(options.seed)
        self.watched: HeldOut = held_out(network, WATCHED_SEED)
        self.step, self.looks, self.elapsed = 0, 0, 0.0
        self.losses: list[float] = []
        self.best: dict[str, Tensor] = {}
        self.best_score = math.inf

    def _groups(self) -> list[dict[str, object]]:
        # Weights are stored already scaled, so each tensor's rate follows its own scale
        # (the equalised learning rate of Karras et al. 2018, section 4.1, written the other way).
        groups: list[dict[str, object]] = []
        for parameter in self.taught.values():
            fan_in = parameter[0].numel() if parameter.ndim in (2, 4) else 1
            groups.append({"params": [parameter], "share": fan_in**-0.5})
        return groups

    @property
    def fraction(self) -> float:
        """Share of the run that is done, 0 to 1."""
        o = self.options
        done = self.elapsed / (60.0 * o.minutes) if o.steps is None else self.step / o.steps
        return min(1.0, done)

    def run(
        self,
        seen: Callable[[Look], None],
        stopped: Callable[[], bool],
        moved: Callable[[float, float], None] = lambda fraction, loss: None,
    ) -> None:
        """Train to the end, or until ``stopped`` says so.

        After a stop, :meth:`look` decides whether the last steps made the result better; it is left
        to the caller, who may save a checkpoint first.

        Args:
            seen: told of every look. stopped: asked before every step.
            moved: told the fraction and the loss after every step.
        """
        planned = self._planned_looks()
        mark = time.monotonic()
        while True:
            if self.fraction * planned >= self.looks:
                look = self.look()
                self.elapsed, mark = self.elapsed + time.monotonic() - mark, time.monotonic()
                self.looks = int(self.fraction * planned) + 1
                seen(look)
                mark = time.monotonic()
            if self.fraction >= 1.0:
                return
            if stopped():
                return
            loss = self.one_step()
            now = time.monotonic()
            self.elapsed, mark = self.elapsed + now - mark, now
            moved(self.fraction, loss)

    def _planned_looks(self) -> int:
        if self.options.steps is not None:
            return min(10, self.options.steps)
        planned = round(self.options.minutes / LOOK_MINUTES)
        return max(FEWEST_LOOKS, min(MOST_LOOKS, planned))

    def one_step(self) -> float:
        """Train on one batch; returns the mean loss of its widths."""
        repairing = self.repairing
        rate = self._rate()
        for group in self.optimiser.param_groups:
            group["lr"] = rate * group["share"]
        self.optimiser.zero_grad(set_to_none=True)
        widths = [(1.0, 1.0)] if repairing else self._widths()
        styles = self.teacher.styles(self.options.batch, self.random)
        total = 0.0
        for part in torch.split(styles, self.piece):
            lesson = self.teacher.lesson(part)
            share = len(part) / len(styles)
            wanted = self._features(lesson)
            for width, weight in widths:
                loss = self._loss(width, lesson, wanted)
                (share * weight * loss).backward()  # type: ignore[no-untyped-call]
                total += share * loss.item() / len(widths)
        if self.adversary is not None and not repairing:
            asked = [w for w, _ in widths[1:]] if self.options.keep_full else [w for w, _ in widths]
            self.adversary.teach(self.student, styles, asked, self.step, self.fraction)
        if repairing:
            spare(self.taught, self.masks, self.optimiser)
        nn.utils.clip_grad_norm_(self.taught.values(), CLIP)
        self.optimiser.step()
        self._follow()
        self.step += 1
        self._note(total)
        return total

    @property
    def repairing(self) -> bool:
        """The run is in its last part, in which full is repaired."""
        return self.options.keep_full and self.fraction >= 1.0 - REPAIR

    def _rate(self) -> float:
        """The learning rate: warm-up and a cosine, and another cosine for the repair."""
        turn = 1.0 - REPAIR if self.options.keep_full else 1.0
        if self.repairing:
            return REPAIR_RATE * _cosine((self.fraction - turn) / REPAIR)
        return RATE * min(1.0, (self.step + 1) / WARM_STEPS) * _cosine(self.fraction / turn)

    def _widths(self) -> list[tuple[float, float]]:
        """The widths of this step, each with the weight of its loss."""
        every = self.options.widths
        inner = every[1:-1]
        if inner and torch.rand((), generator=self.random) < LISTED:
            between = inner[int(torch.randint(len(inner), (), generator=self.random))]
        else:
            at = float(torch.rand((), generator=self.random))
            between = every[0] + (1.0 - every[0]) * at
        full = FULL_WEIGHT if self.options.keep_full else 0.25
        narrow = [(every[0], SMALLEST_WEIGHT), (between, 1.0)]
        return [(1.0, full), *narrow] if self.step % FULL_EVERY == 0 else narrow

    def _loss(self, width: float, lesson: Lesson, wanted: Sequence[Tensor] | None) -> Tensor:
        subnet = resolve(SubnetChoice(width=width), self.student.config)
        view = self.student.view(subnet.channels)
        stages = synthesise(view, lesson.styles, every_stage=True)
        loss = agreement(stages, lesson.pictures)
        if self.critic is not None and wanted is not None:
            loss = loss + feature_distance(self.critic, stages[-1], wanted)
        return loss

    def _features(self, lesson: Lesson) -> Sequence[Tensor] | None:
        if self.critic is None:
            return None
        with torch.no_grad():
            return self.critic.features(lesson.pictures[-1])

    @torch.no_grad()
    def _follow(self) -> None:
        keep = min(EMA, (1 + self.step) / (10 + self.step))
        mine = dict(self.average.named_parameters())
        torch._foreach_lerp_(
            [mine[name] for name in self.taught], list(self.taught.values()), 1.0 - keep
        )

    def _note(self, loss: float) -> None:
        self.losses.append(loss)
        if len(self.losses) > KEPT_LOSSES:  # halve: the curve keeps its shape, not its grain
            pairs = zip(self.losses[::2], self.losses[1::2], strict=False)
            self.losses = [(a + b) / 2 for a, b in pairs]

    def look(self) -> Look:
        """Look at the averaged network now, and keep it if it is the best so far."""
        self.average.freeze()
        found = look_at(self.average, self.watched, self.options.widths)
        if score(found) < self.best_score:
            self.best_score = score(found)
            self.best = {n: t.clone() for n, t in self.average.state_dict().items()}
        picture = strip(self.average, self.watched, self.options.widths)
        minutes = self.elapsed / 60
        return Look(self.fraction, self.step, minutes, tuple(self.losses), found, picture)

    def result(self) -> StyleGan2:
        """The best network so far, frozen."""
        return StyleGan2.from_tensors(self.student.config, self.best)

    def named_averages(self) -> Iterator[tuple[str, Tensor]]:
        """The averaged form of every taught tensor, by name."""
        every = dict(self.average.named_parameters())
        return ((name, every[name]) for name in self.taught)


def _cosine(done: float) -> float:
    """From 1 at 0 to 0 at 1."""
    return 0.5 * (1.0 + math.cos(math.pi * min(1.0, done)))


def _copy(network: StyleGan2) -> StyleGan2:
    tensors = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    return StyleGan2.from_tensors(network.config, tensors)
