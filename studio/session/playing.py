"""What the document says of playing with a model: which found directions, which walk."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from studio.errors import BadChoice
from studio.families.directions import FOUND_COUNT
from studio.families.inputs import MAX_SEED, GanInputs
from studio.families.stylegan.stages import StageRange
from studio.families.walk import FEWEST, LONGEST, MOST, SHORTEST, Walk, WalkRoute
from studio.session.diffusion_source import DiffusionSource

WalkWay = Literal["once", "back", "loop"]
MOST_FOUND = 32
MOST_HELD = 12 << 20  # bytes that pictures in pins have together, as a session writes them


@dataclass(frozen=True)
class FoundShown:
    """Which directions found in the weights have sliders: those of a range of stages, the first
    ``count``, 1 to 32."""

    stages: StageRange = "all"
    count: int = FOUND_COUNT


def second_seed(inputs: GanInputs) -> int:
    """The second seed of ``inputs``; where there is none the next seed, as a suggestion."""
    if inputs.mix_seed is not None:
        return inputs.mix_seed
    return inputs.seed + 1 if inputs.seed < MAX_SEED else 0


@dataclass(frozen=True)
class Pin:
    """What the user pinned: inputs, of a pipeline also its words."""

    id: str
    inputs: GanInputs
    words: DiffusionSource | None = None


def held_by(pins: Sequence[Pin]) -> int:
    """Bytes of the pictures that pins draw from, as a session writes them: each once a pin."""
    pictures = (pin.words.picture for pin in pins if pin.words is not None)
    return sum(len(picture.content) for picture in pictures if picture is not None)


@dataclass(frozen=True)
class WalkPlan:
    """How to walk over the pins.

    Args:
        way: from one pin to another (``once``), there and ``back``, or a ``loop`` over all pins.
        start, end: ids of pins; None, or an id that is gone, is the first and the last pin.
        frames, seconds: see ``studio.families.walk.Walk``.
        eased: slow down at every pin.
        full: save it drawn by the full network instead of the current subnet.
    """

    way: WalkWay = "back"
    start: str | None = None
    end: str | None = None
    frames: int = 48
    seconds: float = 3.0
    eased: bool = False
    full: bool = False

    def ends(self, pins: Sequence[Pin]) -> tuple[Pin, Pin] | None:
        """The pins a walk begins and ends at, or None while there are fewer than two."""
        if len(pins) < 2:
            return None
        known = {pin.id: pin for pin in pins}
        start = known.get(self.start or "")
        end = known.get(self.end or "")
        if start is None:
            start = next(pin for pin in pins if pin != end)
        if end is None:
            end = next(pin for pin in reversed(pins) if pin != start)
        return start, end

    def walk(self, pins: Sequence[Pin]) -> Walk | None:
        """The walk over ``pins``, or None while there are fewer than two."""
        ends = self.ends(pins)
        if ends is None:
            return None
        chosen = tuple(pins) if self.way == "loop" else ends
        route = WalkRoute(tuple(p.inputs for p in chosen), self.way == "loop", self.eased)
        return Walk(route, self.frames, self.seconds, self.way == "back")


def check_plan(plan: WalkPlan) -> None:
    """Refuse a plan that no walk can follow.

    Raises:
        BadChoice: names the value and what would be accepted.
    """
    if not FEWEST <= plan.frames <= MOST:
        raise BadChoice(f"{plan.frames} frames are not within {FEWEST} and {MOST}")
    if not SHORTEST <= plan.seconds <= LONGEST:
        raise BadChoice(f"{plan.seconds:g} seconds are not within {SHORTEST:g} and {LONGEST:g}")
