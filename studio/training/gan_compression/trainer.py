"""One run of any stage that trains: the student, what teaches it, and where they stand.

The generator's loss is that of Li et al. 2020, section 3.1: reconstruction (to the true picture of
a pair, else to the teacher's), differences of intermediate activations, and passing for real. In
once-for-all training every step teaches subnets that share weights (section 3.3). The generator
learns before the discriminator, so that the values of one subnet are gone before the next is drawn.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.families.translation.config import TranslationConfig
from studio.families.translation.model import TranslationModel
from studio.families.translation.network import TranslationNetwork
from studio.families.translation.program import program
from studio.families.translation.run import run
from studio.families.translation.slicing import sliced
from studio.families.translation.stages import with_widths
from studio.families.translation.steps import (
    Convolve,
    ConvolveUp,
    Normalise,
    Step,
    without_idle_biases,
)
from studio.training.gan_compression.data import Batch, Pairs
from studio.training.gan_compression.distilling import Adaptors, comparable
from studio.training.gan_compression.looking import error_of, strip
from studio.training.gan_compression.options import Stage, TrainingOptions
from studio.training.gan_compression.patches import PatchCritic, critic_loss, passing_loss
from studio.training.gan_compression.report import Closeness, Look, Losses
from studio.training.gan_compression.space import Space, Widths, sandwich
from studio.training.gan_compression.together import Together

BETAS = (0.5, 0.999)
MOMENTUM = 0.1  # of the statistics of batch norms, as PyTorch has it
LOOK_MINUTES = 2.0
FEWEST_LOOKS, MOST_LOOKS = 4, 500
KEPT_LOSSES = 400


Reconstruction = Callable[[Tensor, Tensor], Tensor]


class Broken(Exception):
    """Training cannot go on; the text says where and why. Weights are as before the step."""


@dataclass(frozen=True)
class _Lesson:
    """What a step is taught with: inputs, what to draw, what passes for real, teacher's values."""

    inputs: Tensor
    wanted: Tensor
    real: Tensor
    values: dict[str, Tensor]


