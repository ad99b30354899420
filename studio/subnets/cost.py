"""What a subnet costs: weights, bytes and multiplies, from sizes alone. Imports no torch.

Two counts of multiply-accumulates (MACs) for one picture, because papers and hardware disagree:

* ``macs``: the multiplies that the network really needs. A
  transposed convolution of stride 2 touches each *input* pixel once per weight, so it costs
  ``in * out * 9 * r_in ** 2``. Included: all convolutions, the blur in its separable form (the
  fewest multiplies, though not what PyTorch runs fastest), the RGB upsampling filter, the mapping
  network, style affines, modulation and demodulation. Not included: biases, noise, activations and
  clamps, which only add, compare or scale in place.
* ``paper_macs``: the count of Lin et al. 2021 ("Anycost GANs", about 144 G for the full 1024 px
  config-f), which a tracing profiler gives for the original code: convolutions, 4x4 filters and
  fully connected layers, each convolution charged for its *output* size, so that a transposed
  convolution to (2r+1) x (2r+1) counts about four times its real work. Modulation and
  demodulation are left out.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import pairwise
from math import prod

from studio.checkpoints.factor import TAPS, Factor
from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import AnyConfig
from studio.families.stylegan.config import FIRST_RESOLUTION, IMAGE_CHANNELS, StyleGanConfig
from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import cost as translation_cost
from studio.families.translation.stages import with_widths
from studio.subnets.choice import Subnet
from studio.subnets.denoisers.choice import Denoising
from studio.subnets.denoisers.costing import layer_parts

BLUR = 4  # taps of the separable blur, once across and once down
FILTER = 16  # taps of the same filter as one 4x4 kernel


@dataclass(frozen=True)
class Cost:
    """The cost of one subnet at batch 1.

    Args:
        parameters: trainable weights that the subnet reads, the mapping network included.
        size_bytes: those weights with the noise maps and the average w, as stored.
        macs: true multiply-accumulates. paper_macs: what papers report (see the module).
    """

    parameters: int
    size_bytes: int
    macs: int
    paper_macs: int


@dataclass(frozen=True)
class LayerCost:
    """What one layer adds to :class:`Cost`: ``layer0`` (with the constant it begins from), ``rgb0``
    and so on in the order in which they run, after ``mapping``, which runs before them."""

    name: str
    cost: Cost


def cost(config: AnyConfig, subnet: Subnet, bytes_per_weight: int = 4) -> Cost:
    """Add up a subnet of a generator; of a translation network for a picture of its training (see
    ``studio.families.translation.cost`` for what is counted there).

    Args:
        config: the full generator.
        subnet: channel counts and the resolution at which it stops.
        bytes_per_weight: 4 for float32, 2 for 16-bit floats, 1 for int8.
    """
    if isinstance(config, TranslationConfig):
        return _translation(config, subnet, bytes_per_weight)
    each = [layer.cost for layer in costs(config, subnet, bytes_per_weight)]
    return Cost(
        sum(c.parameters for c in each),
        sum(c.size_bytes for c in each),
        sum(c.macs for c in each),
        sum(c.paper_macs for c in each),
    )


# Walking over all steps takes milliseconds, and the window asks many times during a drag.
@lru_cache(maxsize=512)
def _translation(config: TranslationConfig, subnet: Subnet, bytes_per_weight: int) -> Cost:
    found = translation_cost(_cut(config, subnet), config.settings.height, config.settings.width)
    size = found.size_bytes // 4 * bytes_per_weight
    return Cost(found.parameters, size, found.macs, found.paper_macs)


def _cut(config: TranslationConfig, subnet: Subnet) -> TranslationConfig:
    return replace(config, sizes=with_widths(config.sizes, subnet.channels))


def _translation_layers(
    config: TranslationConfig, subnet: Subnet, bytes_per_weight: int
) -> tuple[LayerCost, ...]:
    cut = _cut(config, subnet)
    found = translation_cost(cut, config.settings.height, config.settings.width)
    shapes, layers = cut.sizes.shapes(), []
    for layer, paper in zip(found.layers, found.paper_layers, strict=True):
        weights = layer.weights + prod(shapes.get(f"{layer.name}.bias", (0,)))
        layers.append(
            LayerCost(layer.name, Cost(weights, weights * bytes_per_weight, layer.macs, paper))
        )
    size = found.size_bytes // 4 * bytes_per_weight
    rest = Cost(
        found.parameters - sum(layer.cost.parameters for layer in layers),
        size - sum(layer.cost.size_bytes for layer in layers),
        found.macs - sum(layer.cost.macs for layer in layers),
        found.paper_macs - sum(layer.cost.paper_macs for layer in layers),
    )
    return (*layers, LayerCost("norms", rest))


def costs(config: AnyConfig, subnet: Subnet, bytes_per_weight: int = 4) -> tuple[LayerCost, ...]:
    """The same layer by layer; of a translation network every convolution, then what the norms
    take, as ``norms``; of a denoiser one call at
    batch 1, in the mean of a run's steps. See :func:`cost` for the arguments."""
    if isinstance(config, TranslationConfig):
        return _translation_layers(config, subnet, bytes_per_weight)
    if isinstance(config, DiffusionConfig):
        held = config.packed_bytes or bytes_per_weight
        return tuple(
            LayerCost(each.name, Cost(each.weights, round(each.weights * held), *(each.macs,) * 2))
            for each in layer_parts(config, subnet.denoising or Denoising())
        )
    w = config.w_dim
    channels = subnet.channels[: config.entries_up_to(subnet.resolution)]
    found: list[LayerCost] = []

    def add(name: str, parameters: int, stored: int, true: int, paper: int) -> None:
        size = (parameters + stored) * bytes_per_weight
        found.append(LayerCost(name, Cost(parameters, size, true, paper)))

    parameters, multiplies = _mapping(config)
    add("mapping", parameters, w, multiplies, multiplies)  # stored: the average w of truncation
    for entry, (i, o) in enumerate(pairwise(channels), start=1):
        r = config.layer_resolution(entry)
        up = entry % 2 == 0
        r_in = r // 2 if up else r
        affine = w * i
        work = _convolution(config.factor(entry - 1), i, o, r_in, r, up=up)
        parameters = work.weights + affine + i + o + 1
        if entry == 1:
            parameters += channels[0] * FIRST_RESOLUTION**2
        scaling = i * r_in**2 + o * r**2 + i + o * i  # inputs, outputs, s * s, demodulation
        true, paper = work.true + affine + scaling, work.paper + affine
        add(f"layer{entry - 1}", parameters, r * r, true, paper)  # stored: the noise map
        if entry % 2 == 1:
            rgb = IMAGE_CHANNELS * o * r * r
            upsampling = IMAGE_CHANNELS * FILTER * (r // 2) ** 2 if entry > 1 else 0
            parameters = IMAGE_CHANNELS * (o + 1) + w * o + o
            true, paper = rgb + w * o + o * r * r + upsampling, rgb + w * o + 4 * upsampling
            add(f"rgb{entry // 2}", parameters, 0, true, paper)
    return tuple(found)


@dataclass(frozen=True)
class _Work:
    """Weights, true multiplies and papers' multiplies of one convolution with its filter."""

    weights: int
    true: int
    paper: int


def _convolution(factor: Factor | None, i: int, o: int, r_in: int, r: int, *, up: bool) -> _Work:
    """A 3x3 convolution from ``i`` to ``o`` channels, whole or as a chain.

    In a chain the filter of an upsampling layer follows the middle link, so it runs on the
    channels of that one; the last link runs at the full size.
    """
    charged = (r + 1) ** 2 if up else r * r  # pixels that papers count for it
    into, out = (i, o) if factor is None else factor.inside(o)
    middle = TAPS * out * (1 if factor is not None and factor.form == "cp" else into)
    first = 0 if factor is None else into * i
    last = 0 if factor is None or factor.form == "svd" else out * o
    true = (first + middle) * r_in**2 + last * r**2
    paper = first * r_in**2 + middle * charged + last * r**2
    if up:
        true += out * BLUR * (2 * r * r + r)
        paper += out * FILTER * r * r
    return _Work(first + middle + last, true, paper)


def _mapping(config: StyleGanConfig) -> tuple[int, int]:
    """Weights and multiplies of the mapping network, label embedding included."""
    w = config.w_dim
    inputs = config.z_dim + (w if config.c_dim else 0)
    multiplies = 0
    for layer in range(config.mapping_layers):
        rank = config.mapping_rank(layer)
        multiplies += rank * (inputs + w) if rank else inputs * w
        inputs = w
    parameters = multiplies + config.mapping_layers * w
    if config.c_dim:
        multiplies += config.c_dim * w
        parameters += config.c_dim * w + w
    return parameters, multiplies
