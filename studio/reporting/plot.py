"""Quality against latency as inline SVG: points with their spread, the frontier, a legend."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from html import escape

from studio.fidelity.frontier import unbeaten
from studio.fidelity.measurement import Measurement

WIDTH, HEIGHT = 860, 440
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 24, 56
COLOURS = ("#b4552d", "#3d7fb8", "#3d8a4f", "#a566c4", "#a07a12", "#c23b6b")
"""One a target, each at least 3:1 on the light and on the dark paper."""
LABELLED = 24  # points; beyond that names would cover one another
STYLE = """
svg.plot { display: block; width: 100%; height: auto; background: var(--card);
  border: 1px solid var(--line); border-radius: 10px; }
svg.plot text { fill: var(--soft); font-size: 12px; } svg.plot .name { fill: var(--ink);
  paint-order: stroke; stroke: var(--card); stroke-width: 3px; }
svg.plot .grid { stroke: var(--line); } svg.plot .frontier { fill: none; stroke-width: 2; }
svg.plot .beaten { opacity: 0.45; }
"""

_Place = Callable[[float], float]


def frontier(measurements: Sequence[Measurement]) -> tuple[Measurement, ...]:
    """Those that no other one beats, fastest first: none is at least as fast and as close to full
    (lower FLIP) and better in one of the two. Of equal ones the first stays."""
    values = [(m.latency_ms.median, -m.flip) for m in measurements]
    firsts: dict[tuple[float, float], Measurement] = {}
    for index in unbeaten(values):
        firsts.setdefault(values[index], measurements[index])
    return tuple(firsts.values())


def plot(measurements: Sequence[Measurement]) -> str:
    """The plot as an ``<svg>`` element with a title and a description.

    Across is the median latency in ms with its 10th to 90th percentile, from 0; up is the median
    FLIP to full with its quartiles over seeds, 0 (equal) on top. Every target has its colour and
    its frontier.
    """
    targets = tuple(dict.fromkeys(m.target for m in measurements))
    most = max((m.latency_ms.p90 for m in measurements), default=1.0)
    worst = max((m.spread.flip[1] if m.spread else m.flip for m in measurements), default=0.0)
    xs, ys = round_ticks(most), round_ticks(max(worst, 0.01))

    def x(value: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * value / xs[-1]

    def y(value: float) -> float:
        return TOP + (HEIGHT - TOP - BOTTOM) * value / ys[-1]

    parts = [_axes(xs, ys, x, y)]
    for index, target in enumerate(targets):
        colour = COLOURS[index % len(COLOURS)]
        mine = [m for m in measurements if m.target == target]
        line = frontier(mine)
        points = " ".join(f"{x(m.latency_ms.median):.1f},{y(m.flip):.1f}" for m in line)
        parts.append(f'<polyline class="frontier" stroke="{colour}" points="{points}"/>')
        for m in mine:
            parts.append(_point(m, colour, x, y, beaten=m not in line))
            if len(measurements) <= LABELLED:
                at = f'x="{x(m.latency_ms.median) + 8:.1f}" y="{y(m.flip) + 17:.1f}"'
                anchor = ' text-anchor="end"' if x(m.latency_ms.median) > WIDTH * 0.8 else ""
                parts.append(f'<text class="name" {at}{anchor}>{escape(m.name)}</text>')
        parts.append(_legend(index, colour, target))
    names = ", ".join(f"{m.name} on {m.target}" for t in targets for m in _on(measurements, t))
    describe = (
        f"{len(measurements)} measurements on {len(targets)} targets. Nothing measured beats these "
        f"in both: {names}. The table below holds every number."
    )
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        'aria-labelledby="plot-title plot-desc">'
        '<title id="plot-title">Difference to full against latency</title>'
        f'<desc id="plot-desc">{escape(describe)}</desc>{"".join(parts)}</svg>'
    )


def _on(measurements: Sequence[Measurement], target: str) -> tuple[Measurement, ...]:
    return frontier([m for m in measurements if m.target == target])


def _point(m: Measurement, colour: str, x: _Place, y: _Place, *, beaten: bool) -> str:
    latency = m.latency_ms
    at, up = x(latency.median), y(m.flip)
    low, high = x(latency.p10), x(latency.p90)
    told = (
        f"{m.name}, {m.target}: {latency.median:.2f} ms ({latency.p10:.2f} to {latency.p90:.2f}), "
        f"FLIP {m.flip:.3f}"
    )
    upright = ""
    if m.spread is not None:
        near, far = m.spread.flip
        told += f" ({near:.3f} to {far:.3f})"
        upright = (
            f"M{at:.1f} {y(near):.1f}V{y(far):.1f}M{at - 4:.1f} {y(near):.1f}h8"
            f"M{at - 4:.1f} {y(far):.1f}h8"
        )
    return (
        f'<g class="{"beaten" if beaten else "best"}" stroke="{colour}" fill="{colour}">'
        f"<title>{escape(told)}</title>"
        f'<path fill="none" d="M{low:.1f} {up:.1f}H{high:.1f}M{low:.1f} {up - 4:.1f}v8'
        f'M{high:.1f} {up - 4:.1f}v8{upright}"/><circle cx="{at:.1f}" cy="{up:.1f}" r="5"/></g>'
    )


def _axes(xs: Sequence[float], ys: Sequence[float], x: _Place, y: _Place) -> str:
    bottom, right = HEIGHT - BOTTOM, WIDTH - RIGHT
    parts = []
    for value in xs:
        parts.append(f'<path class="grid" d="M{x(value):.1f} {TOP}V{bottom}"/>')
        label = f'<text x="{x(value):.1f}" y="{bottom + 18}" text-anchor="middle">{value:g}</text>'
        parts.append(label)
    for value in ys:
        parts.append(f'<path class="grid" d="M{LEFT} {y(value):.1f}H{right}"/>')
        label = f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
        parts.append(label)
    middle = (TOP + bottom) / 2
    parts.append(
        f'<text x="{(LEFT + right) / 2}" y="{HEIGHT - 14}" text-anchor="middle">'
        "milliseconds a picture (bars: 10th to 90th percentile)</text>"
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
        "FLIP to full (0 is equal; bars: quartiles)</text>"
    )
    return "".join(parts)


def _legend(index: int, colour: str, target: str) -> str:
    top = HEIGHT - BOTTOM - 14 - 18 * index  # slow and far from full: rarely is anything there
    right = WIDTH - RIGHT
    return (
        f'<circle cx="{right - 16}" cy="{top}" r="5" fill="{colour}"/>'
        f'<text class="name" x="{right - 28}" y="{top + 4}" text-anchor="end">'
        f"{escape(target)}</text>"
    )


def round_ticks(most: float) -> tuple[float, ...]:
    """Four to seven round numbers from 0, the last at or above ``most``."""
    step = 10.0 ** math.floor(math.log10(most / 4)) if most > 0 else 1.0
    factor = next(f for f in (1, 2, 2.5, 5, 10) if step * f * 6 >= most)
    count = max(1, math.ceil(most / (step * factor) - 1e-9))
    return tuple(round(step * factor * i, 12) for i in range(count + 1))
