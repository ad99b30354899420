"""What OpenVINO says of a compiled graph: where it runs and in which precision."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from studio.runtimes.contract import NodePlace, Placement

# As the CPU and the GPU plugin call what multiplies and adds.
_ARITHMETIC = frozenset(
    {"convolution", "deconvolution", "fullyconnected", "fully_connected", "matmul", "gemm"}
)
_NOT_EXECUTED = frozenset(
    {"const", "constant", "data", "input", "input_layout", "output", "result"}
)
_ORIGIN = "originalLayersNames"
_KERNEL = "primitiveType"  # such as brgemm_avx512_f32
_FLOATS = frozenset({"f32", "f16", "bf16"})
_NAMES = {"i8": "int8", "u8": "int8", "int8": "int8", "uint8": "int8"}
_NAMES |= {"float32": "f32", "float16": "f16", "bfloat16": "bf16"}


@dataclass(frozen=True)
class Executed:
    """One node of the executed graph.

    Args:
        operator: the plugin's name for it, e.g. "Convolution".
        precision: what it computes in: f32, bf16, f16, int8 or another type of the plugin.
        work: multiplies at batch 1; 0 for what does not multiply and add.
        layers: names of the nodes of the graph that it was made of.
    """

    operator: str
    precision: str
    work: int
    layers: tuple[str, ...] = ()


def executed_nodes(model: Any) -> tuple[Executed, ...]:
    """The nodes of a compiled model's runtime model (``get_runtime_model``)."""
    nodes = []
    for node in model.get_ordered_ops():
        told = node.get_rt_info()
        operator = str(told["layerType"].value) if "layerType" in told else node.get_type_name()
        precision = str(told["runtimePrecision"].value) if "runtimePrecision" in told else ""
        if operator.lower() not in _NOT_EXECUTED:
            made_of = str(told[_ORIGIN].value) if _ORIGIN in told else ""
            layers = tuple(each for each in made_of.split(",") if each)
            work = _work(operator, node)
            kernel = str(told[_KERNEL].value) if _KERNEL in told else ""
            computed = _computed(precision_name(precision), kernel)
            nodes.append(Executed(operator, computed, work, layers))
    return tuple(nodes)


def _computed(precision: str, kernel: str) -> str:
    """What a node computes in. Of a product by stored weights the plugin tells the type of these,
    and the kernel's name tells that it widens them."""
    ending = precision_name(kernel.rpartition("_")[2])
    return ending if ending in _FLOATS and precision not in _FLOATS else precision


def layers_in_int8(nodes: Iterable[Executed]) -> frozenset[str]:
    """Names of the graph's nodes whose arithmetic runs in int8; a bias that was split off a node by
    reading it does not count for it."""
    done = (n for n in nodes if n.precision == "int8" and n.operator.lower() in _ARITHMETIC)
    return frozenset(name.partition("/")[0] for node in done for name in node.layers)


def precision_name(theirs: str) -> str:
    """Our name of a precision, e.g. int8 for u8; others stay as they are."""
    return _NAMES.get(theirs.lower(), theirs.lower())


def placement(
    asked: str, devices: Iterable[str], nodes: Iterable[Executed], fallback: str
) -> Placement:
    """Where a network runs.

    Args:
        asked: the device of the target.
        devices: the compiled model's ``EXECUTION_DEVICES``.
        nodes: its executed nodes; none where the plugin does not tell.
        fallback: the precision to name where no node tells one.
    """
    nodes, where = tuple(nodes), tuple(devices)
    work: Counter[str] = Counter()
    for node in nodes:
        work[node.precision] += node.work
    precision, most = max(work.items(), key=lambda item: item[1], default=("", 0))
    if not most:
        precision = fallback
    # A plugin either takes a whole network or refuses it, so elsewhere means all of it.
    elsewhere = [d for d in where if _kind(d) != _kind(asked)]
    strays: tuple[NodePlace, ...] = ()
    if elsewhere:
        counted = sorted(Counter(n.operator for n in nodes).items())
        strays = tuple(NodePlace(", ".join(elsewhere), name, n) for name, n in counted)
        strays = strays or (NodePlace(", ".join(elsewhere), "every operator", 1),)
    return Placement(where, precision, strays)


def _kind(device: str) -> str:
    """GPU of GPU.1, CPU of (CPU)."""
    return device.strip("()").partition(".")[0].upper()


def _work(operator: str, node: Any) -> int:
    """Multiplies of a node: output values times inputs that each sums over. A dynamic dimension
    counts as 1."""
    if operator.lower() not in _ARITHMETIC or not node.get_output_size():
        return 0
    shapes = [_lengths(port.get_partial_shape()) for port in node.inputs()]
    made = _lengths(node.get_output_partial_shape(0))
    kind = operator.lower()
    if len(shapes) < 2 or not shapes[0] or not shapes[1] or len(made) < 2:
        return math.prod(made)  # fused constants are not always shown
    if kind in ("matmul", "gemm"):
        return math.prod(made) * shapes[0][-1]
    weights = math.prod(shapes[1])
    if kind == "deconvolution":  # every input value meets every tap
        return math.prod(shapes[0]) * weights // max(1, shapes[0][1])
    return math.prod(made) * weights // max(1, made[-1] if len(made) == 2 else made[1])


def _lengths(shape: Any) -> list[int]:
    if shape.rank.is_dynamic:
        return []
    return [1 if d.is_dynamic else d.get_length() for d in shape]
