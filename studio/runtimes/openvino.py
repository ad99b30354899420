"""OpenVINO: converts the ONNX graph once, keeps the compiled network as a file, imports it fast."""

from __future__ import annotations

import io
from collections.abc import Mapping
from dataclasses import replace
from functools import partial
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from studio.errors import BadChoice, RuntimeFailed, cause_of
from studio.families.portable import OPSET, PortableNetwork
from studio.runtimes import planning
from studio.runtimes.contract import Loaded, Placement, Plan
from studio.runtimes.device import Device
from studio.runtimes.openvino_graph import (
    executed_nodes,
    layers_in_int8,
    placement,
    precision_name,
)
from studio.runtimes.openvino_options import Options, kind_of, options_for
from studio.runtimes.quantization import TRACING, Share, follows_plan
from studio.runtimes.record import read_file, read_record, write_record
from studio.runtimes.target import Target

if TYPE_CHECKING:
    from studio.runtimes.openvino_core import DeviceFacts

BLOB = "network.blob"
NEWEST_OPSET = 24  # that the ONNX reader of the oldest OpenVINO allowed here was seen to take
# Operators of ONNX that OpenVINO's reader has no conversion for.
UNSUPPORTED = frozenset(
    {
        "ImageDecoder",
        "MaxRoiPool",
        "RegexFullMatch",
        "SequenceMap",
        "StringConcat",
        "StringNormalizer",
        "StringSplit",
        "TfIdfVectorizer",
    }
)


class OpenVinoRuntime:
    """OpenVINO on CPUs, and on GPUs (OpenCL) and NPUs (Level Zero) of Intel."""

    name = "openvino"

    def version(self) -> str | None:
        try:
            return metadata.version("openvino")
        except metadata.PackageNotFoundError:
            return None

    def detect(self) -> tuple[Device, ...]:
        from studio.runtimes.detection.openvino import devices

        return devices()

    def plan(
        self,
        network: PortableNetwork,
        target: Target,
        *,
        sizes: Mapping[str, int] | None = None,
        threads: int = 0,
    ) -> Plan:
        """Dimensions in ``sizes`` become fixed, which an NPU demands, which saves a GPU compiling
        kernels for every new shape and a CPU 15 to 30% of a small network's time; the others stay
        dynamic.

        Raises:
            BadChoice: the target is of another runtime, its device is not on this host, or a size
                or number of threads makes no sense.
            RuntimeFailed: OpenVINO is missing or does not load.
        """
        from studio.runtimes.openvino_core import device_facts

        planning.of_runtime(target, self.name)
        version = self.version()
        if version is None:
            raise RuntimeFailed("OpenVINO is not installed; 'pip install openvino' adds it")
        target = Target(self.name, target.device.upper(), target.precision)
        quantiser = TRACING if network.traced else ""
        if target.precision == "int8" and network.quantisation and not network.traced:
            quantiser = _quantiser()
        facts = device_facts(target.device)
        fixed = planning.checked_sizes(network, sizes)
        batch = dict(fixed).get("batch", 1)
        memory = planning.memory_needed(network, target.precision, batch)
        return Plan(
            network,
            target,
            fixed,
            planning.checked_threads(threads),
            f"{version} {quantiser}".strip(),
            " ".join(part for part in (facts.name, facts.driver, *facts.capabilities) if part),
            memory,
            tuple(_refusals(network, target, fixed, facts, memory)),
            tuple(_notes(network, target, threads)),
            _rest(target, facts),
        )

    def compile(self, plan: Plan, folder: Path) -> Placement:
        """Leave the compiled network and its record in ``folder``."""
        from studio.runtimes.openvino_core import core, failures

        if plan.refusals:
            raise BadChoice("; ".join(plan.refusals))
        if plan.network.traced:
            from studio.runtimes.traced.openvino_files import compile_traced

            return compile_traced(plan, folder)
        name, device = plan.network.name, plan.target.device
        if follows_plan(plan):
            from studio.runtimes.openvino_quantised import quantised_model

            model = quantised_model(plan)
        else:
            with failures(f"reading '{name}' into OpenVINO"):
                model = core().read_model(plan.network.onnx())
        with failures(f"reading '{name}' into OpenVINO"):
            model.reshape(_shapes(plan))
        with failures(f"compiling '{name}' for {plan.target}"):
            compiled = core().compile_model(model, device, options_for(plan))
        ran = placement_of(plan, compiled, options_for(plan))
        with failures(f"saving the compiled '{name}' of {plan.target}"):
            stream = io.BytesIO()
            compiled.export_model(stream)
        try:
            (folder / BLOB).write_bytes(stream.getbuffer())
            write_record(plan, ran, folder, (BLOB,))
        except OSError as error:
            raise RuntimeFailed(
                f"the compiled '{name}' cannot be written to {folder}: {cause_of(error)}"
            ) from error
        return ran

    def load(self, plan: Plan, folder: Path) -> Loaded:
        from studio.runtimes.openvino_loaded import OpenVinoLoaded

        if plan.network.traced:
            from studio.runtimes.traced.openvino_files import opener

            return OpenVinoLoaded(plan, opener(plan, folder))
        blob = np.frombuffer(read_file(read_record(plan, folder), folder, BLOB), np.uint8)
        return OpenVinoLoaded(plan, partial(import_blob, plan, blob))


