"""Looking at held-out pictures: how close a network's are to those of full."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from studio.fidelity.metrics import flip
from studio.training.distil.options import Closeness
from studio.training.distil.pupil import Drawing, Held, Lesson, Measure, Pixels, Pupil
from studio.training.elastic.losses import agreement

WATCHED_SEED = 77_001  # which weights are the best is decided on these
REPORTED_SEED = 88_001  # and told of others, so that the choice does not flatter the figures
PIXELS = 500_000  # of all held-out pictures together, within the bounds below
FEWEST, MOST = 4, 16
SHOWN = 4  # pictures in a row
SIDE = 128  # px of one at most


def held_count(height: int, width: int, which: Held) -> int:
    """How many pictures of that size are looked at; half as many where it is done often."""
    count = max(FEWEST, min(MOST, PIXELS // (height * width)))
    return count if which == "reported" else max(FEWEST, count // 2)


@dataclass(frozen=True, eq=False)
class Examined:
    """How close a network is to full, and pictures of both, (h, w, 3) each."""

    closeness: Closeness
    pictures: tuple[Pixels, ...]
    wanted: tuple[Pixels, ...]


class Plain:
    """What pupils have in common whose networks draw pictures in one go: each as a whole learns,
    compared by pixels and edges; the nearest in FLIP is the best."""

    adapts = True
    by: Measure = "flip"
    room: float = 200e6
    pace: float = 1.0
    orthogonal = True

    def forms(self, network: nn.Module, random: torch.Generator | None) -> Sequence[nn.Module]:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        return (network,)

    def difference(self, drawn: Drawing, lesson: Lesson) -> Tensor:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        return agreement(drawn.pictures, lesson.wanted.pictures)

    def examined(
        self, network: nn.Module, lessons: Sequence[Lesson], between: Callable[[], None]
    ) -> Examined:
        """See :class:`studio.training.distil.pupil.Pupil`."""
        pupil: Any = self
        return examined(pupil, network, lessons, between)


@torch.no_grad()
def examined(
    pupil: Pupil, network: nn.Module, lessons: Sequence[Lesson], between: Callable[[], None]
) -> Examined:
    """How close the pictures of ``network`` are to what ``lessons`` want, of one input each.

    Args:
        between: called before every picture; may raise to stop.
    """
    flips, squares, losses = [], [], []
    pictures, every = [], []
    for lesson in lessons:
        between()
        drawn = pupil.draw(network, lesson.inputs, False)
        losses.append(float(pupil.difference(drawn, lesson)))
        (mine,), (wanted,) = (pupil.pixels(each.pictures[-1]) for each in (drawn, lesson.wanted))
        flips.append(flip(wanted, mine).mean)
        squares.append(float(np.mean((mine.astype(np.float64) - wanted) ** 2)))
        pictures.append(mine)
        every.append(wanted)
    error = float(np.mean(squares))
    psnr = None if error == 0 else 10 * math.log10(255.0**2 / error)
    found = Closeness(float(np.mean(flips)), psnr, float(np.mean(losses)))
    return Examined(found, tuple(pictures), tuple(every))


def strip(first: Examined, now: Examined) -> Pixels:
    """Three rows of a few pictures: before, now, and as full draws them; (h, w, 3)."""
    rows = [
        np.concatenate([_reduced(each) for each in row[:SHOWN]], axis=1)
        for row in (first.pictures, now.pictures, now.wanted)
    ]
    return np.concatenate(rows)


def _reduced(picture: Pixels) -> Pixels:
    step = max(1, -(-max(picture.shape[:2]) // SIDE))
    return picture[::step, ::step]
