"""What would let ONNX Runtime use the devices of each vendor, as rows that say it cannot."""

from __future__ import annotations

from studio.runtimes.detection.processor import Processor
from studio.runtimes.detection.words import not_installed
from studio.runtimes.device import Device, Kind
from studio.runtimes.providers import provider_named

_WANTED: tuple[tuple[Kind, str, str], ...] = (
    ("GPU", "NVIDIA", "cuda"),
    ("GPU", "Intel", "openvino"),
    ("NPU", "Intel", "openvino"),
    ("GPU", "AMD", "migraphx"),
    ("NPU", "AMD", "vitisai"),
    ("GPU", "Qualcomm", "qnn"),
    ("NPU", "Qualcomm", "qnn"),
    ("GPU", "Apple", "coreml"),
    ("NPU", "Apple", "coreml"),
)
_VITIS = "its provider Vitis AI comes with AMD's Ryzen AI Software, not with pip"
_NO_GPU = "no execution provider of ONNX Runtime is known for GPUs of this vendor"
_NO_NPU = "no execution provider of ONNX Runtime is known for this NPU"


def missing(system: str, cpu: Processor, installed: str | None = None) -> tuple[Device, ...]:
    """Rows for what this ONNX Runtime lacks, one a kind and vendor; vendor "" stands for others.

    Args:
        system: as ``sys.platform``. installed: version; None when ONNX Runtime is missing.
    """
    windows = system == "win32"
    rows = []
    if installed is None:
        reason = not_installed("ONNX Runtime", "pip install onnxruntime")
        rows.append(_cannot("CPU", cpu.vendor, reason, cpu.name))
    for kind, vendor, provider in _WANTED:
        if provider == "migraphx" and windows:
            provider = "dml"
        if provider == "vitisai" and not windows:
            rows.append(_cannot(kind, vendor, f"ONNX Runtime cannot use it: {_VITIS}"))
        else:
            rows.append(_cannot(kind, vendor, _lacks(installed, provider)))
    rows.append(_cannot("GPU", "", _lacks(installed, "dml") if windows else _NO_GPU))
    return (*rows, _cannot("NPU", "", _NO_NPU))


def _lacks(installed: str | None, provider: str) -> str:
    about = provider_named(provider)
    assert about is not None
    if installed is None:
        return not_installed("ONNX Runtime", about.package)
    return f"this ONNX Runtime ({installed}) is without {about.title}; '{about.package}' adds it"


def _cannot(kind: Kind, vendor: str, reason: str, name: str = "") -> Device:
    return Device("onnxruntime", kind, vendor, name, status="unavailable", reason=reason)
