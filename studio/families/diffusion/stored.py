"""Components whose weights are kept in few bits while PyTorch runs them: for memory, not for speed.

Int8 is symmetric per output channel, int4 symmetric per group of ``GROUP`` input values of a linear
layer whose inputs come in whole groups; other layers take int8 then. Every layer widens its weights
while it runs. fp8 is diffusers' own layerwise casting: weights lie in float8 (e4m3) and are cast
before a layer runs and back behind it. Norms and embeddings keep their type.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

import torch
from torch import Tensor, nn
from torch.nn import functional

from studio.families.diffusion.components import in_place_of

GROUP = 64
LARGEST, LARGEST_4 = 127, 7
FP8 = torch.float8_e4m3fn
IN_PYTORCH = ("weights-int8", "weights-int4", "fp8")
"""Choices that change what PyTorch runs; int8 itself runs in compiled runtimes alone."""


def packed_8(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A weight (o, ...) as int8 of its shape, and the scale (o, 1, ...) of its channels."""
    weight = weight.float()
    others = tuple(range(1, weight.ndim))
    largest = weight.abs().amax(dim=others, keepdim=True)
    scale = torch.where(largest > 0, largest, 1.0) / LARGEST
    return (weight / scale).round().to(torch.int8), scale


def packed_4(weight: Tensor) -> tuple[Tensor, Tensor]:
    """A weight (o, i) as bytes (o, i / 2) of two numbers from -7 to 7, and the scale (o, g, 1) of
    groups of inputs."""
    groups = weight.float().reshape(len(weight), -1, GROUP)
    largest = groups.abs().amax(dim=2, keepdim=True)
    scale = torch.where(largest > 0, largest, 1.0) / LARGEST_4
    numbers = (groups / scale).round().to(torch.int16).reshape(len(weight), -1, 2) + 8
    return (numbers[..., 0] | numbers[..., 1] << 4).to(torch.uint8).view(torch.int8), scale


def unpacked_4(data: Tensor, scale: Tensor) -> Tensor:
    """What :func:`packed_4` was given, rounded, float32 (o, i)."""
    whole = data.view(torch.uint8)
    numbers = torch.stack([whole & 15, whole >> 4], dim=-1).reshape(len(data), -1, GROUP)
    return ((numbers.float() - 8) * scale).reshape(len(data), -1)


class StoredLinear(nn.Linear):
    """A linear layer; ``weight`` holds whole numbers, ``scale`` what to multiply them by."""

    scale: Tensor

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - as in nn.Linear
        """As of a linear layer with the widened weights, in the type of ``input``."""
        few = self.weight.shape[1] != self.in_features
        weight = unpacked_4(self.weight, self.scale) if few else self.weight * self.scale
        return functional.linear(input, weight.to(input.dtype), self.bias)


class StoredConv2d(nn.Conv2d):
    """A convolution; ``weight`` holds whole numbers, ``scale`` what to multiply them by."""

    scale: Tensor

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - as in nn.Conv2d
        """As of a convolution with the widened weights, in the type of ``input``."""
        weight = (self.weight * self.scale).to(input.dtype)
        made: Tensor = self._conv_forward(input, weight, self.bias)
        return made


_STORED = {nn.Linear: StoredLinear, nn.Conv2d: StoredConv2d}


def stored_as(
    network: nn.Module,
    choice: str,
    computes: torch.dtype,
    within: Callable[[str], bool] = lambda name: True,
) -> nn.Module:
    """A network of the same class whose layers keep their weights by ``choice``; the given one
    stays, and no second copy of it is made.

    Args:
        choice: one of ``IN_PYTORCH``. computes: the type that all else has and layers compute in.
        within: of the names of layers, those that are meant.
    """
    layers = {
        name: part
        for name, part in network.named_modules()
        if type(part) in _STORED and within(name)
    }
    meant = {id(part.weight) for part in layers.values()}

    def made(tensor: Tensor) -> Tensor:
        if id(tensor) in meant or not tensor.is_floating_point():
            return tensor
        return tensor.to(computes)

    copy = in_place_of(network, made)
    found = dict(copy.named_modules())
    if choice == "fp8":
        return _cast(copy, [found[name] for name in layers], computes)
    for name in layers:
        part = cast(Any, found[name])
        weight = part.weight.detach()
        groups = weight.ndim == 2 and weight.shape[1] % GROUP == 0
        few = choice == "weights-int4" and groups
        numbers, scale = packed_4(weight) if few else packed_8(weight)
        part.__class__ = _STORED[type(part)]
        part.weight = nn.Parameter(numbers, requires_grad=False)
        part.register_buffer("scale", scale)
    return copy


def _cast(network: nn.Module, layers: list[nn.Module], computes: torch.dtype) -> nn.Module:
    from diffusers.hooks import apply_layerwise_casting

    for layer in layers:
        apply_layerwise_casting(
            layer,
            storage_dtype=FP8,
            compute_dtype=computes,
            skip_modules_pattern=None,
            non_blocking=False,
        )
    return network


def held_bytes(network: nn.Module) -> int:
    """Bytes of all weights as they lie in memory, each once."""
    tensors = {id(t): t for t in (*network.parameters(), *network.buffers())}
    return sum(tensor.numel() * tensor.element_size() for tensor in tensors.values())
