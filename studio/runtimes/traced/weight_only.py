"""Weights stored as int8 or int4 and computed with in float: for memory, not for speed.

Linear layers stay small while they run, where the runtime widens weights on the fly. Convolutions
are widened when the network is loaded: they are small on disk alone. Int4 is for linear layers;
convolutions take int8 then too.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import torch
from onnx import helper
from torch import nn

from studio.families.traced import INNER
from studio.families.traced_graph import TracedGraph
from studio.runtimes.openvino_core import quiet_openvino
from studio.runtimes.traced.openvino_model import layer_nodes
from studio.runtimes.traced.rounding import GROUP, Rounded, rounded, rounded_by_group


def layers_of(module: nn.Module) -> Iterator[tuple[str, nn.Module]]:
    """The convolutions and linear layers of a traced module, with their names."""
    for name, part in module.named_modules():
        if isinstance(part, nn.Conv2d | nn.Linear):
            yield name.removeprefix(INNER), part


def store_in_openvino(model: Any, module: nn.Module, storage: str, *, release: bool) -> int:
    """Store the weights of a converted model as ``storage``; how many layers were stored so.

    Args:
        storage: ``int8``, or ``int4`` where the inputs of a linear layer come in whole groups.
        release: take each float weight from ``module`` once it is stored, which makes the module
            useless and keeps the memory at that of one copy.
    """
    quiet_openvino()
    from openvino import Type, opset15

    by_name: dict[str, list[Any]] = {}
    for name, node in layer_nodes(model).items():
        by_name.setdefault(name.partition("#")[0], []).append(node)
    done = 0
    for name, layer in layers_of(module):
        nodes = by_name.get(name, [])
        if not nodes:
            continue
        weight = layer.weight.detach().float().numpy()  # type: ignore[operator]
        made, wide = _stored(weight, storage)
        kind = Type.i4 if made.numbers.ndim > weight.ndim else Type.i8
        for node in nodes:
            shape = list(node.input_value(1).get_shape())
            numbers, scale = made.numbers, made.scale
            if "GroupConvolution" in node.get_type_name():  # (groups, o, i, k, k)
                numbers = numbers.reshape(shape)
                scale = scale.reshape(*shape[:2], *(1 for _ in shape[2:]))
            constant = opset15.constant(numbers, dtype=kind)
            product = opset15.multiply(opset15.convert(constant, "f32"), opset15.constant(scale))
            product.set_friendly_name(f"{name}.weight")
            if wide:
                product = opset15.reshape(product, np.array(shape, np.int64), False)
            node.input(1).replace_source_output(product.output(0))
        done += 1
        del weight
        if release:
            layer.weight.data = torch.empty(0)
    model.validate_nodes_and_infer_types()
    return done


def store_in_onnx(graph: TracedGraph, module: nn.Module) -> int:
    """Store the weights of a traced graph as int8; how many layers were stored so."""
    modules, done = dict(layers_of(module)), 0
    for name, found in graph.layers.items():
        layer = modules.get(name.partition("#")[0])
        if layer is None:
            continue
        weight = layer.weight.detach().float().numpy()  # type: ignore[operator]
        made = rounded(weight)
        numbers = np.ascontiguousarray(made.numbers.T) if found.inputs_last else made.numbers
        inputs = [
            graph.add_constant(f"{name}.numbers", numbers),
            graph.add_constant(f"{name}.scale", made.scale.reshape(-1)),
        ]
        axis = 1 if found.inputs_last else 0
        wide = f"{name}.widened"
        node = helper.make_node("DequantizeLinear", inputs, [wide], name=wide, axis=axis)
        graph.put_before(found.node, node)
        found.node.input[1] = wide
        done += 1
    graph.unused_left_out()
    return done


def _stored(weight: Any, storage: str) -> tuple[Rounded, bool]:
    """The numbers, and whether they are in groups and must be put together again."""
    if storage == "int4" and weight.ndim == 2 and weight.shape[1] % GROUP == 0:
        return rounded_by_group(weight), True
    return rounded(weight), False
