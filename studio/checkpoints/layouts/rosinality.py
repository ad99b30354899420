"""State dicts of rosinality/stylegan2-pytorch and of mit-han-lab/anycost-gan, which follows it."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from studio.checkpoints.canonical import MAX_MAPPING_LAYERS, MAX_STAGES
from studio.checkpoints.causes import Cause
from studio.checkpoints.convert import Rule
from studio.checkpoints.layouts.filters import check_filter
from studio.checkpoints.stored import StoredTensor

MAPPING_RATE = 0.01  # learning-rate multiplier of the mapping network, Karras et al. 2018
BLUR_GAIN = 4.0  # sum of a kernel that follows the zeros of upsampling

_PARTS = re.compile(r"(style|convs|to_rgbs)\.(\d{1,6})\.")


def recognises(names: Iterable[str]) -> bool:
    """Whether tensor names are those of this layout, even if some are missing."""
    marks = sum(
        name == "input.input" or name.startswith(("conv1.conv.", "to_rgb1.", "to_rgbs.", "style."))
        for name in names
    )
    return marks >= 4


def parts(names: Iterable[str]) -> tuple[int, int]:
    """Number of resolutions and of mapping layers, counted in the names.

    Raises:
        Cause: the counts are beyond any network.
    """
    last = {"style": 0, "convs": -1, "to_rgbs": -1}
    for name in names:
        match = _PARTS.match(name)
        if match:
            last[match[1]] = max(last[match[1]], int(match[2]))
    stages = max((last["convs"] + 1 + 1) // 2, last["to_rgbs"] + 1) + 1
    if not 2 <= stages <= MAX_STAGES or not 1 <= last["style"] <= MAX_MAPPING_LAYERS:
        raise Cause(
            f"it would have {stages} resolutions and {last['style']} mapping layers; accepted are "
            f"2 to {MAX_STAGES} resolutions and 1 to {MAX_MAPPING_LAYERS} mapping layers"
        )
    return stages, last["style"]


def rules(stages: int, mapping_layers: int) -> list[Rule]:
    """The rules for every tensor but the average style, which is stored apart."""

    def dense(shape: tuple[int, ...]) -> float:
        return MAPPING_RATE / math.sqrt(shape[1])

    result = [Rule("input.input", "const", before=1)]
    for i in range(mapping_layers):
        result.append(Rule(f"style.{i + 1}.weight", f"mapping.{i}.weight", scale=dense))
        result.append(
            Rule(f"style.{i + 1}.bias", f"mapping.{i}.bias", scale=lambda shape: MAPPING_RATE)
        )
    for k in range(2 * stages - 1):
        source = f"convs.{k - 1}" if k else "conv1"
        result += _modulated(source, f"layers.{k}")
        result += [
            Rule(f"{source}.activate.bias", f"layers.{k}.bias"),
            # Stored with one axis of size 1 for a single number.
            Rule(f"{source}.noise.weight", f"layers.{k}.noise_strength", before=1),
            Rule(f"noises.noise_{k}", f"layers.{k}.noise", before=2),
        ]
    for s in range(stages):
        source = f"to_rgbs.{s - 1}" if s else "to_rgb1"
        result += _modulated(source, f"rgb.{s}")
        result.append(Rule(f"{source}.bias", f"rgb.{s}.bias", before=1, after=2))
    return result


def is_blur(name: str) -> bool:
    """Whether a tensor is a low-pass kernel: the only tensors that need no rule."""
    return name.endswith((".blur.kernel", ".upsample.kernel"))


def check_blurs(stored: Mapping[str, StoredTensor]) -> None:
    """Make sure that every low-pass kernel is [1, 3, 3, 1]; see :func:`check_filter`."""

    for name, tensor in stored.items():
        if is_blur(name):
            check_filter(name, tensor, BLUR_GAIN)


def _modulated(source: str, target: str) -> list[Rule]:
    def kernel(shape: tuple[int, ...]) -> float:
        return 1 / math.sqrt(shape[1] * shape[2] * shape[3])

    def style(shape: tuple[int, ...]) -> float:
        return 1 / math.sqrt(shape[1])

    return [
        Rule(f"{source}.conv.weight", f"{target}.weight", before=1, scale=kernel),
        Rule(f"{source}.conv.modulation.weight", f"{target}.style_weight", scale=style),
        Rule(f"{source}.conv.modulation.bias", f"{target}.style_bias"),
    ]
