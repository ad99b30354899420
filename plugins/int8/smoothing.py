"""Even ranges: SmoothQuant carried over to modulated convolutions.

Xiao et al. 2023, "SmoothQuant: Accurate and Efficient Post-Training Quantization for Large Language
Models", equation 4: every input channel is divided by ``c_i = max|x_i|^alpha / max|W_i|^(1-alpha)``
and the weights that read it are multiplied by it. Here the style scales the inputs of a layer, so
its rows take the division, and nothing is left to do while the network runs. Demodulation sees the
products of both, which do not change. A ToRGB has a style of its own, so no other layer notices.

In a factorised layer the first link is treated like that; between two links the one before takes
the division, since nothing but the blur, which goes channel by channel, lies between them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.synthesis import BLUR_TAPS, Layer, run_layer
from studio.families.stylegan.watching import ChannelRanges

FURTHEST = 2.0**10  # factors stay within this and its inverse, so that nothing leaves float32


@dataclass(frozen=True)
class Smoothed:
    """A convolution before and after.

    Args:
        name: ``layers.3``, or of an inner link of the chain in its place ``layers.3.weight`` and
            ``layers.3.expand``. before, after: largest by median range of its input channels.
    """

    name: str
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
    tensors: dict[str, Tensor] = dict(network.state_dict())
    done: list[Smoothed] = []
    ranges = input_ranges(network, latents, progress)
    for index, layer in enumerate(network.view().layers):
        name, before = f"layers.{index}", None
        for key, part in _links(layer):
            largest = ranges[f"layer{index}.{part}"]
            weight = tensors[f"{name}.{key}"]
            factors = smoothing_factors(largest, _by_input(weight, len(largest)), alpha)
            tensors[f"{name}.{key}"] = _scaled(weight, factors)
            if before is None:  # the style scales what the first one reads
                tensors[f"{name}.style_weight"] = layer.style_weight / factors[:, None]
                tensors[f"{name}.style_bias"] = layer.style_bias / factors
            else:
                made = tensors[f"{name}.{before}"]
                tensors[f"{name}.{before}"] = made / factors.view(-1, *[1] * (made.ndim - 1))
            said = name if before is None else f"{name}.{key}"
            done.append(Smoothed(said, _spread(largest), _spread(largest / factors)))
            before = key
    return StyleGan2.from_tensors(network.config, tensors), tuple(done)


def _links(layer: Layer) -> tuple[tuple[str, str], ...]:
    """The convolutions of a layer in turn, each as its tensor and the end of its node's name."""
    if layer.reduce is None:
        return (("weight", "convolved"),)
    chain = (("reduce", "reduced"), ("weight", "convolved"))
    return chain if layer.expand is None else (*chain, ("expand", "expanded"))


def _by_input(weight: Tensor, inputs: int) -> Tensor:
    """Largest absolute weight that reads each input channel, (``inputs``,)."""
    size = weight.abs().flatten(2).amax(2) if weight.ndim > 2 else weight.abs()
    return size[:, 0] if size.shape[1] < inputs else size.amax(0)


def _scaled(weight: Tensor, factors: Tensor) -> Tensor:
    """A weight whose input channels are multiplied by ``factors``."""
    # Where every channel goes by itself, inputs are counted along the first axis.
    axis = 0 if weight.shape[1] < len(factors) else 1
    return weight * factors.view([-1 if d == axis else 1 for d in range(weight.ndim)])


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
) -> dict[str, Tensor]:
    """Largest absolute value of each input channel of each convolution, after the style: (i,) by
    the name of the graph's node."""
    view, taps = network.view(), torch.tensor(BLUR_TAPS)
    ranges = ChannelRanges(view)
    for number, w in enumerate(latents.split(1)):  # one at a time: pictures of 1024 px are large
        progress(number / len(latents), "ranges of input channels")
        with torch.no_grad(), ranges:
            x = view.const[None]
            for layer in view.layers:
                x = run_layer(x, w, layer, layer.noise, taps)
    return ranges.largest


def _spread(ranges: Tensor) -> float:
    alive = ranges[ranges > 0]
    return float(alive.max() / alive.median()) if len(alive) else 1.0
