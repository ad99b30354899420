"""What passes between the app and a worker: files in one folder, plain numbers and plain text.

The network travels as the nodes of its portable ONNX graph with its constants beside them, and a
worker builds its converter's own network from them. A program that the app's torch exported would
ask for the same torch on the other side, and an ONNX file for the ``onnx`` package with its demands
on protobuf; this asks for numpy alone, and Core ML's converter then needs no torch at all.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.errors import BadChoice

if TYPE_CHECKING:
    import onnx

FORMAT = 1
OPERATORS = frozenset(
    (
        "Add",
        "Clip",
        "Concat",
        "Conv",
        "ConvTranspose",
        "Div",
        "Gather",
        "Gemm",
        "Identity",
        "LeakyRelu",
        "MatMul",
        "Mul",
        "ReduceMean",
        "Sqrt",
        "Sub",
        "Tile",
        "Unsqueeze",
    )
)
"""ONNX operators that the workers know how to write."""


def unknown(operators: Iterable[str]) -> tuple[str, ...]:
    """Those of ``operators`` that no worker can write, sorted."""
    return tuple(sorted(set(operators) - OPERATORS))


def write_graph(graph: bytes, sizes: Mapping[str, int], folder: Path) -> int:
    """Write ``graph.json`` and ``constants.npz`` into ``folder``, and return their bytes.

    Args:
        graph: a serialised ONNX model, float32.
        sizes: a number for every dynamic dimension, by name; phones want fixed shapes.

    Raises:
        BadChoice: it has an operator that no worker knows, or a dimension without a size.
        OSError: the disk did.
    """
    # Imported here, since onnx is only needed by those who export.
    import onnx
    from onnx import helper, numpy_helper

    model = onnx.load_from_string(graph)
    if missing := unknown(node.op_type for node in model.graph.node):
        raise BadChoice(f"the converters do not know the operator {missing[0]}")
    constants: dict[str, str] = {}
    arrays: dict[str, Any] = {}
    for index, tensor in enumerate(model.graph.initializer):
        constants[tensor.name] = f"a{index}"
        arrays[f"a{index}"] = numpy_helper.to_array(tensor)
    nodes = []
    for node in model.graph.node:
        attributes = {each.name: helper.get_attribute_value(each) for each in node.attribute}
        nodes.append(
            {
                "operator": node.op_type,
                "inputs": list(node.input),
                "output": node.output[0],
                "attributes": {n: _plain(value) for n, value in attributes.items()},
            }
        )
    text = {
        "format": FORMAT,
        "inputs": [_port(value, sizes) for value in model.graph.input],
        "outputs": [_port(value, sizes) for value in model.graph.output],
        "constants": constants,
        "nodes": nodes,
    }
    (folder / "graph.json").write_text(json.dumps(text), encoding="utf-8")
    np.savez(folder / "constants.npz", allow_pickle=False, **arrays)
    return sum((folder / name).stat().st_size for name in ("graph.json", "constants.npz"))


def _plain(value: Any) -> Any:
    if isinstance(value, bytes):
        return value.decode()
    if isinstance(value, int | float):
        return value
    return list(value)


def _port(value: onnx.ValueInfoProto, sizes: Mapping[str, int]) -> dict[str, Any]:
    shape = []
    for side in value.type.tensor_type.shape.dim:
        if side.HasField("dim_value"):
            shape.append(side.dim_value)
        elif side.dim_param in sizes:
            shape.append(sizes[side.dim_param])
        else:
            raise BadChoice(f"'{value.name}' has a dimension without a size")
    return {"name": value.name, "shape": shape}
