"""What a subnet that was not measured is likely to take, from those that were. Imports no torch.

The model is a constant plus a time for every true multiply-accumulate, ``t = a + b * MACs``, both
at least 0. It is fitted to the measured subnets of one model on one target so that the *relative*
errors are least: a millisecond counts more at two than at two hundred. It knows nothing of caches,
or of how well a width fills a processor's registers, so what it says is a prediction and no number
to be quoted.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LEAST = 3  # measured subnets of different size; two fit any line, and tell no uncertainty
SHARE = 0.8  # of the predicted latencies lie within the interval; as between p10 and p90
_NORMAL = 1.2815515655446004  # the ninetieth percentile of a normal distribution
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Predicted:
    """Milliseconds, and the interval that holds four in five of such predictions."""

    median: float
    low: float
    high: float


@dataclass(frozen=True)
class LatencyModel:
    """``constant`` ms plus ``per_mac`` ms for every multiply-accumulate.

    Args:
        deviation: standard deviation of the relative errors over ``count`` measured subnets, with
            as many degrees of freedom as numbers were not fitted.
        freedom: those degrees. inverse: of the normal equations, (2, 2), for how far a prediction
            lies from what was measured; rows and columns of what was not fitted are 0.
    """

    constant: float
    per_mac: float
    deviation: float
    count: int
    freedom: int
    inverse: tuple[tuple[float, float], tuple[float, float]]

    def at(self, macs: float) -> Predicted:
        """The latency of a subnet of so many true multiply-accumulates."""
        middle = self.constant + self.per_mac * macs
        if middle <= 0:
            return Predicted(0.0, 0.0, 0.0)
        row = np.array([1.0, macs]) / middle
        leverage = float(row @ np.array(self.inverse) @ row)
        wide = student(self.freedom) * self.deviation * math.sqrt(1.0 + leverage) * middle
        return Predicted(middle, max(0.0, middle - wide), middle + wide)


def fitted(macs: Sequence[float], milliseconds: Sequence[float]) -> LatencyModel | None:
    """The model of measured subnets; None where fewer than three sizes are known.

    Args:
        macs: true multiply-accumulates of each. milliseconds: its median latency, above 0.
    """
    x, t = np.array(macs, np.float64), np.array(milliseconds, np.float64)
    if len(set(macs)) < LEAST or (t <= 0).any():
        return None
    # Multiply-accumulates in units of the largest: else the equations are badly scaled.
    unit = float(x.max())
    whole = np.column_stack((np.ones_like(x), x / unit)) / t[:, None]
    columns = [0, 1]
    found = _least(whole, columns)
    if found.min() < 0:
        columns = [int(np.argmax(found))]
        found = _least(whole, columns)
    freedom = len(x) - len(columns)
    errors = whole @ found - 1.0
    deviation = math.sqrt(float(errors @ errors) / freedom)
    part = whole[:, columns]
    inverse = np.zeros((2, 2))
    inverse[np.ix_(columns, columns)] = np.linalg.inv(part.T @ part)
    scale = np.array([1.0, 1.0 / unit])
    (a, b), (c, d) = inverse * np.outer(scale, scale)
    return LatencyModel(
        float(found[0]), float(found[1]) / unit, deviation, len(x), freedom,
        ((float(a), float(b)), (float(c), float(d))),
    )  # fmt: skip


def _least(whole: Numbers, columns: list[int]) -> Numbers:
    found = np.zeros(whole.shape[1])
    found[columns] = np.linalg.lstsq(whole[:, columns], np.ones(len(whole)), rcond=None)[0]
    return found


def student(freedom: int) -> float:
    """The ninetieth percentile of Student's t distribution: exact for 1 and 2 degrees of freedom,
    within 1 % beyond (Abramowitz and Stegun 26.7.5)."""
    if freedom == 1:
        return math.tan(math.pi * 0.4)
    if freedom == 2:
        return SHARE * math.sqrt(2.0 / (1.0 - SHARE**2))
    z = _NORMAL
    first = (z**3 + z) / 4
    second = (5 * z**5 + 16 * z**3 + 3 * z) / 96
    return z + first / freedom + second / freedom**2


def between(at: float, low: tuple[float, float], high: tuple[float, float]) -> float:
    """The value at ``at`` on the line through two (place, value) pairs of different place."""
    share = (at - low[0]) / (high[0] - low[0])
    return low[1] + share * (high[1] - low[1])
