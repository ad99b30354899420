"""A traced network as ONNX: the graph is traced without weights, and the weights are written from
where they lie, one after the other, into the file or beside it.

torch's exporter by TorchScript names nodes and constants by modules, which later ones do not; it is
the one that is used here. Imports torch and onnx and no runtime.
"""

from __future__ import annotations

import contextlib
import io
import warnings
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper
from torch import Tensor, nn

from studio.errors import RuntimeFailed
from studio.families.onnx_model import IR_VERSION
from studio.families.portable import OPSET, Port, PortableNetwork
from studio.families.traced import INNER, example_inputs

DATA = "_data"  # what stands behind the name of the file that holds the weights
INSIDE = 1024  # bytes up to which a constant lies in the graph itself
PAGE = 4096  # weights begin where memory can be mapped
_WEIGHT = ".weight"
_LAYERS = frozenset({"Conv", "MatMul", "Gemm"})
_TYPES = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64}
_FROM_NUMPY = {
    np.dtype(np.float32): TensorProto.FLOAT,
    np.dtype(np.float16): TensorProto.FLOAT16,
    np.dtype(np.int8): TensorProto.INT8,
    np.dtype(np.uint8): TensorProto.UINT8,
    np.dtype(np.int32): TensorProto.INT32,
    np.dtype(np.int64): TensorProto.INT64,
    np.dtype(np.bool_): TensorProto.BOOL,
}
Array = npt.NDArray[Any]


@dataclass(frozen=True)
class Constant:
    """A constant that is made when it is written: a tensor as it lies, or turned on its side."""

    tensor: Tensor | None = None
    turned: bool = False
    array: Array | None = None

    def made(self) -> Array:
        """The numbers, contiguous."""
        if self.array is not None:
            return self.array
        assert self.tensor is not None
        tensor = self.tensor.detach()
        tensor = tensor.t() if self.turned else tensor
        if tensor.dtype in (torch.bfloat16, torch.float16):
            tensor = tensor.float()
        made: Array = np.ascontiguousarray(tensor.numpy())
        return made


@dataclass(frozen=True)
class LayerNode:
    """A convolution or a product by a weight.

    Args:
        node: of the graph. weight: name of its constant. inputs_last: the constant is (in, out).
    """

    node: onnx.NodeProto
    weight: str
    inputs_last: bool


class TracedGraph:
    """The graph, its constants by name, and its layers by the names of their modules.

    Args:
        network: a traced one. module: of the network; made when None.

    Raises:
        RuntimeFailed: it uses what the exporter cannot write.
    """

    def __init__(self, network: PortableNetwork, module: nn.Module | None = None) -> None:
        module = module or network.module()
        self.network = network
        self.model = _traced(network, module)
        state: dict[str, Tensor] = {
            **dict(module.named_buffers()),
            **dict(module.named_parameters()),
        }
        given = {port.name for port in network.inputs}
        graph = self.model.graph
        self.constants: dict[str, Constant] = {}
        for value in [each for each in graph.input if each.name not in given]:
            self.constants[value.name] = Constant(state[value.name])
            graph.input.remove(value)
        _without_questions(self.model.graph)
        self._turn_weights()
        self.layers = self._named_layers()

    def _turn_weights(self) -> None:
        """Weights that the graph turns on their side are written so."""
        graph, turned = self.model.graph, {}
        for node in list(graph.node):
            if node.op_type == "Transpose" and node.input[0] in self.constants:
                weight = self.constants[node.input[0]]
                if weight.tensor is not None and weight.tensor.ndim == 2:
                    turned[node.output[0]] = node.input[0]
                    graph.node.remove(node)
        for node in graph.node:
            for place, name in enumerate(node.input):
                if name in turned:
                    source = turned[name]
                    node.input[place] = f"{source}.turned"
                    self.constants[f"{source}.turned"] = Constant(
                        self.constants[source].tensor, turned=True
                    )
        read = {name for node in graph.node for name in node.input}
        self.constants = {n: c for n, c in self.constants.items() if n in read}

    def _named_layers(self) -> dict[str, LayerNode]:
        found: dict[str, LayerNode] = {}
        for node in self.model.graph.node:
            if node.op_type not in _LAYERS or len(node.input) < 2:
                continue
            name = node.input[1].removesuffix(".turned")
            if node.input[1] not in self.constants or not name.endswith(_WEIGHT):
                continue
            name = wanted = name.removeprefix(INNER).removesuffix(_WEIGHT)
            number = 2
            while name in found:
                name, number = f"{wanted}#{number}", number + 1
            node.name = name
            found[name] = LayerNode(node, node.input[1], node.input[1].endswith(".turned"))
        return found

    def add_constant(self, name: str, array: Array) -> str:
        """Add a constant; its name again."""
        self.constants[name] = Constant(array=array)
        return name

    def put_before(self, node: onnx.NodeProto, *others: onnx.NodeProto) -> None:
        """Insert nodes in front of one of the graph's, in order."""
        nodes = self.model.graph.node
        place = next(i for i, each in enumerate(nodes) if each.name == node.name)
        for offset, other in enumerate(others):
            nodes.insert(place + offset, other)

    def unused_left_out(self) -> None:
        """Forget constants that nothing reads any more."""
        read = {name for node in self.model.graph.node for name in node.input}
        self.constants = {n: c for n, c in self.constants.items() if n in read}

    def in_one(self) -> bytes:
        """Serialised in one piece."""
        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        for name, constant in self.constants.items():
            model.graph.initializer.append(numpy_helper.from_array(constant.made(), name))
        made: bytes = model.SerializeToString()
        return made

    def write(self, path: Path) -> tuple[Path, ...]:
        """Write the graph to ``path`` and its weights beside it; both paths. One weight at a time
        is copied.

        Raises:
            OSError: the disk refused.
        """
        beside = path.with_name(path.name + DATA)
        model = onnx.ModelProto()
        model.CopyFrom(self.model)
        with beside.open("wb") as file:
            for name, constant in self.constants.items():
                array = constant.made()
                if array.nbytes <= INSIDE:
                    model.graph.initializer.append(numpy_helper.from_array(array, name))
                    continue
                file.write(bytes(-file.tell() % PAGE))
                tensor = model.graph.initializer.add(
                    name=name, dims=array.shape, data_type=_FROM_NUMPY[array.dtype],
                    data_location=TensorProto.EXTERNAL,
                )  # fmt: skip
                place = {
                    "location": beside.name,
                    "offset": str(file.tell()),
                    "length": str(array.nbytes),
                }
                for key, value in place.items():
                    tensor.external_data.add(key=key, value=value)
                file.write(array.data)
        path.write_bytes(model.SerializeToString())
        return path, beside


