"""To LiteRT ``.tflite``, and running one here."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

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
    import litert_torch

    graph = read_graph(folder)
    examples = tuple(torch.zeros(shape) for _, shape in graph.inputs)
    progress(0.2, "converting")
    with torch.no_grad():
        made = litert_torch.convert(TorchNetwork(graph), examples)
    progress(0.9, "writing")
    made.export(str(folder / request["output"]))
    return {
        "output": request["output"],
        "notes": [],
        "tools": {name: version(name) for name in ("litert-torch", "torch")},
    }


def _run(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    from ai_edge_litert.interpreter import Interpreter

    interpreter = Interpreter(model_path=str(folder / request["model"]))
    interpreter.allocate_tensors()
    inputs, outputs = interpreter.get_input_details(), interpreter.get_output_details()

    def run(feed: Arrays) -> Arrays:
        for name, each in zip(request["names"], inputs, strict=True):
            interpreter.set_tensor(each["index"], feed[name])
        interpreter.invoke()
        made = zip(request["outputs"], outputs, strict=True)
        return {name: interpreter.get_tensor(each["index"]) for name, each in made}

    tools = {"ai-edge-litert": version("ai-edge-litert")}
    return {**run_all(request, folder, run), "tools": tools}
