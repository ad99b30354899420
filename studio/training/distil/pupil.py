"""What the trainer asks of a family."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

Pixels = npt.NDArray[np.uint8]
Held = Literal["watched", "reported"]


@dataclass(frozen=True)
class Drawing:
    """What a network made of some inputs.

    Args:
        pictures: (n, c, h, w) each, smallest first; the last is its output. Networks that draw in
            one go have one.
        values: those between layers that features are compared by, (n, c, h, w) by name.
    """

    pictures: tuple[Tensor, ...]
    values: dict[str, Tensor]


@dataclass(frozen=True)
class Lesson:
    """One batch: inputs in the family's own form, and what the student should make of them."""

    inputs: Any
    wanted: Drawing


class Pupil(Protocol):
    """One family's side of a distillation: the student, full as its teacher, and their inputs."""

    def copy(self) -> nn.Module:
        """The student on memory of its own, ready to train: what is taught, and nothing else,
        requires gradients."""

    def inputs(self, count: int, random: torch.Generator, piece: int) -> tuple[Any, ...]:
        """``count`` inputs that ``random`` draws, in pieces of ``piece`` each and what is left; the
        same inputs whatever the piece."""

    def lesson(self, inputs: Any, values: bool) -> Lesson:
        """What full makes of a piece, without gradients.

        Args:
            values: those between layers too.
        """

    def held(self, which: Held) -> tuple[Lesson, ...]:
        """Inputs that no other lesson has, one in each, the same every time: ``watched`` decides
        which weights are the best, ``reported`` tells how good they are."""

    def draw(self, network: nn.Module, inputs: Any, values: bool) -> Drawing:
        """What a copy makes of inputs of a lesson; gradients pass."""

    def pixels(self, pictures: Tensor) -> Pixels:
        """Outputs as people see them, (n, h, w, 3)."""

    def memory(self, pictures: int) -> float:
        """Bytes that a step over so many inputs at a time takes, beside full and the student."""