def _without_questions(graph: onnx.GraphProto) -> None:
    """Take away the branches by which the exporter asks, while the network runs, whether a
    dimension that is to be squeezed has the size 1. Examples have no dimension of that size where
    sizes differ, so the answer is no; comparing the outputs would show where it is not."""
    renamed: dict[str, str] = {}
    for node in list(graph.node):
        if node.op_type != "If":
            continue
        branches = {each.name: each.g for each in node.attribute}
        then, other = branches["then_branch"], branches["else_branch"]
        kinds = [[n.op_type for n in g.node] for g in (then, other)]
        if "Squeeze" in kinds[0] and kinds[1] == ["Identity"]:
            renamed[node.output[0]] = other.node[0].input[0]
            graph.node.remove(node)
    for node in graph.node:
        for place, name in enumerate(node.input):
            while name in renamed:
                name = renamed[name]
            node.input[place] = name


def model_in_one(network: PortableNetwork) -> bytes:
    """A traced network as a serialised model in one piece."""
    return TracedGraph(network).in_one()


def _traced(network: PortableNetwork, module: nn.Module) -> onnx.ModelProto:
    """The graph with every weight among its inputs, at opset ``OPSET``."""
    stream = io.BytesIO()
    ports = (*network.inputs, *network.outputs)
    axes = {
        port.name: {i: side for i, side in enumerate(port.shape) if isinstance(side, str)}
        for port in ports
    }
    try:
        with torch.no_grad(), _quiet(), _more_operators():
            torch.onnx.export(
                module,
                example_inputs(network),
                stream,  # type: ignore[arg-type]  # which it says it does not take
                export_params=False,
                dynamo=False,
                do_constant_folding=False,
                keep_initializers_as_inputs=True,
                input_names=[port.name for port in network.inputs],
                output_names=[port.name for port in network.outputs],
                dynamic_axes={name: sides for name, sides in axes.items() if sides},
                opset_version=OPSET,
            )
    except (RuntimeError, TypeError, ValueError, AttributeError) as error:
        cause = " ".join(str(error).split())[-200:]
        raise RuntimeFailed(f"writing '{network.name}' as ONNX failed: {cause}") from error
    model = onnx.load_from_string(stream.getvalue())
    model.ir_version = IR_VERSION
    model.producer_name, model.producer_version = "maquette", ""
    del model.graph.value_info[:]
    for values, wanted in (
        (model.graph.input, network.inputs),
        (model.graph.output, network.outputs),
    ):
        for value in values:
            port = next((each for each in wanted if each.name == value.name), None)
            if port is not None:
                value.CopyFrom(_info(port))
    for node in model.graph.node:
        node.ClearField("doc_string")
    return model


def _info(port: Port) -> onnx.ValueInfoProto:
    return helper.make_tensor_value_info(port.name, _TYPES[port.dtype], port.shape)


@contextlib.contextmanager
def _quiet() -> Iterator[None]:
    """The exporter says much that is known: that it is old, and which numbers become constants."""
    with (
        contextlib.redirect_stdout(io.StringIO()),
        contextlib.redirect_stderr(io.StringIO()),
        warnings.catch_warnings(),
    ):
        warnings.simplefilter("ignore")
        yield


@contextlib.contextmanager
def _more_operators() -> Iterator[None]:
    """Operators that the exporter does not know."""
    from torch.onnx.utils import register_custom_op_symbolic, unregister_custom_op_symbolic

    register_custom_op_symbolic("aten::rms_norm", _rms_norm, OPSET)
    try:
        yield
    finally:
        unregister_custom_op_symbolic("aten::rms_norm", OPSET)


def _rms_norm(g: Any, values: Any, shape: Any, weight: Any, eps: Any) -> Any:
    """Division by the root of the mean square over the last dimension."""
    from torch.onnx import symbolic_helper

    number = symbolic_helper._maybe_get_const(eps, "f")
    number = float(torch.finfo(torch.float32).eps if not isinstance(number, float) else number)
    last = g.op("Constant", value_t=torch.tensor([-1]))
    mean = g.op("ReduceMean", g.op("Mul", values, values), last, keepdims_i=1)
    small = g.op("Constant", value_t=torch.tensor(number))
    made = g.op("Div", values, g.op("Sqrt", g.op("Add", mean, small)))
    return made if symbolic_helper._is_none(weight) else g.op("Mul", made, weight)
