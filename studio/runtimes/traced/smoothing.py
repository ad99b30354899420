"""Even ranges of what layers read: SmoothQuant on any traced network.

Xiao et al. 2023, "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language
Models", equation 4: every input channel is divided by ``c_i = max|x_i|^alpha / max|W_i|^(1-alpha)``
and the weights that read it are multiplied by it. The division is part of the rounding of the
input, which scales it in any case, so no norm before the layer has to take it and nothing is left
to do while the network runs. Layers that read one tensor share their factors.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import replace

import numpy as np
import torch
from torch import Tensor, nn

from studio.families.quantization import QuantPlan
from studio.runtimes.traced.ranges import Seen
from studio.runtimes.traced.rounding import Floats

FURTHEST = 2.0**10  # factors stay within this and its inverse, so that nothing leaves float32
_ATTENTION = re.compile(
    r"(^|\.)(\w*to_\w+|\w*[qkv]_proj|out_proj|q|k|v|o)(\.(\d+|reduce|core|expand))*$"
)
_FEED_FORWARD = re.compile(r"(^|\.)(ff\w*|mlp|fc\d|wi\w*|wo|proj_mlp|linear_[12])(\.|$)")


def kind_of(name: str, layer: nn.Module) -> str:
    """One of ``studio.families.quantization.SMOOTHED``, by a layer's name and class."""
    if isinstance(layer, nn.Conv2d):
        return "convolution"
    if _ATTENTION.search(name):
        return "attention"
    return "feed-forward" if _FEED_FORWARD.search(name) else "other"


def factors_of(
    seen: Mapping[str, Seen], modules: Mapping[str, nn.Module], settings: QuantPlan
) -> dict[str, Floats]:
    """What to divide the input channels of layers by, (c,) by name; layers that the plan does not
    smooth are missing. Convolutions in groups are never smoothed."""
    alphas = dict(settings.smoothing)
    groups: dict[str, list[str]] = {}
    for name, each in seen.items():
        groups.setdefault(each.reads or name, []).append(name)
    found: dict[str, Floats] = {}
    for names in groups.values():
        alpha = max(alphas.get(kind_of(name, modules[name]), 0.0) for name in names)
        inputs = len(seen[names[0]].lows)
        weights = [by_input(modules[name]) for name in names]
        if not alpha or any(len(each) != inputs for each in weights):
            continue
        largest = np.maximum.reduce([spread(seen[name]) for name in names])
        factors = smoothing_factors(largest, np.maximum.reduce(weights), alpha)
        found |= dict.fromkeys(names, factors)
    return found


def spread(seen: Seen) -> Floats:
    """Largest absolute value of each input channel (c,)."""
    return np.maximum(np.abs(seen.lows), np.abs(seen.highs))


def by_input(layer: nn.Module) -> Floats:
    """Largest absolute weight that reads each input channel; of a convolution in groups, of each
    channel that one group reads."""
    weight = layer.weight
    assert isinstance(weight, Tensor)
    kept = [axis for axis in range(weight.ndim) if axis != 1]
    # Not by way of absolute values: they would be a copy of it.
    low, high = weight.detach().amin(dim=kept), weight.detach().amax(dim=kept)
    made: Floats = torch.maximum(-low, high).float().numpy()
    return made


def smoothing_factors(inputs: Floats, weights: Floats, alpha: float) -> Floats:
    """The factors (c,), whose geometric mean is 1, from the largest absolute values of a layer's
    inputs (c,) and of the weights that read them (c,). A dead channel keeps its own."""
    alive = (inputs > 0) & (weights > 0)
    logs = np.zeros(len(inputs), np.float64)
    if alive.any():
        logs[alive] = alpha * np.log(inputs[alive]) - (1 - alpha) * np.log(weights[alive])
        logs[alive] -= logs[alive].mean()
    made: Floats = np.exp(logs).clip(1 / FURTHEST, FURTHEST).astype(np.float32)
    return made


def even(seen: Seen, factors: Floats) -> Seen:
    """What a layer reads once its channels are divided by ``factors``, over all values."""
    lows, highs = seen.lows / factors, seen.highs / factors
    return replace(
        seen,
        low=float(lows.min()),
        high=float(highs.max()),
        lows=lows,
        highs=highs,
        means=seen.means / factors,
    )
