"""Small changes to serialised ONNX graphs on their way into a bundle. Imports onnx alone."""

from __future__ import annotations

from collections.abc import Mapping


def with_sizes(data: bytes, sizes: Mapping[str, int]) -> bytes:
    """A serialised graph whose dimensions named in ``sizes`` are fixed."""
    import onnx

    model = onnx.load_from_string(data)
    graph = model.graph
    for value in (*graph.input, *graph.output, *graph.value_info):
        for side in value.type.tensor_type.shape.dim:
            if side.dim_param in sizes:
                side.dim_value = sizes[side.dim_param]
    made: bytes = model.SerializeToString()
    return made


def at_opset(data: bytes, opset: int) -> bytes:
    """A serialised graph brought to an older opset."""
    import onnx
    from onnx import version_converter

    model = onnx.load_from_string(data)
    if next(each.version for each in model.opset_import if each.domain == "") == opset:
        return data
    made: bytes = version_converter.convert_version(model, opset).SerializeToString()
    return made


def in_order(data: bytes) -> bytes:
    """A serialised graph whose nodes stand after those that they read, as ONNX demands; converters
    append nodes at the end.

    Raises:
        ValueError: nodes read each other in a ring.
    """
    import onnx

    model = onnx.load_from_string(data)
    graph = model.graph
    known = {""} | {each.name for each in (*graph.input, *graph.initializer)}
    left, ordered = list(graph.node), []
    while left:
        later = []
        for node in left:
            if known.issuperset(node.input):
                ordered.append(node)
                known.update(node.output)
            else:
                later.append(node)
        if len(later) == len(left):
            raise ValueError(f"the node {left[0].name} reads what no node before it makes")
        left = later
    copies = [onnx.NodeProto.FromString(node.SerializeToString()) for node in ordered]
    del graph.node[:]
    graph.node.extend(copies)
    made: bytes = model.SerializeToString()
    return made
