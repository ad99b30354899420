"""Nodes and constants made into an ONNX model: what the graphs of all families end with."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import numpy.typing as npt
import onnx
from onnx import TensorProto, helper, numpy_helper

from studio.families.portable import OPSET, Port

IR_VERSION = 9  # of the first onnx with opset 18, so that older runtimes read it too


def model_of(
    name: str,
    nodes: Sequence[onnx.NodeProto],
    inputs: Sequence[Port],
    outputs: Sequence[Port],
    constants: Mapping[str, npt.NDArray[Any]],
) -> onnx.ModelProto:
    """The model, float32 at its ports, opset ``OPSET``."""
    graph = helper.make_graph(
        nodes,
        name,
        [helper.make_tensor_value_info(p.name, TensorProto.FLOAT, p.shape) for p in inputs],
        [helper.make_tensor_value_info(p.name, TensorProto.FLOAT, p.shape) for p in outputs],
        [numpy_helper.from_array(array, name) for name, array in constants.items()],
    )
    return helper.make_model(
        graph, opset_imports=[helper.make_opsetid("", OPSET)], ir_version=IR_VERSION,
        producer_name="maquette",
    )  # fmt: skip
