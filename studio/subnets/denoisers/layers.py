"""Layers that run a part of another layer's weights, in place, and blocks that add nothing."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.subnets.denoisers.clones import shallow
from studio.subnets.denoisers.sites import BlockKind

Run = tuple[int, int]
"""First index and the one behind the last."""


def joined(runs: Sequence[Run]) -> tuple[Run, ...]:
    """The same runs in their order, those that touch made one."""
    made: list[Run] = []
    for start, stop in sorted(runs):
        if made and made[-1][1] == start:
            made[-1] = (made[-1][0], stop)
        else:
            made.append((start, stop))
    return tuple(made)


def length(runs: Sequence[Run]) -> int:
    """How many indices lie in the runs."""
    return sum(stop - start for start, stop in runs)


class SplitLinear(nn.Module):
    """A linear layer over several runs of another's outputs and inputs, without copying either.

    Args:
        linear: the layer. outputs, inputs: runs of its outputs and inputs that are kept. What it
            takes and gives holds these runs one behind the other.
    """

    def __init__(self, linear: nn.Linear, outputs: Sequence[Run], inputs: Sequence[Run]) -> None:
        super().__init__()
        self.out_features, self.in_features = length(outputs), length(inputs)
        self.inputs = [stop - start for start, stop in inputs]
        self.weights = nn.ParameterList(
            _view(linear.weight[a:b, c:d]) for a, b in outputs for c, d in inputs
        )
        bias = linear.bias
        self.biases = (
            None if bias is None else nn.ParameterList(_view(bias[a:b]) for a, b in outputs)
        )

    def merged(self) -> nn.Linear:
        """A plain layer with the same weights, copied into memory of its own."""
        weights = list(self.weights)
        columns = len(self.inputs)
        rows = [torch.cat(weights[at : at + columns], 1) for at in range(0, len(weights), columns)]
        made = nn.Linear(self.in_features, self.out_features, bias=False, device="meta")
        made.weight = _view(torch.cat(rows))
        if self.biases is not None:
            made.bias = _view(torch.cat(list(self.biases)))
        return made.train(self.training)

    def forward(self, x: Tensor) -> Tensor:
        """(..., in_features) to (..., out_features)."""
        pieces = torch.split(x, self.inputs, dim=-1)
        made = []
        for row in range(0, len(self.weights), len(pieces)):
            bias = None if self.biases is None else self.biases[row // len(pieces)]
            out = F.linear(pieces[0], self.weights[row], bias)
            for column, piece in enumerate(pieces[1:], 1):
                out = out + F.linear(piece, self.weights[row + column])
            made.append(out)
        return made[0] if len(made) == 1 else torch.cat(made, dim=-1)


def narrowed(
    layer: nn.Module, outputs: Sequence[Run] | None, inputs: Sequence[Run] | None, group: int = 0
) -> nn.Module:
    """A layer over runs of its outputs and inputs, on the same memory.

    Args:
        layer: nn.Linear, nn.Conv2d or nn.GroupNorm. outputs, inputs: None keeps all of them.
        group: channels of one group, for a GroupNorm.
    """
    if isinstance(layer, nn.GroupNorm):
        assert outputs is not None
        ((_, stop),) = outputs
        norm = shallow(layer)
        # Past nn.Module's own way, which first looks whether it is a tensor or a module.
        vars(norm).update(num_channels=stop, num_groups=stop // group)
        _put(norm, layer.weight[:stop], layer.bias[:stop])
        return norm
    assert isinstance(layer, nn.Linear | nn.Conv2d)
    rows = tuple(outputs) if outputs is not None else ((0, layer.weight.shape[0]),)
    columns = tuple(inputs) if inputs is not None else ((0, layer.weight.shape[1]),)
    if isinstance(layer, nn.Linear) and (len(rows) > 1 or len(columns) > 1):
        return SplitLinear(layer, rows, columns)
    ((a, b),), ((c, d),) = rows, columns
    made = shallow(layer)
    weight, bias = layer.weight, layer.bias
    _put(made, weight[a:b, c:d], None if bias is None else bias[a:b])
    if isinstance(made, nn.Linear):
        vars(made).update(out_features=b - a, in_features=d - c)
    else:
        vars(made).update(out_channels=b - a, in_channels=d - c)
    return made


def _view(tensor: Tensor) -> nn.Parameter:
    return nn.Parameter(tensor, requires_grad=False)


def _put(layer: nn.Module, weight: Tensor, bias: Tensor | None) -> None:
    layer._parameters["weight"] = _view(weight)
    layer._parameters["bias"] = None if bias is None else _view(bias)


class Skipped(nn.Module):
    """A block that adds nothing to its trunk.

    Args:
        kind: what the block takes and gives. divisor: by which the block divides its sum.
    """

    context_pre_only = False

    def __init__(self, kind: BlockKind, divisor: float = 1.0) -> None:
        super().__init__()
        self.kind = kind
        self.divisor = divisor
        self.out_channels = 0

    def forward(self, hidden_states: Tensor, *args: Any, **kwargs: Any) -> Any:
        """The trunk as it came, in the form in which the block gives it back."""
        if self.kind == "joint":
            text = kwargs["encoder_hidden_states"] if "encoder_hidden_states" in kwargs else args[0]
            return text, hidden_states
        if self.divisor != 1:
            hidden_states = hidden_states / self.divisor
        return (hidden_states,) if self.kind == "transformer2d" else hidden_states


def skipped(block: nn.Module, kind: BlockKind) -> Skipped:
    """What runs in the place of a block that is left out."""
    given: Any = block
    divisor = {
        "resnet": lambda: given.output_scale_factor,
        "attention": lambda: given.rescale_output_factor,
    }.get(kind, lambda: 1.0)()
    made = Skipped(kind, float(divisor))
    made.out_channels = getattr(given, "out_channels", 0)
    return made
