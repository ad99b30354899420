"""How long a picture takes by width and precision on one computer, and which precision wins where.

Plain values, so that they can cross processes and be kept on disk. Imports no torch; the measuring
is in ``studio.engine.curves``.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any

from studio.fidelity.measurement import Latency

FORMAT = 1
INT8 = "int8"
ALIKE = 0.03
"""Share of a latency by which two of them are not told apart. Nor are they where the faster median
is within the spread of the other, its tenth percentile and above."""
ENOUGH = 0.7
"""Share of the multiplies in int8 from which a network is called int8."""


@dataclass(frozen=True)
class CurvePoint:
    """One width in one precision.

    Args:
        width: uniform ratio, above 0 and at most 1. latency: of one picture, milliseconds.
        threads: CPU threads that it ran on.
        share: of the multiplies that ran in int8, from the compiled graph; None for others.
    """

    width: float
    precision: str
    latency: Latency
    threads: int
    share: float | None = None


@dataclass(frozen=True)
class SpeedCurve:
    """What was measured on one target.

    Args:
        target: runtime and device, e.g. ``openvino:CPU``. host: the processor's name.
        version: of the runtime. points: by precision, then width, ascending.
        missing: precisions that could not be measured here, with the reason as a clause.
        native: precisions that the processor has instructions for; empty where nobody says.
    """

    target: str
    host: str
    version: str
    points: tuple[CurvePoint, ...]
    missing: tuple[tuple[str, str], ...] = ()
    native: tuple[str, ...] = ()

    @property
    def precisions(self) -> tuple[str, ...]:
        """Those that were measured."""
        return tuple(dict.fromkeys(point.precision for point in self.points))

    def of(self, precision: str) -> tuple[CurvePoint, ...]:
        """The points of a precision, narrowest first."""
        found = (point for point in self.points if point.precision == precision)
        return tuple(sorted(found, key=lambda point: point.width))

    @property
    def rival(self) -> str:
        """What int8 is held against: the fastest float that was measured, bf16 where there is one;
        empty where there is none."""
        others = [each for each in self.precisions if each != INT8]
        return next((each for each in ("bf16", "f32") if each in others), "")

    @property
    def float_below(self) -> float | None:
        """The widest width at which int8 is so in name only: fewer than 70% of its multiplies ran
        in int8. None where there is no such width."""
        found = [p.width for p in self.of(INT8) if p.share is not None and p.share < ENOUGH]
        return max(found, default=None)

    def verdict(self) -> Verdict:
        """Which of int8 and its rival is faster, where both were measured."""
        others = {point.width: point.latency for point in self.of(self.rival)}
        pairs = [(p.width, p.latency, others[p.width]) for p in self.of(INT8) if p.width in others]
        pairs = [each for each in pairs if each[1].median > 0 and each[2].median > 0]
        gains = [(width, other.median / mine.median) for width, mine, other in pairs]
        slower = tuple(width for width, mine, other in pairs if _faster(other, mine))
        faster = tuple(width for width, mine, other in pairs if _faster(mine, other))
        below = None
        if slower and faster and max(slower) < min(faster):
            below = _crossing(dict(gains), max(slower), min(faster))
        return Verdict(tuple(gains), slower, faster, below)

    def to_json(self) -> str:
        """As text, for :meth:`from_json`."""
        return json.dumps({"format": FORMAT, **asdict(self)})

    @classmethod
    def from_json(cls, text: str | bytes) -> SpeedCurve:
        """What :meth:`to_json` wrote.

        Raises:
            ValueError: it is damaged, or of another version.
        """
        try:
            raw: dict[str, Any] = json.loads(text)
            if raw["format"] != FORMAT:
                raise ValueError("it is of another version")
            return cls(
                str(raw["target"]),
                str(raw["host"]),
                str(raw["version"]),
                tuple(_point(each) for each in raw["points"]),
                tuple((str(name), str(why)) for name, why in raw["missing"]),
                tuple(str(name) for name in raw["native"]),
            )
        except (TypeError, KeyError, AttributeError, RecursionError) as error:
            raise ValueError("it is damaged") from error


@dataclass(frozen=True)
class Verdict:
    """int8 against its rival.

    Args:
        gains: (width, how many times as fast int8 is), narrowest first.
        slower, faster: widths at which int8 is, by more than cannot be told apart.
        below: the width below which the rival is faster, where there is exactly one such.
    """

    gains: tuple[tuple[float, float], ...]
    slower: tuple[float, ...]
    faster: tuple[float, ...]
    below: float | None


def _faster(one: Latency, other: Latency) -> bool:
    """Whether one takes less time, by more than its median could by chance."""
    return one.median * (1 + ALIKE) < other.median and one.median < other.p10


def _crossing(gains: Mapping[float, float], low: float, high: float) -> float:
    """Where the gain passes 1 between two widths; its logarithm is taken as a straight line."""
    under, over = math.log(gains[low]), math.log(gains[high])
    return low + (high - low) * -under / (over - under)


def _point(raw: Mapping[str, Any]) -> CurvePoint:
    latency, share = raw["latency"], raw["share"]
    times = [float(latency[name]) for name in ("median", "p10", "p90")]
    width = float(raw["width"])
    if not 0 < width <= 1 or not all(0 <= each < math.inf for each in times):
        raise ValueError("it is damaged")
    return CurvePoint(
        width,
        str(raw["precision"]),
        Latency(*times),
        int(raw["threads"]),
        None if share is None else float(share),
    )
