"""What a curve of speed says, in sentences. Every one follows from what was measured."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

if TYPE_CHECKING:
    from studio.recipes.curve import SpeedCurve, Verdict

translate = QCoreApplication.translate


def sentences(curve: SpeedCurve) -> list[str]:
    """Which precision is faster where, and what this computer lacks."""
    rival = curve.rival
    found = [] if not rival else [_verdict(curve.verdict(), rival)]
    if "bf16" not in curve.precisions:
        found.append(translate("CurveWords", "There is no bf16 here to compare with."))
    if curve.native and "int8" not in curve.native:
        found.append(
            translate("CurveWords", "This processor has no instructions for int8, such as VNNI.")
        )
    below = curve.float_below
    if below is not None:
        text = translate(
            "CurveWords", "At width {width} and below, most multiplies run in float all the same."
        )
        found.append(text.format(width=f"{below:g}"))
    return found


def _verdict(verdict: Verdict, rival: str) -> str:
    widths = ", ".join(f"{width:g}" for width in verdict.slower)
    if verdict.below is not None:
        text = translate(
            "CurveWords",
            "On this computer {rival} is faster below width {width}; at width {full} int8 is "
            "{gain} times as fast.",
        )
        full, gain = verdict.gains[-1]
        return text.format(
            rival=rival, width=f"{verdict.below:.2g}", full=f"{full:g}", gain=f"{gain:.1f}"
        )
    if len(verdict.slower) == 1 and verdict.faster:
        text = translate("CurveWords", "On this computer {rival} is faster at width {widths}.")
        return text.format(rival=rival, widths=widths)
    if verdict.slower and verdict.faster:
        text = translate("CurveWords", "On this computer {rival} is faster at widths {widths}.")
        return text.format(rival=rival, widths=widths)
    if verdict.slower:
        text = translate(
            "CurveWords", "On this computer int8 is faster than {rival} at no width measured."
        )
        return text.format(rival=rival)
    if verdict.faster:
        gains = [gain for _, gain in verdict.gains]
        text = translate(
            "CurveWords",
            "On this computer int8 is {low} to {high} times as fast as {rival} at the widths "
            "measured.",
        )
        return text.format(rival=rival, low=f"{min(gains):.1f}", high=f"{max(gains):.1f}")
    text = translate(
        "CurveWords", "On this computer int8 and {rival} cannot be told apart by their times."
    )
    return text.format(rival=rival)


def numbers(curve: SpeedCurve) -> str:
    """The same as numbers: a line a width, with a column a precision, and what is missing."""
    lines = []
    for width in dict.fromkeys(point.width for point in curve.points):
        here = [point for point in curve.points if point.width == width]
        times = ", ".join(f"{p.precision} {p.latency.median:.3g} ms" for p in here)
        text = translate("CurveWords", "width {width}: {times}")
        lines.append(text.format(width=f"{width:g}", times=times))
    return "\n".join(lines)
