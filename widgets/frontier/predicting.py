"""Points of variants that nobody has measured yet, from those on the same target that were. No Qt.

Their latency is that of :mod:`studio.fidelity.predicting`. Their quality lies on the line between
the nearest measured widths at the same resolution, and its spread reaches to both; nothing is said
of what lies outside of what was measured.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from itertools import pairwise

from studio.families.info import ModelInfo
from studio.fidelity.measurement import Measurement, Quartiles
from studio.fidelity.predicting import LatencyModel, between, fitted
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.ladder import ladder
from widgets.captions import subnet_name
from widgets.frontier.points import Point, Spread
from widgets.scene import normal
from widgets.variant_rows import ByChoice

APART = 0.1  # of the width; neighbours nearer than that have nothing between them to be shown
DIGITS = 3
PREFIX = "predicted"


@dataclass(frozen=True)
class _Seen:
    """A measured uniform width; of equal quality to full where it is full."""

    width: float
    found: Measurement


def predicted_points(
    known: ByChoice, info: ModelInfo, kept: Mapping[SubnetChoice, tuple[str, str]]
) -> tuple[Point, ...]:
    """What is likely of the rungs of the ladder, of what is kept, and of widths halfway between
    measured ones, where it was not measured.

    Args:
        known: the measured subnets of the model on this computer.
        kept: the ref and the name of every kept subnet, in its usual spelling.
    """
    targets = dict.fromkeys(t for found in known.values() for t in found)
    points: list[Point] = []
    for target in targets:
        # Runs of other lengths take other times for the same multiplies a step.
        here = {
            choice: found[target]
            for choice, found in known.items()
            if target in found and choice == choice.unsampled
        }
        model = fitted(
            [float(m.macs) for m in here.values()], [m.latency_ms.median for m in here.values()]
        )
        if model is not None:
            points += _on(target, model, here, info, kept)
    return tuple(points)


def _on(
    target: str,
    model: LatencyModel,
    here: Mapping[SubnetChoice, Measurement],
    info: ModelInfo,
    kept: Mapping[SubnetChoice, tuple[str, str]],
) -> Iterable[Point]:
    rows: dict[int | None, list[_Seen]] = {}
    for choice, found in here.items():
        if choice.widths is None and choice.rule == "literal" and choice.denoising is None:
            rows.setdefault(choice.resolution, []).append(_Seen(choice.width, found))
    for resolution, seen in rows.items():
        seen.sort(key=lambda each: each.width)
        wanted = {*ladder(info)}
        wanted |= {c.width for c in kept if c.widths is None and c.resolution == resolution}
        for low, high in pairwise(seen):
            inside = {w for w in wanted if low.width < w < high.width}
            if not inside and high.width - low.width > APART:
                inside = {round((low.width + high.width) / 2, DIGITS)}
            for width in sorted(inside):
                choice = normal(SubnetChoice(width, resolution=resolution), info)
                if choice not in here and low.width < width < high.width:
                    yield _point(target, model, choice, (low, high), info, kept.get(choice))


def _point(
    target: str,
    model: LatencyModel,
    choice: SubnetChoice,
    ends: tuple[_Seen, _Seen],
    info: ModelInfo,
    known: tuple[str, str] | None,
) -> Point:
    price = cost(info.config, resolve(choice, info.config))
    time = model.at(price.macs)
    low, high = ends
    a, b = low.found, high.found

    def line(one: float, two: float) -> float:
        return between(choice.width, (low.width, one), (high.width, two))

    psnr = None if a.psnr is None or b.psnr is None else line(a.psnr, b.psnr)
    spread = Quartiles(
        0,
        (None, None) if a.psnr is None or b.psnr is None else _ordered(a.psnr, b.psnr),
        _ordered(a.ssim, b.ssim),
        _ordered(a.flip, b.flip),
    )
    name = subnet_name(choice, info.config)
    ref = f"{PREFIX} {name}"
    if known is not None:
        ref, name = known
    made = Point(
        ref, name, target, Spread(time.median, time.low, time.high), price.size_bytes,
        price.macs, price.parameters, line(a.flip, b.flip), line(a.ssim, b.ssim), psnr,
        measured=False, spread=spread, predicted=model.count,
        choice=None if known is not None else choice,
    )  # fmt: skip
    if a.realism is None or b.realism is None:
        return made
    return replace(made, realism=line(a.realism, b.realism))


def _ordered(one: float, two: float) -> tuple[float, float]:
    return (one, two) if one <= two else (two, one)
