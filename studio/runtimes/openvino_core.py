"""OpenVINO itself, imported quietly, and what a device says of itself."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from studio.errors import BadChoice, RuntimeFailed

PRECISIONS = {"FP32": "f32", "BF16": "bf16", "FP16": "f16", "INT8": "int8"}
VIRTUAL = ("AUTO", "BATCH", "HETERO", "MULTI")  # they choose a device, and hide which


@dataclass(frozen=True)
class DeviceFacts:
    """What OpenVINO reports of a device.

    Args:
        name: the full name. driver: version of its driver, empty where there is none.
        capabilities: ``OPTIMIZATION_CAPABILITIES``, e.g. FP32, BF16, EXPORT_IMPORT.
        memory: bytes of its own memory, 0 where it shares the host's.
    """

    name: str
    driver: str
    capabilities: tuple[str, ...]
    memory: int = 0

    @property
    def precisions(self) -> tuple[str, ...]:
        """Those of f32, bf16, f16, int8 that it computes in."""
        return tuple(ours for theirs, ours in PRECISIONS.items() if theirs in self.capabilities)


def quiet_openvino() -> ModuleType:
    """The package, imported so that it sends nothing: importing it reports the import over the
    network and writes an identity into the user's home, unless its telemetry cannot be found.

    Raises:
        RuntimeFailed: it is not installed, or does not load on this machine.
    """
    if "openvino_telemetry" not in sys.modules:
        sys.modules["openvino_telemetry"] = None  # type: ignore[assignment]
    try:
        return importlib.import_module("openvino")
    except (ImportError, OSError) as error:
        raise RuntimeFailed(
            f"OpenVINO cannot be loaded: {error}; 'pip install openvino' adds it"
        ) from error


@cache
def core() -> Any:
    """The one ``openvino.Core`` of this process. Making it loads no plugin."""
    return quiet_openvino().Core()


def device_facts(device: str) -> DeviceFacts:
    """Ask a device. Only its own plugin is loaded.

    Raises:
        BadChoice: OpenVINO has no such device on this host, or it only chooses among others.
    """
    if device.partition(":")[0].partition(".")[0] in VIRTUAL:
        raise BadChoice(
            f"OpenVINO's {device} chooses a device by itself; name the device, e.g. openvino:CPU"
        )
    kind, _, number = device.partition(".")
    try:
        # The CPU's plugin takes any number behind its name.
        if number and number not in core().get_property(kind, "AVAILABLE_DEVICES"):
            raise RuntimeError(f"no {kind} has the number {number}")
        name = str(core().get_property(device, "FULL_DEVICE_NAME"))
        capabilities = tuple(
            str(c) for c in core().get_property(device, "OPTIMIZATION_CAPABILITIES")
        )
    except RuntimeError as error:
        raise BadChoice(
            f"OpenVINO has no device {device} on this host ({said(error)}); "
            "'maquette devices' lists those it has"
        ) from error
    return DeviceFacts(
        name,
        str(_optional(device, "NPU_DRIVER_VERSION") or _optional(device, "DRIVER_VERSION") or ""),
        capabilities,
        int(_optional(device, "GPU_DEVICE_TOTAL_MEM_SIZE") or 0),
    )


def _optional(device: str, name: str) -> Any:
    try:
        return core().get_property(device, name)
    except RuntimeError:  # devices differ in what they know
        return None


def said(error: BaseException) -> str:
    """The last line of what OpenVINO said, which holds the cause; the others are source places."""
    lines = [line.strip() for line in str(error).splitlines() if line.strip()]
    return lines[-1].rstrip(".") if lines else type(error).__name__


@contextmanager
def failures(doing: str) -> Iterator[None]:
    """Turn what OpenVINO raises into one sentence that starts with ``doing``."""
    try:
        yield
    except RuntimeError as error:
        raise RuntimeFailed(f"{doing} failed: {said(error)}") from error
