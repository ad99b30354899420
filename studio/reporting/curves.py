"""The error of denoisers step by step as inline SVG: a line a variant."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape

from studio.reporting.plot import COLOURS, round_ticks

WIDTH, HEIGHT = 860, 300
LEFT, RIGHT, TOP, BOTTOM = 64, 24, 24, 56
STEP = 18  # pixels a line of the legend

Curve = tuple[str, tuple[float, ...]]
"""The name of a variant, and the relative error of its denoiser at every step."""


def error_curves(curves: Sequence[Curve]) -> str:
    """The curves as an ``<svg>`` element with a title and a description.

    Across is the run from noise to picture, whatever the number of its steps; up is the relative
    error, 0 at the bottom.
    """
    worst = max((max(errors) for _, errors in curves if errors), default=0.0)
    ys = round_ticks(max(100 * worst, 0.1))
    high = HEIGHT + STEP * len(curves)
    bottom = HEIGHT - BOTTOM

    def y(percent: float) -> float:
        return bottom - (bottom - TOP) * percent / ys[-1]

    parts = []
    for value in ys:
        parts.append(f'<path class="grid" d="M{LEFT} {y(value):.1f}H{WIDTH - RIGHT}"/>')
        parts.append(
            f'<text x="{LEFT - 8}" y="{y(value) + 4:.1f}" text-anchor="end">{value:g}</text>'
        )
    for index, (name, errors) in enumerate(curves):
        colour = COLOURS[index % len(COLOURS)]
        dashes = "" if index < len(COLOURS) else ' stroke-dasharray="6 4"'
        told = f"{name}: {_words(errors)}"
        points = " ".join(f"{x:.1f},{y(100 * error):.1f}" for x, error in _places(errors))
        dots = "".join(
            f'<circle cx="{x:.1f}" cy="{y(100 * error):.1f}" r="2.5" fill="{colour}"/>'
            for x, error in _places(errors)
        )
        parts.append(
            f"<g><title>{escape(told)}</title>"
            f'<polyline class="frontier" stroke="{colour}"{dashes} points="{points}"/>{dots}</g>'
        )
        at = HEIGHT - 6 + STEP * index
        parts.append(
            f'<path stroke="{colour}" stroke-width="2"{dashes} d="M{LEFT} {at - 4}h24"/>'
            f'<text class="name" x="{LEFT + 32}" y="{at}">{escape(told)}</text>'
        )
    middle = (TOP + bottom) / 2
    parts.append(
        f'<text x="{LEFT}" y="{bottom + 18}">noise</text>'
        f'<text x="{WIDTH - RIGHT}" y="{bottom + 18}" text-anchor="end">picture</text>'
        f'<text transform="translate(16 {middle}) rotate(-90)" text-anchor="middle">'
        "error of the denoiser, %</text>"
    )
    said = "; ".join(f"{name}: {_words(errors)}" for name, errors in curves)
    return (
        f'<svg class="plot" viewBox="0 0 {WIDTH} {high}" role="img" '
        'aria-labelledby="curves-title curves-desc">'
        '<title id="curves-title">Error of the denoiser by step</title>'
        f'<desc id="curves-desc">{escape(said)}</desc>{"".join(parts)}</svg>'
    )


def _places(errors: Sequence[float]) -> list[tuple[float, float]]:
    """Where each step stands across, and its error; one step alone stands in the middle."""
    room = WIDTH - LEFT - RIGHT
    last = len(errors) - 1
    return [
        (LEFT + room * (number / last if last else 0.5), error)
        for number, error in enumerate(errors)
    ]


def _words(errors: Sequence[float]) -> str:
    if not errors:
        return "no step"
    mean, steps = (
        sum(errors) / len(errors),
        "1 step" if len(errors) == 1 else f"{len(errors)} steps",
    )
    return f"{steps}, {100 * mean:.2g} % in the mean, {100 * max(errors):.2g} % at most"
