"""The devices that runtimes found, and those they cannot use. Imports no runtime."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["CPU", "GPU", "NPU"]
Status = Literal["ready", "unavailable"]
KINDS: tuple[Kind, ...] = ("CPU", "GPU", "NPU")


@dataclass(frozen=True)
class Device:
    """One device as one runtime sees it.

    Args:
        runtime: ``pytorch``, ``onnxruntime``, ``openvino``, or ``system`` for what the operating
            system shows and no runtime can use.
        kind: CPU, GPU or NPU. vendor, name, driver: as reported; empty when unknown.
        id: what a target calls it (``cpu``, ``cuda:0``, ``CPU``, ``GPU.0``, ``dml``); empty when
            it cannot be used.
        precisions: those of f32, bf16, f16, int8 that it runs at a gain or natively.
        static_only: it takes networks of fixed shapes only.
        status: ``ready`` when a network could run on it now, else ``unavailable``.
        reason: why not, and what would change it, in a sentence; empty when ready.
    """

    runtime: str
    kind: Kind
    vendor: str = ""
    name: str = ""
    driver: str = ""
    id: str = ""
    precisions: tuple[str, ...] = ()
    static_only: bool = False
    status: Status = "ready"
    reason: str = ""
