"""The sizes of a StyleGAN2 / Anycost generator. Imports no torch, so the window can use it."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

from studio.checkpoints.factor import Factor

Architecture = Literal["anycost", "stylegan2", "stylegan2-ada"]

IMAGE_CHANNELS = 3
FIRST_RESOLUTION = 4


@dataclass(frozen=True)
class StyleGanConfig:
    """Every size of a generator, as read from its tensors.

    ``channels`` is the channel list of Anycost GAN (section 3.2): the constant input, the 4 px
    convolution, then two entries per resolution from 8 px up; its length is
    ``2 * log2(resolution) - 2``, which is also the number of style inputs.

    Args:
        architecture: which public project's layout the network came from.
        resolution: height and width of the full picture in pixels, a power of two >= 8.
        z_dim: length of the latent z. w_dim: length of the style vector w.
        c_dim: number of classes; 0 for an unconditional model.
        mapping_layers: fully connected layers of the mapping network.
        channels: output channels of every layer at full width.
        conv_clamp: absolute limit on activations (StyleGAN2-ADA), or None.
        factors: for each 3x3 convolution the chain that it is kept as, None for one whole kernel;
            empty when all are whole.
        mapping_ranks: for each layer of the mapping network the rank of the two matrices it is
            kept as, 0 for one whole matrix; empty when all are whole.
    """

    architecture: Architecture
    resolution: int
    z_dim: int
    w_dim: int
    c_dim: int
    mapping_layers: int
    channels: tuple[int, ...]
    conv_clamp: float | None = None
    factors: tuple[Factor | None, ...] = ()
    mapping_ranks: tuple[int, ...] = ()

    def __post_init__(self) -> None:
        steps = math.log2(self.resolution) if self.resolution > 0 else 0.0
        if self.resolution < 8 or steps != int(steps):
            raise ValueError(f"resolution must be a power of two from 8 up, not {self.resolution}")
        if len(self.channels) != self.style_count:
            raise ValueError(
                f"{self.resolution} px needs {self.style_count} channel counts, "
                f"not {len(self.channels)}"
            )
        sizes = (self.z_dim, self.w_dim, self.mapping_layers, *self.channels)
        if min(sizes) < 1 or self.c_dim < 0:
            raise ValueError("every size of a generator must be at least 1")
        if self.factors and len(self.factors) != len(self.channels) - 1:
            raise ValueError(
                f"{len(self.channels) - 1} convolutions need as many factors, "
                f"not {len(self.factors)}"
            )
        if self.mapping_ranks and len(self.mapping_ranks) != self.mapping_layers:
            raise ValueError(
                f"{self.mapping_layers} mapping layers need as many ranks, "
                f"not {len(self.mapping_ranks)}"
            )
        if min(self.mapping_ranks, default=0) < 0:
            raise ValueError("the rank of a mapping layer cannot be below 0")
        # One way to say that everything is whole, so that equal networks have equal configs.
        if not any(self.factors):
            object.__setattr__(self, "factors", ())
        if not any(self.mapping_ranks):
            object.__setattr__(self, "mapping_ranks", ())

    @property
    def factorised(self) -> bool:
        """Whether any layer is kept as a chain of smaller ones."""
        return bool(self.factors or self.mapping_ranks)

    def factor(self, layer: int) -> Factor | None:
        """The chain of convolution ``layer`` (0 is the 4 px one), None for a whole kernel."""
        return self.factors[layer] if self.factors else None

    def mapping_rank(self, layer: int) -> int:
        """The rank of a layer of the mapping network, 0 for a whole matrix."""
        return self.mapping_ranks[layer] if self.mapping_ranks else 0

    @property
    def style_count(self) -> int:
        """Number of style inputs (rows of w+), which equals the length of ``channels``."""
        return 2 * int(math.log2(self.resolution)) - 2

    @property
    def resolutions(self) -> tuple[int, ...]:
        """Every resolution at which the network can stop, 4 px up to the full one."""
        return tuple(FIRST_RESOLUTION << i for i in range(int(math.log2(self.resolution)) - 1))

    def layer_resolution(self, entry: int) -> int:
        """The resolution in pixels at which entry ``entry`` of the channel list is computed."""
        return FIRST_RESOLUTION << (entry // 2)

    def entries_up_to(self, resolution: int) -> int:
        """How many entries of the channel list a picture of ``resolution`` px uses."""
        return 2 * int(math.log2(resolution)) - 2
