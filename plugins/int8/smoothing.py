"""Even ranges: SmoothQuant carried over to modulated convolutions.

Xiao et al. 2023, "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language
Models", equation 4: every input channel is divided by ``c_i = max|x_i|^alpha / max|W_i|^(1-alpha)``
and the weights that read it are multiplied by it. Here the style scales the inputs of a layer, so
its rows take the division, and nothing is left to do while the network runs. Demodulation sees the
products of both, which do not change. A ToRGB has a style of its own, so no other layer notices.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.synthesis import BLUR_TAPS, Layer, run_layer

FURTHEST = 2.0**10  # factors stay within this and its inverse, so that nothing leaves float32
PIECE = 4  # latents at a time


@dataclass(frozen=True)
class Smoothed:
    """A layer before and after.

    Args:
        index: of the layer. before, after: largest by median range of its input channels.
    """

    index: int
    before: float
    after: float


def smoothed(
    network: StyleGan2, latents: Tensor, alpha: float, progress: Callable[[float, str], None]
) -> tuple[StyleGan2, tuple[Smoothed, ...]]:
    """A network that draws the same, whose layers' inputs are even; the given one stays.

    Args:
        latents: w (n, w_dim) over which ranges are found.
        alpha: 0 to 1; how much of the spread goes into the weights.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
    """
    view = network.view()
    tensors, done = dict(network.state_dict()), []
    ranges = input_ranges(network, latents, progress)
    for index, (layer, largest) in enumerate(zip(view.layers, ranges, strict=True)):
        factors = smoothing_factors(largest, layer.weight.abs().amax((0, 2, 3)), alpha)
        name = f"layers.{index}"
        tensors[f"{name}.style_weight"] = layer.style_weight / factors[:, None]
        tensors[f"{name}.style_bias"] = layer.style_bias / factors
        tensors[f"{name}.weight"] = layer.weight * factors[:, None, None]
        done.append(Smoothed(index, _spread(largest), _spread(largest / factors)))
    return StyleGan2.from_tensors(network.config, tensors), tuple(done)


def smoothing_factors(inputs: Tensor, weights: Tensor, alpha: float) -> Tensor:
    """The factors (i,) of a layer, whose geometric mean is 1, from the largest absolute values of
    its inputs (i,) and of the weights that read them (i,). A dead channel keeps its own."""
    alive = (inputs > 0) & (weights > 0)
    if not bool(alive.any()):
        return torch.ones_like(inputs)
    logs = torch.zeros_like(inputs)
    logs[alive] = alpha * inputs[alive].log() - (1 - alpha) * weights[alive].log()
    logs[alive] -= logs[alive].mean()
    return logs.exp().clamp(1 / FURTHEST, FURTHEST)


def input_ranges(
    network: StyleGan2, latents: Tensor, progress: Callable[[float, str], None]
) -> tuple[Tensor, ...]:
    """Largest absolute value of each input channel of each layer, after the style: (i,) each."""
    view, taps = network.view(), torch.tensor(BLUR_TAPS)
    found = [torch.zeros(layer.weight.shape[1]) for layer in view.layers]
    with torch.no_grad():
        for start in range(0, len(latents), PIECE):
            progress(start / len(latents), "ranges of input channels")
            w = latents[start : start + PIECE]
            x = view.const.expand(len(w), *view.const.shape)
            for index, layer in enumerate(view.layers):
                scaled = x * _style(w, layer)[:, :, None, None]
                found[index] = torch.maximum(found[index], scaled.abs().amax((0, 2, 3)))
                x = run_layer(x, w, layer, layer.noise, taps)
    return tuple(found)


def _style(w: Tensor, layer: Layer) -> Tensor:
    return F.linear(w, layer.style_weight, layer.style_bias)


def _spread(ranges: Tensor) -> float:
    alive = ranges[ranges > 0]
    return float(alive.max() / alive.median()) if len(alive) else 1.0
