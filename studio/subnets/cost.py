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

from dataclasses import dataclass
from itertools import pairwise

from studio.families.stylegan.config import FIRST_RESOLUTION, IMAGE_CHANNELS, StyleGanConfig
from studio.subnets.choice import Subnet

KERNEL = 9  # weights of a 3x3 kernel
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


def cost(config: StyleGanConfig, subnet: Subnet, bytes_per_weight: int = 4) -> Cost:
    """Add up a subnet of a generator.

    Args:
        config: the full generator.
        subnet: channel counts and the resolution at which it stops.
        bytes_per_weight: 4 for float32, 2 for 16-bit floats, 1 for int8.
    """
    w = config.w_dim
    channels = subnet.channels[: config.entries_up_to(subnet.resolution)]
    parameters, fully_connected = _mapping(config)
    parameters += channels[0] * FIRST_RESOLUTION**2
    stored = w  # the average w of truncation
    true, paper = fully_connected, fully_connected
    for entry, (i, o) in enumerate(pairwise(channels), start=1):
        r = config.layer_resolution(entry)
        up = entry % 2 == 0
        r_in = r // 2 if up else r
        affine = w * i
        parameters += o * i * KERNEL + affine + i + o + 1
        stored += r * r  # the noise map
        scaling = i * r_in**2 + o * r**2 + i + o * i  # inputs, outputs, s * s, demodulation
        filtering = o * BLUR * (2 * r * r + r) if up else 0
        true += o * i * KERNEL * r_in**2 + affine + scaling + filtering
        paper += o * i * KERNEL * ((r + 1) ** 2 if up else r * r) + affine
        paper += o * FILTER * r * r if up else 0
        if entry % 2 == 1:
            rgb = IMAGE_CHANNELS * o * r * r
            parameters += IMAGE_CHANNELS * (o + 1) + w * o + o
            upsampling = IMAGE_CHANNELS * FILTER * (r // 2) ** 2 if entry > 1 else 0
            true += rgb + w * o + o * r * r + upsampling
            paper += rgb + w * o + 4 * upsampling
    return Cost(parameters, (parameters + stored) * bytes_per_weight, true, paper)


def _mapping(config: StyleGanConfig) -> tuple[int, int]:
    """Weights and multiplies of the mapping network, label embedding included."""
    w = config.w_dim
    first = config.z_dim + (w if config.c_dim else 0)
    multiplies = first * w + (config.mapping_layers - 1) * w * w
    parameters = multiplies + config.mapping_layers * w
    if config.c_dim:
        multiplies += config.c_dim * w
        parameters += config.c_dim * w + w
    return parameters, multiplies
