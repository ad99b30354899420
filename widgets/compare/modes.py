"""The ways of comparing two pictures."""

from __future__ import annotations

from enum import Enum

SIDES = ("A", "B")


class Mode(Enum):
    """What the compare view shows. FULL shows side A only, CURRENT side B only."""

    FULL = "full"
    CURRENT = "current"
    SIDE = "side"
    WIPE = "wipe"
    BLINK = "blink"
    DIFFERENCE = "difference"


def checked_side(side: str) -> str:
    """``side`` if it is "A" or "B".

    Raises:
        ValueError: it is neither.
    """
    if side not in SIDES:
        raise ValueError(f"side '{side}' is neither A nor B")
    return side
