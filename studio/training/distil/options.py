"""What a run of distillation is told, and what it tells. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class DistilOptions:
    """Every choice of a run.

    Args:
        minutes: length, looks at held-out pictures included; not read with ``steps``.
        steps: length in steps, with which a run can be repeated.
        rate: learning rate of matrices; that of other numbers follows from it.
        batch: pictures a step.
        output, feature, adversarial: weights of the three losses, 0 leaves one out.
        average: the result is a moving average of the weights.
        seed: of every random choice.
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


@dataclass(frozen=True)
class Closeness:
    """How close a network's pictures are to those of full.

    Args:
        flip: mean FLIP in [0, 1]. psnr: dB of all pictures together; None when they are equal.
        loss: the output loss.
    """

    flip: float
    psnr: float | None
    loss: float


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
    """

    before: Closeness
    after: Closeness
    pictures: int
    steps: int
    seconds: float
    losses: tuple[float, ...]
    kept: int
    broken: str = ""
