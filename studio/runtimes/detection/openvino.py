"""What OpenVINO can use here: the CPU, Intel's GPUs through OpenCL, Intel's NPU through Level Zero.

``available_devices`` leaves out what cannot be used and does not say why; asking such a device for
its name makes its plugin tell.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from studio.runtimes.detection.processor import Processor, processor
from studio.runtimes.detection.words import first_line, not_installed, ordered, vendor_of
from studio.runtimes.device import Device, Kind
from studio.runtimes.openvino_core import PRECISIONS

RUNTIME = "openvino"
LINE = "pip install openvino"
_NEEDS = {
    "GPU": "its OpenCL driver is missing (intel-opencl-icd on Debian and Ubuntu, intel-compute-"
    "runtime elsewhere, Intel's graphics driver on Windows)",
    "NPU": "its Level Zero driver is missing (intel-level-zero-npu from Intel's linux-npu-driver, "
    "or Intel's NPU driver on Windows)",
}
_LIBRARIES = {"libOpenCL": "GPU", "libze_loader": "NPU", "OpenCL.dll": "GPU", "ze_loader": "NPU"}


@dataclass(frozen=True)
class Found:
    """One entry of ``available_devices``: its name and its properties, as text."""

    id: str
    full_name: str = ""
    capabilities: tuple[str, ...] = ()
    type: str = ""
    architecture: str = ""
    driver: str = ""


@dataclass(frozen=True)
class Probe:
    """What OpenVINO says of itself.

    Args:
        installed: version; None when it is missing.
        found: the available devices. errors: (GPU or NPU, what its plugin says) where none is.
    """

    installed: str | None = None
    processor: Processor = field(default_factory=Processor)
    found: tuple[Found, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


def devices() -> tuple[Device, ...]:
    """Every device OpenVINO can use, and by vendor those it cannot. Imports openvino."""
    return interpret(probe())


def probe() -> Probe:
    """Ask OpenVINO.

    Raises:
        RuntimeFailed: it is installed and does not load.
    """
    try:
        installed = version("openvino")
    except PackageNotFoundError:
        return Probe(processor=processor())
    from studio.runtimes.openvino_core import core as shared

    core = shared()
    names = tuple(core.available_devices)
    errors = []
    for kind in ("GPU", "NPU"):
        if not any(name.partition(".")[0] == kind for name in names):
            errors.append((kind, _refusal(core, kind)))
    return Probe(installed, processor(), tuple(_read(core, n) for n in names), tuple(errors))


def _read(core: Any, name: str) -> Found:
    keys = [str(key) for key in core.get_property(name, "SUPPORTED_PROPERTIES")]

    def text(key: str) -> str:
        try:
            return str(core.get_property(name, key)) if key in keys else ""
        except Exception:  # noqa: BLE001 - a property that cannot be read is not known
            return ""

    capabilities: tuple[str, ...] = ()
    if "OPTIMIZATION_CAPABILITIES" in keys:
        capabilities = tuple(map(str, core.get_property(name, "OPTIMIZATION_CAPABILITIES")))
    driver = next((text(key) for key in sorted(keys) if key.endswith("DRIVER_VERSION")), "")
    return Found(
        name,
        text("FULL_DEVICE_NAME"),
        capabilities,
        text("DEVICE_TYPE").rpartition(".")[2],
        text("DEVICE_ARCHITECTURE"),
        driver,
    )


def _refusal(core: Any, kind: str) -> str:
    try:
        core.get_property(kind, "FULL_DEVICE_NAME")
    except Exception as error:  # noqa: BLE001 - its words are what is wanted
        return str(error)
    return ""


def interpret(found: Probe) -> tuple[Device, ...]:
    """The devices that a probe speaks of."""
    cpu = found.processor
    if found.installed is None:
        missing = not_installed("OpenVINO", LINE)
        rows = [_cannot("CPU", cpu.vendor, missing, cpu.name)]
        return (*rows, _cannot("GPU", "Intel", missing), _cannot("NPU", "Intel", missing), *_FIXED)
    rows = [row for each in found.found if (row := _row(each, cpu)) is not None]
    for part, error in found.errors:
        kind: Kind = "GPU" if part == "GPU" else "NPU"
        rows.append(_cannot(kind, "Intel", why_not(kind, error)))
    return (*rows, *_FIXED)


def _row(each: Found, cpu: Processor) -> Device | None:
    kinds: dict[str, Kind] = {"CPU": "CPU", "GPU": "GPU", "NPU": "NPU"}
    kind = kinds.get(each.id.partition(".")[0])
    if kind is None:  # modes such as AUTO and HETERO, and plugins of others
        return None
    name = each.full_name or cpu.name
    vendor = cpu.vendor if kind == "CPU" else vendor_of(name) or "Intel"
    precisions = ordered(PRECISIONS[c] for c in each.capabilities if c in PRECISIONS)
    # The NPU compiles fixed shapes only, as its documentation says; nothing reports that.
    return Device(
        RUNTIME, kind, vendor, name, each.driver, each.id, precisions, static_only=kind == "NPU"
    )


def why_not(kind: Kind, error: str) -> str:
    """Why a plugin offers no device, from what it said when it was asked for one."""
    sentence = f"OpenVINO finds no {kind} that it could use; {_NEEDS[kind]}"
    if "annot load library" in error or "cannot open shared object" in error:
        for library, mine in _LIBRARIES.items():
            if library in error and mine == kind:
                return f"OpenVINO cannot use it: {library} is not installed; {_NEEDS[kind]}"
        last = [line for line in error.splitlines() if line.strip()][-1]
        return f"OpenVINO cannot load its {kind} plugin: {first_line(last.rpartition('so: ')[2])}"
    if "permission" in error.lower():
        return f"OpenVINO has no permission to use it: {first_line(error)}"
    return sentence


def _cannot(kind: Kind, vendor: str, reason: str, name: str = "") -> Device:
    return Device(RUNTIME, kind, vendor, name, status="unavailable", reason=reason)


_FIXED = (
    _cannot("GPU", "", "OpenVINO runs on GPUs of Intel only"),
    _cannot("NPU", "", "OpenVINO runs on NPUs of Intel only"),
)
