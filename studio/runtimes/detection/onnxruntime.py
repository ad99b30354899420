"""What ONNX Runtime can use here: built-in execution providers and plugin ones.

``get_available_providers()`` only says what a build holds, so each built-in one is tried on a
network of one node that no accelerator takes: the provider starts, or not, and compiles nothing.
Plugin ones list their devices themselves.
"""

from __future__ import annotations

import sys
from collections import Counter
from dataclasses import dataclass, field
from importlib.util import find_spec
from typing import Any

from studio.runtimes.detection.missing_providers import missing
from studio.runtimes.detection.plugins import libraries, register
from studio.runtimes.detection.processor import Processor, processor
from studio.runtimes.detection.words import VENDOR_IDS, first_line, vendor_of
from studio.runtimes.device import KINDS, Device, Kind
from studio.runtimes.provider_options import Setting
from studio.runtimes.providers import Provider, ProviderDevice, provider_named, unknown_provider

RUNTIME = "onnxruntime"
CPU = "CPUExecutionProvider"

# StringNormalizer of one string, opset 13: one node for the CPU whatever provider is asked.
TINY = (
    b'\x08\x08:?\n\x18\n\x01x\x12\x01y"\x10StringNormalizer\x12\x01gZ\x0f\n\x01x\x12\n\n\x08'
    b"\x08\x08\x12\x04\n\x02\x08\x01b\x0f\n\x01y\x12\n\n\x08\x08\x08\x12\x04\n\x02\x08\x01B\x04"
    b"\n\x00\x10\r"
)


@dataclass(frozen=True)
class EpDevice:
    """An ``OrtEpDevice``: an execution provider together with the hardware it would run on."""

    provider: str
    kind: str
    vendor: str = ""
    vendor_id: int = 0
    device_id: int = 0
    metadata: tuple[tuple[str, str], ...] = ()
    ep_metadata: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True)
class Trial:
    """Whether a built-in provider ``started`` on a kind of device; ``error``: what it raised."""

    provider: str
    kind: Kind
    started: bool
    error: str = ""