class Trainer:
    """One run.

    Args:
        stage: for reports. student: where to begin; it is not changed.
        teacher: never trained; None where pairs alone teach.
        pairs: must be paired without a teacher.
        space: subnets that share the weights; None trains one network.
        together: the processes that share every step.
        reconstruction: loss of pictures and wanted ones, both (n, outputs, h, w) in [-1, 1].
        half: networks compute in bf16, weights and losses stay in f32.
    """

    def __init__(
        self,
        stage: Stage,
        student: TranslationModel,
        teacher: TranslationModel | None,
        pairs: Pairs,
        options: TrainingOptions,
        together: Together,
        space: Space | None = None,
        *,
        reconstruction: Reconstruction = F.l1_loss,
        half: bool = False,
    ) -> None:
        self.reconstruction, self.half = reconstruction, half
        self.stage, self.options, self.pairs = stage, options, pairs
        self.together, self.space = together, space
        self.config = student.info.config
        device = together.device
        self.student = _copy(student, device)
        self.teacher = None if teacher is None else _copy(teacher, device).freeze()
        idle = idle_biases(self.student.steps)
        self.taught = {n: p for n, p in self.student.named_parameters() if n not in idle}
        for name, parameter in self.student.named_parameters():
            parameter.requires_grad_(name not in idle)
        self.adaptors: Adaptors | None = None
        if teacher is not None and options.distil and comparable(self.config, teacher.info.config):
            self.adaptors = Adaptors(self.config, teacher.info.config, options.seed).to(device)
            self.taught |= {f"adaptors.{n}": p for n, p in self.adaptors.named_parameters()}
        self.optimiser = torch.optim.Adam(self.taught.values(), options.rate, BETAS)
        self.critic: PatchCritic | None = None
        self.judging: dict[str, Tensor] = {}
        self.critic_optimiser: torch.optim.Adam | None = None
        if options.gan:
            sizes, side = self.config.sizes, min(pairs.size)
            channels = sizes.outputs + (sizes.inputs if pairs.paired else 0)
            self.critic = PatchCritic(channels, options.ndf, side, options.seed + 1).to(device)
            self.judging = dict(self.critic.named_parameters())
            self.critic_optimiser = torch.optim.Adam(self.judging.values(), options.rate, BETAS)
        self.random = torch.Generator().manual_seed(options.seed)
        self.held = pairs.held(options.held)
        self.step, self.looks, self.elapsed = 0, 0, 0.0
        self.losses: list[Losses] = []
        self.best: dict[str, Tensor] = {}
        self.best_score = math.inf
        self.best_close: tuple[Closeness, ...] = ()
        self.first_close: tuple[Closeness, ...] = ()
        self.broken = ""
        self._programs: dict[Widths | None, tuple[TranslationConfig, tuple[Step, ...]]] = {
            None: (self.config, self.student.steps)
        }

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
        moved: Callable[[float, Losses], None] = lambda fraction, losses: None,
    ) -> None:
        """Train to the end, until ``stopped`` says so, or until a number is none any more: then
        ``broken`` says where, and the best so far is kept.

        Args:
            seen: told of every look, in the first process. stopped: asked there before every step.
            moved: told the fraction and the losses after every step.
        """
        planned = self._planned_looks()
        mark = time.monotonic()
        while True:
            if self.fraction * planned >= self.looks:
                self.looks = int(self.fraction * planned) + 1
                if self.together.first:
                    look = self.look()
                    self.elapsed, mark = self.elapsed + time.monotonic() - mark, time.monotonic()
                    seen(look)
                    mark = time.monotonic()
            if self.fraction >= 1.0:
                return
            wanted = self.together.first and stopped()
            self.elapsed, ended = self.together.told(self.elapsed, float(wanted))
            if ended or self.fraction >= 1.0:
                return
            try:
                losses = self.one_step()
            except Broken as why:
                self.broken = str(why)
                return
            now = time.monotonic()
            self.elapsed, mark = self.elapsed + now - mark, now
            moved(self.fraction, losses)

    def _planned_looks(self) -> int:
        if self.options.steps is not None:
            return min(10, self.options.steps)
        planned = round(self.options.minutes / LOOK_MINUTES)
        return max(FEWEST_LOOKS, min(MOST_LOOKS, planned))

    def one_step(self) -> Losses:
        """Train on one batch; the means of its losses.

        Raises:
            Broken: a loss or a gradient is no number; nothing was changed.
        """
        o = self.options
        for optimiser in (self.optimiser, self.critic_optimiser):
            if optimiser is not None:
                optimiser.zero_grad(set_to_none=True)
                for group in optimiser.param_groups:
                    group["lr"] = o.rate * self._falling()
        drawn = self.pairs.draw(o.batch, self.held, o.flip, self.random)
        subnets = self._subnets()
        lesson = self._lesson(
            self.pairs.batch(drawn.part(self.together.index, self.together.count))
        )
        sums = torch.zeros(4, dtype=torch.float64)
        statistics: dict[str, Tensor] = {}
        fakes = []
        for widths in subnets:
            picture, parts = self._taught_one(widths, lesson, len(subnets), statistics)
            sums[:3] += parts / len(subnets)
            fakes.append(picture)
        sums[3] = self._judge(fakes, lesson)
        sums = sums.to(torch.float32)
        moving = [sums.to(self.together.device)]
        self.together.mean(moving)
        losses = Losses(*(float(x) for x in moving[0]))
        self._check(losses, subnets)
        self._apply(subnets)
        self._follow(statistics)
        self.step += 1
        self._note(losses)
        return losses

    def _falling(self) -> float:
        """The factor of the learning rate: 1, then down to 0 in a line."""
        left = 1.0 - self.fraction
        return 1.0 if left >= self.options.decay else left / self.options.decay

    def _precision(self) -> torch.autocast:
        return torch.autocast(self.together.device.type, torch.bfloat16, enabled=self.half)

    def _subnets(self) -> tuple[Widths | None, ...]:
        if self.space is None:
            return (None,)
        if self.options.sampling == "sandwich":
            return sandwich(self.space, self._pick)
        return (self.space.drawn(self._pick),)

    def _pick(self, count: int) -> int:
        return int(torch.randint(count, (), generator=self.random))

    def _lesson(self, batch: Batch) -> _Lesson:
        inputs = batch.inputs.to(self.together.device)
        if self.half:  # convolutions in bf16 are faster with the channels last
            inputs = inputs.contiguous(memory_format=torch.channels_last)
        values: dict[str, Tensor] = {}
        drawn = None
        if self.teacher is not None:
            keep = {name: _kept(values, name) for name in self._compared}
            with torch.no_grad(), self._precision():
                drawn = run(self.teacher.steps, self.teacher.tensors(), inputs, keep=keep)
            drawn, values = drawn.float(), {n: x.float() for n, x in values.items()}
        pictures = None if batch.pictures is None else batch.pictures.to(inputs.device)
        wanted = pictures if self.pairs.paired else drawn
        real = drawn if pictures is None else pictures
        assert wanted is not None  # who makes a trainer sees to it
        assert real is not None
        return _Lesson(inputs, wanted, real, values)

    @property
    def _compared(self) -> tuple[str, ...]:
        return () if self.adaptors is None else self.adaptors.names

    def _taught_one(
        self, widths: Widths | None, lesson: _Lesson, count: int, statistics: dict[str, Tensor]
    ) -> tuple[Tensor, Tensor]:
        """Add to the generator's gradients what one subnet learns; its picture and its losses."""
        o = self.options
        values: dict[str, Tensor] = {}
        gather = statistics if widths in (None, self._widest) else {}

        def batch_norm(step: Normalise, x: Tensor) -> None:
            assert step.mean is not None
            assert step.var is not None
            x = x.detach()
            gather[step.mean] = x.mean((0, 2, 3))
            gather[step.var] = x.var((0, 2, 3))

        keep = {name: _kept(values, name) for name in self._compared}
        steps, tensors = self._subnet(widths)
        with self._precision():
            picture = run(steps, tensors, lesson.inputs, keep=keep, batch=batch_norm)
        picture, values = picture.float(), {n: x.float() for n, x in values.items()}
        recon = self.reconstruction(picture, lesson.wanted)
        zero = recon.new_zeros(())
        distil = zero if self.adaptors is None else self.adaptors(values, lesson.values)
        passing = zero
        if self.critic is not None:
            self.critic.requires_grad_(False)
            passing = passing_loss(o.gan_mode, self.critic(self._judged(lesson, picture)))
        total = (o.recon * recon + o.distil * distil + o.gan * passing) / count
        total.backward()  # type: ignore[no-untyped-call]
        parts = torch.stack((recon, distil, passing)).detach().cpu().double()
        return picture.detach(), parts

    def _judge(self, fakes: list[Tensor], lesson: _Lesson) -> float:
        """Add to the discriminator's gradients; its loss."""
        if self.critic is None:
            return 0.0
        self.critic.requires_grad_(True)
        real = self._judged(lesson, lesson.real)
        total = 0.0
        for fake in fakes:
            scores = self.critic(real), self.critic(self._judged(lesson, fake))
            loss = critic_loss(self.options.gan_mode, *scores) / len(fakes)
            loss.backward()  # type: ignore[no-untyped-call]
            total += float(loss.detach())
        return total

    def _judged(self, lesson: _Lesson, picture: Tensor) -> Tensor:
        """What the discriminator sees: of pairs, the input too."""
        return torch.cat((lesson.inputs, picture), 1) if self.pairs.paired else picture

    def _check(self, losses: Losses, subnets: tuple[Widths | None, ...]) -> None:
        words = {
            "recon": "reconstruction loss",
            "distil": "distillation loss",
            "gan": "adversarial loss",
            "critic": "discriminator's loss",
        }
        for name, word in words.items():
            value = getattr(losses, name)
            if not math.isfinite(value):
                raise Broken(f"the {word} was {value} at step {self.step + 1}{self._of(subnets)}")

    def _of(self, subnets: tuple[Widths | None, ...]) -> str:
        names = [self.space.name(w) for w in subnets if self.space is not None and w is not None]
        return f", subnet {', '.join(names)}" if names else ""

    def _apply(self, subnets: tuple[Widths | None, ...]) -> None:
        """Average the gradients over all processes, and move."""
        with torch.no_grad():
            every = {**self.taught, **{f"critic.{n}": p for n, p in self.judging.items()}}
            slopes = {name: p.grad for name, p in every.items() if p.grad is not None}
            self.together.mean(list(slopes.values()))
            # One sum tells whether all are finite; only then is it asked which is not.
            if slopes and not math.isfinite(float(sum(g.abs().sum() for g in slopes.values()))):
                bad = [name for name, g in slopes.items() if not bool(g.isfinite().all())]
                raise Broken(
                    f"the gradient of {bad[0] if bad else 'the weights'} was no finite number at "
                    f"step {self.step + 1}{self._of(subnets)}"
                )
        self.optimiser.step()
        if self.critic_optimiser is not None:
            self.critic_optimiser.step()

    @torch.no_grad()
    def _follow(self, statistics: dict[str, Tensor]) -> None:
        """Move the statistics of batch norms; those of subnets are taken when one is cut."""
        self.together.mean(list(statistics.values()))
        buffers = dict(self.student.named_buffers())
        for name, value in statistics.items():
            buffers[name].lerp_(value, MOMENTUM)

    @property
    def _widest(self) -> Widths | None:
        return None if self.space is None else self.space.largest

    def _subnet(self, widths: Widths | None) -> tuple[tuple[Step, ...], dict[str, Tensor]]:
        tensors = self.student.tensors()
        if widths is None:
            return self.student.steps, tensors
        if widths not in self._programs:
            config = replace(self.config, sizes=with_widths(self.config.sizes, widths))
            self._programs[widths] = config, program(config)
        config, steps = self._programs[widths]
        return steps, sliced(tensors, self.config.sizes, config.sizes)

    def _note(self, losses: Losses) -> None:
        self.losses.append(losses)
        if len(self.losses) > KEPT_LOSSES:  # halve: the curve keeps its shape, not its grain
            pairs = zip(self.losses[::2], self.losses[1::2], strict=False)
            self.losses = [_between(a, b) for a, b in pairs]

    def watched(self) -> tuple[Widths | None, ...]:
        """The subnets that looks compare: the network, or the ends of the space and two between."""
        if self.space is None:
            return (None,)
        fixed = torch.Generator().manual_seed(7)

        def pick(count: int) -> int:
            return int(torch.randint(count, (), generator=fixed))

        return tuple(dict.fromkeys(sandwich(self.space, pick)))

    @torch.no_grad()
    def look(self) -> Look:
        """Look at the network now, and keep it if it is the best so far."""
        rows = self.held or tuple(range(min(len(self.pairs), self.options.held)))
        lesson = self._lesson(self.pairs.middles(rows))
        close, columns = [], []
        for widths in self.watched():
            steps, tensors = self._subnet(widths)
            # Stored statistics belong to the widest alone; others take those of these pictures.
            own = None if widths is None else _unheard
            picture = run(steps, tensors, lesson.inputs, batch=own)
            name = "full" if widths is None or self.space is None else self.space.name(widths)
            close.append(Closeness(name, error_of(picture, lesson.wanted)))
            columns.append(picture)
        score = sum(each.error for each in close)
        if not self.first_close:
            self.first_close = tuple(close)
        if score < self.best_score:  # never of a score that is no number
            self.best_score, self.best_close = score, tuple(close)
            self.best = {n: t.detach().clone() for n, t in self.student.tensors().items()}
        sheet = strip(self.config, lesson.inputs, [*columns, lesson.wanted])
        return Look(
            self.stage,
            self.fraction,
            self.step,
            self.elapsed / 60,
            tuple(self.losses),
            tuple(close),
            sheet,
        )

    def result(self) -> dict[str, Tensor]:
        """The tensors of the best state so far."""
        return {name: tensor.cpu() for name, tensor in self.best.items()}


