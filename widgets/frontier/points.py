"""Variants as points of quality against cost, and which of them no other beats. No Qt."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from studio.fidelity.frontier import unbeaten
from studio.fidelity.measurement import Quartiles
from studio.subnets.choice import SubnetChoice

X = Literal["latency", "memory", "size", "macs", "parameters"]
Y = Literal["flip", "ssim", "psnr", "realism", "lpips", "fid"]
XS: tuple[X, ...] = ("latency", "memory", "size", "macs", "parameters")
YS: tuple[Y, ...] = ("flip", "ssim", "psnr", "realism")
WEIGHTED: tuple[Y, ...] = ("lpips", "fid")
"""Measured only with weights that the user has on disk."""
LOWER_IS_BETTER: frozenset[Y] = frozenset({"flip", "realism", "lpips", "fid"})


@dataclass(frozen=True)
class Spread:
    """Milliseconds a picture: the median, the tenth and the ninetieth percentile."""

    median: float
    p10: float
    p90: float


@dataclass(frozen=True)
class Point:
    """One variant on one target.

    Args:
        ref: ``full``, ``current`` or the id of a kept variant; with ``target`` it names the point.
            Empty for what another computer measured of a subnet that is not kept any more.
        name: for people. target: e.g. ``openvino:CPU:bf16``; on another computer with that host
            behind it (``widgets.elsewhere.places``).
        latency: None while nobody has timed it.
        size: bytes of its weights. macs: multiply-accumulates of one picture.
        flip, ssim, psnr: against *full* on the same target, None where unknown; an infinite PSNR
            is that of equal pictures.
        measured: by a job on this computer, or on another; else these are numbers of the picture
            on show.
        memory: bytes it takes while it runs. realism: feature distance to the world of the model.
        lpips, fid: against *full*.
        spread: quartiles over seeds, where they are known.
        predicted: for how many measured subnets; 0 where the numbers were seen and not predicted.
        choice: the subnet behind a point that stands for nothing in the document.
    """

    ref: str
    name: str
    target: str
    latency: Spread | None
    size: float
    macs: float
    parameters: float
    flip: float | None
    ssim: float | None
    psnr: float | None
    measured: bool = True
    memory: float | None = None
    realism: float | None = None
    lpips: float | None = None
    fid: float | None = None
    spread: Quartiles | None = None
    predicted: int = 0
    choice: SubnetChoice | None = None

    def x(self, axis: X) -> float | None:
        """What it costs on an axis: ms, bytes, or a count; None where unknown."""
        if axis == "latency":
            return None if self.latency is None else self.latency.median
        return {
            "memory": self.memory,
            "size": self.size,
            "macs": self.macs,
            "parameters": self.parameters,
        }[axis]

    def y(self, axis: Y) -> float | None:
        """How close to *full*, or how real, it is on an axis; None where unknown."""
        return {
            "flip": self.flip,
            "ssim": self.ssim,
            "psnr": self.psnr,
            "realism": self.realism,
            "lpips": self.lpips,
            "fid": self.fid,
        }[axis]

    def quartiles(self, axis: Y) -> tuple[float, float] | None:
        """First and third quartile over seeds, where the axis has them and they are known."""
        if self.spread is None or axis in ("realism", "fid"):
            return None
        if axis == "psnr":
            low, high = (math.inf if q is None else q for q in self.spread.psnr)
            return low, high
        spread = self.spread
        return {"flip": spread.flip, "ssim": spread.ssim, "lpips": spread.lpips}[axis]


def goodness(point: Point, axis: Y) -> float | None:
    """The quality of a point as a number of which more is better, or None where unknown."""
    value = point.y(axis)
    return None if value is None else -value if axis in LOWER_IS_BETTER else value


def frontier(points: Sequence[Point], x: X, y: Y) -> tuple[int, ...]:
    """Indices of the points that no other beats, cheapest first; takes O(n log n).

    A point is beaten by one that is at least as cheap and at least as good, and better in one of
    the two. Points that are equal in both stand together. Those with an unknown value take no part.
    """
    known = _known(points, x, y)
    return tuple(known[i][2] for i in unbeaten([(cost, good) for cost, good, _ in known]))


def best_under(points: Sequence[Point], x: X, y: Y, limit: float) -> int | None:
    """The index of the best point that costs at most ``limit``, or None where nothing does.

    Among equally good ones the cheapest, then the first.
    """
    within = [item for item in _known(points, x, y) if item[0] <= limit]
    if not within:
        return None
    return min(within, key=lambda item: (-item[1], item[0], item[2]))[2]


def _known(points: Sequence[Point], x: X, y: Y) -> list[tuple[float, float, int]]:
    """(cost, goodness, index) of the points of which both are known."""
    found = []
    for index, point in enumerate(points):
        cost, good = point.x(x), goodness(point, y)
        if cost is not None and good is not None and not (math.isnan(cost) or math.isnan(good)):
            found.append((cost, good, index))
    return found
