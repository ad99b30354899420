"""Traced networks on disk for ONNX Runtime: a graph, and weights that are mapped, not read."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import RuntimeFailed, cause_of
from studio.families.portable import PortableNetwork
from studio.families.traced import layer_modules
from studio.families.traced_graph import DATA, TracedGraph
from studio.runtimes.contract import Placement, Plan
from studio.runtimes.quantised_graph import chosen
from studio.runtimes.quantization import Share, follows_plan
from studio.runtimes.record import checked_path, read_record, write_record

if TYPE_CHECKING:
    from studio.runtimes.onnxruntime_core import Found

GRAPH = "network.onnx"


def write_graph(plan: Plan, path: Path) -> tuple[tuple[Path, ...], tuple[str, ...]]:
    """Write the network as the plan's precision wants it; the files, and the layers in int8.

    Raises:
        RuntimeFailed: it cannot be traced. OSError: the disk refused.
    """
    module = plan.network.module()
    graph, done = TracedGraph(plan.network, module), tuple[str, ...]()
    if follows_plan(plan):
        from studio.runtimes.traced.onnx_int8 import emit
        from studio.runtimes.traced.ranges import seen_by_layers

        assert plan.network.quantisation is not None
        settings, layers = plan.network.quantisation.plan, chosen(plan)
        feeds = plan.network.quantisation.feeds()
        seen = seen_by_layers(plan.network, module, layers, feeds, settings)
        done = emit(graph, layer_modules(module, layers), seen, settings)
    elif plan.network.storage != "float":
        from studio.runtimes.traced.weight_only import store_in_onnx

        store_in_onnx(graph, module)
    return graph.write(path), done


def compile_traced(plan: Plan, here: Found, folder: Path) -> Placement:
    """Leave the network and its record in ``folder``; open it once, to say where it runs.

    Raises:
        RuntimeFailed: ONNX Runtime raised, or the disk refused.
    """
    from dataclasses import replace

    from studio.runtimes.onnxruntime_graph import assigned_nodes, placement
    from studio.runtimes.onnxruntime_session import Use, open_session

    try:
        _, done = write_graph(plan, folder / GRAPH)
        session = open_session(plan, here, str(folder / GRAPH), Use())
        ran = placement(here, plan.target.precision, assigned_nodes(session))
        if follows_plan(plan):
            share = Share(plan.network, _ran_whole(session, done), "f32")
            ran = replace(ran, precision=share.precision, int8=share.value, left=share.left)
        write_record(plan, ran, folder, (GRAPH, GRAPH + DATA))
    except OSError as error:
        raise RuntimeFailed(
            f"the compiled '{plan.network.name}' cannot be written to {folder}: {cause_of(error)}"
        ) from error
    return ran


def checked_graph(plan: Plan, folder: Path) -> str:
    """The path of the graph in ``folder``, once its files were compared.

    Raises:
        RuntimeFailed: they are damaged or of another version.
    """
    record = read_record(plan, folder)
    checked_path(record, folder, GRAPH + DATA)
    return str(checked_path(record, folder, GRAPH))


def _ran_whole(session: Any, done: Collection[str]) -> Collection[str]:
    """The layers whose product was assigned as one of whole numbers. Where the session has fewer
    of these than the graph, none is claimed."""
    from studio.runtimes.onnxruntime_graph import assigned_nodes
    from studio.runtimes.traced.onnx_int8 import INTEGER

    count = sum(node.operator in INTEGER for node in assigned_nodes(session))
    return done if count >= len(done) else ()


def refusals(network: PortableNetwork, precision: str, typed: Collection[str]) -> list[str]:
    """Why ONNX Runtime cannot run a traced network, a sentence each.

    Args:
        typed: precisions that the provider reads from the graph.
    """
    said = []
    if precision == "f16" and precision in typed:
        said.append(
            f"'{network.name}' is traced in f32, and this device reads f16 from the graph; "
            "use f32 on it"
        )
    if network.storage == "int4":
        said.append("weights in int4 are for OpenVINO; ONNX Runtime takes them in int8 or in float")
    return said
