"""The pupil of the diffusion family: a denoiser that is to answer what full's answers."""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.families.diffusion.model import DiffusionModel
from studio.families.diffusion.sampling import made_scheduler
from studio.fidelity.metrics import flip
from studio.subnets.denoisers.clones import with_tensors
from studio.training.clay_heads.precision import bf16_pays
from studio.training.distil.denoisers.features import compared, kept
from studio.training.distil.denoisers.memory import held_runs, step_bytes
from studio.training.distil.denoisers.pool import Pool
from studio.training.distil.denoisers.slices import Slices
from studio.training.distil.denoisers.subjects import Subjects
from studio.training.distil.denoisers.trajectories import (
    Batch,
    HeldRun,
    Moment,
    answered,
    run_of,
    timesteps,
    together,
)
from studio.training.distil.denoisers.weighting import weights
from studio.training.distil.looking import REPORTED_SEED, WATCHED_SEED, Examined
from studio.training.distil.options import Closeness, DistilOptions
from studio.training.distil.pupil import Drawing, Held, Lesson, Measure, Pixels

GUIDED = 0.5  # share of the loss that looks at what guidance makes of both halves
SAME = 1e-9  # relative squared error below which answers are the same but for rounding
EPS = 1e-12
TURNS = 3
WORTH = 1.1  # times that bf16 must be quicker
MIDDLE = 0.5  # of the way from the narrowest width to full
SHORTEST = 4  # part of the usual steps that a run has at least
Progress = Callable[[str], None]


