"""Widths by timestep: from what narrow denoisers get wrong at each step to a schedule.

Imports no torch, so that a schedule is made while a slider moves.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.errors import BadChoice

FINENESS = 20
"""Widths between those measured are tried in steps of a twentieth."""
DIGITS = 4


@dataclass(frozen=True)
class Sensitivity:
    """How far narrower denoisers answer from the full one, step by step.

    Args:
        steps: of the run that was measured. widths: from the widest. errors: relative error for
            each step and width, ``errors[step][width]``.
    """

    steps: int
    widths: tuple[float, ...]
    errors: tuple[tuple[float, ...], ...]


@dataclass(frozen=True)
class Ordered:
    """What was measured when a denoiser was ordered.

    Args:
        skip_order: blocks by rising damage. sensitivity: by step and width, all blocks running.
    """

    skip_order: tuple[str, ...]
    sensitivity: Sensitivity


def schedule(found: Sensitivity, costs: Sequence[float], target: float) -> tuple[float, ...]:
    """Widths by step whose mean cost keeps to a target, with the least sum of squared errors.

    From the narrowest everywhere, the step goes up next that gains most for its cost, along the
    lower convex hull of each step's errors; what then still fits is filled up.

    Args:
        costs: of one call at each width of ``found``, in any unit. target: mean cost allowed.

    Raises:
        BadChoice: not even the narrowest width keeps to the target, or costs do not fit widths.
    """
    if len(costs) != len(found.widths):
        raise BadChoice(f"{len(found.widths)} widths were measured; {len(costs)} costs are given")
    narrow = min(range(len(costs)), key=lambda n: costs[n])
    if target < costs[narrow] * (1 - 1e-9):
        raise BadChoice(
            f"a mean cost of {target:g} is below that of the narrowest width, {costs[narrow]:g}"
        )
    chosen = [narrow] * found.steps
    room = target * found.steps * (1 + 1e-9) - costs[narrow] * found.steps
    while True:
        best = None
        for step, row in enumerate(found.errors):
            now = chosen[step]
            # The steepest fall of all widths that fit lies on the hull.
            for other, cost in enumerate(costs):
                more = cost - costs[now]
                gain = row[now] ** 2 - row[other] ** 2
                if 0 < more <= room and gain > 0 and (best is None or gain / more > best[0]):
                    best = (gain / more, step, other, more)
        if best is None:
            return tuple(found.widths[n] for n in chosen)
        _, step, other, more = best
        chosen[step] = other
        room -= more


def spread(
    found: Sensitivity, cost: Callable[[float], float], width: float, share: float
) -> tuple[float, ...]:
    """Widths by step at about the mean cost of ``width``, between the same at every step and those
    of :func:`schedule`.

    Between measured widths errors are taken to lie on straight lines. All the way, the mean cost is
    never above that of ``width``; on the way there it stays near, since a cost bends one way.

    Args:
        cost: of one call at a width, in any unit. width: not below the narrowest measured.
        share: 0 is ``width`` at every step, 1 the schedule.

    Raises:
        BadChoice: ``width`` is narrower than what was measured.
    """
    grid = _grid(found.widths)
    errors = tuple(tuple(_at(found, step, each) for each in grid) for step in range(found.steps))
    finer = Sensitivity(found.steps, grid, errors)
    best = schedule(finer, [cost(each) for each in grid], cost(width))
    return tuple(round(width + share * (each - width), DIGITS) for each in best)


def _grid(measured: Sequence[float]) -> tuple[float, ...]:
    """The measured widths and those between them, from the widest."""
    low, high = min(measured), max(measured)
    between = (n / FINENESS for n in range(1, FINENESS))
    return tuple(sorted({*measured, *(w for w in between if low < w < high)}, reverse=True))


def _at(found: Sensitivity, step: int, width: float) -> float:
    """The error of a step at a width within those measured."""
    places = sorted(range(len(found.widths)), key=lambda n: found.widths[n])
    row = found.errors[step]
    above = next(n for n in places if found.widths[n] >= width)
    if found.widths[above] == width:
        return row[above]
    below = next(n for n in reversed(places) if found.widths[n] < width)
    low, high = found.widths[below], found.widths[above]
    return row[below] + (row[above] - row[below]) * (width - low) / (high - low)
