"""Traced networks in the formats of bundles: weights lie beside the graph, in a file of their own.

Graphs that Maquette writes by hand are small and in one piece; those of pipelines have gigabytes of
weights, which are written one after the other from where they lie.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.bundles.formats.contract import Subject, Written
from studio.bundles.manifest import Precision
from studio.families.portable import OPSET, PortableNetwork
from studio.families.traced import with_sizes
from studio.runtimes.contract import Plan
from studio.runtimes.target import Target


def write_onnx(
    subject: Subject,
    precision: Precision,
    folder: Path,
    stem: str,
    *,
    sizes: Mapping[str, int],
    opset: int = OPSET,
) -> Written:
    """Write ``stem``.onnx, and ``stem``.onnx_data where weights lie beside it.

    Args:
        sizes: dimensions that are fixed.

    Raises:
        RuntimeFailed: it cannot be traced or converted. OSError: the disk refused.
    """
    network, main = with_sizes(subject.parts.body, sizes), f"{stem}.onnx"
    if precision == "f16":
        from studio.bundles.formats.onnx_shaping import at_opset, in_order
        from studio.families.traced_graph import model_in_one
        from studio.runtimes.onnxruntime_session import in_f16

        data = in_order(in_f16(model_in_one(network), subject.title))
        (folder / main).write_bytes(at_opset(data, opset))
        return Written(main, opset=opset, sizes=sizes)
    from studio.runtimes.traced.onnx_files import write_graph

    files, _ = write_graph(_plan(network, "onnxruntime", "cpu", precision), folder / main)
    return Written(main, tuple(path.name for path in files[1:]), opset=OPSET, sizes=sizes)


def openvino_model(subject: Subject, precision: Precision, sizes: Mapping[str, int]) -> Any:
    """The model for OpenVINO, which shares its weights with the model that is exported.

    Raises:
        RuntimeFailed: it cannot be traced, or OpenVINO raised.
    """
    network = with_sizes(subject.parts.body, sizes)
    module = network.module()
    if precision == "int8":
        from studio.runtimes.traced.openvino_int8 import quantised_model

        return quantised_model(_plan(network, "openvino", "CPU", precision), module)
    from studio.runtimes.traced.openvino_model import converted

    return converted(network, module)


def layers_in_products(graph: bytes) -> tuple[str, ...]:
    """The layers that are products of whole numbers in an ONNX graph."""
    import onnx

    from studio.runtimes.traced.onnx_int8 import INTEGER

    nodes = onnx.load_from_string(graph).graph.node
    return tuple(sorted(node.name for node in nodes if node.op_type in INTEGER))


def _plan(network: PortableNetwork, runtime: str, device: str, precision: str) -> Plan:
    if precision != "int8":
        network = replace(network, quantisation=None)
    return Plan(network, Target(runtime, device, precision), rest="f32")
