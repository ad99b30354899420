"""Emitting a quantisation plan for OpenVINO into the graph of a traced network.

NNCF would keep every activation and a second copy of the model; here ranges are found while the
network draws in PyTorch, and weights are rounded one layer at a time into the converted graph,
whose other constants stay those of the module. Attention, norms and additions stay in float.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from torch import nn

from studio.families.quantization import QuantPlan
from studio.families.traced import layer_modules
from studio.runtimes.contract import Plan
from studio.runtimes.openvino_core import failures, quiet_openvino
from studio.runtimes.quantised_graph import chosen
from studio.runtimes.traced.openvino_model import converted, layer_nodes
from studio.runtimes.traced.ranges import LEVELS, Seen, ends_of, seen_by_layers
from studio.runtimes.traced.rounding import Floats, Rounded, rounded, shift_of


def quantised_model(plan: Plan, module: nn.Module | None = None) -> Any:
    """An ``openvino.Model`` with the plan's layers in int8; what is not among them shares its
    constants with ``module``, which must live as long.

    Raises:
        RuntimeFailed: the network cannot be traced, or OpenVINO raised.
    """
    quantisation = plan.network.quantisation
    assert quantisation is not None
    module = module or plan.network.module()
    layers, settings = chosen(plan), quantisation.plan
    seen = seen_by_layers(plan.network, module, layers, quantisation.feeds(), settings)
    model = converted(plan.network, module)
    with failures(f"quantising '{plan.network.name}' for {plan.target}"):
        emit(model, layer_modules(module, layers), seen, settings)
    return model


def emit(
    model: Any, modules: Mapping[str, nn.Module], seen: Mapping[str, Seen], settings: QuantPlan
) -> None:
    """Round the weights of ``modules`` within the model, and what they read."""
    emitter = _Emitter(settings)
    nodes = layer_nodes(model)
    for name, layer in modules.items():
        # A layer that is called twice stands twice in the graph, with one range.
        for node in (node for each, node in nodes.items() if each.partition("#")[0] == name):
            if name in seen:
                emitter.emit(node, layer, seen[name])
    model.validate_nodes_and_infer_types()


class _Emitter:
    def __init__(self, settings: QuantPlan) -> None:
        quiet_openvino()
        from openvino import Type, opset15

        self._ops, self._types, self._settings = opset15, Type, settings
        self._read: dict[tuple[Any, ...], Any] = {}

    def emit(self, node: Any, layer: nn.Module, seen: Seen) -> None:
        weight = layer.weight.detach().float().numpy()  # type: ignore[operator]
        made = rounded(weight)
        node.input(1).replace_source_output(self._weight(made, node))
        node.input(0).replace_source_output(self._rounded_input(node.input_value(0), seen))
        if self._settings.bias_correction:
            self._correct(node, shift_of(weight, made, seen.means))

    def _weight(self, made: Rounded, node: Any) -> Any:
        numbers, scale = made.numbers, made.scale
        if "GroupConvolution" in node.get_type_name():  # (groups, o, i, k, k)
            shape = list(node.input_value(1).get_shape())
            numbers = numbers.reshape(shape)
            scale = scale.reshape(*shape[:2], *(1 for _ in shape[2:]))
        wide = self._ops.convert(self._ops.constant(numbers), "f32")
        name = node.get_friendly_name()
        product = self._ops.multiply(wide, self._ops.constant(scale))
        product.set_friendly_name(f"{name}.weight")
        return product.output(0)

    def _rounded_input(self, source: Any, seen: Seen) -> Any:
        """What a layer reads, rounded; layers that read one tensor share it."""
        low, high = ends_of(seen, self._settings)
        key = (source.get_node().get_name(), source.get_index(), low, high)
        if key not in self._read:
            ends = [self._ops.constant(np.float32(each)) for each in (low, high)]
            made = self._ops.fake_quantize(source, *ends, *ends, LEVELS)
            self._read[key] = made.output(0)
        return self._read[key]

    def _correct(self, node: Any, shift: Floats) -> None:
        """Take the shift off the layer's bias; without one it gets one."""
        output = node.output(0)
        readers = list(output.get_target_inputs())
        linear = node.get_type_name() == "MatMul"
        if len(readers) == 1 and readers[0].get_node().get_type_name() == "Add":
            add = readers[0].get_node()
            other = add.input(1 - readers[0].get_index())
            constant = other.get_source_output().get_node()
            if constant.get_type_name() == "Constant" and constant.data.size == shift.size:
                bias = constant.data - shift.reshape(constant.data.shape)
                made = self._ops.constant(bias.astype(np.float32))
                other.replace_source_output(made.output(0))
                return
        rank = len(output.get_partial_shape())
        shape = (-1,) if linear else (1, -1, *(1 for _ in range(rank - 2)))
        added = self._ops.add(output, self._ops.constant(-shift.reshape(shape)))
        for reader in readers:
            reader.replace_source_output(added.output(0))
