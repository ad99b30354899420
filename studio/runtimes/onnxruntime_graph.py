"""Where the nodes of a session run, and how long each took, read from what ONNX Runtime tells."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from studio.runtimes.contract import LayerTime, NodePlace, Placement
from studio.runtimes.onnxruntime_core import Found
from studio.runtimes.provider_operators import HEAVY
from studio.runtimes.providers import bare, provider_named

_KERNEL = "_kernel_time"
# Arithmetic of the CPU's own and of quantised operators, and whole compiled parts.
_ARITHMETIC = HEAVY | {"FusedConv", "FusedGemm", "FusedMatMul", "QLinearConv", "QLinearMatMul"}
_ARITHMETIC |= {"ConvInteger", "MatMulInteger", "QGemm", "EPContext"}
_QUANTISED = frozenset({"QLinearConv", "QLinearMatMul", "ConvInteger", "MatMulInteger", "QGemm"})
_NAMES = {"float": "f32", "float16": "f16", "bfloat16": "bf16", "int8": "int8", "uint8": "int8"}


@dataclass(frozen=True)
class AssignedNode:
    """A node and the execution provider that it was assigned to."""

    provider: str
    operator: str


def assigned_nodes(session: Any) -> tuple[AssignedNode, ...]:
    """Every node of a session that was opened with
    ``session.record_ep_graph_assignment_info``."""
    return tuple(
        AssignedNode(part.ep_name, node.op_type)
        for part in session.get_provider_graph_assignment_info()
        for node in part.get_nodes()
    )


def placement(here: Found, precision: str, nodes: Iterable[AssignedNode]) -> Placement:
    """Where a network runs.

    Args:
        here: the device asked for. precision: the precision asked for.
        nodes: all nodes, as assigned.
    """
    nodes = tuple(nodes)
    asked = bare(here.name)
    there = [n for n in nodes if bare(n.provider) == asked]
    strays = Counter((n.provider, n.operator) for n in nodes if bare(n.provider) != asked)
    devices = [device_words(here)] if there else []
    devices += sorted({provider_words(provider) for provider, _ in strays})
    return Placement(
        tuple(dict.fromkeys(devices)),
        _precision(precision, there, nodes),
        tuple(
            NodePlace(provider_words(provider), operator, count)
            for (provider, operator), count in sorted(strays.items())
        ),
    )


def device_words(here: Found) -> str:
    """The device for people, its kind first: ``CPU``, ``GPU 1 (CUDA)``, ``NPU (QNN)``."""
    device = here.device
    if device.provider.id == "cpu":
        return "CPU"
    kind = device.kind + (f" {device.index}" if device.index else "")
    if device.provider.decides and device.kind != "CPU":
        return f"CPU or {kind} ({device.provider.title} chooses)"
    return f"{kind} ({device.provider.title})"


def provider_words(name: str) -> str:
    """The device of nodes that fell to another provider."""
    provider = provider_named(name)
    if provider is None:
        return name
    return "CPU" if provider.id == "cpu" else f"{provider.kind} ({provider.title})"


def _precision(asked: str, there: list[AssignedNode], nodes: tuple[AssignedNode, ...]) -> str:
    """That of most of the arithmetic: what fell back to the CPU runs in f32, unless quantised."""
    all_of_it = sum(n.operator in _ARITHMETIC for n in nodes)
    mine = sum(n.operator in _ARITHMETIC for n in there)
    if asked == "int8" and any(n.operator in _QUANTISED for n in nodes):
        return asked
    if all_of_it:
        return asked if 2 * mine >= all_of_it else "f32"
    return asked if there else "f32"


def layer_times(profile: str) -> tuple[LayerTime, ...]:
    """The nodes of the last run in a profile, in the order in which they ran.

    Args:
        profile: the JSON that profiling wrote; one event a node, times in microseconds.

    Raises:
        ValueError: it is no such JSON.
    """
    runs: list[list[LayerTime]] = [[]]
    for event in json.loads(profile):
        name = str(event.get("name", ""))
        if event.get("cat") == "Node" and name.endswith(_KERNEL):
            runs[-1].append(_layer(name.removesuffix(_KERNEL), event))
        elif name == "model_run":  # comes after the nodes of its run
            runs.append([])
    full = [run for run in runs if run]
    return tuple(full[-1]) if full else ()


def _layer(name: str, event: dict[str, Any]) -> LayerTime:
    told = event.get("args", {})
    types = {t for entry in told.get("output_type_shape") or () for t in entry}
    precision = next((_NAMES[t] for t in sorted(types) if t in _NAMES), "")
    return LayerTime(name, str(told.get("op_name", "")), float(event["dur"]) / 1000, precision)
