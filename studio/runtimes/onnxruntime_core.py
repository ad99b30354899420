"""ONNX Runtime itself, imported quietly, and which of its providers this host has."""

from __future__ import annotations

import importlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from studio.errors import BadChoice, RuntimeFailed
from studio.runtimes.device import KINDS, Kind
from studio.runtimes.provider_operators import HEAVY
from studio.runtimes.providers import (
    Provider,
    ProviderDevice,
    bare,
    device_named,
    provider_named,
    unknown_provider,
)

ERRORS_ONLY = 3  # of the severities of its log
_TYPES = {"f16": "tensor(float16)", "bf16": "tensor(bfloat16)"}


@dataclass(frozen=True)
class Found:
    """A device that a session can be opened on.

    Args:
        device: what the target named. name: its provider, as this build spells it.
        listed: the ``OrtEpDevice`` of a plugin; None for a provider that is built in.
        about: driver and version, as far as the provider tells.
    """

    device: ProviderDevice
    name: str
    listed: Any = None
    about: str = ""


def quiet_onnxruntime() -> ModuleType:
    """The package, with its telemetry off: importing it otherwise writes an identity of this host
    and a database of events into the user's home, before anybody could ask it not to.

    Raises:
        RuntimeFailed: it is not installed, or does not load on this machine.
    """
    os.environ["ORT_DISABLE_TELEMETRY"] = "1"
    try:
        package = importlib.import_module("onnxruntime")
    except (ImportError, OSError) as error:
        raise RuntimeFailed(
            f"ONNX Runtime cannot be loaded: {error}; 'pip install onnxruntime' adds it"
        ) from error
    package.disable_telemetry_events()
    return package


@cache
def _raised() -> tuple[type[Exception], ...]:
    """What its native code raises: types without a base of their own, beside the usual ones."""
    state = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    own = [v for v in vars(state).values() if isinstance(v, type) and issubclass(v, Exception)]
    return (*own, RuntimeError, ValueError, TypeError, OSError)


@contextmanager
def failures(doing: str) -> Iterator[None]:
    """Turn what ONNX Runtime raises into one sentence that begins with ``doing``.

    Raises:
        RuntimeFailed: it raised; MemoryError is named as what it is.
    """
    try:
        yield
    except MemoryError as error:
        raise RuntimeFailed(f"{doing} failed: there is not enough memory") from error
    except RuntimeFailed:
        raise
    except _raised() as error:
        cause = " ".join(str(error).split())[:300].rstrip(" .") or type(error).__name__
        raise RuntimeFailed(f"{doing} failed: {cause}") from error


def found(text: str) -> Found:
    """The device of a target, on this host.

    Raises:
        BadChoice: no such provider, or it is not here.
        RuntimeFailed: ONNX Runtime does not load.
    """
    package = quiet_onnxruntime()
    try:
        device = device_named(text)
    except BadChoice:  # perhaps a plugin that nothing is known of
        _register_plugins()
        device = device_named(text, _others(package))
    if device.provider.id == "cpu" and device.index:
        raise BadChoice(f"'{text}' is not on this host; there is one CPU, cpu")
    here = _built_in(package, device) or _plugged_in(package, device)
    if here is None:  # loading native libraries of others is left until nothing else serves
        _register_plugins()
        here = _plugged_in(package, device)
    if here is None:
        title, adds = device.provider.title, device.provider.package
        raise BadChoice(
            f"'{text}' is not on this host: ONNX Runtime {package.__version__} has no "
            f"{device.kind} {device.index} of {title} here; '{adds}' may add it"
        )
    return here


def _built_in(package: ModuleType, device: ProviderDevice) -> Found | None:
    wanted = bare(device.provider.name)
    for name in package.get_available_providers():
        if bare(name) == wanted:
            return Found(device, name)
    return None


def _plugged_in(package: ModuleType, device: ProviderDevice) -> Found | None:
    fitting = [
        each
        for each in package.get_ep_devices()
        if bare(each.ep_name) == bare(device.provider.name) and kind_of(each) == device.kind
    ]
    if device.index >= len(fitting):
        return None
    listed = fitting[device.index]
    about = {**dict(listed.device.metadata), **dict(listed.ep_metadata)}
    parts = (about.get("Description"), about.get("os_driver_version"), about.get("version"))
    return Found(device, listed.ep_name, listed, " ".join(part for part in parts if part))


def kind_of(listed: Any) -> Kind | None:
    """CPU, GPU or NPU of an ``OrtEpDevice``."""
    name = str(listed.device.type).rpartition(".")[2].upper()
    return next((kind for kind in KINDS if kind == name), None)


def _others(package: ModuleType) -> tuple[Provider, ...]:
    kinds: dict[str, list[Kind]] = {}
    for listed in package.get_ep_devices():
        kind = kind_of(listed)
        if kind is not None and provider_named(listed.ep_name) is None:
            kinds.setdefault(listed.ep_name, []).append(kind)
    return tuple(unknown_provider(name, tuple(each)) for name, each in kinds.items())


def _register_plugins() -> None:
    from studio.runtimes.detection.plugins import libraries, register

    register(quiet_onnxruntime(), libraries())


@cache
def cpu_precisions() -> tuple[str, ...]:
    """What the CPU provider of this build computes in: f32, int8, and the halves for which it has
    kernels of its own. Without one it converts around every node, which is slower than f32."""
    state = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    kernels: dict[str, set[str]] = {}
    for kernel in state.get_all_opkernel_def():
        if kernel.provider == "CPUExecutionProvider" and kernel.op_name in HEAVY:
            taken = kernels.setdefault(kernel.op_name, set())
            taken.update(*kernel.type_constraints.values())
    halves = [p for p, t in _TYPES.items() if all(t in kernels.get(o, ()) for o in HEAVY)]
    return ("f32", *halves, "int8")


@cache
def known_operators() -> frozenset[str]:
    """Names of all operators that this build knows, of every domain and version."""
    state = importlib.import_module("onnxruntime.capi.onnxruntime_pybind11_state")
    return frozenset(schema.name for schema in state.get_all_operator_schema())
