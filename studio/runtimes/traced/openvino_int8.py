"""Emitting a quantisation plan for OpenVINO into the graph of a traced network.

NNCF would keep every activation and a second copy of the model; here ranges are found while the
network draws in PyTorch, and weights are rounded one layer at a time into the converted graph,
whose other constants stay those of the module. Norms and additions stay in float, and so do the
products inside of attention unless the plan says up to which error they may not.
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
from studio.runtimes.traced.attention import Watch
from studio.runtimes.traced.attention import emit as emit_attention
from studio.runtimes.traced.openvino_model import converted, layer_nodes
from studio.runtimes.traced.ranges import LEVELS, Seen, ends_of, seen_by_layers
from studio.runtimes.traced.rounding import Floats, Rounded, rounded, shift_of
from studio.runtimes.traced.smoothing import even, factors_of


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
    watch = Watch(module) if settings.attention else None
    feeds = quantisation.feeds()
    seen = seen_by_layers(plan.network, module, layers, feeds, settings, attention=watch)
    model = converted(plan.network, module)
    with failures(f"quantising '{plan.network.name}' for {plan.target}"):
        emit(model, layer_modules(module, layers), seen, settings)
        if watch is not None:
            emit_attention(model, watch.found(), settings.attention)
            model.validate_nodes_and_infer_types()
    return model


def emit(
    model: Any, modules: Mapping[str, nn.Module], seen: Mapping[str, Seen], settings: QuantPlan
) -> None:
    """Round the weights of ``modules`` within the model, and what they read."""
    factors = factors_of(seen, modules, settings)
    emitter = _Emitter(settings)
    nodes = layer_nodes(model)
    for name, layer in modules.items():
        # A layer that is called twice stands twice in the graph, with one range.
        for node in (node for each, node in nodes.items() if each.partition("#")[0] == name):
            if name in seen:
                emitter.emit(node, layer, seen[name], factors.get(name))
    model.validate_nodes_and_infer_types()


class _Emitter:
    def __init__(self, settings: QuantPlan) -> None:
        quiet_openvino()
        from openvino import Type, opset15

        self._ops, self._types, self._settings = opset15, Type, settings
        self._read: dict[tuple[Any, ...], Any] = {}

    def emit(self, node: Any, layer: nn.Module, seen: Seen, factors: Floats | None) -> None:
        weight = layer.weight.detach().float().numpy()  # type: ignore[operator]
        if factors is not None:
            seen = even(seen, factors)
        made = rounded(weight, factors)
        node.input(1).replace_source_output(self._weight(made, node))
        source = self._rounded_input(node, seen, factors)
        node.input(0).replace_source_output(source)
        if self._settings.bias_correction:
            self._correct(node, shift_of(weight, made, seen.means, factors))

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

    def _rounded_input(self, node: Any, seen: Seen, factors: Floats | None) -> Any:
        """What a layer reads, divided by ``factors`` and rounded; layers that read one tensor share
        it."""
        source = node.input_value(0)
        ends = ends_of(seen, self._settings)
        divided = b"" if factors is None else factors.tobytes()
        key = (source.get_node().get_name(), source.get_index(), *ends, divided)
        if key not in self._read:
            low, high = (self._ops.constant(np.float32(each)) for each in ends)
            from_low, from_high = low, high
            if factors is not None:
                channels = _along_channels(node, factors)
                from_low, from_high = (self._ops.constant(channels * end) for end in ends)
            made = self._ops.fake_quantize(source, from_low, from_high, low, high, LEVELS)
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


def _along_channels(node: Any, factors: Floats) -> Floats:
    """Factors (c,) in a shape that goes with what a layer reads. A transposition before a product
    has become a part of it."""
    if node.get_type_name() != "MatMul":
        return factors[:, None, None]
    return factors[:, None] if node.get_attributes()["transpose_a"] else factors
