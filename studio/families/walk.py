"""A walk: a path between pinned inputs, and when to be where on it. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass

from studio.errors import BadChoice
from studio.families.inputs import GanInputs

FEWEST, MOST = 2, 1200
SHORTEST, LONGEST = 0.1, 600.0
MOST_PINS = 64


@dataclass(frozen=True)
class WalkRoute:
    """Which pins a walk goes through.

    Args:
        pins: at least 2 and at most 64, in order; equal neighbours count as one place.
        closed: go on from the last pin to the first.
        eased: slow down at every pin instead of going at an even pace.
    """

    pins: tuple[GanInputs, ...]
    closed: bool = False
    eased: bool = False


@dataclass(frozen=True)
class WalkPoint:
    """One point of a route. ``at``: 0 at the first pin, 1 at the last (or at the first again)."""

    route: WalkRoute
    at: float


@dataclass(frozen=True)
class Walk:
    """A walk in time.

    Args:
        route: where it leads.
        frames: pictures from begin to end, 2 to 1200.
        seconds: how long it takes, 0.1 to 600.
        back: go to the last pin and back again within that time.
    """

    route: WalkRoute
    frames: int = 48
    seconds: float = 3.0
    back: bool = False

    @property
    def endless(self) -> bool:
        """It ends where it began, so that it can be shown over and over without a jump."""
        return self.route.closed or self.back

    def point(self, phase: float) -> WalkPoint:
        """Where the walk is after the share ``phase`` (0 to 1) of its time."""
        phase = min(1.0, max(0.0, phase))
        return WalkPoint(self.route, 1 - abs(2 * phase - 1) if self.back else phase)

    def points(self) -> tuple[WalkPoint, ...]:
        """Where each picture is taken. An endless walk does not show its first point twice, and
        there and back turns exactly at the last pin."""
        count = self.frames
        if self.back:
            out = max(1, count // 2)
            shares = [i / out if i <= out else (count - i) / (count - out) for i in range(count)]
        else:
            last = count if self.route.closed else count - 1
            shares = [i / last for i in range(count)]
        return tuple(WalkPoint(self.route, share) for share in shares)


def checked_walk(walk: Walk) -> Walk:
    """``walk`` when it can be drawn, else a refusal. What the pins draw, the model checks.

    Raises:
        BadChoice: names the value and what would be accepted.
    """
    pins = walk.route.pins
    if not 2 <= len(pins) <= MOST_PINS:
        raise BadChoice(f"a walk goes through 2 to {MOST_PINS} pins, not {len(pins)}")
    if walk.route.closed and walk.back:
        raise BadChoice("a walk is a loop or there and back, not both")
    if not FEWEST <= walk.frames <= MOST:
        raise BadChoice(f"{walk.frames} frames are not within {FEWEST} and {MOST}")
    if not SHORTEST <= walk.seconds <= LONGEST:
        raise BadChoice(f"{walk.seconds:g} seconds are not within {SHORTEST:g} and {LONGEST:g}")
    return walk
