"""The graph that the app hands over: nodes as JSON, constants as plain arrays.

Nodes carry ONNX's operators and attributes. It is no ONNX file, so that no environment needs the
``onnx`` package and its demands on protobuf, and no torch program, since those load only in the
torch that saved them. A converter's own network is built from it node by node.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

FORMAT = 1


@dataclass(frozen=True)
class Node:
    """One operator: ``inputs`` and ``output`` name tensors."""

    operator: str
    inputs: tuple[str, ...]
    output: str
    attributes: dict[str, Any]


@dataclass(frozen=True)
class Graph:
    """Inputs and outputs are (name, shape), all float32; ``nodes`` stand in the order to run."""

    inputs: tuple[tuple[str, tuple[int, ...]], ...]
    outputs: tuple[tuple[str, tuple[int, ...]], ...]
    nodes: tuple[Node, ...]
    constants: dict[str, npt.NDArray[Any]]


class NotConverted(Exception):
    """The converter cannot take this network; the message says why."""


def read_graph(folder: Path) -> Graph:
    """The graph in ``folder``."""
    raw = json.loads((folder / "graph.json").read_text(encoding="utf-8"))
    if raw["format"] != FORMAT:
        raise NotConverted(f"the graph is of form {raw['format']}, not {FORMAT}")
    with np.load(folder / "constants.npz", allow_pickle=False) as arrays:
        constants = {name: arrays[key] for name, key in raw["constants"].items()}
    nodes = [
        Node(each["operator"], tuple(each["inputs"]), each["output"], each["attributes"])
        for each in raw["nodes"]
    ]
    return Graph(_ports(raw["inputs"]), _ports(raw["outputs"]), tuple(nodes), constants)


def _ports(raw: list[dict[str, Any]]) -> tuple[tuple[str, tuple[int, ...]], ...]:
    return tuple((each["name"], tuple(each["shape"])) for each in raw)


def even_padding(attributes: dict[str, Any]) -> list[int]:
    """Padding before and after, which most converters want to be equal, for every dimension."""
    pads = attributes.get("pads", [0, 0, 0, 0])
    half = len(pads) // 2
    if pads[:half] != pads[half:] or any(attributes.get("output_padding", [0])):
        raise NotConverted("a convolution pads its sides differently")
    return list(pads[:half])
