"""Moments of the teacher's runs that are learnt from, in memory."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable

import torch

from studio.training.distil.denoisers.trajectories import Moment

FIRST = 12  # runs before the first step
USES = 2  # of every moment, on average, before another run is drawn


class Pool:
    """Grows by a run whenever what is there was used often enough; the oldest run goes where there
    is no room.

    Args:
        draw: makes the moments of the run of a number, from 0.
        room: bytes that the moments may fill; the newest run stays in any case.
    """

    def __init__(self, draw: Callable[[int], tuple[Moment, ...]], room: float) -> None:
        self._draw, self._room = draw, room
        self._runs: deque[tuple[Moment, ...]] = deque()
        self._given = 0
        self._drawn = 0
        self.runs = 0
        """How many were drawn so far; the number of the next one."""

    @property
    def moments(self) -> int:
        """How many are there."""
        return sum(len(run) for run in self._runs)

    @property
    def bytes(self) -> int:
        """That they fill."""
        return sum(_size(run) for run in self._runs)

    def take(self, count: int, random: torch.Generator) -> list[Moment]:
        """So many moments by chance, of which none is twice where there are enough."""
        while self.runs < FIRST or self._given >= USES * self._drawn:
            self._grow()
        self._given += count
        every = [moment for run in self._runs for moment in run]
        order = torch.randperm(len(every), generator=random).tolist()
        order = (order * (1 + count // len(order)))[:count]
        return [every[place] for place in order]

    def _grow(self) -> None:
        run = self._draw(self.runs)
        self.runs += 1
        self._drawn += len(run)
        self._runs.append(run)
        while len(self._runs) > 1 and self.bytes > self._room:
            self._runs.popleft()


def _size(run: tuple[Moment, ...]) -> int:
    """Bytes of a run: what its moments share is counted once."""
    every = {id(t): t for moment in run for t in (*moment.tensors.values(), moment.wanted)}
    return sum(each.numel() * each.element_size() for each in every.values())
