"""Batches that are learnt from again: the teacher takes as long to draw as the student to learn.

Every second batch is one of those before, so that a run of a given length makes more steps.
"""

from __future__ import annotations

import torch

from studio.training.distil.pupil import Lesson

ROOM = 200_000_000  # bytes
FEWEST = 8  # batches to choose from; among fewer, one would come again too soon


class Notebook:
    """Batches of before, as many as fit. ``room``: bytes."""

    def __init__(self, room: float = ROOM) -> None:
        self._room = room
        self._batches: list[Lesson] = []
        self._place, self._turn = 0, False

    def again(self, random: torch.Generator) -> Lesson | None:
        """A batch of before, every second time; None where a new one is to be made."""
        self._turn = not self._turn
        if self._turn or len(self._batches) < FEWEST:
            return None
        return self._batches[int(torch.randint(len(self._batches), (), generator=random))]

    def write(self, batch: Lesson) -> None:
        """Keep a batch, in place of the oldest where there is no room."""
        most = int(self._room // max(1, _size(batch)))
        if most < FEWEST:
            return
        if len(self._batches) < most:
            self._batches.append(batch)
        else:
            self._batches[self._place] = batch
            self._place = (self._place + 1) % most


def _size(batch: Lesson) -> int:
    """Bytes of what is wanted; inputs are as large at most."""
    every = (*batch.wanted.pictures, *batch.wanted.values.values())
    return 2 * sum(each.numel() * each.element_size() for each in every)
