"""OpenVINO IR: ``.xml`` and ``.bin``, in f32, with f16 weights, or quantised by NNCF."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.bundles.formats.contract import Arrays, FormatPlan, Opened, Subject, Written
from studio.bundles.formats.estimating import estimated, limited_by
from studio.bundles.formats.refusing import as_said
from studio.bundles.manifest import Network, Precision, Role
from studio.errors import RefusedFile
from studio.families.exportable import Exportable
from studio.runtimes.contract import Plan
from studio.runtimes.openvino_graph import executed_nodes, layers_in_int8
from studio.runtimes.target import Target

LARGEST = 2**31  # bytes of the ONNX graph that it is made of


class OpenVinoFormat:
    """See :class:`studio.bundles.formats.contract.Format`."""

    name = "openvino"
    title = "OpenVINO"
    good_for = "CPUs, GPUs and NPUs of Intel, and the CPUs of others"
    precisions: tuple[Precision, ...] = ("f32", "f16", "int8")
    role: Role = "network"
    requirements: tuple[str, ...] = ("openvino",)
    target = "openvino:CPU"
    sizes: Mapping[str, int] = {}

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        refusals = limited_by(subject, precision, "openvino", LARGEST)
        if missing := self.missing():
            refusals.append(missing)
        traced = subject.parts.body.traced  # which Maquette quantises itself
        if precision == "int8" and not refusals and not traced and not _quantiser():
            refusals.append(
                "NNCF, which quantises for OpenVINO, is not installed; 'pip install nncf' adds it"
            )
        notes = []
        if precision == "f16":
            notes.append("weights are stored in f16; what it computes in, the device decides")
        here = () if refusals else (f"{self.target}:{precision}",)
        return FormatPlan(estimated(subject, precision), tuple(refusals), tuple(notes), here)

    def missing(self) -> str:
        from studio.runtimes.all import runtime

        here = runtime("openvino").version() is not None
        return "" if here else "OpenVINO is not installed; 'pip install openvino' adds it"

    def write(
        self,
        subject: Subject,
        precision: Precision,
        folder: Path,
        stem: str,
        progress: Callable[[float, str], None],
    ) -> Written:
        from studio.runtimes.openvino_core import core, failures, quiet_openvino

        parts, doing = subject.parts, f"writing {stem} for OpenVINO"
        progress(0.0, f"converting {stem}")
        sizes = self.sizes
        if parts.body.traced:
            from studio.bundles.formats.traced import openvino_model

            sizes = subject.still if self.sizes else subject.baked
            model = openvino_model(subject, precision, subject.baked)
        elif precision == "int8":
            from studio.runtimes.openvino_quantised import quantised_model

            model = quantised_model(Plan(parts.body, Target("openvino", "CPU", "int8"), rest="f32"))
            with failures(doing):
                model = _after_head(parts, model)
        else:
            with failures(doing):
                model = core().read_model(parts.network.onnx())
        progress(0.5, f"writing {stem}")
        with failures(doing):
            if sizes:
                shapes = {
                    p.name: [sizes.get(d, -1) if isinstance(d, str) else d for d in p.shape]
                    for p in parts.network.inputs
                }
                model.reshape(shapes)
            quiet_openvino().save_model(
                model, folder / f"{stem}.xml", compress_to_fp16=precision == "f16"
            )
        return Written(f"{stem}.xml", (f"{stem}.bin",), sizes=sizes)

    def open(self, network: Network, files: Mapping[str, bytes]) -> Opened:
        from studio.bundles.formats.openvino_check import check_ir

        if len(network.parts) != 1:
            raise RefusedFile(f"{network.main} has not one file of weights beside it")
        description, weights = files[network.main], files[network.parts[0]]
        with as_said(network):
            check_ir(description, len(weights), network)
        return _Compiled(network, description, weights)


def _quantiser() -> bool:
    from importlib import util

    return util.find_spec("nncf") is not None


def _after_head(parts: Exportable, body: Any) -> Any:
    """The quantised body behind the head, which stays as it is."""
    from studio.runtimes.openvino_core import core, quiet_openvino

    if parts.head is None:
        return body
    package, head = quiet_openvino(), core().read_model(parts.head.onnx())
    made = {name: each for each in head.outputs for name in each.names}
    kept = []
    for parameter in body.get_parameters():
        port = parameter.output(0)
        name = next((n for n in port.names if n in made), None)
        if name is None:
            kept.append(parameter)
            continue
        source = made[name].node.input(0).get_source_output()
        for reader in port.get_target_inputs():
            reader.replace_source_output(source)
    return package.Model(body.get_results(), [*head.get_parameters(), *kept], "maquette")


class _Compiled:
    """An IR, compiled for the CPU in f32 where it is not quantised."""

    runtime = "openvino"
    device = "CPU"

    def __init__(self, network: Network, description: bytes, weights: bytes) -> None:
        from studio.runtimes.openvino_core import core, failures, quiet_openvino

        package = quiet_openvino()
        from importlib import metadata

        self.version = metadata.version("openvino")
        self._doing = f"running {network.main} in OpenVINO"
        # Parity is a matter of f32: what a processor with bf16 would choose by itself is not.
        options = {"PERFORMANCE_HINT": "LATENCY", "INFERENCE_PRECISION_HINT": "f32"}
        self._weights = np.frombuffer(weights, np.uint8)  # outlives the model that reads it
        with failures(f"opening {network.main} in OpenVINO"):
            model = core().read_model(description, package.Tensor(self._weights))
            self._names = [port.name for port in network.outputs]
            compiled: Any = core().compile_model(model, "CPU", options)
            self._request: Any = compiled.create_infer_request()
            self.int8_layers: tuple[str, ...] = ()
            if network.precision == "int8":
                nodes = executed_nodes(compiled.get_runtime_model())
                self.int8_layers = tuple(sorted(layers_in_int8(nodes)))

    def run(self, inputs: Arrays) -> dict[str, npt.NDArray[np.float32]]:
        from studio.runtimes.openvino_core import failures

        with failures(self._doing):
            found = self._request.infer(dict(inputs))
            return {name: np.array(found[name]) for name in self._names}
