"""Layers of a denoiser as chains of smaller ones, each a plain layer under a name of its own."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.subnets.denoisers.chain_shapes import ChainShape
from studio.subnets.denoisers.clones import replaced

Module = TypeVar("Module", bound=nn.Module)
Plain = nn.Linear | nn.Conv2d


class Chain(nn.Module):
    """What runs in the place of a linear layer or a convolution: two or three that follow each
    other (``reduce``, ``core``, ``expand``, see :class:`ChainShape`). The last one has the bias.

    Args:
        layer: whose place it takes; its sizes, stride, padding and type are read. shape: of the
            chain. Its weights have no content until they are loaded.

    Raises:
        BadChoice: a linear layer has one form only, and convolutions with groups have none.
    """

    def __init__(self, layer: Plain, shape: ChainShape) -> None:
        super().__init__()
        self.shape = shape
        given: dict[str, Any] = {"device": "meta", "dtype": layer.weight.dtype}
        bias = layer.bias is not None
        first, last = shape.ranks[0], shape.ranks[-1]
        if isinstance(layer, nn.Linear):
            if shape.form != "svd":
                raise BadChoice(f"a linear layer cannot be a chain of the form {shape.form}")
            self.core: Plain = nn.Linear(layer.in_features, last, bias=False, **given)
            self.expand: Plain = nn.Linear(last, layer.out_features, bias=bias, **given)
            return
        if layer.groups != 1 or layer.padding_mode != "zeros":
            raise BadChoice("a convolution with groups or a padding of its own cannot be a chain")
        into = layer.in_channels
        if shape.form != "svd":
            self.reduce = nn.Conv2d(into, first, 1, bias=False, **given)
            into = first
        self.core = nn.Conv2d(
            into,
            last,
            layer.kernel_size,  # type: ignore[arg-type]
            layer.stride,  # type: ignore[arg-type]
            layer.padding,  # type: ignore[arg-type]
            layer.dilation,  # type: ignore[arg-type]
            groups=last if shape.form == "cp" else 1,
            bias=False,
            **given,
        )
        self.expand = nn.Conv2d(last, layer.out_channels, 1, bias=bias, **given)

    def forward(self, x: Tensor) -> Tensor:
        """Takes what the layer takes, and gives what it gives but for the error of its ranks."""
        for name in self.shape.links:
            x = self._modules[name](x)  # type: ignore[misc]
        return x

    def whole(self) -> Tensor:
        """The weight (o, i) or (o, i, k, k) that it stands for, in float64."""
        core, expand = (each.weight.detach().double() for each in (self.core, self.expand))
        if isinstance(self.core, nn.Linear):
            return expand @ core
        if self.shape.form == "cp":
            reduce = self.reduce.weight.detach().double()
            return torch.einsum("or,rhw,ri->oihw", expand[..., 0, 0], core[:, 0], reduce[..., 0, 0])
        made = torch.einsum("or,rihw->oihw", expand[..., 0, 0], core)
        if self.shape.form == "svd":
            return made
        reduce = self.reduce.weight.detach().double()
        return torch.einsum("orhw,ri->oihw", made, reduce[..., 0, 0])

    @property
    def first(self) -> str:
        """Name of the link that reads what the layer reads."""
        return self.shape.links[0]

    @property
    def in_features(self) -> int:
        """As of a linear layer."""
        return self.core.in_features  # type: ignore[return-value]

    @property
    def out_features(self) -> int:
        """As of a linear layer."""
        return self.expand.out_features  # type: ignore[return-value]

    @property
    def in_channels(self) -> int:
        """As of a convolution."""
        return self._modules[self.first].in_channels  # type: ignore[union-attr, return-value]

    @property
    def out_channels(self) -> int:
        """As of a convolution."""
        return self.expand.out_channels  # type: ignore[return-value]


LAST = "expand"
"""Name of the link that gives what the layer gives."""


def chain_of(layer: Plain, shape: ChainShape, tensors: Mapping[str, Tensor]) -> Chain:
    """A chain with its weights.

    Args:
        tensors: by the names of links; matrices (o, i) of 1x1 convolutions are put in shape. They
            are taken in the type of the layer.
    """
    made = Chain(layer, shape)
    state = {}
    for name, wanted in made.state_dict().items():
        link, _, part = name.partition(".")
        given: Any = layer.bias if part == "bias" else tensors[link]
        state[name] = given.detach().to(wanted.dtype).reshape(wanted.shape).contiguous()
    made.load_state_dict(state, assign=True)
    return made.eval().requires_grad_(False)


def with_chains(denoiser: Module, chains: Mapping[str, ChainShape]) -> Module:
    """A denoiser with chains without content in the places of layers, for weights to be loaded.

    Raises:
        BadChoice: there is no such layer, or it cannot be such a chain.
    """
    changes: dict[str, nn.Module] = {}
    modules = dict(denoiser.named_modules())
    for name, shape in chains.items():
        layer = modules.get(name)
        if type(layer) not in (nn.Linear, nn.Conv2d):
            raise BadChoice(f"'{name}' is not a layer that can be a chain")
        assert isinstance(layer, Plain)
        changes[name] = Chain(layer, shape)
    return replaced(denoiser, changes)