@dataclass(frozen=True)
class Probe:
    """What ONNX Runtime says of itself.

    Args:
        installed: version; None when it is missing. system: as ``sys.platform``.
        precisions: what the CPU provider of the build has kernels for.
        providers: those of the build, by preference. trials: of the built-in ones.
        ep_devices: devices that providers list themselves.
        errors: (library, sentence) of plugin libraries that cannot be registered.
    """

    installed: str | None = None
    system: str = "linux"
    processor: Processor = field(default_factory=Processor)
    precisions: tuple[str, ...] = ("f32", "int8")
    providers: tuple[str, ...] = ()
    trials: tuple[Trial, ...] = ()
    ep_devices: tuple[EpDevice, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


def devices() -> tuple[Device, ...]:
    """Every device ONNX Runtime can use, and by vendor those it cannot. Imports onnxruntime."""
    return interpret(probe())


def probe() -> Probe:
    """Ask ONNX Runtime.

    Raises:
        RuntimeFailed: it is installed and does not load.
    """
    if find_spec("onnxruntime") is None:
        return Probe(system=sys.platform, processor=processor())
    from studio.runtimes.onnxruntime_core import cpu_precisions, quiet_onnxruntime

    onnxruntime = quiet_onnxruntime()
    errors = register(onnxruntime, libraries())
    listed: Any = getattr(onnxruntime, "get_ep_devices", tuple)()
    providers = tuple(onnxruntime.get_available_providers())
    return Probe(
        str(onnxruntime.__version__),
        sys.platform,
        processor(),
        cpu_precisions(),
        providers,
        tuple(trial for each in providers for trial in _tried(onnxruntime, each)),
        tuple(_plain(each) for each in listed),
        errors,
    )


def _tried(runtime: Any, provider: str) -> list[Trial]:
    about = provider_named(provider)
    if about is None or about.id == "cpu":  # others are no devices, such as Azure's remote one
        return []
    return [_tried_on(runtime, provider, about, kind) for kind in about.precisions if kind != "CPU"]


def _tried_on(runtime: Any, provider: str, about: Provider, kind: Kind) -> Trial:
    settings = runtime.SessionOptions()
    settings.log_severity_level = 3
    settings.enable_mem_pattern = about.memory_pattern
    options = about.options(Setting(kind, precision=about.precisions[kind][0]))
    chosen = [(provider, options), *([] if provider == CPU else [(CPU, {})])]
    try:
        session = runtime.InferenceSession(TINY, settings, providers=chosen, enable_fallback=0)
    except Exception as error:  # noqa: BLE001 - whatever a provider raises is the answer
        return Trial(provider, kind, False, first_line(error))
    return Trial(provider, kind, provider in session.get_providers())


def _plain(listed: Any) -> EpDevice:
    device = listed.device
    return EpDevice(
        str(listed.ep_name),
        str(device.type).rpartition(".")[2],
        str(device.vendor),
        int(device.vendor_id),
        int(device.device_id),
        tuple(sorted((str(k), str(v)) for k, v in dict(device.metadata).items())),
        tuple(sorted((str(k), str(v)) for k, v in dict(listed.ep_metadata).items())),
    )


def interpret(found: Probe) -> tuple[Device, ...]:
    """The devices that a probe speaks of."""
    cpu = found.processor
    if found.installed is None:
        return missing(found.system, cpu)
    rows: list[Device] = []
    counted: Counter[tuple[str, Kind]] = Counter()
    for each in found.ep_devices:
        row = _of_listed(each, found, counted)
        if row is not None:
            rows.append(row)
    if not any(row.id == "cpu" for row in rows) and CPU in found.providers:
        rows.append(_processor(found))
    for trial in found.trials:
        row = _of_trial(trial)
        if row is not None and not any(row.id and row.id == other.id for other in rows):
            rows.append(row)
    for library, error in found.errors:
        rows += _of_error(library, error)
    return (*rows, *missing(found.system, cpu, found.installed))


def _processor(found: Probe) -> Device:
    cpu = found.processor
    return Device(RUNTIME, "CPU", cpu.vendor, cpu.name, "", "cpu", found.precisions)


def _of_listed(each: EpDevice, found: Probe, counted: Counter[tuple[str, Kind]]) -> Device | None:
    kind = next((k for k in KINDS if k == each.kind.upper()), None)
    if kind is None:
        return None
    told, of_provider = dict(each.metadata), dict(each.ep_metadata)
    about = provider_named(each.provider) or unknown_provider(each.provider, (kind,))
    place = (about.name, kind)
    index = counted[place]  # as targets count: what is left out below has a number too
    counted[place] += 1
    if told.get("is_virtual") == "1" or of_provider.get("ov_meta_device"):
        return None
    if about.id == "cpu":
        return _processor(found)
    name = told.get("Description", "")
    vendor = VENDOR_IDS.get(each.vendor_id) or vendor_of(each.vendor) or each.vendor
    if kind == "CPU":
        name, vendor = found.processor.name or name, found.processor.vendor or vendor
    driver = of_provider.get("os_driver_version", "")
    return _ready(about, kind, index, vendor, name, driver)


def _of_trial(trial: Trial) -> Device | None:
    about = provider_named(trial.provider)
    if about is None:
        return None
    vendor = "" if about.vendor == "Microsoft" else about.vendor
    if trial.started:
        return _ready(about, trial.kind, 0, vendor, "", "")
    needs = trial.error or _NEEDS.get(about.id, "its libraries or its driver are missing")
    reason = f"this ONNX Runtime holds {about.title}, which does not start: {needs}"
    return _cannot(trial.kind, vendor, reason)


def _of_error(library: str, error: str) -> list[Device]:
    short = library.removeprefix("onnxruntime_ep_").removeprefix("onnxruntime_")
    about = provider_named(short.replace("_", ""))
    kinds: tuple[Kind, ...] = tuple(about.precisions) if about else ("GPU", "NPU")
    title, vendor = (about.title, about.vendor) if about else (library, "")
    reason = f"the plugin for {title} cannot be used: {error}"
    return [_cannot(kind, vendor, reason) for kind in kinds if kind != "CPU"]


_NEEDS = {
    "cuda": "the NVIDIA driver, CUDA or cuDNN is missing, or of another version than it was "
    "built for; 'pip install onnxruntime-gpu[cuda,cudnn]' adds the last two",
    "tensorrt": "TensorRT's libraries are missing; 'pip install tensorrt' adds them",
    "migraphx": "ROCm or MIGraphX is missing",
    "dml": "no graphics device with DirectX 12 was found",
}


def _ready(about: Provider, kind: Kind, index: int, vendor: str, name: str, driver: str) -> Device:
    place = ProviderDevice(about, kind, index)
    precisions = about.precisions.get(kind, ("f32",))
    return Device(RUNTIME, kind, vendor, name, driver, place.id, precisions, place.static_only)


def _cannot(kind: Kind, vendor: str, reason: str) -> Device:
    return Device(RUNTIME, kind, vendor, status="unavailable", reason=reason)
