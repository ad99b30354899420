"""The discriminator of StyleGAN2: residual, with the standard deviation of the batch near its end.

Written from the papers: Karras et al. 2020, "Analyzing and Improving the Image Quality of
StyleGAN", section 4.1 and figure 7 (residual discriminator); Karras et al. 2018, "Progressive
Growing of GANs", section 3 (minibatch standard deviation) and 4.1 (equalised learning rates, whose
factors are folded into the weights here, as in the generator); Lin et al. 2021, "Anycost GANs",
sections 3.1 and 3.2 (a way in for every trained resolution, and conditioning on the shape of the
generator that drew the picture).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.families.stylegan.config import FIRST_RESOLUTION, IMAGE_CHANNELS
from studio.families.stylegan.synthesis import EPSILON, GAIN, LEAK

LOW_PASS = (0.125, 0.375, 0.375, 0.125)  # [1, 3, 3, 1] / 8
HALF_POWER = 0.5**0.5  # keeps the variance of a sum of two branches
GROUP = 4  # pictures whose standard deviation is taken together


@dataclass(frozen=True)
class DiscriminatorConfig:
    """The sizes of a discriminator.

    Args:
        channels: of every resolution from the full one down to 4 px; full is
            ``4 << (len(channels) - 1)``.
        heads: resolutions in pixels at which pictures may come in, the full one among them.
        shape_entries: length of the vector that describes the generator; 0 for none.
        conv_clamp: absolute limit on activations (StyleGAN2-ADA), or None.
    """

    channels: tuple[int, ...]
    heads: tuple[int, ...]
    shape_entries: int = 0
    conv_clamp: float | None = None

    def __post_init__(self) -> None:
        if len(self.channels) < 2 or min(self.channels) < 1:
            raise ValueError("a discriminator needs channels for at least 8 and 4 px")
        known = {FIRST_RESOLUTION << k for k in range(1, len(self.channels))}
        if self.resolution not in self.heads or not set(self.heads) <= known:
            raise ValueError(f"heads {self.heads} are not among {sorted(known)} with the largest")

    @property
    def resolution(self) -> int:
        """Height and width of the full picture in pixels."""
        return FIRST_RESOLUTION << (len(self.channels) - 1)


class _Weights(nn.Module):
    """A weight and a bias at the scale they are used."""

    def __init__(self, *shape: int, bias: bool = True) -> None:
        super().__init__()
        fan_in = 1
        for size in shape[1:]:
            fan_in *= size
        self.weight = nn.Parameter(torch.randn(*shape) * fan_in**-0.5)
        self.bias = nn.Parameter(torch.zeros(shape[0])) if bias else None


class _Block(nn.Module):
    """One resolution: two convolutions, the second to half the size, and a way past both."""

    def __init__(self, inputs: int, outputs: int) -> None:
        super().__init__()
        self.first = _Weights(inputs, inputs, 3, 3)
        self.second = _Weights(outputs, inputs, 3, 3)
        self.skip = _Weights(outputs, inputs, 1, 1, bias=False)


class Discriminator(nn.Module):
    """Scores pictures: high for those it takes for real.

    Tensor names are Maquette's own: ``heads.64.weight``, ``blocks.0.first.weight`` (block 0 works
    at the full resolution), ``last``, ``hidden``, ``score``; ``shape.weight`` where it is told the
    shape of the generator.
    """

    def __init__(self, config: DiscriminatorConfig) -> None:
        super().__init__()
        self.config = config
        c = config.channels
        full = config.resolution
        self.heads = nn.ModuleDict(
            {
                str(r): _Weights(c[(full // r).bit_length() - 1], IMAGE_CHANNELS, 1, 1)
                for r in sorted(config.heads)
            }
        )
        self.blocks = nn.ModuleList(_Block(c[k], c[k + 1]) for k in range(len(c) - 1))
        self.last = _Weights(c[-1], c[-1] + 1, 3, 3)
        self.hidden = _Weights(c[-1], c[-1] * FIRST_RESOLUTION**2)
        self.score = _Weights(1, c[-1])
        self.shape: _Weights | None = None
        if config.shape_entries:
            self.shape = _Weights(c[-1], config.shape_entries)
            # It begins as a discriminator that is told nothing.
            nn.init.zeros_(self.shape.weight)
        self.taps: Tensor
        self.register_buffer("taps", torch.tensor(LOW_PASS), persistent=False)

    def load(self, tensors: Mapping[str, Tensor]) -> Discriminator:
        """Take over tensors by name; heads and shape that are not among them stay as they are.

        Raises:
            ValueError: a tensor is unknown, misshapen, or one that every discriminator has is
                missing.
        """
        own = self.state_dict()
        for name, tensor in tensors.items():
            if name not in own or own[name].shape != tensor.shape:
                raise ValueError(f"the tensor {name} does not fit this discriminator")
        optional = ("shape.", "heads.")
        missing = [n for n in own if n not in tensors and not n.startswith(optional)]
        if missing:
            raise ValueError(f"the discriminator lacks {missing[0]}")
        self.load_state_dict(own | dict(tensors))
        return self

    def features(self, pictures: Tensor) -> list[Tensor]:
        """What every block makes of pictures (n, 3, r, r) in [-1, 1], largest first.

        Raises:
            ValueError: pictures of that resolution have no way in.
        """
        size = pictures.shape[-1]
        if size not in self.config.heads:
            raise ValueError(f"pictures of {size} px have no way in; there is {self.config.heads}")
        head = self.heads[str(size)]
        assert isinstance(head, _Weights)
        x = self._active(F.conv2d(pictures, head.weight, head.bias))
        found = []
        for block in list(self.blocks)[(self.config.resolution // size).bit_length() - 1 :]:
            assert isinstance(block, _Block)
            x = self._block(x, block)
            found.append(x)
        return found

    def forward(self, pictures: Tensor, shapes: Tensor | None = None) -> Tensor:
        """Scores (n,) of pictures (n, 3, r, r) in [-1, 1].

        Args:
            shapes: (n or 1, shape_entries): shares of full width of the generator's layers, where
                this discriminator is told them.
        """
        x = self.features(pictures)[-1]
        x = torch.cat([x, _deviation(x)], dim=1)
        x = self._active(F.conv2d(x, self.last.weight, self.last.bias, padding=1))
        x = self._active(F.linear(x.flatten(1), self.hidden.weight, self.hidden.bias))
        if self.shape is not None and shapes is not None:
            x = x * (1.0 + F.linear(shapes, self.shape.weight, self.shape.bias))
        return F.linear(x, self.score.weight, self.score.bias)[:, 0]

    def _active(self, x: Tensor) -> Tensor:
        x = F.leaky_relu(x, LEAK) * GAIN
        clamp = self.config.conv_clamp
        return x if clamp is None else x.clamp(-clamp, clamp)

    def _block(self, x: Tensor, block: _Block) -> Tensor:
        past = F.conv2d(_low_pass(x, self.taps, 1, stride=2), block.skip.weight)
        x = self._active(F.conv2d(x, block.first.weight, block.first.bias, padding=1))
        x = _low_pass(x, self.taps, 2)
        x = self._active(F.conv2d(x, block.second.weight, block.second.bias, stride=2))
        return (x + past) * HALF_POWER


def _low_pass(x: Tensor, taps: Tensor, padding: int, stride: int = 1) -> Tensor:
    """Filter each channel of (n, c, r, r) with the 4x4 kernel of ``taps``."""
    channels = x.shape[1]
    kernel = torch.outer(taps, taps).expand(channels, 1, 4, 4)
    return F.conv2d(x, kernel, padding=padding, stride=stride, groups=channels)


def _deviation(x: Tensor) -> Tensor:
    """The mean standard deviation of groups of pictures as one more channel (n, 1, h, w).

    Groups are of four, or the largest number up to four that divides the batch; picture k is in the
    group of those k apart by the number of groups.
    """
    n, _, height, width = x.shape
    group = next(g for g in range(min(GROUP, n), 0, -1) if n % g == 0)
    spread = x.reshape(group, n // group, -1).var(dim=0, unbiased=False)
    mean = (spread + EPSILON).sqrt().mean(dim=1)
    return mean.repeat(group)[:, None, None, None].expand(n, 1, height, width)


def new_discriminator(
    channels: Sequence[int], heads: Sequence[int], shape_entries: int, seed: int
) -> Discriminator:
    """An untrained discriminator; the same for the same seed. Other random numbers stay as are."""
    with torch.random.fork_rng(devices=[]):
        torch.manual_seed(seed)
        return Discriminator(DiscriminatorConfig(tuple(channels), tuple(heads), shape_entries))
