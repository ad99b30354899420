"""A small network as an ONNX graph and, with equal weights, as a torch module."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn
from torch.nn import functional as F

from studio.families.portable import OPSET, Port, PortableNetwork

OPERATORS = ("Add", "Conv", "ConvTranspose", "LeakyRelu", "MatMul", "Mul", "Unsqueeze")
Array = npt.NDArray[np.float32]


class Modulated(nn.Module):
    """Convolution, modulation by a matrix product, convolution upwards."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        for name, value in weights.items():
            self.register_buffer(name, value)

    def forward(self, x: Tensor, style: Tensor) -> Tensor:
        y = F.leaky_relu(F.conv2d(x, self.first, padding=1), 0.2)
        y = y * (style @ self.affine)[:, :, None, None]
        y = F.conv_transpose2d(y, self.up, stride=2, padding=1, output_padding=1)
        return F.leaky_relu(y, 0.2)


class Small(nn.Module):
    """``x`` (batch, 4, side, side), ``style`` (batch, 8) and ``lift`` (1,) to ``y`` (batch, 3,
    2 side, 2 side)."""

    def __init__(self, weights: dict[str, Tensor]) -> None:
        super().__init__()
        self.body = Modulated({k: weights[k] for k in ("first", "affine", "up")})
        self.register_buffer("rgb", weights["rgb"])
        self.register_buffer("bias", weights["bias"])

    def forward(self, x: Tensor, style: Tensor, lift: Tensor) -> Tensor:
        return F.conv2d(self.body(x, style), self.rgb, self.bias) + lift


def small_network(
    *, channels: int = 16, side: int = 16, seed: int = 0, name: str = "small"
) -> PortableNetwork:
    """The network with random weights; equal arguments make equal ones."""
    draw = torch.Generator().manual_seed(seed)

    def random(*shape: int) -> Tensor:
        return torch.randn(*shape, generator=draw) / shape[-1]

    weights = {
        "first": random(channels, 4, 3, 3),
        "affine": random(8, channels),
        "up": random(channels, channels, 3, 3) / channels**0.5,
        "rgb": random(3, channels, 1, 1) / channels**0.5,
        "bias": random(3),
    }
    y = Port("y", ("batch", 3, 2 * side, 2 * side))
    ports = (Port("x", ("batch", 4, side, side)), Port("style", ("batch", 8)), Port("lift", (1,)))
    return PortableNetwork(
        key=f"{channels}-{side}-{seed}",
        name=name,
        inputs=ports,
        outputs=(y,),
        operators=OPERATORS,
        parameters=sum(w.numel() for w in weights.values()),
        macs=9 * channels * (4 + channels) * side * side,
        activations=channels * 4 * side * side,
        onnx=lambda: _graph(weights, ports, y),
        module=lambda: Small(weights).eval(),
    )


def _graph(weights: dict[str, Tensor], inputs: tuple[Port, ...], output: Port) -> bytes:
    node = helper.make_node
    nodes = [
        node("Conv", ["x", "first"], ["a"], pads=[1] * 4, name="first conv"),
        node("LeakyRelu", ["a"], ["b"], alpha=0.2),
        node("MatMul", ["style", "affine"], ["s"], name="affine product"),
        node("Unsqueeze", ["s", "axes"], ["s4"]),
        node("Mul", ["b", "s4"], ["c"]),
        node(
            "ConvTranspose",
            ["c", "up"],
            ["d"],
            strides=[2, 2],
            pads=[1] * 4,
            output_padding=[1, 1],
            name="up conv",
        ),
        node("LeakyRelu", ["d"], ["e"], alpha=0.2),
        node("Conv", ["e", "rgb", "bias"], ["f"], name="rgb conv"),
        node("Add", ["f", "lift"], ["y"]),
    ]
    constants = [numpy_helper.from_array(v.numpy(), k) for k, v in weights.items()]
    constants.append(numpy_helper.from_array(np.array([2, 3]), "axes"))
    return serialised("small", nodes, inputs, (output,), constants)


def serialised(
    name: str,
    nodes: list[onnx.NodeProto],
    inputs: tuple[Port, ...],
    outputs: tuple[Port, ...],
    constants: list[onnx.TensorProto],
) -> bytes:
    """A checked ONNX model."""

    def value(port: Port) -> onnx.ValueInfoProto:
        return helper.make_tensor_value_info(port.name, TensorProto.FLOAT, port.shape)

    graph = helper.make_graph(nodes, name, map(value, inputs), map(value, outputs), constants)
    model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=9)
    onnx.checker.check_model(model, full_check=True)
    data: bytes = model.SerializeToString()
    return data


def inputs_for(network: PortableNetwork, batch: int = 1, seed: int = 0) -> dict[str, Array]:
    """Random inputs."""
    draw = np.random.default_rng(seed)
    return {
        port.name: draw.standard_normal(port.fixed(batch=batch)).astype(np.float32)
        for port in network.inputs
    }


def expected(network: PortableNetwork, inputs: dict[str, Array]) -> Array:
    """What the torch module makes of them in float32."""
    with torch.inference_mode():
        made = network.module()(*(torch.from_numpy(a.copy()) for a in inputs.values()))
    array: Array = made.numpy()
    return array


def assert_equal(made: Array, wanted: Array) -> None:
    """Equal in float32: 1e-4, or 1e-5 of the largest value."""
    assert made.dtype == np.float32
    assert made.shape == wanted.shape
    largest = float(np.abs(wanted).max())
    assert float(np.abs(made - wanted).max()) <= max(1e-4, 1e-5 * largest)
    assert largest > 0.1  # else everything would be equal


def decibels(made: Array, wanted: Array) -> float:
    """PSNR of values whose range is that of ``wanted``."""
    error = float(np.mean((made.astype(np.float64) - wanted) ** 2))
    span = float(wanted.max() - wanted.min())
    return 10 * float(np.log10(span**2 / max(error, 1e-30)))
