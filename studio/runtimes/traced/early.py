"""What a network makes of its small inputs before its first layer, kept in f32 by OpenVINO.

A processor that is to compute in bf16 rounds times as well: 901 becomes 900, and the sines of a
time embedding are then those of another step, which alone costs up to 5% of a denoiser's output.
The plugin offers no precision for single nodes, so that part becomes a model of its own.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from studio.runtimes.openvino_core import core, quiet_openvino
from studio.runtimes.openvino_options import Options

SMALL = 2  # dimensions at most of an input that is a number or a list of them
NAME = "early."
_LAYERS = frozenset({"Convolution", "GroupConvolution", "MatMul", "FakeQuantize"})


@dataclass(frozen=True)
class Parts:
    """A model in two: the outputs of ``head`` are inputs of ``body`` by their names."""

    head: Any
    body: Any


def in_two(read: Callable[[], Any]) -> Parts | None:
    """A model apart, or None where it makes nothing of small inputs before its layers.

    Args:
        read: gives the model, a new one each time on the same weights.
    """
    package = quiet_openvino()
    from openvino import opset15

    head, body = read(), read()
    edges = _edges(head)
    if not edges:
        return None
    results, parameters = [], []
    for number, ((source, _), (_, readers)) in enumerate(zip(edges, _edges(body), strict=True)):
        name = f"{NAME}{number}"
        # A result of its own: the tensor may have a name already, which stays.
        result = opset15.result(source)
        source.get_tensor().add_names({name})
        results.append(result)
        parameter = opset15.parameter(source.get_partial_shape(), source.get_element_type(), name)
        parameter.output(0).get_tensor().set_names({name})
        for reader in readers:
            reader.replace_source_output(parameter.output(0))
        parameters.append(parameter)
    outer = body.get_results()
    needed = _reached(outer)
    kept = [p for p in (*body.get_parameters(), *parameters) if p.get_name() in needed]
    made = package.Model(outer, kept, "body")
    used = _reached(results)
    first = [p for p in head.get_parameters() if p.get_name() in used]
    return Parts(package.Model(results, first, "head"), made)


def _edges(model: Any) -> list[tuple[Any, list[Any]]]:
    """Outputs that are made of small inputs alone, with who reads them and is not."""
    late: set[str] = set()
    early: dict[str, Any] = {}
    for node in model.get_ordered_ops():
        kind, name = node.get_type_name(), node.get_name()
        sources = [port.get_node() for port in node.input_values()]
        if kind == "Parameter":
            port = node.output(0)
            if len(port.get_partial_shape()) <= SMALL and port.get_element_type().is_real():
                early[name] = node
        elif kind in _LAYERS or any(each.get_name() in late for each in sources):
            late.add(name)
        elif any(each.get_name() in early for each in sources):
            early[name] = node
    found = []
    for node in early.values():
        if node.get_type_name() in ("Parameter", "ShapeOf"):
            continue
        for output in node.outputs():
            readers = [
                each for each in output.get_target_inputs()
                if each.get_node().get_name() not in early
            ]  # fmt: skip
            if readers and output.get_element_type().is_real():
                found.append((output, readers))
    return found


def _reached(results: list[Any]) -> set[str]:
    seen: set[str] = set()
    left = list(results)
    while left:
        node = left.pop()
        if node.get_name() not in seen:
            seen.add(node.get_name())
            left += [port.get_node() for port in node.input_values()]
    return seen


class InTwo:
    """Two compiled models that look like one; see ``openvino.CompiledModel``."""

    def __init__(self, parts: Parts, device: str, options: Options) -> None:
        plain: Options = {**options, "INFERENCE_PRECISION_HINT": "f32"}
        self._head = core().compile_model(parts.head, device, plain)
        self._body = core().compile_model(parts.body, device, options)

    def create_infer_request(self) -> InTwoRequest:
        return InTwoRequest(self._head, self._body)

    def get_property(self, name: str) -> Any:
        return self._body.get_property(name)

    def get_runtime_model(self) -> Any:
        return self._body.get_runtime_model()


class InTwoRequest:
    """A request to both; the head, some hundred numbers, runs when the request starts."""

    def __init__(self, head: Any, body: Any) -> None:
        self._head, self._body = head.create_infer_request(), body.create_infer_request()
        self._first = {name for port in head.inputs for name in port.names}
        self._then = {name for port in body.inputs for name in port.names}
        self._between = [next(n for n in port.names if n.startswith(NAME)) for port in head.outputs]

    def set_tensor(self, name: str, tensor: Any) -> None:
        if name in self._first:
            self._head.set_tensor(name, tensor)
        if name in self._then:
            self._body.set_tensor(name, tensor)

    def start_async(self) -> None:
        self._head.infer()
        for name in self._between:
            self._body.set_tensor(name, self._head.get_tensor(name))
        self._body.start_async()

    def wait(self) -> None:
        self._body.wait()

    def wait_for(self, milliseconds: int) -> bool:
        return bool(self._body.wait_for(milliseconds))

    def cancel(self) -> None:
        self._body.cancel()

    def get_tensor(self, name: str) -> Any:
        return self._body.get_tensor(name)

    def get_profiling_info(self) -> Any:
        return self._body.get_profiling_info()
