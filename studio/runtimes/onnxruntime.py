"""ONNX Runtime: the CPU everywhere, and whatever devices its execution providers add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING

from studio.errors import BadChoice, RuntimeFailed, cause_of
from studio.families.portable import OPSET, PortableNetwork
from studio.runtimes import planning
from studio.runtimes.contract import Loaded, Placement, Plan
from studio.runtimes.device import Device
from studio.runtimes.provider_operators import HEAVY
from studio.runtimes.quantization import TRACING, Share, follows_plan
from studio.runtimes.target import Target

if TYPE_CHECKING:
    from studio.runtimes.onnxruntime_core import Found

# Every one of these installs the same module, with other providers in it.
PACKAGES = (
    "onnxruntime",
    "onnxruntime-gpu",
    "onnxruntime-windowsml",
    "onnxruntime-directml",
    "onnxruntime-openvino",
    "onnxruntime-qnn",
    "onnxruntime-migraphx",
    "onnxruntime-vitisai",
)
FILE_LIMIT = 2**31  # bytes of a serialised model


class OnnxRuntime:
    """ONNX Runtime with its built-in providers and those of plugins."""

    name = "onnxruntime"

    def version(self) -> str | None:
        return _installed()

    def detect(self) -> tuple[Device, ...]:
        from studio.runtimes.detection.onnxruntime import devices

        return devices()

    def plan(
        self,
        network: PortableNetwork,
        target: Target,
        *,
        sizes: Mapping[str, int] | None = None,
        threads: int = 0,
    ) -> Plan:
        """Dimensions in ``sizes`` become fixed; the others stay dynamic where the device can.

        Raises:
            BadChoice: the target is of another runtime, its device is not on this host, or a size
                or number of threads makes no sense.
            RuntimeFailed: ONNX Runtime is missing or does not load.
        """
        from studio.runtimes.onnxruntime_core import found

        planning.of_runtime(target, self.name)
        version = self.version()
        if version is None:
            raise RuntimeFailed("ONNX Runtime is not installed; 'pip install onnxruntime' adds it")
        here = found(target.device)
        target = Target(self.name, here.device.id, target.precision)
        fixed = planning.checked_sizes(network, sizes)
        batch = dict(fixed).get("batch", 1)
        memory = planning.memory_needed(network, target.precision, batch)
        return Plan(
            network,
            target,
            fixed,
            planning.checked_threads(threads),
            f"{version} {TRACING}" if network.traced else version,
            _about(here),
            memory,
            tuple(_refusals(network, target, fixed, here, memory)),
            tuple(_notes(network, target, here, threads)),
            "f32" if target.precision == "int8" else "",
        )

    def compile(self, plan: Plan, folder: Path) -> Placement:
        """Leave in ``folder``, beside a record, the optimised graph, the provider's compiled parts,
        or the graph as it was given next to the provider's own cache: the best it can save."""
        from studio.runtimes.onnxruntime_core import found
        from studio.runtimes.onnxruntime_graph import assigned_nodes, placement
        from studio.runtimes.onnxruntime_loaded import CACHE, CONTEXT, GRAPH, SOURCE
        from studio.runtimes.onnxruntime_session import Use, open_session, source_model
        from studio.runtimes.record import write_record

        if plan.refusals:
            raise BadChoice("; ".join(plan.refusals))
        here = found(plan.target.device)
        if plan.network.traced:
            from studio.runtimes.traced.onnx_files import compile_traced

            return compile_traced(plan, here, folder)
        quantised = follows_plan(plan)
        if quantised:
            from studio.runtimes.onnxruntime_quantised import executed_layers, quantised_model

            model = quantised_model(plan, folder)
        else:
            model = source_model(plan, here)
        keeps = here.device.provider.keeps
        use = Use(
            graph=folder / GRAPH if keeps == "graph" else None,
            context=folder / CONTEXT if keeps == "context" else None,
            cache=folder / CACHE,
        )
        try:
            session = open_session(plan, here, model, use)
            ran = placement(here, plan.target.precision, assigned_nodes(session))
            del session  # some providers write their cache only then
            if quantised:
                graph = folder / GRAPH
                done = executed_layers(graph) if graph.is_file() else frozenset()
                share = Share(plan.network, done, "f32")
                ran = replace(ran, precision=share.precision, int8=share.value, left=share.left)
            written = [n for n in (GRAPH, CONTEXT) if (folder / n).is_file()]
            if not written:  # a provider that took no node leaves no context
                (folder / SOURCE).write_bytes(model)
                written = [SOURCE]
            write_record(plan, ran, folder, tuple(written))
        except OSError as error:
            raise RuntimeFailed(
                f"the compiled '{plan.network.name}' cannot be written to {folder}: "
                f"{cause_of(error)}"
            ) from error
        return ran

    def load(self, plan: Plan, folder: Path) -> Loaded:
        from studio.runtimes.onnxruntime_loaded import OnnxRuntimeLoaded

        return OnnxRuntimeLoaded(plan, folder)


