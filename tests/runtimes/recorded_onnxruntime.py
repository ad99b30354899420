"""A stand-in for the package onnxruntime that records what it is asked, and computes nothing."""

from __future__ import annotations

import enum
from dataclasses import dataclass, field
from pathlib import Path
from types import SimpleNamespace
from typing import Any

CPU = "CPUExecutionProvider"


class Level(enum.Enum):
    ORT_DISABLE_ALL = 0
    ORT_ENABLE_ALL = 99


class Mode(enum.Enum):
    ORT_SEQUENTIAL = 0


class Options:
    """SessionOptions: every attribute set is kept, every call recorded."""

    def __init__(self) -> None:
        self.entries: dict[str, str] = {}
        self.fixed: dict[str, int] = {}
        self.devices: list[tuple[list[Any], dict[str, str]]] = []

    def add_session_config_entry(self, name: str, value: str) -> None:
        self.entries[name] = value

    def add_free_dimension_override_by_name(self, name: str, size: int) -> None:
        self.fixed[name] = size

    def add_provider_for_devices(self, devices: list[Any], options: dict[str, str]) -> None:
        self.devices.append((devices, options))


@dataclass
class Recorder:
    """``package`` stands in for the module; ``calls`` are the sessions that were opened.

    Args:
        built_in: providers of the build. plugins: devices of plugins. refuses: providers that a
            session silently goes without. assigned: (provider, operator) of its nodes.
        saves: what a session writes where it is told to save a graph or a context.
    """

    built_in: tuple[str, ...] = (CPU,)
    plugins: tuple[Any, ...] = ()
    refuses: tuple[str, ...] = ()
    assigned: tuple[tuple[str, str], ...] = ()
    saves: bytes = b""
    calls: list[dict[str, Any]] = field(default_factory=list)

    @property
    def package(self) -> SimpleNamespace:
        return SimpleNamespace(
            __version__="1.31.1",
            GraphOptimizationLevel=Level,
            ExecutionMode=Mode,
            SessionOptions=Options,
            InferenceSession=self._open,
            disable_telemetry_events=lambda: None,
            get_available_providers=lambda: list(self.built_in),
            get_ep_devices=lambda: list(self.plugins),
            register_execution_provider_library=lambda name, path: None,
        )

    def _open(self, model: bytes, options: Options, **rest: Any) -> Any:
        names = [name for name, _ in rest.get("providers", [])]
        names += [device.ep_name for devices, _ in options.devices for device in devices]
        self.calls.append({"model": model, "options": options, **rest})
        context = options.entries.get("ep.context_file_path")
        path = context or getattr(options, "optimized_model_filepath", None)
        if self.saves and path:
            Path(path).write_bytes(self.saves)
        parts = [
            SimpleNamespace(ep_name=ep, get_nodes=lambda op=op: [SimpleNamespace(op_type=op)])
            for ep, op in self.assigned
        ]
        return SimpleNamespace(
            get_providers=lambda: [n for n in names if n not in self.refuses],
            get_provider_graph_assignment_info=lambda: parts,
            disable_fallback=lambda: None,
        )


def plugin(name: str, kind: str, **metadata: str) -> Any:
    """An ``OrtEpDevice``."""
    device = SimpleNamespace(type=f"OrtHardwareDeviceType.{kind}", metadata=metadata)
    return SimpleNamespace(ep_name=name, device=device, ep_metadata={"version": "9.1"})
