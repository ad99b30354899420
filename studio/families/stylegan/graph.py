"""A subnet as an ONNX graph, built straight from its weights.

Writing the graph takes milliseconds where tracing the module takes seconds, so a whole ladder of
subnets is cheap. Every runtime reads it: convolutions have constant weights, the batch is a named
dynamic dimension, the blur is separable (the fastest form outside PyTorch) and the gain after the
leaky rectifier is folded into what comes before it.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
from onnx import helper
from torch import Tensor

from studio.families.onnx_model import model_of
from studio.families.stylegan.factors import groups_of
from studio.families.stylegan.portable import NOISE, PICTURE, STYLES, ports
from studio.families.stylegan.synthesis import (
    BLUR_TAPS,
    EPSILON,
    GAIN,
    LEAK,
    Layer,
    SynthesisView,
    ToRgb,
)

_TAPS = np.asarray(BLUR_TAPS, dtype=np.float32)


class _Graph:
    """Nodes and constants as they are added; every method returns the name of a tensor."""

    def __init__(self) -> None:
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, npt.NDArray[np.generic]] = {}
        self.rows: set[str] = set()

    def constant(self, name: str, value: npt.ArrayLike) -> str:
        if name not in self.constants:
            self.constants[name] = np.array(value, order="C")  # keeps a scalar one
        return name

    def add(self, operator: str, inputs: Sequence[str], name: str, **attributes: Any) -> str:
        self.nodes.append(helper.make_node(operator, inputs, [name], name=name, **attributes))
        return name

    def numbers(self, name: str, *values: int) -> str:
        return self.constant(name, np.asarray(values, dtype=np.int64))

    def scalar(self, name: str, value: float) -> str:
        return self.constant(name, np.asarray(value, dtype=np.float32))

    def style(self, row: int, source: Layer | ToRgb, name: str) -> str:
        """The style of a layer, (batch, i)."""
        index = self.constant(f"row{row}", np.asarray(row, dtype=np.int64))
        w = f"w{row}"
        if w not in self.rows:  # a ToRGB reads the row of the layer after it
            self.rows.add(self.add("Gather", [STYLES, index], w, axis=1))
        weight = self.constant(f"{name}.affine", source.style_weight.numpy())
        bias = self.constant(f"{name}.affine_bias", source.style_bias.numpy())
        return self.add("Gemm", [w, weight, bias], f"{name}.style", transB=1)

    def as_maps(self, vector: str) -> str:
        """(batch, c) as (batch, c, 1, 1)."""
        axes = self.numbers("spatial_axes", 2, 3)
        return self.add("Unsqueeze", [vector, axes], f"{vector}.maps")

    def clamped(self, x: str, limit: float | None, name: str) -> str:
        if limit is None:
            return x
        low = self.scalar(f"minus_{limit:g}", -limit)
        high = self.scalar(f"plus_{limit:g}", limit)
        return self.add("Clip", [x, low, high], f"{name}.clamped")

    def blurred(self, x: str, channels: int, name: str) -> str:
        """Low-pass by two passes of four taps: (2r+1, 2r+1) to (2r, 2r)."""
        down = np.tile(_TAPS.reshape(1, 1, 4, 1), (channels, 1, 1, 1))
        across = np.tile(_TAPS.reshape(1, 1, 1, 4), (channels, 1, 1, 1))
        taps = self.constant(f"taps_down_{channels}", down)
        x = self.add(
            "Conv", [x, taps], f"{name}.blur_down", group=channels, pads=[1, 0, 1, 0],
            kernel_shape=[4, 1],
        )  # fmt: skip
        taps = self.constant(f"taps_across_{channels}", across)
        return self.add(
            "Conv", [x, taps], f"{name}.blurred", group=channels, pads=[0, 1, 0, 1],
            kernel_shape=[1, 4],
        )  # fmt: skip

    def pointwise(self, x: str, matrix: Tensor, name: str) -> str:
        """A 1x1 convolution by a matrix (outputs, inputs)."""
        weight = self.constant(f"{name}.weight", matrix[:, :, None, None].contiguous().numpy())
        return self.add("Conv", [x, weight], name, kernel_shape=[1, 1])

    def convolved(self, x: str, layer: Layer, name: str) -> str:
        """The 3x3 convolution of a layer, or the chain in its place, upsampled where it does."""
        groups = 1
        if layer.reduce is not None:
            x = self.pointwise(x, layer.reduce, f"{name}.reduced")
            groups = groups_of(layer.weight, layer.reduce)
        split = {"group": groups} if groups > 1 else {}
        if layer.up:
            turned = layer.weight if groups > 1 else layer.weight.transpose(0, 1)
            weight = self.constant(f"{name}.weight", turned.contiguous().numpy())
            x = self.add(
                "ConvTranspose", [x, weight], f"{name}.convolved", strides=[2, 2],
                kernel_shape=[3, 3], **split,
            )  # fmt: skip
            x = self.blurred(x, layer.weight.shape[0], name)
        else:
            weight = self.constant(f"{name}.weight", layer.weight.contiguous().numpy())
            x = self.add(
                "Conv", [x, weight], f"{name}.convolved", pads=[1, 1, 1, 1], kernel_shape=[3, 3],
                **split,
            )  # fmt: skip
        return x if layer.expand is None else self.pointwise(x, layer.expand, f"{name}.expanded")

    def layer(self, x: str, row: int, layer: Layer) -> str:
        """One styled convolution; see :func:`studio.families.stylegan.synthesis.run_layer`."""
        name = f"layer{row}"
        style = self.style(row, layer, name)
        energy = self.constant(f"{name}.energy", layer.energy.numpy().T)
        squared = self.add("Mul", [style, style], f"{name}.squared")
        power = self.add("MatMul", [squared, energy], f"{name}.power")
        power = self.add("Add", [power, self.scalar("epsilon", EPSILON)], f"{name}.safe")
        root = self.add("Sqrt", [power], f"{name}.root")
        scale = self.add("Div", [self.scalar("gain", GAIN), root], f"{name}.scale")
        x = self.add("Mul", [x, self.as_maps(style)], f"{name}.modulated")
        x = self.convolved(x, layer, name)
        x = self.add("Mul", [x, self.as_maps(scale)], f"{name}.demodulated")
        if bool(layer.noise.any()):
            maps = self.constant(f"{name}.noise", layer.noise.numpy()[None, None] * GAIN)
            x = self.add(
                "Add", [x, self.add("Mul", [maps, NOISE], f"{name}.grain")], f"{name}.noisy"
            )
        bias = self.constant(f"{name}.bias", layer.bias.numpy().reshape(1, -1, 1, 1) * GAIN)
        x = self.add("Add", [x, bias], f"{name}.biased")
        x = self.add("LeakyRelu", [x], f"{name}.out", alpha=LEAK)
        return self.clamped(x, layer.clamp, name)

    def rgb(self, x: str, row: int, stage: int, rgb: ToRgb, before: str | None) -> str:
        """ToRGB added to the doubled picture of the stage before."""
        name = f"rgb{stage}"
        style = self.as_maps(self.style(row, rgb, name))
        x = self.add("Mul", [x, style], f"{name}.modulated")
        weight = self.constant(f"{name}.weight", rgb.weight.contiguous().numpy())
        bias = self.constant(f"{name}.bias", rgb.bias.numpy())
        x = self.add("Conv", [x, weight, bias], f"{name}.convolved", kernel_shape=[1, 1])
        x = self.clamped(x, rgb.clamp, name)
        if before is None:
            return x
        kernel = np.tile(np.outer(_TAPS, _TAPS)[None, None], (3, 1, 1, 1))
        taps = self.constant("taps_rgb", kernel)
        doubled = self.add(
            "ConvTranspose", [before, taps], f"{name}.doubled", group=3, strides=[2, 2],
            pads=[1, 1, 1, 1], kernel_shape=[4, 4],
        )  # fmt: skip
        return self.add("Add", [doubled, x], f"{name}.sum")


def synthesis_graph(view: SynthesisView, rows: int) -> onnx.ModelProto:
    """The graph of a subnet, float32; ``rows`` is the number of style rows of the whole model."""
    graph = _Graph()
    x = graph.constant("const", view.const[None].contiguous().numpy())
    picture: str | None = None
    for index, layer in enumerate(view.layers):
        x = graph.layer(x, index, layer)
        if index % 2 == 0:
            picture = graph.rgb(x, index + 1, index // 2, view.rgb[index // 2], picture)
    assert picture is not None
    graph.add("Identity", [picture], PICTURE)
    inputs, outputs = ports(view, rows)
    return model_of("synthesis", graph.nodes, inputs, outputs, graph.constants)
