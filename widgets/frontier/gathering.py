"""The points of a document: what was measured on this computer, what drawing has shown, and what
is likely of the rest. No Qt.

Those of full and the kept variants are worked out anew only when these or the measurements are
other ones, since points are asked for many times a second during a drag.
"""

from __future__ import annotations

import math
from collections.abc import Mapping

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement
from studio.session.document import CURRENT, FULL, FULL_SUBNET, NO_STEPS, Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice, live_part
from widgets.captions import side_name
from widgets.frontier.points import Point, Spread
from widgets.made_names import made_name
from widgets.scene import normal
from widgets.variant_rows import ByChoice, ByMade, VariantRow, by_choice, by_made

Place = tuple[str, SubnetChoice]
"""What a variant is: what its baked steps make (empty for none), and a subnet of that."""


class Gathering:
    """Keeps what was worked out for the last document."""

    def __init__(self) -> None:
        self._of: tuple[object, ...] = ()
        self._known: ByChoice = {}
        self._made: ByMade = {}
        self._refs: dict[Place, str] = {}
        self._points: tuple[Point, ...] = ()
        self._predicted: tuple[Point, ...] = ()

    def points(
        self, document: Document, info: ModelInfo, rows: Mapping[str, VariantRow], host: str
    ) -> tuple[Point, ...]:
        """Every variant on every target it was measured on, then those of ``rows`` that are not
        among them (live ones, and measured ones of older sessions), then predicted ones.

        A current subnet that is full or kept is that point, not another one.
        """
        shown = self.current(document, info, host)
        found = self._points
        if shown == CURRENT:
            here = _place(document.recipe, document.subnet, info)
            if here is not None:
                found += _points_of(CURRENT, side_name(document, CURRENT), self._at(here))
        there = {(p.ref, p.target) for p in found}
        others = (
            _of_row(ref, row)
            for ref, row in rows.items()
            if (ref, row.target) not in there and (ref != CURRENT or shown == CURRENT)
        )
        found += tuple(point for point in others if point is not None)
        there = {(p.ref, p.target) for p in found}
        return found + tuple(p for p in self._predicted if (p.ref, p.target) not in there)

    def current(self, document: Document, info: ModelInfo, host: str) -> str:
        """The ref under which the current subnet stands: full, a kept variant or ``current``."""
        self._follow(document, info, host)
        here = _place(document.recipe, document.subnet, info)
        return CURRENT if here is None else self._refs.get(here, CURRENT)

    def _at(self, place: Place) -> Mapping[str, Measurement]:
        """What was measured of a variant, by target."""
        made, choice = place
        return (self._made.get(made, {}) if made else self._known).get(choice, {})

    def _follow(self, document: Document, info: ModelInfo, host: str) -> None:
        of = (document.kept, document.measurements, info, host)
        if len(self._of) == len(of) and all(a is b for a, b in zip(of, self._of, strict=True)):
            return
        self._of = of
        self._known = by_choice(document.measurements, info.key, host)
        self._made = by_made(document.measurements, host)
        self._refs = {}
        points: list[Point] = []
        kept: dict[SubnetChoice, tuple[str, str]] = {}
        variants = [(v.id, v.name, v.recipe, v.choice) for v in document.kept]
        full = (FULL, side_name(document, FULL), NO_STEPS, FULL_SUBNET)
        for ref, name, steps, wanted in [full, *variants]:
            place = _place(steps, wanted, info)
            if place is None or place in self._refs:
                continue
            self._refs[place] = ref
            if not place[0]:
                kept[place[1]] = (ref, name)
            points += _points_of(ref, name, self._at(place))
        self._points = tuple(points)
        self._predicted = _predicted(self._known, info, kept)


def _predicted(
    known: ByChoice, info: ModelInfo, kept: Mapping[SubnetChoice, tuple[str, str]]
) -> tuple[Point, ...]:
    if not known:
        return ()
    # Here and not above: numpy takes a while to import, and the first picture comes first.
    from widgets.frontier.predicting import predicted_points

    return predicted_points(known, info, kept)


def _place(steps: Steps, choice: SubnetChoice, info: ModelInfo) -> Place | None:
    plain = _normal(choice, info)
    if plain is None:
        return None
    if not steps.active:
        return "", plain
    return made_name(info.key, steps, choice), live_part(plain) if steps.cuts else plain


def _normal(choice: SubnetChoice, info: ModelInfo) -> SubnetChoice | None:
    try:
        return normal(choice, info)
    except MaquetteError:
        return None  # of another model


def _points_of(ref: str, name: str, found: Mapping[str, Measurement]) -> tuple[Point, ...]:
    return tuple(_point(ref, name, target, one) for target, one in found.items())


def _point(ref: str, name: str, target: str, one: Measurement) -> Point:
    times = one.latency_ms
    equal = one.choice == FULL_SUBNET and not one.made
    psnr = math.inf if one.psnr is None or equal else one.psnr
    return Point(
        ref, name, target, Spread(times.median, times.p10, times.p90),
        one.size_bytes, one.macs, one.parameters,
        0.0 if equal else one.flip, 1.0 if equal else one.ssim, psnr,
        memory=one.memory, realism=one.realism, lpips=one.lpips, fid=one.fid, spread=one.spread,
    )  # fmt: skip


def _of_row(ref: str, row: VariantRow) -> Point | None:
    """A point of a measured row, or of the picture on show; None while that was drawn only once,
    which warms up."""
    if row.measurement is not None:
        return _point(ref, row.name, row.target, row.measurement)
    speed, near = row.latency, row.fidelity
    if row.measured or speed is None or speed.cold or near is None:
        return None
    return Point(
        ref, row.name, row.target, Spread(speed.median, speed.low, speed.high),
        row.cost.size_bytes, row.cost.macs, row.cost.parameters,
        near.flip, near.ssim, math.inf if near.psnr is None else near.psnr, measured=False,
    )  # fmt: skip
