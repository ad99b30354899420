"""Looking at held-out pictures: how close a network's are to those of full."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

import numpy as np
import torch
from torch import nn

from studio.fidelity.metrics import flip
from studio.training.distil.options import Closeness
from studio.training.distil.pupil import Held, Lesson, Pupil
from studio.training.elastic.losses import agreement

WATCHED_SEED = 77_001  # which weights are the best is decided on these
REPORTED_SEED = 88_001  # and told of others, so that the choice does not flatter the figures
PIXELS = 500_000  # of all held-out pictures together, within the bounds below
FEWEST, MOST = 4, 16


def held_count(height: int, width: int, which: Held) -> int:
    """How many pictures of that size are looked at; half as many where it is done often."""
    count = max(FEWEST, min(MOST, PIXELS // (height * width)))
    return count if which == "reported" else max(FEWEST, count // 2)


@torch.no_grad()
def closeness(
    pupil: Pupil, network: nn.Module, lessons: Sequence[Lesson], between: Callable[[], None]
) -> Closeness:
    """How close the pictures of ``network`` are to what ``lessons`` want, of one input each.

    Args:
        between: called before every picture; may raise to stop.
    """
    flips, squares, losses = [], [], []
    for lesson in lessons:
        between()
        drawn = pupil.draw(network, lesson.inputs, False)
        losses.append(float(agreement(drawn.pictures, lesson.wanted.pictures)))
        (mine,), (wanted,) = (pupil.pixels(each.pictures[-1]) for each in (drawn, lesson.wanted))
        flips.append(flip(wanted, mine).mean)
        squares.append(float(np.mean((mine.astype(np.float64) - wanted) ** 2)))
    error = float(np.mean(squares))
    psnr = None if error == 0 else 10 * math.log10(255.0**2 / error)
    return Closeness(float(np.mean(flips)), psnr, float(np.mean(losses)))
