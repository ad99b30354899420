"""Emitting a quantisation plan for ONNX Runtime into the graph of a traced network.

Pairs of quantise and dequantise nodes run in int8 there only where outputs are rounded as well,
which costs quality; so layers become products of whole numbers, scaled back to float behind them.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from onnx import NodeProto, helper
from torch import nn

from studio.families.quantization import QuantPlan
from studio.families.traced_graph import LayerNode, TracedGraph
from studio.runtimes.traced.ranges import LEVELS, Seen, ends_of
from studio.runtimes.traced.rounding import Floats, rounded, shift_of
from studio.runtimes.traced.smoothing import even, factors_of

INTEGER = frozenset({"ConvInteger", "MatMulInteger", "MatMulIntegerToFloat"})


def emit(
    graph: TracedGraph,
    modules: Mapping[str, nn.Module],
    seen: Mapping[str, Seen],
    settings: QuantPlan,
) -> tuple[str, ...]:
    """Round the weights of ``modules`` within the graph, and what they read; the layers done."""
    factors = factors_of(seen, modules, settings)
    emitter = _Emitter(graph, settings)
    for name, node in graph.layers.items():
        layer = name.partition("#")[0]
        if layer in modules and layer in seen:
            emitter.emit(name, node, modules[layer], seen[layer], factors.get(layer))
    graph.unused_left_out()
    return tuple(emitter.done)


class _Emitter:
    def __init__(self, graph: TracedGraph, settings: QuantPlan) -> None:
        self._graph, self._settings = graph, settings
        self._read: dict[tuple[str, float, float, bytes], tuple[str, str, float]] = {}
        self.done: list[str] = []

    def emit(
        self, name: str, found: LayerNode, layer: nn.Module, seen: Seen, factors: Floats | None
    ) -> None:
        """One layer: rounded input, product of whole numbers, scale, bias."""
        node, graph = found.node, self._graph
        weight = layer.weight.detach().float().numpy()  # type: ignore[operator]
        if factors is not None:
            seen = even(seen, factors)
        made = rounded(weight, factors)
        shift = (
            shift_of(weight, made, seen.means, factors) if self._settings.bias_correction else None
        )
        reading, zero, step = self._rounded_input(node, seen, factors)
        conv = node.op_type == "Conv"
        numbers = made.numbers if conv else np.ascontiguousarray(made.numbers.T)
        constant = graph.add_constant(f"{name}.numbers", numbers)
        scale = made.scale.reshape(1, -1, *(1 for _ in weight.shape[2:])) if conv else made.scale
        scale = (scale if conv else scale.reshape(-1)) * np.float32(step)
        factor = graph.add_constant(f"{name}.scale", scale.astype(np.float32))
        bias = self._bias(name, node, layer, shift, scale.ndim)
        kind = "ConvInteger" if conv else "MatMulInteger"
        new = helper.make_node(kind, [reading, constant, zero], [f"{name}.whole"], name=name)
        if conv:
            new.attribute.extend(node.attribute)
        wide, output = f"{name}.wide", node.output[0]
        parts = [
            new,
            helper.make_node("Cast", [f"{name}.whole"], [wide], name=wide, to=1),
            helper.make_node(
                "Mul", [wide, factor], [f"{name}.scaled" if bias else output], name=f"{name}.scaled"
            ),
        ]
        if bias:
            parts.append(
                helper.make_node("Add", [f"{name}.scaled", bias], [output], name=f"{name}.biased")
            )
        node.name = f"{name}.float"
        graph.put_before(node, *parts)
        graph.model.graph.node.remove(node)
        self.done.append(name)

    def _rounded_input(
        self, node: NodeProto, seen: Seen, factors: Floats | None
    ) -> tuple[str, str, float]:
        """Names of what a layer reads, divided by ``factors`` and rounded, and of its zero, and the
        step between levels."""
        low, high = ends_of(seen, self._settings)
        divided = b"" if factors is None else factors.tobytes()
        key = (node.input[0], low, high, divided)
        if key not in self._read:
            step = (high - low) / (LEVELS - 1)
            name = f"{node.input[0]}.rounded.{len(self._read)}"
            zero = np.array(round(-low / step), np.uint8)
            zeros = self._graph.add_constant(f"{name}.zero", zero)
            steps, by_channel = np.array(step, np.float32), zeros
            axis: dict[str, Any] = {}
            if factors is not None:
                steps = (factors * step).astype(np.float32)
                by_channel = self._graph.add_constant(
                    f"{name}.zeros", np.full(len(factors), zero, np.uint8)
                )
                axis = {"axis": 1 if node.op_type == "Conv" else -1}
            inputs = [node.input[0], self._graph.add_constant(f"{name}.step", steps), by_channel]
            made = helper.make_node("QuantizeLinear", inputs, [name], name=name, **axis)
            self._graph.put_before(node, made)
            self._read[key] = (name, zeros, step)
        return self._read[key]

    def _bias(
        self, name: str, node: NodeProto, layer: nn.Module, shift: Floats | None, rank: int
    ) -> str:
        """Name of the constant to add; empty for none. The graph adds that of a product by itself,
        so there it is only the correction."""
        within = len(node.input) > 2
        total = np.zeros(layer.weight.shape[0], np.float32)  # type: ignore[index]
        if within and layer.bias is not None:
            total += layer.bias.detach().float().numpy()  # type: ignore[operator]
        if shift is not None:
            total -= shift
        if not within and shift is None:
            return ""
        shape = (1, -1, *(1 for _ in range(rank - 2))) if node.op_type == "Conv" else (-1,)
        return self._graph.add_constant(f"{name}.bias", total.reshape(shape))
