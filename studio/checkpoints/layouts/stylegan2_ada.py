"""Snapshots of NVlabs/stylegan2-ada-pytorch, and of StyleGAN2 networks from its successor."""

from __future__ import annotations

import math
import re
from collections.abc import Iterable, Mapping

from studio.checkpoints.canonical import MAX_MAPPING_LAYERS, MAX_STAGES
from studio.checkpoints.causes import Cause, NotSupported, shortened
from studio.checkpoints.convert import Rule
from studio.checkpoints.layouts.filters import check_filter
from studio.checkpoints.stored import StoredTensor

MAPPING_RATE = 0.01

_BLOCK = re.compile(r"synthesis\.b(\d{1,6})\.")
_MAPPING = re.compile(r"mapping\.fc(\d{1,6})\.")
_LAYER = re.compile(r"synthesis\.b\d+\.(conv0|conv1|torgb)$")

Attributes = Mapping[str, Mapping[object, object]]


def recognises(names: Iterable[str]) -> bool:
    """Whether tensor names are those of a StyleGAN2 generator of this project."""
    marks = sum(bool(_BLOCK.match(name)) for name in names)
    return marks >= 4


def parts(names: Iterable[str]) -> tuple[int, int]:
    """Number of resolutions and of mapping layers, counted in the names.

    Raises:
        Cause: the counts are beyond any network.
    """
    resolution = layers = 0
    for name in names:
        if block := _BLOCK.match(name):
            resolution = max(resolution, int(block[1]))
        elif mapping := _MAPPING.match(name):
            layers = max(layers, int(mapping[1]) + 1)
    stages = resolution.bit_length() - 2
    fits = resolution == 4 << max(0, stages - 1)
    if not (fits and 2 <= stages <= MAX_STAGES and 1 <= layers <= MAX_MAPPING_LAYERS):
        raise Cause(
            f"it would have a resolution of {resolution} and {layers} mapping layers; accepted are "
            f"powers of two from 8 to {4 << (MAX_STAGES - 1)} and 1 to {MAX_MAPPING_LAYERS} layers"
        )
    return stages, layers


def rules(
    stages: int, mapping_layers: int, conditional: bool, rate: float = MAPPING_RATE
) -> list[Rule]:
    """The rules for every tensor of the network; ``rate`` as from :func:`mapping_rate`."""

    def dense(shape: tuple[int, ...]) -> float:
        return rate / math.sqrt(shape[1])

    def plain(shape: tuple[int, ...]) -> float:
        return 1 / math.sqrt(shape[1])

    result = [Rule("mapping.w_avg", "w_avg"), Rule("synthesis.b4.const", "const")]
    if conditional:
        result.append(Rule("mapping.embed.weight", "label_embed.weight", scale=plain))
        result.append(Rule("mapping.embed.bias", "label_embed.bias"))
    for i in range(mapping_layers):
        result.append(Rule(f"mapping.fc{i}.weight", f"mapping.{i}.weight", scale=dense))
        result.append(Rule(f"mapping.fc{i}.bias", f"mapping.{i}.bias", scale=lambda shape: rate))
    for k in range(2 * stages - 1):
        source = f"synthesis.b{4 << ((k + 1) // 2)}.conv{(k + 1) % 2}"
        # Demodulated weights carry no factor here, and none may be added: the epsilon inside
        # the demodulation is not scaled with them.
        result += [
            Rule(f"{source}.weight", f"layers.{k}.weight"),
            Rule(f"{source}.affine.weight", f"layers.{k}.style_weight", scale=plain),
            Rule(f"{source}.affine.bias", f"layers.{k}.style_bias"),
            Rule(f"{source}.bias", f"layers.{k}.bias"),
            Rule(f"{source}.noise_strength", f"layers.{k}.noise_strength"),
            Rule(f"{source}.noise_const", f"layers.{k}.noise"),
        ]
    for s in range(stages):
        source = f"synthesis.b{4 << s}.torgb"
        result += [
            Rule(f"{source}.weight", f"rgb.{s}.weight", scale=plain),
            Rule(f"{source}.affine.weight", f"rgb.{s}.style_weight", scale=plain),
            Rule(f"{source}.affine.bias", f"rgb.{s}.style_bias"),
            Rule(f"{source}.bias", f"rgb.{s}.bias"),
        ]
    return result


def is_filter(name: str) -> bool:
    """Whether a tensor is a low-pass kernel: the only tensors that need no rule."""
    return name.endswith(".resample_filter")


def check_filters(stored: Mapping[str, StoredTensor]) -> None:
    """Make sure that every low-pass kernel is the usual one; see :func:`check_filter`."""
    for name, tensor in stored.items():
        if is_filter(name):
            check_filter(name, tensor, 1.0)


def check_architecture(attributes: Attributes) -> None:
    """Refuse block architectures and activations other than those of the network here.

    Raises:
        NotSupported: the clause names the setting.
    """
    for path, values in attributes.items():
        architecture = values.get("architecture", "skip")
        if architecture != "skip":
            raise NotSupported(
                f"its block {path} has the architecture {shortened(str(architecture))}, which is "
                "not supported; accepted is “skip”"
            )
        if not _LAYER.match(path):
            continue
        activation = values.get("activation", "lrelu")
        if activation != "lrelu":
            raise NotSupported(
                f"its layer {path} uses the activation {shortened(str(activation))}, which is not "
                "supported; accepted is “lrelu”"
            )
        if values.get("use_noise", True) is not True:
            raise NotSupported(f"its layer {path} was made without noise, which is not supported")


def mapping_rate(attributes: Attributes) -> float:
    """The learning-rate multiplier of the mapping network: as stored, or the usual 0.01.

    Raises:
        NotSupported: layers have different ones. Cause: it is no positive number.
    """
    stored = [values for path, values in attributes.items() if _MAPPING.match(path + ".")]
    rates = [values["bias_gain"] for values in stored if "bias_gain" in values]
    if not rates:
        return MAPPING_RATE
    first = rates[0]
    if isinstance(first, bool) or not isinstance(first, (int, float)) or not 0 < first < 1e30:
        raise Cause(f"its mapping network has the gain {shortened(str(first))}, no positive number")
    if any(rate != first for rate in rates):
        raise NotSupported("the layers of its mapping network have different gains")
    return float(first)


def conv_clamp(attributes: Attributes) -> float | None:
    """The limit on activations that all layers share, or None.

    Raises:
        NotSupported: layers have different limits. Cause: the limit is no positive number.
    """
    found = [
        values["conv_clamp"]
        for path, values in attributes.items()
        if _LAYER.match(path) and "conv_clamp" in values
    ]
    if not found:
        return None
    first = found[0]
    if any(value != first for value in found):
        raise NotSupported("its layers clamp at different values, which is not supported")
    if first is None:
        return None
    if isinstance(first, bool) or not isinstance(first, (int, float)) or not 0 < first < 1e30:
        raise Cause(f"its conv_clamp is {shortened(str(first))}, which is no positive number")
    return float(first)
