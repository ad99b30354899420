"""A translation network as an ONNX graph, built straight from its weights.

Batch, height and width are named dynamic dimensions. Operators are those that ONNX Runtime and
OpenVINO both have: instance norms are InstanceNormalization, SPADE's label maps are sliced with a
stride (nearest neighbour, without arithmetic that could round) and its values doubled by Resize.

OpenVINO adds up the squares of an instance norm in float32, which leaves about 1e-5 of its scale.
Networks hardly show it, except SPADE with such norms inside separable convolutions, whose gains
blow it up: to 4.5e-4 in the picture at random weights, where ONNX Runtime stays below 1e-4. Writing
the norm as means and products came to 1.6e-4 at best, and kept the runtime from fusing it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper
from torch import Tensor

from studio.families.onnx_model import model_of
from studio.families.portable import Port
from studio.families.translation.steps import (
    EPSILON,
    INPUT,
    LEAK,
    Activate,
    Add,
    Convolve,
    ConvolveUp,
    Double,
    Join,
    Modulate,
    Normalise,
    Reflect,
    Shrink,
    Step,
)

_FAR = np.iinfo(np.int64).max


class _Graph:
    """Nodes and constants as they are added."""

    def __init__(self, tensors: Mapping[str, Tensor]) -> None:
        self.tensors = tensors
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, npt.NDArray[np.generic]] = {}

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        if name not in self.constants:
            self.constants[name] = np.array(value, order="C")  # keeps a scalar one
        return name

    def numbers(self, name: str, *values: int) -> str:
        return self.constant(name, np.asarray(values, dtype=np.int64))

    def scalar(self, name: str, value: float) -> str:
        return self.constant(name, np.asarray(value, dtype=np.float32))

    def weight(self, name: str) -> str:
        return self.constant(name, self.tensors[name].detach().contiguous().numpy())

    def node(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def convolve(self, step: Convolve) -> None:
        weight = self.tensors[step.weight]
        inputs = [step.source, self.weight(step.weight)]
        if step.bias is not None:
            inputs.append(self.weight(step.bias))
        k, p = weight.shape[-1], step.padding
        attributes: dict[str, Any] = {"kernel_shape": [k, k]}
        if p:
            attributes["pads"] = [p, p, p, p]
        if step.stride > 1:
            attributes["strides"] = [step.stride, step.stride]
        if step.depthwise and weight.shape[0] > 1:
            attributes["group"] = weight.shape[0]
        self.node("Conv", inputs, step.name, **attributes)

    def convolve_up(self, step: ConvolveUp) -> None:
        inputs = [step.source, self.weight(step.weight)]
        if step.bias is not None:
            inputs.append(self.weight(step.bias))
        k, o = self.tensors[step.weight].shape[-1], step.output_padding
        attributes: dict[str, Any] = {"output_padding": [o, o]} if o else {}
        self.node(
            "ConvTranspose", inputs, step.name, kernel_shape=[k, k], strides=[2, 2],
            pads=[1, 1, 1, 1], **attributes,
        )  # fmt: skip

    def normalise(self, step: Normalise, channels: int) -> None:
        def given(name: str | None, value: float) -> str:
            if name is not None:
                return self.weight(name)
            return self.constant(f"{value:g} x {channels}", np.full(channels, value, np.float32))

        scale, shift = given(step.weight, 1), given(step.bias, 0)
        if step.mean is None or step.var is None:
            self.node(
                "InstanceNormalization", [step.source, scale, shift], step.name, epsilon=EPSILON
            )
            return
        inputs = [step.source, scale, shift, self.weight(step.mean), self.weight(step.var)]
        self.node("BatchNormalization", inputs, step.name, epsilon=EPSILON)

    def activate(self, step: Activate) -> None:
        x = step.source
        if step.kind == "clamp":
            low, high = self.scalar("minus one", -1.0), self.scalar("one", 1.0)
            self.node("Clip", [x, low, high], step.name)
        elif step.kind == "leaky":
            self.node("LeakyRelu", [x], step.name, alpha=LEAK)
        else:
            self.node({"relu": "Relu", "tanh": "Tanh"}[step.kind], [x], step.name)

    def step(self, step: Step, channels: int) -> None:
        """Add what a step does; ``channels`` are those of its source."""
        match step:
            case Convolve():
                self.convolve(step)
            case ConvolveUp():
                self.convolve_up(step)
            case Reflect():
                a = step.amount
                pads = self.numbers(f"pad by {a}", 0, 0, a, a, 0, 0, a, a)
                self.node("Pad", [step.source, pads], step.name, mode="reflect")
            case Normalise():
                self.normalise(step, channels)
            case Activate():
                self.activate(step)
            case Add():
                self.node("Add", [step.source, step.other], step.name)
            case Join():
                self.node("Concat", [step.source, step.other], step.name, axis=1)
            case Double():
                scales = self.constant("double", np.asarray([1, 1, 2, 2], dtype=np.float32))
                self.node(
                    "Resize", [step.source, "", scales], step.name, mode="nearest",
                    coordinate_transformation_mode="asymmetric", nearest_mode="floor",
                )  # fmt: skip
            case Shrink():
                inputs = [
                    step.source,
                    self.numbers("slice from", 0, 0),
                    self.numbers("slice to", _FAR, _FAR),
                    self.numbers("slice axes", 2, 3),
                    self.numbers(f"every {step.factor}", step.factor, step.factor),
                ]
                self.node("Slice", inputs, step.name)
            case Modulate():
                one = self.scalar("one", 1.0)
                scale = self.node("Add", [step.gamma, one], f"{step.name}.scale")
                scaled = self.node("Mul", [step.source, scale], f"{step.name}.scaled")
                self.node("Add", [scaled, step.beta], step.name)


def translation_graph(
    steps: tuple[Step, ...],
    tensors: Mapping[str, Tensor],
    inputs: tuple[Port, ...],
    outputs: tuple[Port, ...],
) -> onnx.ModelProto:
    """The graph of a network, float32."""
    graph = _Graph(tensors)
    channels: dict[str, int] = {INPUT: int(inputs[0].shape[1])}
    for step in steps:
        graph.step(step, channels[step.source])
        channels[step.name] = _channels(step, channels, tensors)
    return model_of("translation", graph.nodes, inputs, outputs, graph.constants)


def _channels(step: Step, known: Mapping[str, int], tensors: Mapping[str, Tensor]) -> int:
    if isinstance(step, Convolve):
        return tensors[step.weight].shape[0]
    if isinstance(step, ConvolveUp):
        return tensors[step.weight].shape[1]
    if isinstance(step, Join):
        return known[step.source] + known[step.other]
    return known[step.source]
