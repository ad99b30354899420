"""The mapping network with truncation, from latents to style inputs, as a portable network."""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor, nn

from studio.families.portable import Port, PortableNetwork
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.portable import NOISE, STYLES
from studio.families.stylegan.synthesis import EPSILON, GAIN, LEAK

if TYPE_CHECKING:
    from studio.families.fills import Fill

LATENT, TRUNCATION, LABEL = "z", "truncation", "label"
OPERATORS = (
    "Add",
    "Concat",
    "Div",
    "Gemm",
    "LeakyRelu",
    "MatMul",
    "Mul",
    "ReduceMean",
    "Sqrt",
    "Sub",
    "Tile",
    "Unsqueeze",
)
FORM = 1


def mapping_network(network: StyleGan2, model: str, rows: int) -> PortableNetwork:
    """Latents to style inputs.

    Inputs: ``z`` (batch, z_dim), ``truncation`` (1,), which is psi of Karras et al. 2019, appendix
    B, for every row, and for conditional models ``label`` (batch, c_dim). Output: ``styles``
    (batch, rows, w_dim).

    Args:
        model: key of the weights. rows: style rows of the whole model.
    """
    config = network.config
    inputs = [Port(LATENT, ("batch", config.z_dim)), Port(TRUNCATION, (1,))]
    if config.c_dim:
        inputs.append(Port(LABEL, ("batch", config.c_dim)))
    kept = [t for n, t in network.named_parameters() if n.startswith(("mapping.", "label_embed."))]
    return PortableNetwork(
        key=hashlib.sha256(f"mapping\0{FORM}\0{model}\0{rows}".encode()).hexdigest()[:32],
        name="mapping network",
        inputs=tuple(inputs),
        outputs=(Port(STYLES, ("batch", rows, config.w_dim)),),
        operators=OPERATORS,
        parameters=sum(t.numel() for t in kept) + config.w_dim,
        macs=sum(t.numel() for t in kept if t.ndim == 2),
        activations=2 * max(config.z_dim, rows * config.w_dim),
        onnx=lambda: _onnx(network, rows, tuple(inputs)),
        module=lambda: Mapping(network, rows),
    )


def fills_of(head: PortableNetwork, body: PortableNetwork) -> tuple[tuple[str, Fill], ...]:
    """How the inputs of a mapping network and of the synthesis after it are filled."""
    from studio.families.fills import ClassVector, Constant, Latent

    fills: list[tuple[str, Fill]] = []
    for port in (*head.inputs, *body.inputs):
        if port.name == LATENT:
            fills.append((port.name, Latent()))
        elif port.name == TRUNCATION:
            words = "1 as trained; towards 0 pictures come near the average"
            fills.append((port.name, Constant(value=1.0, least=0.0, most=2.0, title=words)))
        elif port.name == LABEL:
            assert isinstance(port.shape[1], int)
            fills.append((port.name, ClassVector(count=port.shape[1])))
        elif port.name == NOISE:
            words = "strength of the stored noise maps; 1 as trained"
            fills.append((port.name, Constant(value=1.0, least=0.0, most=2.0, title=words)))
    return tuple(fills)