class DenoiserPupil:
    """A smaller denoiser, or the slices of one, that is to answer as full's does.

    Text encoders and VAE stay as they are.

    Args:
        student, full: neither is changed.
        options: what was asked; ``narrowest`` below 1 teaches every width from there on.
        told: called with a line of text while runs of the teacher are drawn, and with none between
            layers; may raise to stop.

    Attributes:
        half: compute in bf16 while learning; what is looked at is drawn in float32.

    Raises:
        BadChoice: they take other inputs, or the student's weights cannot be trained.
    """

    adapts = False
    by: Measure = "loss"
    # Weights of denoisers have the scale that their own training gave them; with Adam a cut one
    # came nearer to full in as many steps than with orthogonal updates at either of two rates.
    orthogonal = False
    pace = 2.0

    def __init__(
        self,
        student: DiffusionModel,
        full: DiffusionModel,
        subjects: Subjects,
        options: DistilOptions,
        *,
        told: Progress = lambda text: None,
    ) -> None:
        _check(student, full, options)
        self._student, self._full = student, full
        self._subjects, self._options, self._told = subjects, options, told
        self.half = False
        self.said = subjects.said
        self.config = full.info.config
        base = full.settled(subjects.inputs(0, 0))
        self._rows, self._guidance = base.batch(self.config), base.guidance
        self._steps = base.steps
        self._scheduler = made_scheduler(full, base)
        paths = set(compared(student.running_network))
        self._paths = tuple(p for p in compared(full.running_network) if p in paths)
        self._pool = Pool(self._run, options.cache * 1e6)
        self._slices: dict[int, Slices] = {}
        self._scale: float | None = None

    @property
    def room(self) -> float:
        """Of lessons kept beside the pool: those that the teacher has to answer again for what
        lies between blocks."""
        return self._options.cache * 1e6 if self._options.feature else 0.0

    @property
    def runs(self) -> int:
        """Runs of the teacher that were learnt from."""
        return self._pool.runs

    # ---- the student ---------------------------------------------------------------------------

    def copy(self) -> nn.Module:
        """See :class:`studio.training.distil.pupil.Pupil`. It stays in evaluation mode, so that no
        dropout makes it another network than the one that draws."""

        def own(tensor: Tensor) -> Tensor:
            return tensor.float().clone() if tensor.is_floating_point() else tensor.clone()

        made: nn.Module = with_tensors(self._student.running_network, own)
        made.requires_grad_(True)
        return made.eval()

    def forms(self, network: nn.Module, random: torch.Generator | None) -> list[nn.Module]:
        """See :class:`studio.training.distil.pupil.Pupil`: full width, the narrowest, and one
        between; without ``random`` always the same."""
        low = self._options.narrowest
        if low >= 1:
            return [network]
        between = low + (1 - low) * MIDDLE
        if random is not None:
            between = low + (1 - low) * float(torch.rand((), generator=random))
        slices = self._slices.get(id(network))
        if slices is None:
            config = self._student.info.config
            order = () if config.ordered is None else config.ordered.skip_order
            slices = self._slices[id(network)] = Slices(network, config.layout, order)
        chosen = slices.at if random is None else slices.learning
        return [chosen(width) for width in (1.0, between, low)]

    def names(self) -> tuple[str, ...]:
        """Of :meth:`forms`, where there are several."""
        low = self._options.narrowest
        between = low + (1 - low) * MIDDLE
        return () if low >= 1 else ("1", f"{between:g}", f"{low:g}")

    def half_pays(self) -> bool:
        """Whether a step of learning is clearly quicker in bf16 on this machine, measured."""
        if not bf16_pays("cpu"):
            return False
        network = self.copy()
        batch = self._batch(self._run(0)[: self._options.batch])

        def seconds(half: bool) -> float:
            times = []
            for _ in range(TURNS):
                began = time.perf_counter()
                with computing(half):
                    made = answered(network, batch)
                made.float().square().mean().backward()  # type: ignore[no-untyped-call]
                times.append(time.perf_counter() - began)
            return min(times)

        return seconds(False) > WORTH * seconds(True)

    # ---- what is taught ------------------------------------------------------------------------

    def inputs(self, count: int, random: torch.Generator, piece: int) -> tuple[Batch, ...]:
        """See :class:`studio.training.distil.pupil.Pupil`: moments of the teacher's runs."""
        return self._batch(self._pool.take(count, random)).pieces(piece)

    def lesson(self, inputs: Batch, values: bool) -> Lesson:
        """See :class:`studio.training.distil.pupil.Pupil`. The answers are those of the run."""
        if not values:
            return Lesson(inputs, Drawing((inputs.wanted,), {}))
        with torch.no_grad(), self._computing(), kept(self._full.running_network, self._paths) as m:
            answered(self._full.running_network, inputs)
        return Lesson(inputs, Drawing((inputs.wanted,), {n: t.detach() for n, t in m.items()}))

    def draw(self, network: nn.Module, inputs: Batch, values: bool) -> Drawing:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        with self._computing(), kept(network, self._paths if values else ()) as made:
            output = answered(network, inputs)
        return Drawing((output.float(),), {name: each.float() for name, each in made.items()})

    def difference(self, drawn: Drawing, lesson: Lesson) -> Tensor:
        """The weighted mean of squared errors as a share of the teacher's mean square: half of it
        of both rows, half of what guidance makes of them, over its square so that both are of one
        size. A variance that some networks predict too is left out, since samplers do not read
        it."""
        batch: Batch = lesson.inputs
        error = self._read(drawn.pictures[0]) - self._read(lesson.wanted.pictures[0])
        by_row = error.flatten(1).square().mean(1).view(-1, batch.rows)
        found = by_row.mean(1)
        if batch.rows == 2:
            plain, prompted = error.view(-1, 2, *error.shape[1:]).unbind(1)
            if self.config.kind == "dit":
                plain, prompted = prompted, plain
            guided = plain + self._guidance * (prompted - plain)
            scale = max(1.0, self._guidance) ** 2
            found = (1 - GUIDED) * found + GUIDED * guided.flatten(1).square().mean(1) / scale
        return (batch.weights * found).mean() / self._size()

    def _size(self) -> float:
        """Mean square of the teacher's answers, over the first runs that are watched."""
        if self._scale is None:
            self.held("watched")
            assert self._scale is not None
        return self._scale

    def _read(self, output: Tensor) -> Tensor:
        channels = self.config.latent_channels
        own = output.ndim == 4 and output.shape[1] == 2 * channels
        return output[:, :channels] if own else output

    # ---- what is looked at ---------------------------------------------------------------------

    def held(self, which: Held) -> tuple[Lesson, ...]:
        """See :class:`studio.training.distil.pupil.Pupil`: whole runs, with full's pictures."""
        count = held_runs(self.config, self._rows * self._steps, which)
        seed = WATCHED_SEED if which == "watched" else REPORTED_SEED
        found = []
        for number in range(count):
            self._told(f"full draws held-out picture {number + 1} of {count}")
            inputs = self._subjects.inputs(seed, number, held=True)
            drawn = run_of(self._full, inputs, between=lambda: self._told(""), whole=True)
            assert drawn.picture is not None
            whole = self._batch(drawn.moments)
            if self._scale is None:
                self._scale = max(EPS, float(self._read(whole.wanted).square().mean()))
            run = HeldRun(inputs, whole.pieces(self._options.batch), drawn.picture)
            found.append(Lesson(run, Drawing((whole.wanted,), {})))
        return tuple(found)

    @torch.no_grad()
    def examined(
        self, network: nn.Module, lessons: Sequence[Lesson], between: Callable[[], None]
    ) -> Examined:
        """See :class:`studio.training.distil.pupil.Pupil`: the error along full's runs, and the
        pictures of runs of its own."""
        forms = self.forms(network, None)
        every = [self._examined(form, lessons, between) for form in forms]
        if len(every) == 1:
            return every[0]
        parts = [each.closeness for each in every]
        noise = [10 ** (-part.psnr / 10) for part in parts if part.psnr is not None]
        psnr = -10 * math.log10(sum(noise) / len(parts)) if noise else None
        mean = Closeness(
            sum(part.flip for part in parts) / len(parts),
            psnr,
            sum(part.loss for part in parts) / len(parts),
            tuple(zip(self.names(), parts, strict=True)),
        )
        return Examined(mean, every[-1].pictures, every[-1].wanted)

    def _examined(
        self, network: nn.Module, lessons: Sequence[Lesson], between: Callable[[], None]
    ) -> Examined:
        flips, squares, losses, pictures = [], [], [], []
        for lesson in lessons:
            run: HeldRun = lesson.inputs
            errors = []
            for batch in run.batches:
                between()
                drawn = Drawing((answered(network, batch),), {})
                of = Lesson(batch, Drawing((batch.wanted,), {}))
                errors.append(float(self.difference(drawn, of)) * len(batch.weights))
            losses.append(sum(errors) / sum(len(batch.weights) for batch in run.batches))
            mine = self._full.render(run.inputs, denoiser=network, between=between)
            flips.append(flip(run.picture, mine).mean)
            squares.append(float(np.mean((mine.astype(np.float64) - run.picture) ** 2)))
            pictures.append(mine)
        error, loss = float(np.mean(squares)), float(np.mean(losses))
        psnr = None if error == 0 else 10 * math.log10(255.0**2 / error)
        found = Closeness(float(np.mean(flips)), psnr, 0.0 if loss < SAME else loss)
        return Examined(found, tuple(pictures), tuple(each.inputs.picture for each in lessons))

    def pixels(self, pictures: Tensor) -> Pixels:
        """Not asked for: pictures are drawn by whole runs, see :meth:`examined`."""
        raise NotImplementedError

    def memory(self, pictures: int) -> float:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        caches = 1e6 * self._options.cache * (2 if self.room else 1)
        network = self._student.running_network
        return caches + step_bytes(network, self.config, self._rows * pictures)

    # ---- runs ----------------------------------------------------------------------------------

    def _run(self, number: int) -> tuple[Moment, ...]:
        """A run with the usual number of steps or fewer: people draft so, and more
        pictures are seen."""
        self._told("full draws another run")
        inputs = self._subjects.inputs(self._options.seed, number)
        random = torch.Generator().manual_seed((self._options.seed + number) % 2**32)
        low = max(1, self._steps // SHORTEST)
        steps = int(torch.randint(low, self._steps + 1, (), generator=random))
        given, half = replace(inputs, steps=steps), self._computing()
        found = run_of(self._full, given, half=half, between=lambda: self._told("")).moments
        if not found:
            raise BadChoice("its sampler does not run the denoiser; there is nothing to learn from")
        return found

    def _batch(self, moments: Sequence[Moment]) -> Batch:
        gamma, flow = self._options.gamma, self.config.flow
        found = weights(self._scheduler, timesteps(moments), gamma, flow=flow)
        return together(moments, found)

    def _computing(self) -> AbstractContextManager[Any]:
        return computing(self.half)


def computing(half: bool) -> AbstractContextManager[Any]:
    """Within it, products are computed in bf16, or in the types that tensors have."""
    return torch.autocast("cpu", torch.bfloat16) if half else nullcontext()


def _check(student: DiffusionModel, full: DiffusionModel, options: DistilOptions) -> None:
    mine, theirs = student.info.config, full.info.config
    if mine.packed:
        raise BadChoice(
            f"the denoiser's weights are those of a GGUF file in {mine.packed}, which cannot be "
            "trained; accepted is a denoiser in safetensors"
        )
    same = ("kind", "latent_channels", "latent_height", "latent_width", "prompt_tokens", "takes")
    if any(getattr(mine, name) != getattr(theirs, name) for name in same):
        raise BadChoice("it takes other inputs than the model that it should learn from")
    if options.adversarial:
        raise BadChoice("a pipeline is distilled without a discriminator; accepted is 0")
    if options.narrowest < 1 and not mine.layout.sites:
        raise BadChoice("nothing in this denoiser can be narrowed; accepted is 1")
