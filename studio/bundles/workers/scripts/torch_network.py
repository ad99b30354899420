"""A graph as a torch module, for the converters that begin with ``torch.export``."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn import functional

from .graph import Graph, Node, NotConverted, even_padding

Operator = Callable[..., Tensor]


class TorchNetwork(nn.Module):
    """``forward`` takes the graph's inputs in their order and gives its outputs, a tuple of them
    where there are several."""

    def __init__(self, graph: Graph) -> None:
        super().__init__()
        self.graph = graph
        self.places: dict[str, str] = {}
        self.divided: dict[str, str] = {}
        self.numbers: dict[str, Any] = {}
        for index, (name, array) in enumerate(graph.constants.items()):
            if array.dtype.kind == "f" and array.ndim:
                self.places[name] = f"constant{index}"
                self.register_buffer(f"constant{index}", torch.from_numpy(np.array(array)))
            else:  # axes, indices, limits: part of the program, no weights
                self.numbers[name] = array.tolist()
                if array.dtype.kind == "f":
                    self.divided[name] = f"constant{index}"
                    self.register_buffer(f"constant{index}", torch.from_numpy(array.reshape(1)))
        self.eval()

    def forward(self, *inputs: Tensor) -> Any:
        known: dict[str, Any] = dict(self.numbers)
        known |= {name: getattr(self, place) for name, place in self.places.items()}
        known |= {name: each for (name, _), each in zip(self.graph.inputs, inputs, strict=True)}
        for node in self.graph.nodes:
            given = [known[name] if name else None for name in node.inputs]
            if node.operator == "Div" and node.inputs[0] in self.divided:
                # A number over a tensor becomes a reciprocal, which XNNPACK does not have.
                given[0] = getattr(self, self.divided[node.inputs[0]])
            known[node.output] = run_node(node, given)
        outputs = tuple(known[name] for name, _ in self.graph.outputs)
        return outputs[0] if len(outputs) == 1 else outputs


def run_node(node: Node, given: list[Any]) -> Tensor:
    """What a node makes of its inputs; constants without dimensions come as Python numbers."""
    if node.operator not in OPERATORS:
        raise NotConverted(f"the operator {node.operator} is unknown to the converter")
    return OPERATORS[node.operator](given, node.attributes)


def _convolution(given: list[Any], how: dict[str, Any]) -> Tensor:
    x, weight, bias = [*given, None][:3]
    return functional.conv2d(
        x,
        weight,
        bias,
        stride=tuple(how.get("strides", (1, 1))),
        padding=tuple(even_padding(how)),
        dilation=tuple(how.get("dilations", (1, 1))),
        groups=how.get("group", 1),
    )


def _transposed(given: list[Any], how: dict[str, Any]) -> Tensor:
    x, weight, bias = [*given, None][:3]
    return functional.conv_transpose2d(
        x,
        weight,
        bias,
        stride=tuple(how.get("strides", (1, 1))),
        padding=tuple(even_padding(how)),
        dilation=tuple(how.get("dilations", (1, 1))),
        groups=how.get("group", 1),
    )


def _gemm(given: list[Any], how: dict[str, Any]) -> Tensor:
    x, weight, bias = [*given, None][:3]
    if how.get("transA", 0) or how.get("alpha", 1.0) != 1.0 or how.get("beta", 1.0) != 1.0:
        raise NotConverted("a Gemm is more than a product and a bias")
    return functional.linear(x, weight if how.get("transB", 0) else weight.t(), bias)


def _gather(given: list[Any], how: dict[str, Any]) -> Tensor:
    x, index = given
    if not isinstance(index, int):
        raise NotConverted("a Gather takes more than one row")
    picked: Tensor = x.select(how.get("axis", 0), index)
    return picked


def _unsqueezed(given: list[Any], _how: dict[str, Any]) -> Tensor:
    x, axes = given
    for axis in sorted(axes):
        x = x.unsqueeze(axis)
    return torch.as_tensor(x)


OPERATORS: dict[str, Operator] = {
    "Add": lambda given, how: given[0] + given[1],
    "Clip": lambda given, how: torch.clamp(given[0], given[1], given[2]),
    "Concat": lambda given, how: torch.cat(given, dim=how["axis"]),
    "Conv": _convolution,
    "ConvTranspose": _transposed,
    "Div": lambda given, how: given[0] / given[1],
    "Gather": _gather,
    "Gemm": _gemm,
    "Identity": lambda given, how: given[0],
    "LeakyRelu": lambda given, how: functional.leaky_relu(given[0], how.get("alpha", 0.01)),
    "MatMul": lambda given, how: given[0] @ given[1],
    "Mul": lambda given, how: given[0] * given[1],
    "ReduceMean": lambda given, how: given[0].mean(
        dim=given[1], keepdim=bool(how.get("keepdims", 1))
    ),
    "Sqrt": lambda given, how: torch.sqrt(given[0]),
    "Sub": lambda given, how: given[0] - given[1],
    "Tile": lambda given, how: given[0].repeat(given[1]),
    "Unsqueeze": _unsqueezed,
}
