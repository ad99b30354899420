"""What PyTorch can use here: cpu, cuda (NVIDIA, or AMD through ROCm), xpu (Intel), mps (Apple)."""

from __future__ import annotations

from dataclasses import dataclass, field
from importlib.metadata import PackageNotFoundError, version
from typing import Any

from studio.runtimes.detection.processor import Processor, processor
from studio.runtimes.detection.words import first_line, not_installed, ordered
from studio.runtimes.device import Device, Kind

RUNTIME = "pytorch"
INDEX = "pip install --force-reinstall torch --index-url https://download.pytorch.org/whl"
LINES = {
    "CPU": "pip install torch",
    "cuda": f"{INDEX}/cu130",
    "rocm": f"{INDEX}/rocm7.1",
    "xpu": f"{INDEX}/xpu",
}
NO_NPU = "PyTorch runs on no NPU of this kind; OpenVINO or ONNX Runtime may"


@dataclass(frozen=True)
class Accelerator:
    """One device that torch lists.

    Args:
        name, driver: as torch reports them. capability: (major, minor) of CUDA, else (0, 0).
        half, bfloat: whether it says that it computes f16 and bf16; None when torch does not tell.
    """

    name: str
    driver: str = ""
    capability: tuple[int, int] = (0, 0)
    half: bool | None = None
    bfloat: bool | None = None


@dataclass(frozen=True)
class Probe:
    """What torch says of itself.

    Args:
        installed: version; None when it is missing.
        cuda, hip: versions it is built with; empty without. xpu, mps: whether it is built with it.
        architectures: ``sm_90`` and the like that its CUDA code is for; none known when empty.
        errors: (``cuda``, sentence) pairs: why what is built in did not start.
    """

    installed: str | None = None
    processor: Processor = field(default_factory=Processor)
    cuda: str = ""
    hip: str = ""
    xpu: bool = False
    mps: bool = False
    architectures: tuple[str, ...] = ()
    cuda_devices: tuple[Accelerator, ...] = ()
    xpu_devices: tuple[Accelerator, ...] = ()
    mps_devices: tuple[Accelerator, ...] = ()
    errors: tuple[tuple[str, str], ...] = ()


def devices() -> tuple[Device, ...]:
    """Every device PyTorch can use, and by vendor those it cannot. Imports torch."""
    return interpret(probe())


def probe() -> Probe:
    """Ask torch. A part of it that raises costs a sentence in ``errors``."""
    try:
        installed = version("torch")
    except PackageNotFoundError:
        return Probe(processor=processor())
    import torch

    errors: list[tuple[str, str]] = []

    def asked(part: str, ask: Any) -> tuple[Accelerator, ...]:
        try:
            return tuple(ask(torch))
        except Exception as error:  # noqa: BLE001 - whatever a driver raises is the answer
            errors.append((part, first_line(error)))
            return ()

    cuda, hip = torch.version.cuda or "", torch.version.hip or ""
    xpu, mps = bool(torch.xpu._is_compiled()), torch.backends.mps.is_built()
    return Probe(
        installed,
        processor(),
        cuda=cuda,
        hip=hip,
        xpu=xpu,
        mps=mps,
        architectures=tuple(torch.cuda.get_arch_list()) if cuda else (),
        cuda_devices=asked("cuda", _cuda) if cuda or hip else (),
        xpu_devices=asked("xpu", _xpu) if xpu else (),
        mps_devices=asked("mps", _mps) if mps else (),
        errors=tuple(errors),
    )


def _cuda(torch: Any) -> list[Accelerator]:
    torch.cuda.init()  # raises what is_available() keeps to itself: no driver, a driver too old
    found = []
    for index in range(torch.cuda.device_count()):
        each = torch.cuda.get_device_properties(index)
        found.append(Accelerator(each.name, capability=(each.major, each.minor)))
    return found


def _xpu(torch: Any) -> list[Accelerator]:
    found = []
    for index in range(torch.xpu.device_count()):
        each = torch.xpu.get_device_properties(index)
        half = getattr(each, "has_fp16", None)
        bfloat = getattr(each, "has_bfloat16_conversions", None)
        found.append(Accelerator(each.name, each.driver_version, half=half, bfloat=bfloat))
    return found


def _mps(torch: Any) -> list[Accelerator]:
    if not torch.backends.mps.is_available():
        raise RuntimeError("Metal offers no device; it needs macOS 14 on a Mac with Apple silicon")
    name = getattr(torch.backends.mps, "get_name", lambda: "")()
    return [Accelerator(name or "Apple GPU", half=True, bfloat=True)]