def import_blob(plan: Plan, blob: np.ndarray[Any, Any], options: Options) -> Any:
    """The ``openvino.CompiledModel`` of a checked file; ``blob`` must outlive it.

    Raises:
        RuntimeFailed: the device is gone, or its driver does not take the file.
    """
    from studio.runtimes.openvino_core import core, failures, quiet_openvino

    with failures(f"loading the compiled '{plan.network.name}' on {plan.target}"):
        tensor = quiet_openvino().Tensor(blob, shared_memory=True)
        return core().import_model(tensor, plan.target.device, options)


def placement_of(plan: Plan, compiled: Any, options: Options) -> Placement:
    """Where a compiled network runs, asked of itself."""
    from studio.runtimes.openvino_core import failures

    with failures(f"asking where '{plan.network.name}' runs"):
        devices = [str(d) for d in compiled.get_property("EXECUTION_DEVICES")]
        try:
            nodes = executed_nodes(compiled.get_runtime_model())
        except RuntimeError:  # NPU plugins keep their graph to themselves
            nodes = ()
        try:
            hint = compiled.get_property("INFERENCE_PRECISION_HINT")
            stated = precision_name(hint.to_string() if hasattr(hint, "to_string") else str(hint))
        except RuntimeError:
            stated = str(options["INFERENCE_PRECISION_HINT"])
    found = placement(plan.target.device, devices, nodes, stated)
    if not follows_plan(plan):
        return found
    share = Share(plan.network, layers_in_int8(nodes), stated)
    return replace(found, precision=share.precision, int8=share.value, left=share.left)


def _quantiser() -> str:
    """NNCF and its version, of which a quantised network is too; empty where it is missing."""
    try:
        return f"nncf {metadata.version('nncf')}"
    except metadata.PackageNotFoundError:
        return ""


def _rest(target: Target, facts: DeviceFacts) -> str:
    """What a quantised network computes in where it is not int8: the fastest float of the device.
    On a processor with bf16 its error there (54 dB and more) vanishes beside that of int8."""
    if target.precision != "int8":
        return ""
    if kind_of(target.device) == "NPU":
        return "f16"
    return "bf16" if "bf16" in facts.precisions else "f32"


def _shapes(plan: Plan) -> dict[str, list[int]]:
    sizes = dict(plan.sizes)
    return {
        port.name: [sizes.get(d, -1) if isinstance(d, str) else d for d in port.shape]
        for port in plan.network.inputs
    }


def _refusals(
    network: PortableNetwork,
    target: Target,
    sizes: tuple[tuple[str, int], ...],
    facts: DeviceFacts,
    memory: int,
) -> list[str]:
    precisions = ("f16", "int8") if kind_of(target.device) == "NPU" else facts.precisions
    said = planning.precision_refusals(network, target, precisions)
    needs_nncf = target.precision == "int8" and network.quantisation and not network.traced
    if needs_nncf and not _quantiser():
        said.append(
            "NNCF, which quantises for OpenVINO, is not installed; 'pip install nncf' adds it"
        )
    missing = [d for d in planning.dynamic_dimensions(network) if d not in dict(sizes)]
    if kind_of(target.device) == "NPU" and missing:
        said.append(
            f"{target.device} takes networks of fixed shapes only; "
            f"name a size for {' and '.join(missing)}"
        )
    if OPSET > NEWEST_OPSET:
        said.append(f"OpenVINO reads ONNX up to opset {NEWEST_OPSET}; '{network.name}' has {OPSET}")
    if unknown := sorted(UNSUPPORTED & set(network.operators)):
        said.append(f"OpenVINO has no {', '.join(unknown)}, which '{network.name}' uses")
    if "EXPORT_IMPORT" not in facts.capabilities and not network.traced:
        said.append(
            f"{target.device} cannot save compiled networks with this driver; a newer one may"
        )
    return said + planning.memory_refusals(network, memory, facts.memory or planning.free_memory())


def _notes(network: PortableNetwork, target: Target, threads: int) -> list[str]:
    notes = []
    if threads and kind_of(target.device) != "CPU":
        notes.append(f"{target.device} does not run on threads of the CPU; their number is ignored")
    return notes
