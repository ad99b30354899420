"""What a run of elastic training tells. Imports no torch: it travels to the window."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class WidthFidelity:
    """How close one width is to the original full network, over held-out latents.

    Args:
        width: uniform ratio.
        psnr: dB of the mean squared error of all pictures; None when they are equal.
        flip: mean FLIP in [0, 1].
    """

    width: float
    psnr: float | None
    flip: float


@dataclass(frozen=True)
class ElasticReport:
    """A finished or stopped run.

    Args:
        before: every width after channels were sorted and before any training, ascending.
        after: the same widths of the result, on the same latents.
        steps: training steps in all. minutes: time they took, looks included.
        stopped: it was ended before its time; the result is the best so far.
        critic: what there was to know of a discriminator in the file, in a few words.
        pictures: pictures of the data folder that were used; 0 without one.
        unread: names of files in it that are no readable pictures.
    """

    before: tuple[WidthFidelity, ...]
    after: tuple[WidthFidelity, ...]
    steps: int
    minutes: float
    stopped: bool
    critic: str
    pictures: int = 0
    unread: tuple[str, ...] = ()


def flip_at(found: Sequence[WidthFidelity], width: float) -> float:
    """The FLIP of one width.

    Raises:
        KeyError: the width was not looked at.
    """
    for each in found:
        if each.width == width:
            return each.flip
    raise KeyError(width)
