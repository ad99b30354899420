"""To ExecuTorch ``.pte`` for its XNNPACK backend, and running one here."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np
import torch

from .arrays import Arrays
from .begin import progress
from .feeding import run_all
from .graph import read_graph
from .torch_network import TorchNetwork


def work(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Convert, or run, as ``request["verb"]`` says."""
    if request["verb"] == "run":
        return _run(request, folder)
    return _convert(request, folder)


def _convert(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    from executorch.backends.xnnpack.partition.xnnpack_partitioner import XnnpackPartitioner
    from executorch.exir import to_edge_transform_and_lower

    graph = read_graph(folder)
    network = TorchNetwork(graph)
    examples = tuple(torch.zeros(shape) for _, shape in graph.inputs)
    progress(0.2, "exporting")
    with torch.no_grad():
        program = torch.export.export(network, examples)
    progress(0.4, "lowering to XNNPACK")
    lowered = to_edge_transform_and_lower(program, partitioner=[XnnpackPartitioner()])
    nodes = [node for node in lowered.exported_program().graph.nodes if node.op == "call_function"]
    # A delegate's results are picked out of its call one by one, which is no operator.
    left = sorted(
        {
            node.target.__name__
            for node in nodes
            if "delegate" not in str(node.target) and "getitem" not in str(node.target)
        }
    )
    progress(0.8, "writing")
    made = lowered.to_executorch()
    with (folder / request["output"]).open("wb") as file:
        made.write_to_file(file)
    notes = [f"runs in ExecuTorch's own kernels, not in XNNPACK: {', '.join(left)}"] if left else []
    return {
        "output": request["output"],
        "notes": notes,
        "tools": {name: version(name) for name in ("executorch", "torch")},
    }


def _run(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    from executorch.runtime import Runtime

    method = Runtime.get().load_program(folder / request["model"]).load_method("forward")
    assert method is not None

    def run(feed: Arrays) -> Arrays:
        # ExecuTorch knows inputs and outputs by their places alone.
        given = [torch.from_numpy(np.ascontiguousarray(feed[name])) for name in request["names"]]
        made = zip(request["outputs"], method.execute(given), strict=True)
        return {name: each.numpy() for name, each in made}

    return {**run_all(request, folder, run), "tools": {"executorch": version("executorch")}}
