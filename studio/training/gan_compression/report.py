"""What a run of GAN Compression tells. Imports no torch: it travels to the window."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from studio.fidelity.metrics import Pixels


@dataclass(frozen=True)
class Skipped:
    """A picture or pair that is not used, and why, as the end of a sentence."""

    name: str
    why: str


@dataclass(frozen=True)
class Losses:
    """Means of one step over what it drew; what a stage does not have is 0.

    Args:
        recon, distil, gan: of the generator, before their weights. critic: of the discriminator.
    """

    recon: float = 0.0
    distil: float = 0.0
    gan: float = 0.0
    critic: float = 0.0


@dataclass(frozen=True)
class Closeness:
    """How near one subnet is on held-out pictures.

    Args:
        name: configuration string, or ``full``.
        error: mean absolute difference of pixels in [0, 1] to the wanted picture, or to the
            teacher's where there are no pairs.
    """

    name: str
    error: float


@dataclass(frozen=True)
class Look:
    """What there is to see at one moment of a run.

    Args:
        stage: which stage trains. fraction: of it, 0 to 1. step, minutes: spent so far.
        losses: so far, oldest first, at most 400 means.
        close: subnets on held-out pictures, which decide the best state.
        strip: pictures (h, w, 3), one row each of input, every subnet, and what is wanted.
    """

    stage: str
    fraction: float
    step: int
    minutes: float
    losses: tuple[Losses, ...]
    close: tuple[Closeness, ...]
    strip: Pixels


@dataclass(frozen=True)
class TrainingReport:
    """A finished or stopped stage.

    Args:
        before, after: subnets on held-out pictures, at its beginning and of the state kept.
        steps, minutes: in all. stopped: it was ended before its time; the best so far is kept.
        broken: where and why training broke off by itself, a sentence; empty when it did not.
        pairs: how many were used. skipped: what was not. processes: how many trained together.
    """

    stage: str
    before: tuple[Closeness, ...]
    after: tuple[Closeness, ...]
    steps: int
    minutes: float
    stopped: bool
    broken: str = ""
    pairs: int = 0
    skipped: tuple[Skipped, ...] = ()
    processes: int = 1
