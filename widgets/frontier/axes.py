"""What the axes are called, in which unit they count, and how their numbers are written."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication

from widgets import captions
from widgets.elsewhere.places import target_and_host
from widgets.frontier.points import Point, X, Y

translate = QCoreApplication.translate
SCALES: dict[X, float] = {
    "latency": 1.0, "memory": 1e6, "size": 1e6, "macs": 1e9, "parameters": 1e6,
}  # fmt: skip
"""What one unit of an axis is: ms, MB, MB, GMAC, millions."""
UNITS: dict[X, str] = {
    "latency": "ms", "memory": "MB", "size": "MB", "macs": "GMAC", "parameters": "M",
}  # fmt: skip


def axis_name(axis: X | Y) -> str:
    """A word for a choice of axes."""
    return {
        "latency": translate("Frontier", "latency"),
        "size": translate("Frontier", "size"),
        "memory": translate("Frontier", "peak memory"),
        "macs": translate("Frontier", "MACs (not speed)"),
        "parameters": translate("Frontier", "parameters"),
        "flip": "FLIP",
        "ssim": "SSIM",
        "psnr": "PSNR",
        "realism": translate("Frontier", "realism"),
        "lpips": "LPIPS",
        "fid": "FID",
    }[axis]


def axis_hint(axis: X | Y) -> str:
    """The field's exact term, for the tooltip of a choice."""
    return {
        "latency": translate("Frontier", "Median of one picture, measured on this computer"),
        "size": translate("Frontier", "Bytes of the weights in memory"),
        "memory": translate(
            "Frontier", "What a process of its own takes, at most, to load and run it here"
        ),
        "macs": translate("Frontier", "True multiply-accumulates; no measure of speed"),
        "parameters": translate("Frontier", "Number of weights"),
        "flip": translate(
            "Frontier", "Visible difference to full (Andersson et al. 2020); 0 is none"
        ),
        "ssim": translate(
            "Frontier", "Structural similarity to full (Wang et al. 2004); 1 is equal"
        ),
        "psnr": translate("Frontier", "Peak signal-to-noise ratio to full; higher is closer"),
        "realism": translate(
            "Frontier",
            "Feature distance of 256 pictures to what the model learnt from, as the embedded judge "
            "sees it; 0 is best. Clay heads alone.",
        ),
        "lpips": translate(
            "Frontier", "Learned perceptual distance to full (Zhang et al. 2018); 0 is none"
        ),
        "fid": translate(
            "Frontier",
            "Fréchet Inception distance of 256 pictures to those of full "
            "(Heusel et al. 2017); 0 is none",
        ),
    }[axis]


def axis_title(axis: X | Y) -> str:
    """What stands along an axis, with its unit."""
    unit = {**UNITS, "psnr": "dB"}.get(axis, "")
    return f"{axis_name(axis)} ({unit})" if unit else axis_name(axis)


def limit_text(axis: X, value: float) -> str:
    """A limit in the unit of its axis, without the unit: at least three digits."""
    scaled = value / SCALES[axis]
    return f"{scaled:.0f}" if scaled >= 100 else f"{scaled:.3g}"


def y_text(axis: Y, value: float | None) -> str:
    """A quality with its name."""
    if value is None:
        return f"{axis_name(axis)} {captions.NOTHING}"
    if axis == "psnr":
        return f"PSNR {captions.psnr(None if math.isinf(value) else value)}"
    return f"{axis_name(axis)} {value:.3g}" if axis == "fid" else f"{axis_name(axis)} {value:.3f}"


def quality_text(point: Point, axis: Y) -> str:
    """A quality with its name and its quartiles over seeds: FLIP 0.082 (0.077 to 0.090)."""
    value, spread = point.y(axis), point.quartiles(axis)
    if value is None or spread is None:
        return y_text(axis, value)
    text = captions.ranged(value, spread, decibels=axis == "psnr")
    return f"{axis_name(axis)} {text}" + (" dB" if axis == "psnr" and not math.isinf(value) else "")


def latency_text(point: Point) -> str:
    """18 ms (16 to 22), or a dash."""
    spread = point.latency
    if spread is None:
        return f"{captions.NOTHING} ms"
    low, high = captions.milliseconds(spread.p10), captions.milliseconds(spread.p90)
    return f"{captions.milliseconds(spread.median)} ms ({low}\u2013{high})"


def source_text(point: Point) -> str:
    """Where the numbers of a point come from."""
    target, host = target_and_host(point.target)
    name = captions.target_name(target)
    if host:
        text = translate("Frontier", "measured on {host}, {target}")
        return text.format(host=host, target=name)
    if point.measured:
        return translate("Frontier", "measured, {target}").format(target=name)
    if point.predicted:
        return translate("Frontier", "predicted from {n} measured ones, {target}").format(
            n=point.predicted, target=name
        )
    return translate("Frontier", "live, not measured, {target}").format(target=name)


def card_lines(point: Point) -> list[str]:
    """What the card of a point says below its name."""
    shown: tuple[Y, ...] = ("flip", "ssim", "psnr")
    quality = [", ".join(quality_text(point, axis) for axis in shown)]
    more: tuple[Y, ...] = ("realism", "lpips", "fid")
    extra = [quality_text(point, axis) for axis in more if point.y(axis) is not None]
    if point.memory is not None:
        extra.append(
            translate("Frontier", "peak memory {size}").format(size=captions.size(point.memory))
        )
    cost = ", ".join(
        (
            captions.size(point.size),
            captions.macs(point.macs),
            translate("Frontier", "{count} parameters").format(
                count=captions.count(point.parameters)
            ),
        )
    )
    lines = [latency_text(point), *quality, ", ".join(extra), cost, source_text(point)]
    if point.predicted:
        lines[0] = translate("Frontier", "about {latency}").format(latency=lines[0])
    return [line for line in lines if line]


def spoken(point: Point) -> str:
    """A point in one line, for screen readers."""
    return "; ".join((point.name, *card_lines(point)))
