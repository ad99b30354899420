"""Looking through an ONNX file before a runtime reads it. Imports onnx and no runtime.

Nothing here trusts the file: weights must lie inside it or in a file of the bundle beside it, no
tensor may claim more than it holds, and inputs and outputs must be those of the manifest.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from types import MappingProxyType

import onnx
from onnx import TensorProto, numpy_helper

from studio.bundles.manifest import Dimension, Network, Port
from studio.checkpoints.causes import Cause, shortened, size_text

DEEPEST = 8  # graphs within nodes of graphs
MOST_VALUES = 1 << 31


_TYPES = {"float32": TensorProto.FLOAT, "int64": TensorProto.INT64}


def checked_model(
    data: bytes, network: Network, beside: Mapping[str, int] = MappingProxyType({})
) -> onnx.ModelProto:
    """The model in ``data``.

    Args:
        beside: bytes of the files that its weights may lie in, by name.

    Raises:
        Cause: what is wrong with it.
    """
    try:
        model = onnx.load_from_string(data)
    except Exception as error:
        if type(error).__name__ != "DecodeError":  # of protobuf, whose types mypy does not know
            raise
        raise Cause("it is no ONNX file") from error
    if not model.HasField("graph"):
        raise Cause("it is no ONNX file: it has no graph")
    for tensor in _tensors(model.graph):
        _check_tensor(tensor, beside)
    for domain in (each.domain for each in model.opset_import):
        if domain not in ("", "ai.onnx", "com.microsoft"):
            raise Cause(f"it has operators of the unknown domain {shortened(domain)}")
    opset = next((e.version for e in model.opset_import if e.domain in ("", "ai.onnx")), None)
    if opset != network.opset:
        raise Cause(f"it is of opset {opset}, where the manifest says {network.opset}")
    constants = {each.name for each in model.graph.initializer}
    given = [each for each in model.graph.input if each.name not in constants]
    _check_ports("input", given, network.inputs)
    _check_ports("output", list(model.graph.output), network.outputs)
    try:
        onnx.checker.check_model(_without_weights(model))
    except onnx.checker.ValidationError as error:
        words = " ".join(str(error).split())[:200]
        raise Cause(f"it breaks the rules of ONNX: {words}") from error
    return model


def _without_weights(model: onnx.ModelProto) -> onnx.ModelProto:
    """The same with inputs in place of weights that lie elsewhere, which the checker would look
    for on the disk."""
    graph = model.graph
    away = [each for each in graph.initializer if each.data_location == TensorProto.EXTERNAL]
    if not away:
        return model
    made = onnx.ModelProto()
    made.CopyFrom(model)
    del made.graph.initializer[:]
    near = (each for each in graph.initializer if each.data_location != TensorProto.EXTERNAL)
    made.graph.initializer.extend(near)
    for each in away:
        made.graph.input.append(
            onnx.helper.make_tensor_value_info(each.name, each.data_type, list(each.dims))
        )
    return made


def _tensors(graph: onnx.GraphProto, depth: int = 0) -> Iterator[TensorProto]:
    if depth > DEEPEST:
        raise Cause("its graphs stand too deep inside each other")
    yield from graph.initializer
    for sparse in graph.sparse_initializer:
        raise Cause(f"its constant {shortened(sparse.values.name)} is sparse")
    for node in graph.node:
        for attribute in node.attribute:
            if attribute.HasField("t"):
                yield attribute.t
            yield from attribute.tensors
            for inner in (*([attribute.g] if attribute.HasField("g") else []), *attribute.graphs):
                yield from _tensors(inner, depth + 1)


def _check_away(tensor: TensorProto, beside: Mapping[str, int]) -> None:
    """A tensor whose numbers lie in a file beside."""
    name, told = shortened(tensor.name), {e.key: e.value for e in tensor.external_data}
    place = told.get("location", "elsewhere")
    if place not in beside:
        raise Cause(
            f"the numbers of its tensor {name} lie in another file ({shortened(place)}), which the "
            "manifest does not say"
        )
    numbers = [told.get(key, "0") for key in ("offset", "length")]
    if not all(each.isascii() and each.isdecimal() and len(each) < 19 for each in numbers):
        raise Cause(f"its tensor {name} lies at a place that is none")
    offset, length = (int(each) for each in numbers)
    if offset + length > beside[place]:
        raise Cause(
            f"its tensor {name} ends at {size_text(offset + length)} of {shortened(place)}, which "
            f"has {size_text(beside[place])}"
        )
    needed = math.prod(tensor.dims) * _wide(tensor, name)
    if length != needed:
        raise Cause(
            f"its tensor {name} of the shape {list(tensor.dims)[:8]} needs {size_text(needed)}, "
            f"and {size_text(length)} are there"
        )


def _wide(tensor: TensorProto, name: str) -> int:
    """Bytes of a number."""
    try:
        return int(onnx.helper.tensor_dtype_to_np_dtype(tensor.data_type).itemsize)
    except KeyError as error:
        raise Cause(f"its tensor {name} is of an unknown type") from error


def _check_tensor(tensor: TensorProto, beside: Mapping[str, int]) -> None:
    name = shortened(tensor.name)
    if any(d < 0 for d in tensor.dims) or math.prod(tensor.dims) > MOST_VALUES:
        raise Cause(f"its tensor {name} has the impossible shape {list(tensor.dims)[:8]}")
    if tensor.data_location == TensorProto.EXTERNAL or tensor.external_data:
        _check_away(tensor, beside)
        return
    count = math.prod(tensor.dims)
    if tensor.HasField("raw_data"):
        wide = _wide(tensor, name)
        if tensor.data_type in (TensorProto.INT4, TensorProto.UINT4):
            count, wide = (count + 1) // 2, 1
        if len(tensor.raw_data) != count * wide:
            raise Cause(
                f"its tensor {name} of the shape {list(tensor.dims)[:8]} needs "
                f"{size_text(count * wide)}, and {size_text(len(tensor.raw_data))} are there"
            )
        return
    try:  # small ones keep their numbers in fields of their types, and the reader counts them
        held = max(
            len(tensor.float_data),
            len(tensor.int32_data),
            len(tensor.int64_data),
            len(tensor.double_data),
            len(tensor.uint64_data),
            len(tensor.string_data),
        )
        if held < count:
            raise Cause(
                f"its tensor {name} of the shape {list(tensor.dims)[:8]} has {held} numbers"
            )
        numpy_helper.to_array(tensor)
    except (ValueError, TypeError, KeyError) as error:
        raise Cause(f"its tensor {name} is not what its shape says") from error


def _check_ports(kind: str, found: list[onnx.ValueInfoProto], wanted: tuple[Port, ...]) -> None:
    names = [each.name for each in found]
    if sorted(names) != sorted(port.name for port in wanted):
        said = ", ".join(port.name for port in wanted)
        raise Cause(f"its {kind}s are {', '.join(names)[:200]}, where the manifest says {said}")
    by_name = {port.name: port for port in wanted}
    for each in found:
        port, kept = by_name[each.name], each.type.tensor_type
        if kept.elem_type != _TYPES[port.dtype]:
            raise Cause(f"its {kind} {each.name} is not of the type {port.dtype}")
        sides = [d.dim_param or "?" if not d.HasField("dim_value") else d.dim_value
                 for d in kept.shape.dim]  # fmt: skip
        said_sides = [s.name if isinstance(s, Dimension) else s for s in port.shape]
        if sides != said_sides:
            raise Cause(
                f"its {kind} {each.name} has the shape {sides}, where the manifest says "
                f"{said_sides}"
            )