def _about(here: Found) -> str:
    """Device and driver for the cache: a graph is optimised for the processor's own layout."""
    return " ".join(part for part in (here.name, here.about, _processor()) if part)


@cache
def _installed() -> str | None:
    for package in PACKAGES:
        try:
            return metadata.version(package)
        except metadata.PackageNotFoundError:
            continue
    return None


@cache
def _processor() -> str:
    from studio.runtimes.detection.processor import processor

    return processor().name


def _precisions(here: Found) -> tuple[str, ...]:
    from studio.runtimes.onnxruntime_core import cpu_precisions

    device = here.device
    if device.provider.id == "cpu":
        return cpu_precisions()
    return device.provider.precisions[device.kind]


def _refusals(
    network: PortableNetwork,
    target: Target,
    sizes: tuple[tuple[str, int], ...],
    here: Found,
    memory: int,
) -> list[str]:
    from studio.runtimes.onnxruntime_core import known_operators

    device, title = here.device, here.device.provider.title
    if target.precision == "int8" and network.quantisation and device.provider.id != "cpu":
        return [
            f"{title} is not given quantised networks by Maquette; onnxruntime:cpu:int8 and "
            "openvino:CPU:int8 run them"
        ]
    said = planning.precision_refusals(network, target, _precisions(here))
    missing = [d for d in planning.dynamic_dimensions(network) if d not in dict(sizes)]
    if device.static_only and missing:
        said.append(
            f"{target.device} takes networks of fixed shapes only; "
            f"name a size for {' and '.join(missing)}"
        )
    newest = device.provider.opset
    if newest and newest < OPSET:
        said.append(f"{title} reads ONNX up to opset {newest}; '{network.name}' has {OPSET}")
    if unknown := sorted(set(network.operators) - known_operators()):
        said.append(f"ONNX Runtime has no {', '.join(unknown)}, which '{network.name}' uses")
    heavy, taken = HEAVY & set(network.operators), device.provider.operators
    if heavy and taken is not None and not heavy & taken:
        said.append(
            f"{title} takes no {', '.join(sorted(heavy))}, so all the work of '{network.name}' "
            "would run on the CPU; onnxruntime:cpu does that openly"
        )
    if network.traced:
        from studio.runtimes.traced.onnx_files import refusals

        said += refusals(network, target.precision, here.device.provider.typed)
    elif 4 * network.parameters >= FILE_LIMIT:
        said.append(
            f"'{network.name}' has {4 * network.parameters / 2**30:.1f} GB of constants; "
            "an ONNX model in one piece holds less than 2 GB"
        )
    return said + planning.memory_refusals(network, memory, planning.free_memory())


def _notes(network: PortableNetwork, target: Target, here: Found, threads: int) -> list[str]:
    provider, notes = here.device.provider, []
    if target.precision == "int8" and "ConvTranspose" in network.operators:
        notes.append("ONNX Runtime has no transposed convolution in int8; these stay in f32")
    if provider.operators is not None:
        rest = sorted(set(network.operators) - provider.operators)
        if rest:
            notes.append(f"{provider.title} takes no {', '.join(rest)}; these run on the CPU")
    if provider.note and target.precision == "f32":
        notes.append(provider.note)
    if provider.keeps == "source" and not provider.caches:
        notes.append(f"{provider.title} compiles anew whenever the network is loaded")
    if threads and here.device.kind != "CPU":
        notes.append(f"{target.device} does not run on threads of the CPU; their number is ignored")
    return notes