def interpret(found: Probe) -> tuple[Device, ...]:
    """The devices that a probe speaks of."""
    cpu = found.processor
    if found.installed is None:
        missing = not_installed("PyTorch", LINES["CPU"])
        rows = [_cannot("CPU", cpu.vendor, missing, name=cpu.name)]
        for vendor, part in (("NVIDIA", "cuda"), ("AMD", "rocm"), ("Intel", "xpu")):
            rows.append(_cannot("GPU", vendor, not_installed("PyTorch", LINES[part])))
        rows.append(_cannot("GPU", "Apple", missing))
        return (*rows, _cannot("NPU", "", NO_NPU))
    # Eager PyTorch gains nothing from f16 or int8 on a CPU; bf16 it hands to oneDNN.
    native = ordered({"f32", "bf16"} & set(cpu.precisions) | {"f32"})
    rows = [Device(RUNTIME, "CPU", cpu.vendor, cpu.name, id="cpu", precisions=native)]
    errors = dict(found.errors)
    rows += _cuda_rows(found, errors.get("cuda", ""))
    rows += _rows(found.xpu, "Intel", "xpu", found.xpu_devices, errors.get("xpu", ""))
    rows += _rows(found.mps, "Apple", "mps", found.mps_devices, errors.get("mps", ""))
    rows.append(_cannot("GPU", "", "PyTorch has no code for GPUs of this vendor"))
    return (*rows, _cannot("NPU", "", NO_NPU))


def _cuda_rows(found: Probe, error: str) -> list[Device]:
    mine, other = ("AMD", "NVIDIA") if found.hip else ("NVIDIA", "AMD")
    lines = {"NVIDIA": f"'{LINES['cuda']}'", "AMD": f"'{LINES['rocm']}' (Linux)"}
    parts = {"NVIDIA": "CUDA", "AMD": "ROCm"}
    without = f"this PyTorch ({found.installed}) is built without "
    rest = [_cannot("GPU", other, f"{without}{parts[other]}; {lines[other]} adds it")]
    if not (found.cuda or found.hip):
        return [_cannot("GPU", mine, f"{without}{parts[mine]}; {lines[mine]} adds it"), *rest]
    if not found.cuda_devices:
        reason = error or f"{parts[mine]} lists no device that it could use"
        return [_cannot("GPU", mine, f"PyTorch cannot start {parts[mine]}: {reason}"), *rest]
    rows = []
    for index, each in enumerate(found.cuda_devices):
        precisions = ("f32", "bf16", "f16") if found.hip else cuda_precisions(each.capability)
        row = Device(
            RUNTIME,
            "GPU",
            mine,
            each.name,
            f"ROCm {found.hip}" if found.hip else "",
            f"cuda:{index}",
            precisions,
        )
        if found.cuda and not runs_on(each.capability, found.architectures):
            code, known = "{}.{}".format(*each.capability), ", ".join(found.architectures)
            reason = f"this PyTorch has no code for compute capability {code}, only for {known}"
            row = _cannot("GPU", mine, reason, name=each.name)
        rows.append(row)
    return [*rows, *rest]


def cuda_precisions(capability: tuple[int, int]) -> tuple[str, ...]:
    """What an NVIDIA GPU gains from: f16 since Volta's tensor cores (and on 6.0), bf16 since
    Ampere. int8 is left out: eager PyTorch has no int8 convolution there."""
    wanted = ["f32"]
    if capability >= (7, 0) or capability == (6, 0):
        wanted.append("f16")
    if capability >= (8, 0):
        wanted.append("bf16")
    return ordered(wanted)


def runs_on(capability: tuple[int, int], architectures: tuple[str, ...]) -> bool:
    """Whether code for ``architectures`` runs on a GPU: ``sm_xy`` on the same major version from
    y on, ``compute_xy`` (PTX) on every later one. Nothing known means yes."""
    if not architectures:
        return True
    for each in architectures:
        kind, _, digits = each.partition("_")
        number = "".join(c for c in digits if c.isdigit())
        if len(number) < 2:
            continue
        built = (int(number[:-1]), int(number[-1]))
        same = capability[0] == built[0] and capability[1] >= built[1]
        if same or (kind == "compute" and capability >= built):
            return True
    return False


def _rows(
    built: bool, vendor: str, part: str, found: tuple[Accelerator, ...], error: str
) -> list[Device]:
    title = {"xpu": "XPU support", "mps": "Metal"}[part]
    if not built:
        line = LINES.get(part, LINES["CPU"])
        return [_cannot("GPU", vendor, f"this PyTorch is built without {title}; '{line}' adds it")]
    if not found:
        reason = error or "it lists no device that it could use; the vendor's driver may be missing"
        return [_cannot("GPU", vendor, f"PyTorch cannot start {title}: {reason}")]
    rows = []
    for index, each in enumerate(found):
        precisions = ["f32", *(["f16"] if each.half else []), *(["bf16"] if each.bfloat else [])]
        name = part if part == "mps" else f"{part}:{index}"
        row = Device(RUNTIME, "GPU", vendor, each.name, each.driver, name, ordered(precisions))
        rows.append(row)
    return rows


def _cannot(kind: Kind, vendor: str, reason: str, name: str = "") -> Device:
    return Device(RUNTIME, kind, vendor, name, status="unavailable", reason=reason)
