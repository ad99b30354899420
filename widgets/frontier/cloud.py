"""Points as arrays, in the units of the axes, sorted into what is drawn alike. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from widgets.frontier.axes import SCALES
from widgets.frontier.points import LOWER_IS_BETTER, Point, X, Y, best_under, frontier

Kind = Literal["best", "beaten", "live", "predicted"]
KINDS: tuple[Kind, ...] = ("predicted", "beaten", "best", "live")
EQUAL_GAP, EQUAL_ALONE = 0.12, 60.0
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Layer:
    """Points that look alike: of one target, and on the frontier, beaten, of the moment, or
    predicted."""

    target: str
    kind: Kind
    indices: npt.NDArray[np.intp]


class Cloud:
    """Points on two axes.

    ``x`` and ``y`` are in the units of the axes; an unknown value is NaN. The infinite PSNR of
    equal pictures stands a little above the others, at ``equal_at``. Frontiers are of one target
    each and of measured points alone: numbers of the moment, and predicted ones, beat nobody.
    ``low`` to ``high`` is the spread of the cost, ``below`` to ``above`` that of the quality, NaN
    where there is none.
    """

    def __init__(self, points: Sequence[Point], x: X, y: Y) -> None:
        self.points = tuple(points)
        self.axes: tuple[X, Y] = (x, y)
        self.inverted = y in LOWER_IS_BETTER
        """The axis runs downwards, so that better is always up."""
        scale = SCALES[x]
        self.x = _numbers([p.x(x) for p in points]) / scale
        raw = _numbers([p.y(y) for p in points])
        self.equal_at = _equal_at(raw) if np.isinf(raw).any() else None
        self.y = raw if self.equal_at is None else np.where(np.isinf(raw), self.equal_at, raw)
        spreads = [p.latency for p in points] if x == "latency" else [None] * len(points)
        self.low = np.array([p.p10 if p else math.nan for p in spreads], np.float64) / scale
        self.high = np.array([p.p90 if p else math.nan for p in spreads], np.float64) / scale
        bands = [p.quartiles(y) for p in points]
        self.below = self._placed([b[0] if b else None for b in bands])
        self.above = self._placed([b[1] if b else None for b in bands])
        self.known = ~(np.isnan(self.x) | np.isnan(self.y))
        self.targets = tuple(dict.fromkeys(p.target for p in self.points))
        self.measured = {
            target: np.array(
                [i for i, p in enumerate(self.points) if p.measured and p.target == target],
                np.intp,
            )
            for target in self.targets
        }
        self.frontiers = {t: self._frontier(t) for t in self.targets}

    def _placed(self, values: Sequence[float | None]) -> Numbers:
        """Ends of bars; what is infinite stands where equal pictures do, if these are in sight."""
        raw = _numbers(values)
        top = math.nan if self.equal_at is None else self.equal_at
        return np.where(np.isinf(raw), top, raw)

    def layers(self) -> list[Layer]:
        """Every known point in one layer, target by target."""
        found = []
        for target in self.targets:
            best = np.array(self.frontiers[target], np.intp)
            measured = self.measured[target]
            others = [i for i, p in enumerate(self.points) if p.target == target and not p.measured]
            live = [i for i in others if not self.points[i].predicted]
            predicted = [i for i in others if self.points[i].predicted]
            sets = {
                "best": best,
                "beaten": np.setdiff1d(measured, best),
                "live": np.array(live, np.intp),
                "predicted": np.array(predicted, np.intp),
            }
            for kind in KINDS:
                indices = sets[kind][self.known[sets[kind]]]
                found.append(Layer(target, kind, indices))
        return found

    def best_under(self, target: str, limit: float) -> int | None:
        """The index of the best measured point of a target within ``limit`` (axis units)."""
        indices = self.measured.get(target)
        if indices is None:
            return None
        # A limit that was set on a point must hold that point, whatever the scaling rounds.
        wide = limit * SCALES[self.axes[0]] * (1 + 1e-9)
        found = best_under([self.points[i] for i in indices], *self.axes, wide)
        return None if found is None else int(indices[found])

    def stairs(self, target: str, right: float) -> tuple[Numbers, Numbers]:
        """The frontier of a target as a line: what is reached at a cost holds up to the next
        point, and the last one up to ``right``."""
        indices = np.array(self.frontiers.get(target, ()), np.intp)
        if len(indices) == 0:
            return np.empty(0), np.empty(0)
        x, y = self.x[indices], self.y[indices]
        ends = np.append(x[1:], max(right, x[-1]))
        return np.column_stack((x, ends)).ravel(), np.repeat(y, 2)

    def bounds(self) -> tuple[float, float, float, float] | None:
        """Left, right, lowest and highest value of what is known, spreads included, or None."""
        if not self.known.any():
            return None
        x, y = self.x[self.known], self.y[self.known]
        low = np.fmin(x, self.low[self.known]).min()
        high = np.fmax(x, self.high[self.known]).max()
        down = np.fmin(y, self.below[self.known]).min()
        up = np.fmax(y, self.above[self.known]).max()
        return float(low), float(high), float(down), float(up)

    def _frontier(self, target: str) -> tuple[int, ...]:
        indices = self.measured[target]
        found = frontier([self.points[i] for i in indices], *self.axes)
        return tuple(int(indices[i]) for i in found)


def _numbers(values: Sequence[float | None]) -> Numbers:
    return np.array([math.nan if v is None else v for v in values], np.float64)


def _equal_at(values: Numbers) -> float:
    finite = values[np.isfinite(values)]
    if len(finite) == 0:
        return EQUAL_ALONE
    return float(finite.max() + max(3.0, EQUAL_GAP * (finite.max() - finite.min())))
