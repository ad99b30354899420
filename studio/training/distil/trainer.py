"""One run of distillation, whatever the family."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import pairwise

import psutil
import torch
from torch import Tensor, nn

from studio.errors import NotEnoughMemory
from studio.training.clay_heads.optimiser import MATRIX_RATE, Optimisers, follow
from studio.training.distil.looking import Examined, strip
from studio.training.distil.losses import Adaptors, Alike, Judge
from studio.training.distil.notebook import Notebook
from studio.training.distil.options import DistilLook, DistilOptions, DistilReport
from studio.training.distil.pupil import Lesson, Pupil

WARM_STEPS = 20
KEEP = 0.99  # of the moving average, a step
LOOKS = 5  # while it runs, at most
STEPS_A_LOOK = 20  # at least
BEGIN = 0.05  # share of the run before the student listens to a discriminator
SHARE_OF_MEMORY = 0.7
CURVE = 10  # means that are told of the losses
SHOWN_CURVE = 400  # means that are shown of them
SAVE_SECONDS = 120.0  # between states that no look brings about
Progress = Callable[[float, str], None]


class Broken(Exception):
    """A number is none any more; the text says where. Weights are as before the step."""


class Trainer:
    """One run.

    Args:
        pupil: the family's side.
        progress: told a share in [0, 1] and a line of text after every step and look; may raise to
            end the run at once.
        stopped: asked before every step; True ends the run, and the best so far is the result.
        seen: told of every look.
        saved: called at every look and every few minutes, to keep the state of the run.

    Raises:
        NotEnoughMemory: not even one input at a time fits.
    """

    def __init__(
        self,
        pupil: Pupil,
        options: DistilOptions,
        progress: Progress,
        *,
        stopped: Callable[[], bool] = lambda: False,
        seen: Callable[[DistilLook], None] = lambda look: None,
        saved: Callable[[Trainer], None] = lambda trainer: None,
    ) -> None:
        self.options = options
        self._pupil, self._progress = pupil, progress
        self._stopped, self._seen, self._saved = stopped, seen, saved
        self._piece = _piece(pupil, options.batch)
        self.student = pupil.copy()
        self.average = pupil.copy() if options.average else self.student
        self.optimiser = Optimisers(self.student, orthogonal=pupil.orthogonal)
        self._adaptors: Adaptors | Alike | None = None
        if options.feature:
            self._adaptors = Adaptors() if pupil.adapts else Alike()
        self._judge: Judge | None = None
        self.random = torch.Generator().manual_seed(options.seed)
        self._notebook = Notebook(pupil.room)
        self._watched = pupil.held("watched")
        self.losses: list[float] = []
        self.best: dict[str, Tensor] = {}
        self.score, self.kept = math.inf, 0
        self.resumed = 0
        self._first: Examined | None = None
        self._flip = 0.0
        self.elapsed = 0.0
        """Seconds of learning and looking before this run."""
        self._began = self._wrote = time.monotonic()

    @property
    def fraction(self) -> float:
        """Share of the run that is done, 0 to 1."""
        if self.options.steps is not None:
            return min(1.0, len(self.losses) / self.options.steps)
        return min(1.0, self.seconds / (60.0 * self.options.minutes))

    @property
    def seconds(self) -> float:
        """Spent so far, with what came before the run went on."""
        return self.elapsed + time.monotonic() - self._began

    def run(self) -> DistilReport:
        """Train to the end, until told to stop, or until a number is none any more: the best so far
        is kept."""
        lessons = self._pupil.held("reported")
        given = self._pupil.copy() if self.resumed else self.student
        before = self._pupil.examined(given, lessons, self._told).closeness
        if before.loss == 0:  # it is full already
            return DistilReport(before, before, len(lessons), 0, 0.0, (), 0)
        self._first = self._pupil.examined(given, self._watched, self._told)
        self._look(None if self.resumed else self._first)  # a new average is the student still
        self._began = time.monotonic()  # the minutes begin with the learning
        planned = LOOKS if self.options.steps is None else self.options.steps // STEPS_A_LOOK
        planned, looks, broken = min(LOOKS, planned), int(self.fraction * LOOKS) + 1, ""
        stopped = False
        while self.fraction < 1.0:
            if self._stopped():
                stopped = True
                break
            try:
                self._step()
            except Broken as why:
                broken = str(why)
                break
            self._told()
            if self.fraction * planned >= looks and self.fraction < 1.0:
                self._look()
                looks = int(self.fraction * planned) + 1
            elif time.monotonic() - self._wrote > SAVE_SECONDS:
                self._save()
        if self.losses:
            self._look()
        steps, seconds = len(self.losses), self.seconds
        after = before
        if self.kept:
            best = self._pupil.copy()
            put(best, self.best)
            after = self._pupil.examined(best, lessons, self._told).closeness
        return DistilReport(
            before,
            after,
            len(lessons),
            steps,
            seconds,
            means(self.losses, CURVE),
            self.kept,
            broken,
            stopped,
            self.resumed,
        )

    def result(self) -> dict[str, Tensor]:
        """The best tensors by name, of what was taught alone."""
        return self.best

    def _told(self) -> None:
        steps = len(self.losses)
        text = "looking at full's pictures"
        if steps:
            recent = self.losses[-CURVE:]
            loss = sum(recent) / len(recent)
            text = f"training, step {steps}, loss {loss:.3f}, FLIP {self._flip:.3f}"
        self._progress(self.fraction, text)

    def _step(self) -> None:
        """Learn from one batch.

        Raises:
            Broken: a loss or a gradient is no number; nothing was changed.
        """
        self.optimiser.clear()
        for helper in (self._adaptors, self._judge):
            if helper is not None:
                helper.clear()
        done = self.fraction
        batch, total = self.options.batch, 0.0
        for number, lesson in enumerate(self._lessons()):
            count = min(self._piece, batch - number * self._piece)
            total += self._learn(lesson, count / batch, done)
        slopes = [p.grad for p in self.student.parameters() if p.grad is not None]
        if slopes and not math.isfinite(float(sum(g.abs().sum() for g in slopes))):
            raise Broken(self._where("the gradient of " + self._odd()))
        share = _cosine(done)
        warm = min(1.0, (len(self.losses) + 1) / WARM_STEPS)
        rate = self.options.rate * self._pupil.pace / MATRIX_RATE
        self.optimiser.step(rate * warm * share)
        for helper in (self._adaptors, self._judge):
            if helper is not None:
                helper.step(share)
        self.losses.append(total)
        if self.average is not self.student:
            steps = len(self.losses)
            follow(self.average, self.student, min(KEEP, steps / (9 + steps)))

    def _lessons(self) -> Iterator[Lesson]:
        """The pieces of a batch, which may be one of before."""
        whole = self._piece >= self.options.batch
        if whole and (old := self._notebook.again(self.random)) is not None:
            yield old
            return
        for inputs in self._pupil.inputs(self.options.batch, self.random, self._piece):
            lesson = self._pupil.lesson(inputs, self._adaptors is not None)
            if whole:
                self._notebook.write(lesson)
            yield lesson

    def _learn(self, lesson: Lesson, share: float, done: float) -> float:
        """Add to the gradients what a piece teaches; its loss, both times ``share``."""
        forms = self._pupil.forms(self.student, self.random)
        return sum(self._learn_by(form, lesson, share / len(forms), done) for form in forms)

    def _learn_by(self, form: nn.Module, lesson: Lesson, share: float, done: float) -> float:
        """The same for one of the forms of the student."""
        o, pupil = self.options, self._pupil
        drawn = pupil.draw(form, lesson.inputs, self._adaptors is not None)
        parts: dict[str, Tensor] = {}
        if o.output:
            parts["output"] = o.output * pupil.difference(drawn, lesson)
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
        return f"{what} was no finite number at step {len(self.losses) + 1}"

    def _odd(self) -> str:
        every = self.student.named_parameters()
        bad = [n for n, p in every if p.grad is not None and not bool(p.grad.isfinite().all())]
        return bad[0] if bad else "the weights"

    def _look(self, found: Examined | None = None) -> None:
        """Keep the weights if they are the best so far.

        Args:
            found: what the average is, where that is known.
        """
        if found is None:
            found = self._pupil.examined(self.average, self._watched, self._told)
        close = found.closeness
        self._flip = close.flip
        score = close.flip if self._pupil.by == "flip" else close.loss
        if score < self.score:
            self.score, self.kept = score, len(self.losses)
            every = self.average.named_parameters()
            self.best = {n: p.detach().clone() for n, p in every if p.requires_grad}
        assert self._first is not None
        losses, shown = means(self.losses, SHOWN_CURVE), strip(self._first, found)
        first = self._first.closeness
        self._seen(DistilLook(len(self.losses), self.seconds / 60, losses, first, close, shown))
        if self.losses:
            self._save()

    def _save(self) -> None:
        self._saved(self)
        self._wrote = time.monotonic()


def means(values: Sequence[float], most: int) -> tuple[float, ...]:
    """Values in order as at most so many means."""
    count = min(most, len(values))
    ends = [round(n * len(values) / count) for n in range(count + 1)] if count else []
    parts = [values[a:b] for a, b in pairwise(ends)]
    return tuple(sum(part) / len(part) for part in parts)


def _cosine(done: float) -> float:
    """From 1 at 0 to 0 at 1."""
    return 0.5 * (1.0 + math.cos(math.pi * done))


@torch.no_grad()
def put(network: nn.Module, tensors: Mapping[str, Tensor]) -> None:
    """Give parameters other values, by name."""
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
