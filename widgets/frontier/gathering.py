"""The points of a document: what was measured on this computer, and what drawing has shown. No Qt.

Those of full and the kept variants are worked out anew only when these or the measurements are
other ones, since points are asked for many times a second during a drag.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.session.document import CURRENT, FULL, FULL_SUBNET, Document
from studio.subnets.choice import SubnetChoice
from widgets.captions import side_name
from widgets.frontier.points import Point, Spread
from widgets.scene import normal
from widgets.variant_rows import ByChoice, VariantRow, by_choice


class Gathering:
    """Keeps what was worked out for the last document."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._known: ByChoice = {}
        self._refs: dict[SubnetChoice, str] = {}
        self._points: tuple[Point, ...] = ()

    def points(
        self, document: Document, info: ModelInfo, rows: Mapping[str, VariantRow], host: str
    ) -> tuple[Point, ...]:
        """Every variant on every target it was measured on, then the live ones of ``rows``.

        A current subnet that is full or kept is that point, not another one.
        """
        self._follow(document, info, host)
        found = self._points
        if self.current(document, info, host) == CURRENT:
            here = _normal(document.subnet, info)
            if here is not None:
                name = side_name(document, CURRENT)
                found += _points_of(CURRENT, name, self._known.get(here, {}))
        there = {(p.ref, p.target) for p in found}
        shown = self.current(document, info, host)
        live = (
            _live(ref, row)
            for ref, row in rows.items()
            if not row.measured
            and (ref, row.target) not in there
            and (ref != CURRENT or shown == CURRENT)
        )
        return found + tuple(point for point in live if point is not None)

    def current(self, document: Document, info: ModelInfo, host: str) -> str:
        """The ref under which the current subnet stands: full, a kept variant or ``current``."""
        self._follow(document, info, host)
        here = _normal(document.subnet, info)
        return CURRENT if here is None else self._refs.get(here, CURRENT)

    def _follow(self, document: Document, info: ModelInfo, host: str) -> None:
        of = (document.kept, document.measurements, info, host)
        if len(self._of) == len(of) and all(a is b for a, b in zip(of, self._of, strict=True)):
            return
        self._of = of
        self._known = by_choice(document.measurements, info.key, host)
        self._refs = {}
        points: list[Point] = []
        variants = [(v.id, v.name, v.choice) for v in document.kept]
        for ref, name, wanted in [(FULL, side_name(document, FULL), FULL_SUBNET), *variants]:
            choice = _normal(wanted, info)
            if choice is None or choice in self._refs:
                continue
            self._refs[choice] = ref
            points += _points_of(ref, name, self._known.get(choice, {}))
        self._points = tuple(points)


def _normal(choice: SubnetChoice, info: ModelInfo) -> SubnetChoice | None:
    try:
        return normal(choice, info)
    except MaquetteError:
        return None  # of another model


def _points_of(ref: str, name: str, found: Mapping[str, Measurement]) -> tuple[Point, ...]:
    return tuple(_point(ref, name, target, one) for target, one in found.items())


def _point(ref: str, name: str, target: str, one: Measurement) -> Point:
    times = one.latency_ms
    equal = one.choice == FULL_SUBNET
    psnr = math.inf if one.psnr is None or equal else one.psnr
    return Point(
        ref, name, target, Spread(times.median, times.p10, times.p90),
        one.size_bytes, one.macs, one.parameters,
        0.0 if equal else one.flip, 1.0 if equal else one.ssim, psnr,
    )  # fmt: skip


def _live(ref: str, row: VariantRow) -> Point | None:
    """A point of the picture on show; None while it was drawn only once, which warms up."""
    speed, near = row.latency, row.fidelity
    if speed is None or speed.cold or near is None:
        return None
    return Point(
        ref, row.name, row.target, Spread(speed.median, speed.low, speed.high),
        row.cost.size_bytes, row.cost.macs, row.cost.parameters,
        near.flip, near.ssim, math.inf if near.psnr is None else near.psnr, measured=False,
    )  # fmt: skip
