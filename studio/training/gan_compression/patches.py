"""A discriminator of patches (Isola et al. 2017, section 3.2.2), and the adversarial losses."""

from __future__ import annotations

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.gan_compression.options import GanMode

LAYERS = 3  # that halve the picture: patches of 70 px, as published
WIDEST = 8  # times the channels of the first layer
SMALLEST = 16  # px a side


class PatchCritic(nn.Module):
    """Pictures (n, channels, h, w) to one score a patch (n, 1, h', w').

    Args:
        channels: of what is judged: the picture, of pairs the input with it. ndf: of the first
            layer. side: the shorter side of the pictures in px; small ones have fewer layers.
    """

    def __init__(self, channels: int, ndf: int, side: int, seed: int) -> None:
        super().__init__()
        halvings = max(1, min(LAYERS, side.bit_length() - 4))
        widths = [ndf * min(WIDEST, 1 << k) for k in range(halvings + 1)]
        strides = [2] * halvings + [1]
        draw = torch.Generator().manual_seed(seed)
        self.strides = (*strides, 1)
        self.weights = nn.ParameterList()
        before = channels
        for after in (*widths, 1):
            shape = (after, before, 4, 4)
            self.weights.append(nn.Parameter(torch.randn(shape, generator=draw) * 0.02))
            before = after
        # Norms take away every bias but the first layer's and the last's.
        self.first_bias = nn.Parameter(torch.zeros(ndf))
        self.last_bias = nn.Parameter(torch.zeros(1))

    def forward(self, x: Tensor) -> Tensor:
        """Scores; with instance norms between the first and the last layer."""
        last = len(self.strides) - 1
        for index, (weight, stride) in enumerate(zip(self.weights, self.strides, strict=True)):
            bias = {0: self.first_bias, last: self.last_bias}.get(index)
            x = F.conv2d(x, weight, bias, stride, 1)
            if 0 < index < last:
                x = F.instance_norm(x)
            if index < last:
                x = F.leaky_relu(x, 0.2)
        return x


def critic_loss(mode: GanMode, real: Tensor, fake: Tensor) -> Tensor:
    """What the discriminator learns from: half of the losses of real and drawn patches."""
    if mode == "hinge":
        return (F.relu(1 - real).mean() + F.relu(1 + fake).mean()) / 2
    if mode == "lsgan":
        return ((real - 1).square().mean() + fake.square().mean()) / 2
    return (F.softplus(-real).mean() + F.softplus(fake).mean()) / 2


def passing_loss(mode: GanMode, fake: Tensor) -> Tensor:
    """What the generator learns from."""
    if mode == "hinge":
        return -fake.mean()
    return (fake - 1).square().mean() if mode == "lsgan" else F.softplus(-fake).mean()