def _copy(model: TranslationModel, device: torch.device) -> TranslationNetwork:
    tensors = {n: t.detach().clone().to(device) for n, t in model.network.state_dict().items()}
    network = TranslationNetwork.from_tensors(model.info.config, tensors)
    return network.requires_grad_(True).train()


def idle_biases(steps: tuple[Step, ...]) -> frozenset[str]:
    """Biases that an instance norm takes away again. Their gradient is rounding alone, which Adam
    would blow up to whole steps, different ones on every machine; so they stay as they are."""
    before = {s.bias for s in steps if isinstance(s, Convolve | ConvolveUp)}
    after = {s.bias for s in without_idle_biases(steps) if isinstance(s, Convolve | ConvolveUp)}
    return frozenset(name for name in before - after if name is not None)


def _kept(values: dict[str, Tensor], name: str) -> Callable[[Tensor], None]:
    def keep(value: Tensor) -> None:
        values[name] = value

    return keep


def _unheard(step: Normalise, x: Tensor) -> None:
    """Batch norms use what goes through them, and nobody takes note."""


def _between(a: Losses, b: Losses) -> Losses:
    return Losses(
        (a.recon + b.recon) / 2,
        (a.distil + b.distil) / 2,
        (a.gan + b.gan) / 2,
        (a.critic + b.critic) / 2,
    )
