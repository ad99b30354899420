"""What the trainer asks of a family."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor, nn

if TYPE_CHECKING:
    from studio.training.distil.looking import Examined

Pixels = npt.NDArray[np.uint8]
Held = Literal["watched", "reported"]
Measure = Literal["flip", "loss"]


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
    """One family's side of a distillation: the student, full as its teacher, and their inputs.

    Attributes:
        adapts: values between layers may differ in width, and are brought together by learnt
            convolutions.
        by: what decides which weights are the best.
        room: bytes of lessons that are kept to be learnt from again.
        pace: times the rates that were asked for. orthogonal: updates of matrices are
            (:mod:`studio.training.clay_heads.optimiser`).
    """

    @property
    def adapts(self) -> bool: ...

    @property
    def by(self) -> Measure: ...

    @property
    def room(self) -> float: ...

    @property
    def pace(self) -> float: ...

    @property
    def orthogonal(self) -> bool: ...

    def copy(self) -> nn.Module:
        """The student on memory of its own, ready to train: what is taught, and nothing else,
        requires gradients."""

    def forms(self, network: nn.Module, random: torch.Generator | None) -> Sequence[nn.Module]:
        """What of a copy learns from a lesson, each in its turn: the copy itself, or views of it.
        Those by chance for a step; without ``random`` those that are looked at."""

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

    def difference(self, drawn: Drawing, lesson: Lesson) -> Tensor:
        """The output loss, a number."""

    def examined(
        self, network: nn.Module, lessons: Sequence[Lesson], between: Callable[[], None]
    ) -> Examined:
        """How close a copy is to what held ``lessons`` want, and pictures of both.

        Args:
            between: called every now and then; may raise to stop.
        """

    def pixels(self, pictures: Tensor) -> Pixels:
        """Outputs as people see them, (n, h, w, 3)."""

    def memory(self, pictures: int) -> float:
        """Bytes that a step over so many inputs at a time takes, beside full and the student."""
