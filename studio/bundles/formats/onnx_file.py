"""ONNX: f32, f16 inside, or pairs of quantise and dequantise nodes for int8."""

from __future__ import annotations

import tempfile
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.bundles.formats.contract import Arrays, FormatPlan, Opened, Subject, Written
from studio.bundles.formats.estimating import estimated, limited_by
from studio.bundles.formats.onnx_shaping import in_order
from studio.bundles.formats.refusing import as_said
from studio.bundles.manifest import Network, Precision, Role
from studio.families.portable import OPSET, PortableNetwork
from studio.runtimes.contract import Plan
from studio.runtimes.target import Target

LARGEST = 2**31  # bytes of a file in one piece
HERE = Target("onnxruntime", "cpu", "f32")


class OnnxFormat:
    """See :class:`studio.bundles.formats.contract.Format`."""

    name = "onnx"
    title = "ONNX"
    good_for = "ONNX Runtime on every system, from servers to phones, and most other runtimes"
    precisions: tuple[Precision, ...] = ("f32", "f16", "int8")
    role: Role = "network"
    requirements: tuple[str, ...] = ("onnxruntime",)
    target = "onnxruntime:cpu"
    sizes: Mapping[str, int] = {}

    @property
    def opset(self) -> int:
        """Of the graph."""
        return OPSET

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        network = subject.parts.network
        size = estimated(subject, precision)
        refusals = limited_by(subject, precision, "onnxruntime", _largest(subject, precision))
        notes = []
        if precision == "f16":
            notes.append(
                "ONNX Runtime on a CPU converts around every node and is slower in f16 than in "
                "f32; GPUs and NPUs gain"
            )
        if precision == "int8" and "ConvTranspose" in network.operators:
            notes.append("ONNX Runtime has no transposed convolution in int8; these stay in f32")
        here = () if refusals or self.missing() else (f"{self.target}:{precision}",)
        return FormatPlan(size, tuple(refusals), tuple(notes), here)

    def missing(self) -> str:
        from studio.runtimes.all import runtime

        here = runtime("onnxruntime").version() is not None
        return "" if here else "ONNX Runtime is not installed; 'pip install onnxruntime' adds it"

    def write(
        self,
        subject: Subject,
        precision: Precision,
        folder: Path,
        stem: str,
        progress: Callable[[float, str], None],
    ) -> Written:
        progress(0.0, f"writing {stem}.onnx")
        if subject.parts.body.traced:
            from studio.bundles.formats.traced import write_onnx

            sizes = {**subject.baked, **(subject.still if self.sizes else {})}
            return write_onnx(subject, precision, folder, stem, sizes=sizes, opset=self.opset)
        data = self.graph(subject, precision, folder)
        (folder / f"{stem}.onnx").write_bytes(data)
        return Written(f"{stem}.onnx", opset=self.opset, sizes=self.sizes)

    def graph(self, subject: Subject, precision: Precision, folder: Path) -> bytes:
        """The serialised model; ``folder`` is for what passes."""
        from studio.families.exportable import before

        parts = subject.parts
        if precision == "int8":
            from studio.runtimes.onnxruntime_quantised import quantised_model

            body = quantised_model(_quantising(parts.body), folder)
            return body if parts.head is None else before(parts.head, body)
        data = parts.network.onnx()
        if precision == "f16":
            from studio.runtimes.onnxruntime_session import in_f16

            data = in_order(in_f16(data, subject.title))
        return data

    def open(self, network: Network, files: Mapping[str, bytes]) -> Opened:
        from studio.bundles.formats.onnx_check import checked_model

        data = files[network.main]
        beside = {Path(path).name: files[path] for path in network.parts}
        with as_said(network):
            checked_model(data, network, {name: len(each) for name, each in beside.items()})
        return _Session(network, data, beside)


def _largest(subject: Subject, precision: str) -> int:
    """Bytes of f32 weights; those of a traced network are in one piece before they are in f16."""
    return 2 * LARGEST if precision == "f16" and not subject.parts.body.traced else LARGEST


def _quantising(body: PortableNetwork) -> Plan:
    return Plan(body, Target(HERE.runtime, HERE.device, "int8"), rest="f32")


def _in_int8(graph: Path) -> tuple[str, ...]:
    from studio.runtimes.onnxruntime_quantised import executed_layers

    return tuple(sorted(executed_layers(graph))) if graph.is_file() else ()


def _in_products(session: Any, data: bytes) -> tuple[str, ...]:
    """The layers that are products of whole numbers; none where the session has fewer of these than
    the file."""
    from studio.bundles.formats.traced import layers_in_products
    from studio.runtimes.onnxruntime_graph import assigned_nodes
    from studio.runtimes.traced.onnx_int8 import INTEGER

    layers = layers_in_products(data)
    count = sum(node.operator in INTEGER for node in assigned_nodes(session))
    return layers if count >= len(layers) else ()


class _Session:
    """An ONNX file in ONNX Runtime on the CPU."""

    runtime = "onnxruntime"
    device = "cpu"

    def __init__(self, network: Network, data: bytes, beside: Mapping[str, bytes]) -> None:
        from studio.runtimes.onnxruntime_core import ERRORS_ONLY, failures, quiet_onnxruntime

        package = quiet_onnxruntime()
        self.version = str(package.__version__)
        settings = package.SessionOptions()
        settings.log_severity_level = ERRORS_ONLY
        settings.add_session_config_entry("session.intra_op.allow_spinning", "0")
        with (
            failures(f"opening {network.main} in ONNX Runtime"),
            tempfile.TemporaryDirectory(prefix="maquette-bundle-") as place,
        ):
            graph = Path(place) / "optimised.onnx"
            if beside:
                names, held = list(beside), list(beside.values())
                lengths = [len(each) for each in held]
                settings.add_external_initializers_from_files_in_memory(names, held, lengths)
                settings.add_session_config_entry("session.record_ep_graph_assignment_info", "1")
            elif network.precision == "int8":  # the optimised graph tells what became int8
                settings.optimized_model_filepath = str(graph)
            self._session: Any = package.InferenceSession(
                data, settings, providers=["CPUExecutionProvider"]
            )
            self.int8_layers = _in_int8(graph)
            if beside and network.precision == "int8":
                self.int8_layers = _in_products(self._session, data)
        self._names = [port.name for port in network.outputs]
        self._doing = f"running {network.main} in ONNX Runtime"

    def run(self, inputs: Arrays) -> dict[str, npt.NDArray[np.float32]]:
        from studio.runtimes.onnxruntime_core import failures

        with failures(self._doing):
            made = self._session.run(self._names, dict(inputs))
        return dict(zip(self._names, made, strict=True))
