"""What a pickle may refer to and use up; the answers come from the reader of each file form."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Protocol

from studio.checkpoints.causes import Cause


@dataclass(frozen=True)
class Allowed:
    """A name that a file may use. ``call`` is our own stand-in; None when it may not be called."""

    name: str
    call: Callable[[tuple[object, ...]], object] | None = None


@dataclass
class Budget:
    """What all pickles of one file may use together. Running out is a Cause."""

    steps: int = 300_000
    text: int = 64_000_000

    def step(self, count: int = 1) -> None:
        """Use up ``count`` steps."""
        self.steps -= count
        if self.steps < 0:
            raise Cause("its pickle has far more steps than any checkpoint")

    def read_text(self, length: int) -> None:
        """Use up ``length`` bytes of text."""
        self.text -= length
        if self.text < 0:
            raise Cause("its pickle holds far more text than any checkpoint")


class Host(Protocol):
    """Decides what names and storage references mean."""

    budget: Budget

    def find(self, module: str, name: str) -> Allowed:
        """The stand-in for a global name; raises Cause when it is not on the list."""
        ...

    def storage(self, reference: object) -> object:
        """What a persistent reference stands for; raises Cause when it is malformed."""
        ...
