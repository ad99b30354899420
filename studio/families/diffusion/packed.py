"""Layers whose weights stay in the few bits of a GGUF file; each is unpacked while it runs.

That saves memory, not time: what is computed is computed in floating point, from weights that
``diffusers`` unpacks block by block.
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, cast

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from studio.checkpoints.causes import Cause, listed
from studio.families.diffusion.gguf_file import GgufFile, GgufTensor, Place

_AT_ONCE = 1 << 16  # blocks, so that what stands between bytes and numbers stays small
_TYPES = {"float32": torch.float32, "float16": torch.float16, "bfloat16": torch.bfloat16}


def unpacked(data: Tensor, kind: str, shape: tuple[int, ...]) -> Tensor:
    """Weights of a packed type as float32.

    Args:
        data: bytes of whole blocks, in any shape. kind: e.g. ``Q4_K``. shape: of the weights.
    """
    from diffusers.quantizers.gguf.utils import dequantize_functions
    from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

    of = GGMLQuantizationType[kind]
    block, length = GGML_QUANT_SIZES[of]
    blocks = data.reshape(-1, length)
    made = torch.empty(blocks.shape[0], block, device=data.device)
    for begin in range(0, blocks.shape[0], _AT_ONCE):
        some = blocks[begin : begin + _AT_ONCE]
        numbers = dequantize_functions[of](some, block, length, torch.float32)
        made[begin : begin + _AT_ONCE] = numbers.reshape(-1, block)
    return made.reshape(shape)


class PackedLinear(nn.Linear):
    """A linear layer; ``weight`` holds bytes of the type ``packing``."""

    packing: str

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - as in nn.Linear
        """As of a linear layer with the unpacked weights, in the type of ``input``."""
        shape = self.out_features, self.in_features
        weight = unpacked(self.weight, self.packing, shape).to(input.dtype)
        return functional.linear(input, weight, self.bias)


class PackedConv2d(nn.Conv2d):
    """A convolution; ``weight`` holds bytes of the type ``packing``."""

    packing: str

    def forward(self, input: Tensor) -> Tensor:  # noqa: A002 - as in nn.Conv2d
        """As of a convolution with the unpacked weights, in the type of ``input``."""
        shape = self.out_channels, self.in_channels // self.groups, *self.kernel_size
        weight = unpacked(self.weight, self.packing, shape).to(input.dtype)
        made: Tensor = self._conv_forward(input, weight, self.bias)
        return made


_PACKED: Mapping[type[nn.Module], type[nn.Module]] = {
    nn.Linear: PackedLinear,
    nn.Conv2d: PackedConv2d,
}


def take_weights(network: nn.Module, file: GgufFile, places: Mapping[str, Place]) -> nn.Module:
    """Give a network without content its weights, mapped from ``file``; linear layers and
    convolutions keep them packed, anything else is unpacked.

    Args:
        places: of every tensor of the network, checked before.

    Raises:
        Cause: the file cannot be mapped, or has changed.
    """
    data = _mapped(file.path)
    modules = dict(network.named_modules())
    wanted = {name: tuple(each.shape) for name, each in network.state_dict().items()}
    plain: dict[str, Tensor] = {}
    kept: list[str] = []
    for name, place in places.items():
        tensor = file.tensors[place.source]
        if tensor.offset + tensor.size > len(data):
            raise Cause("it has changed since it was looked at")
        taken = _taken(data, tensor, place)
        stem, _, ending = name.rpartition(".")
        layer = modules.get(stem)
        if tensor.dtype in _TYPES:
            plain[name] = taken.view(_TYPES[tensor.dtype]).reshape(wanted[name])
        elif ending == "weight" and type(layer) in _PACKED:
            made = cast(Any, layer)
            made.__class__ = _PACKED[type(made)]
            made.packing = tensor.kind
            made.weight = nn.Parameter(taken, requires_grad=False)
            kept.append(name)
        else:
            plain[name] = unpacked(taken, tensor.kind, wanted[name])
    found = network.load_state_dict(plain, strict=False, assign=True)
    if missing := sorted(set(found.missing_keys) - set(kept)):
        raise Cause(f"it lacks {listed(missing)}")
    return network


def _mapped(path: Path) -> Tensor:
    """The bytes of a file. Private and writable, for PyTorch has no tensors that are not; nobody
    writes to them, so that they stay the pages of the file."""
    try:
        return torch.from_numpy(np.memmap(path, np.uint8, mode="c"))
    except (OSError, ValueError) as error:
        raise Cause(f"it cannot be mapped: {error}") from error


def _taken(data: Tensor, tensor: GgufTensor, place: Place) -> Tensor:
    """The bytes of a place, (rows, bytes of a row); a view where the rows are one run."""
    rows = tensor.shape[0] if tensor.rows else 1
    found = data[tensor.offset : tensor.offset + tensor.size].reshape(rows, -1)
    runs = [found[begin:end] for begin, end in place.rows]
    if not runs:
        return found
    return runs[0] if len(runs) == 1 else torch.cat(runs)