class Mapping(nn.Module):
    """``forward(z, truncation, label)`` gives style inputs (n, rows, w_dim)."""

    w_avg: Tensor

    def __init__(self, network: StyleGan2, rows: int) -> None:
        super().__init__()
        # A network of its own with nothing but the mapping: exporters save all they find.
        self.steps = len(network.mapping)
        for name, tensor in network.state_dict().items():
            if name.startswith(("mapping.", "label_embed.")):
                self.register_buffer(name.replace(".", "_"), tensor.detach().clone())
        self.register_buffer("w_avg", network.w_avg.detach().clone())
        self.rows = rows
        self.eval()

    def _linear(self, x: Tensor, name: str) -> Tensor:
        buffers = dict(self.named_buffers())
        if f"{name}_reduce" in buffers:
            x = nn.functional.linear(x, buffers[f"{name}_reduce"])
        return nn.functional.linear(x, buffers[f"{name}_weight"], buffers[f"{name}_bias"])

    def forward(self, z: Tensor, truncation: Tensor, label: Tensor | None = None) -> Tensor:
        x = _normalised(z)
        if label is not None:
            x = torch.cat([x, _normalised(self._linear(label, "label_embed"))], dim=1)
        for step in range(self.steps):
            x = nn.functional.leaky_relu(self._linear(x, f"mapping_{step}"), LEAK) * GAIN
        w = self.w_avg + (x - self.w_avg) * truncation
        return w[:, None].expand(-1, self.rows, -1)


def _normalised(x: Tensor) -> Tensor:
    return x * torch.rsqrt(x.square().mean(dim=1, keepdim=True) + EPSILON)


def _onnx(network: StyleGan2, rows: int, inputs: tuple[Port, ...]) -> bytes:
    # Imported here, since onnx is only needed by those who export.
    import numpy as np
    import onnx
    from onnx import helper

    from studio.families.onnx_model import model_of

    nodes, constants = [], {}

    def constant(name: str, value: object) -> str:
        constants[f"mapping.{name}"] = np.array(value, order="C")
        return f"mapping.{name}"

    def add(operator: str, given: list[str], name: str, **attributes: Any) -> str:
        # Every name begins alike, so that none is one of the body's.
        made = name if name == STYLES else f"mapping.{name}"
        nodes.append(helper.make_node(operator, given, [made], name=made, **attributes))
        return made

    def normalised(x: str, name: str) -> str:
        squared = add("Mul", [x, x], f"{name}.squared")
        axes = constant("axes", np.asarray([1], np.int64))
        mean = add("ReduceMean", [squared, axes], f"{name}.mean", keepdims=1)
        least = constant("epsilon", np.asarray(EPSILON, np.float32))
        root = add("Sqrt", [add("Add", [mean, least], f"{name}.safe")], f"{name}.root")
        return add("Div", [x, root], f"{name}.normalised")

    tensors = {name: tensor.numpy() for name, tensor in network.state_dict().items()}

    def linear(x: str, name: str, gain: float) -> str:
        # The gain after the leaky rectifier is folded into what comes before it.
        if f"{name}.reduce" in tensors:
            reduce = constant(f"{name}.reduce", tensors[f"{name}.reduce"].T)
            x = add("MatMul", [x, reduce], f"{name}.reduced")
        weight = constant(f"{name}.weight", tensors[f"{name}.weight"] * np.float32(gain))
        bias = constant(f"{name}.bias", tensors[f"{name}.bias"] * np.float32(gain))
        return add("Gemm", [x, weight, bias], f"{name}.product", transB=1)

    x = normalised(LATENT, "z")
    if network.config.c_dim:
        label = normalised(linear(LABEL, "label_embed", 1.0), "label")
        x = add("Concat", [x, label], "both", axis=1)
    for step in range(len(network.mapping)):
        product = linear(x, f"mapping.{step}", GAIN)
        x = add("LeakyRelu", [product], f"{step}.out", alpha=LEAK)
    average = constant("w_avg", tensors["w_avg"])
    apart = add("Mul", [add("Sub", [x, average], "apart"), TRUNCATION], "pulled")
    w = add("Add", [apart, average], "w")
    row = add("Unsqueeze", [w, constant("axes", np.asarray([1], np.int64))], "row")
    repeats = constant("repeats", np.asarray([1, rows, 1], np.int64))
    add("Tile", [row, repeats], STYLES)
    outputs = (Port(STYLES, ("batch", rows, network.config.w_dim)),)
    made = model_of("mapping", nodes, inputs, outputs, constants)
    data: bytes = onnx.ModelProto.SerializeToString(made)
    return data
