"""One run of distillation, whatever the family."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping
from itertools import pairwise

import psutil
import torch
from torch import Tensor, nn

from studio.errors import NotEnoughMemory
from studio.training.clay_heads.optimiser import MATRIX_RATE, Optimisers, follow
from studio.training.distil.looking import closeness
from studio.training.distil.losses import Adaptors, Judge
from studio.training.distil.notebook import Notebook
from studio.training.distil.options import Closeness, DistilOptions, DistilReport
from studio.training.distil.pupil import Lesson, Pupil
from studio.training.elastic.losses import agreement

WARM_STEPS = 20
KEEP = 0.99  # of the moving average, a step
LOOKS = 5  # while it runs, at most
STEPS_A_LOOK = 20  # at least
BEGIN = 0.05  # share of the run before the student listens to a discriminator
SHARE_OF_MEMORY = 0.7
CURVE = 10  # means that are told of the losses
Progress = Callable[[float, str], None]


class Broken(Exception):
    """A number is none any more; the text says where. Weights are as before the step."""


class Trainer:
    """One run.

    Args:
        pupil: the family's side.
        progress: told a share in [0, 1] and a line of text after every step and look; may raise to
            stop.

    Raises:
        NotEnoughMemory: not even one input at a time fits.
    """

    def __init__(self, pupil: Pupil, options: DistilOptions, progress: Progress) -> None:
        self.options = options
        self._pupil, self._progress = pupil, progress
        self._piece = _piece(pupil, options.batch)
        self._student = pupil.copy().train()
        self._average = pupil.copy().train() if options.average else self._student
        self._optimiser = Optimisers(self._student)
        self._adaptors = Adaptors() if options.feature else None
        self._judge: Judge | None = None
        self._random = torch.Generator().manual_seed(options.seed)
        self._notebook = Notebook()
        self._watched = pupil.held("watched")
        self._losses: list[float] = []
        self._best: dict[str, Tensor] = {}
        self._score = math.inf
        self._kept = 0
        self._flip = 0.0
        self._began = time.monotonic()

    @property
    def fraction(self) -> float:
        """Share of the run that is done, 0 to 1."""
        if self.options.steps is not None:
            return min(1.0, len(self._losses) / self.options.steps)
        return min(1.0, (time.monotonic() - self._began) / (60.0 * self.options.minutes))

    def run(self) -> DistilReport:
        """Train to the end, or until a number is none any more: the best so far is kept."""
        lessons = self._pupil.held("reported")
        before = closeness(self._pupil, self._student, lessons, self._told)
        if before.loss == 0:  # it is full already
            return DistilReport(before, before, len(lessons), 0, 0.0, (), 0)
        self._look()
        planned = LOOKS if self.options.steps is None else self.options.steps // STEPS_A_LOOK
        planned, looks, broken = min(LOOKS, planned), 1, ""
        while self.fraction < 1.0:
            try:
                self._step()
            except Broken as why:
                broken = str(why)
                break
            self._told()
            if self.fraction * planned >= looks and self.fraction < 1.0:
                self._look()
                looks = int(self.fraction * planned) + 1
        if self._losses:
            self._look()
        steps, seconds = len(self._losses), time.monotonic() - self._began
        after = before
        if self._kept:
            best = self._pupil.copy()
            _put(best, self._best)
            after = closeness(self._pupil, best, lessons, self._told)
        count, curve = len(lessons), self._curve()
        return DistilReport(before, after, count, steps, seconds, curve, self._kept, broken)

    def result(self) -> dict[str, Tensor]:
        """The best tensors by name, of what was taught alone."""
        return self._best

    def _told(self) -> None:
        steps = len(self._losses)
        text = "looking at full's pictures"
        if steps:
            recent = self._losses[-CURVE:]
            loss = sum(recent) / len(recent)
            text = f"training, step {steps}, loss {loss:.3f}, FLIP {self._flip:.3f}"
        self._progress(self.fraction, text)

    def _step(self) -> None:
        """Learn from one batch.

        Raises:
            Broken: a loss or a gradient is no number; nothing was changed.
        """
        self._optimiser.clear()
        for helper in (self._adaptors, self._judge):
            if helper is not None:
                helper.clear()
        done = self.fraction
        batch, total = self.options.batch, 0.0
        for number, lesson in enumerate(self._lessons()):
            count = min(self._piece, batch - number * self._piece)
            total += self._learn(lesson, count / batch, done)
        slopes = [p.grad for p in self._student.parameters() if p.grad is not None]
        if slopes and not math.isfinite(float(sum(g.abs().sum() for g in slopes))):
            raise Broken(self._where("the gradient of " + self._odd()))
        share = _cosine(done)
        warm = min(1.0, (len(self._losses) + 1) / WARM_STEPS)
        self._optimiser.step(self.options.rate / MATRIX_RATE * warm * share)
        for helper in (self._adaptors, self._judge):
            if helper is not None:
                helper.step(share)
        self._losses.append(total)
        if self._average is not self._student:
            steps = len(self._losses)
            follow(self._average, self._student, min(KEEP, steps / (9 + steps)))

    def _lessons(self) -> Iterator[Lesson]:
        """The pieces of a batch, which may be one of before."""
        whole = self._piece >= self.options.batch
        if whole and (old := self._notebook.again(self._random)) is not None:
            yield old
            return
        for inputs in self._pupil.inputs(self.options.batch, self._random, self._piece):
            lesson = self._pupil.lesson(inputs, self._adaptors is not None)
            if whole:
                self._notebook.write(lesson)
            yield lesson

    def _learn(self, lesson: Lesson, share: float, done: float) -> float:
        """Add to the gradients what a piece teaches; its loss, both times ``share``."""
        o, pupil = self.options, self._pupil
        drawn = pupil.draw(self._student, lesson.inputs, self._adaptors is not None)
        parts: dict[str, Tensor] = {}
        if o.output:
            parts["output"] = o.output * agreement(drawn.pictures, lesson.wanted.pictures)
        if self._adaptors is not None:
            parts["feature"] = o.feature * self._adaptors(drawn.values, lesson.wanted.values)
        picture, wanted = drawn.pictures[-1], lesson.wanted.pictures[-1]
        if o.adversarial:
            if self._judge is None:
                side = min(picture.shape[2:])
                self._judge = Judge(picture.shape[1], side, o.seed + 1)
            if done >= BEGIN:
                parts["adversarial"] = o.adversarial * self._judge.passing(picture)
        for name, part in parts.items():
            if not math.isfinite(float(part.detach())):
                raise Broken(self._where(f"the {name} loss"))
        if not parts:
            parts["none"] = 0.0 * picture.mean()
        total = torch.stack(list(parts.values())).sum()
        (share * total).backward()  # type: ignore[no-untyped-call]
        if self._judge is not None:
            loss = self._judge.learn(picture, wanted, share)
            if not math.isfinite(float(loss)):
                raise Broken(self._where("the discriminator's loss"))
        return share * float(total.detach())

    def _where(self, what: str) -> str:
        return f"{what} was no finite number at step {len(self._losses) + 1}"

    def _odd(self) -> str:
        every = self._student.named_parameters()
        bad = [n for n, p in every if p.grad is not None and not bool(p.grad.isfinite().all())]
        return bad[0] if bad else "the weights"

    def _look(self) -> None:
        """Keep the weights if they are the best so far."""
        found: Closeness = closeness(self._pupil, self._average, self._watched, self._told)
        self._flip = found.flip
        if found.flip < self._score:
            self._score, self._kept = found.flip, len(self._losses)
            every = self._average.named_parameters()
            self._best = {n: p.detach().clone() for n, p in every if p.requires_grad}

    def _curve(self) -> tuple[float, ...]:
        """The losses of the run as at most ten means."""
        count = min(CURVE, len(self._losses))
        ends = [round(n * len(self._losses) / count) for n in range(count + 1)] if count else []
        parts = [self._losses[a:b] for a, b in pairwise(ends)]
        return tuple(sum(part) / len(part) for part in parts)


def _cosine(done: float) -> float:
    """From 1 at 0 to 0 at 1."""
    return 0.5 * (1.0 + math.cos(math.pi * done))


@torch.no_grad()
def _put(network: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    every = dict(network.named_parameters())
    for name, tensor in tensors.items():
        every[name].copy_(tensor)


def _piece(pupil: Pupil, batch: int) -> int:
    """How many inputs of a batch are held at a time; the batch itself where there is memory."""
    free = SHARE_OF_MEMORY * psutil.virtual_memory().available
    piece = next((n for n in range(batch, 0, -1) if pupil.memory(n) <= free), 0)
    if not piece:
        raise NotEnoughMemory(
            f"a training step needs {pupil.memory(1) / 1e9:.1f} GB of memory, and "
            f"{free / 1e9:.1f} GB may be used"
        )
    return piece
