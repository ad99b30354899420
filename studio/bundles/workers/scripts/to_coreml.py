"""To Core ML ``.mlpackage``. Core ML runs nowhere but on Apple's systems, so it is only made here.

The ML program is written node by node with coremltools' own builder: no torch is needed then, which
makes this environment a fifth of the others.
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path
from typing import Any

import coremltools as ct
import numpy as np
from coremltools.converters.mil import Builder as mb  # noqa: N813 - its name in every example
from coremltools.converters.mil.mil import Function, Program

from .arrays import Arrays
from .begin import progress
from .feeding import run_all
from .graph import Graph, Node, NotConverted, even_padding, read_graph

TARGET = ct.target.iOS16


def work(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    """Convert, or run, as ``request["verb"]`` says."""
    if request["verb"] == "run":
        return _run(request, folder)
    graph = read_graph(folder)
    progress(0.2, "building the ML program")
    program = build(graph)
    progress(0.4, "converting")
    precision = ct.precision.FLOAT16 if request["precision"] == "f16" else ct.precision.FLOAT32
    model = ct.convert(
        program,
        convert_to="mlprogram",
        minimum_deployment_target=TARGET,
        compute_precision=precision,
        compute_units=ct.ComputeUnit.ALL,
        skip_model_load=True,
    )
    progress(0.9, "writing")
    model.save(str(folder / request["output"]))
    tools = {"coremltools": version("coremltools")}
    return {"output": request["output"], "notes": [], "tools": tools}


def build(graph: Graph) -> Any:
    """The ML program of a graph, float32."""
    given = {name: mb.placeholder(shape=shape) for name, shape in graph.inputs}
    program = Program()
    with Function(given, opset_version=TARGET) as function:
        known: dict[str, Any] = dict(graph.constants)
        known |= {name: function.inputs[name] for name in given}
        wanted = {name for name, _ in graph.outputs}
        for node in graph.nodes:
            # Core ML names a model's outputs after the operators that make them.
            name = node.output if node.output in wanted else None
            inputs = [known[each] if each else None for each in node.inputs]
            known[node.output] = add_node(node, inputs, name)
        function.set_outputs([known[name] for name, _ in graph.outputs])
        program.add_function("main", function)
    return program


def add_node(node: Node, given: list[Any], name: str | None) -> Any:
    """Add a node to the function being built; ``name`` is that of an output of the model."""
    if node.operator not in OPERATORS:
        raise NotConverted(f"the operator {node.operator} is unknown to the converter")
    options = {} if name is None else {"name": name}
    return OPERATORS[node.operator](given, node.attributes, options)


Operator = Callable[[list[Any], dict[str, Any], dict[str, str]], Any]


def _sides(how: dict[str, Any]) -> list[int]:
    """Before and after, dimension by dimension."""
    return [each for pad in even_padding(how) for each in (pad, pad)]


def _spread(how: dict[str, Any]) -> dict[str, Any]:
    return {
        "strides": how.get("strides", [1, 1]),
        "dilations": how.get("dilations", [1, 1]),
        "groups": how.get("group", 1),
        "pad_type": "custom",
        "pad": _sides(how),
    }


def _bias(given: list[Any]) -> dict[str, Any]:
    return {"bias": given[2]} if len(given) > 2 and given[2] is not None else {}


def _gemm(given: list[Any], how: dict[str, Any], options: dict[str, str]) -> Any:
    if how.get("transA", 0) or how.get("alpha", 1.0) != 1.0 or how.get("beta", 1.0) != 1.0:
        raise NotConverted("a Gemm is more than a product and a bias")
    weight = given[1] if how.get("transB", 0) else np.ascontiguousarray(given[1].T)
    return mb.linear(x=given[0], weight=weight, **_bias(given), **options)


def _gather(given: list[Any], how: dict[str, Any], options: dict[str, str]) -> Any:
    x, index = given
    if np.ndim(index):
        raise NotConverted("a Gather takes more than one row")
    axis, rank = how.get("axis", 0), len(x.shape)
    begin, end = [0] * rank, list(x.shape)
    begin[axis], end[axis] = int(index), int(index) + 1
    return mb.slice_by_index(
        x=x, begin=begin, end=end, squeeze_mask=[each == axis for each in range(rank)], **options
    )


def _clip(given: list[Any], _how: dict[str, Any], options: dict[str, str]) -> Any:
    return mb.clip(x=given[0], alpha=np.float32(given[1]), beta=np.float32(given[2]), **options)


def _numbers(given: Any) -> list[int]:
    return [int(each) for each in np.atleast_1d(given)]


OPERATORS: dict[str, Operator] = {
    "Add": lambda given, how, options: mb.add(x=given[0], y=given[1], **options),
    "Clip": _clip,
    "Concat": lambda given, how, options: mb.concat(values=given, axis=how["axis"], **options),
    "Conv": lambda given, how, options: mb.conv(
        x=given[0], weight=given[1], **_bias(given), **_spread(how), **options
    ),
    "ConvTranspose": lambda given, how, options: mb.conv_transpose(
        x=given[0], weight=given[1], **_bias(given), **_spread(how), **options
    ),
    "Div": lambda given, how, options: mb.real_div(x=given[0], y=given[1], **options),
    "Gather": _gather,
    "Gemm": _gemm,
    "Identity": lambda given, how, options: mb.identity(x=given[0], **options),
    "LeakyRelu": lambda given, how, options: mb.leaky_relu(
        x=given[0], alpha=np.float32(how.get("alpha", 0.01)), **options
    ),
    "MatMul": lambda given, how, options: mb.matmul(x=given[0], y=given[1], **options),
    "Mul": lambda given, how, options: mb.mul(x=given[0], y=given[1], **options),
    "ReduceMean": lambda given, how, options: mb.reduce_mean(
        x=given[0], axes=_numbers(given[1]), keep_dims=bool(how.get("keepdims", 1)), **options
    ),
    "Sqrt": lambda given, how, options: mb.sqrt(x=given[0], **options),
    "Sub": lambda given, how, options: mb.sub(x=given[0], y=given[1], **options),
    "Tile": lambda given, how, options: mb.tile(x=given[0], reps=_numbers(given[1]), **options),
    "Unsqueeze": lambda given, how, options: mb.expand_dims(
        x=given[0], axes=_numbers(given[1]), **options
    ),
}


def _run(request: dict[str, Any], folder: Path) -> dict[str, Any]:
    if sys.platform != "darwin":
        raise NotConverted("Core ML models run on macOS only")
    model = ct.models.MLModel(str(folder / request["model"]))

    def run(feed: Arrays) -> Arrays:
        made: Arrays = model.predict({name: feed[name] for name in request["names"]})
        return made

    return {**run_all(request, folder, run), "tools": {"coremltools": version("coremltools")}}
