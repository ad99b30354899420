"""What a run of distillation is told, and what it tells. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.training.distil.pupil import Pixels


@dataclass(frozen=True)
class DistilOptions:
    """Every choice of a run.

    Args:
        minutes: length, looks at held-out pictures on the way included; not read with ``steps``.
        steps: length in steps, with which a run can be repeated.
        rate: learning rate of matrices; that of other numbers follows from it.
        batch: pictures a step.
        output, feature, adversarial: weights of the three losses, 0 leaves one out.
        average: the result is a moving average of the weights.
        seed: of every random choice.
        gamma: of a pipeline, the ratio of signal to noise from which a timestep counts less.
        narrowest: of a pipeline, the narrowest width that learns; 1 teaches the whole alone.
        cache: MB that runs of a pipeline's teacher may fill in memory.
    """

    minutes: float = 5.0
    steps: int | None = None
    rate: float = 1e-2
    batch: int = 8
    output: float = 1.0
    feature: float = 0.0
    adversarial: float = 0.0
    average: bool = True
    seed: int = 0
    gamma: float = 5.0
    narrowest: float = 1.0
    cache: float = 256.0


@dataclass(frozen=True)
class Closeness:
    """How close a network's pictures are to those of full.

    Args:
        flip: mean FLIP in [0, 1]. psnr: dB of all pictures together; None when they are equal.
        loss: the output loss.
        parts: of each width by its name, where several learn; the others are then means.
    """

    flip: float
    psnr: float | None
    loss: float
    parts: tuple[tuple[str, Closeness], ...] = ()


@dataclass(frozen=True)
class DistilReport:
    """A run that has ended.

    Args:
        before, after: of what was given and of the result, over pictures that decided nothing.
        pictures: how many these are.
        steps: of training. seconds: that they took, looks included.
        losses: the sum of all weighted losses along the run, at most ten means, oldest first.
        kept: the step whose weights are the result; 0 when none was better than what was given.
        broken: why it ended before its time, empty when it did not.
        stopped: the user ended it early. resumed: the step that it went on from, 0 from the start.
    """

    before: Closeness
    after: Closeness
    pictures: int
    steps: int
    seconds: float
    losses: tuple[float, ...]
    kept: int
    broken: str = ""
    stopped: bool = False
    resumed: int = 0


@dataclass(frozen=True, eq=False)
class DistilLook:
    """What a run has reached.

    Args:
        step, minutes: spent so far. losses: of the run so far, oldest first, at most 400 means.
        before, now: how close held-out pictures are to full, at first and now.
        strip: rows of pictures (h, w, 3): before, now, and as full draws them.
    """

    step: int
    minutes: float
    losses: tuple[float, ...]
    before: Closeness
    now: Closeness
    strip: Pixels
