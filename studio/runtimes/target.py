"""A target: runtime, device and precision, as named on the command line. Imports no runtime."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.errors import BadChoice

RUNTIMES = ("pytorch", "onnxruntime", "openvino")
PRECISIONS = ("f32", "bf16", "f16", "int8")
DEFAULT_DEVICES = {"pytorch": "cpu", "onnxruntime": "cpu", "openvino": "CPU"}
SHOWN = 40  # characters of a refused target
ELSEWHERE = ("litert", "coreml", "executorch")
"""Runtimes that measurements of exported files may name; the app itself draws with none of them."""
TITLES = {
    "pytorch": "PyTorch",
    "onnxruntime": "ONNX Runtime",
    "openvino": "OpenVINO",
    "litert": "LiteRT",
    "coreml": "Core ML",
    "executorch": "ExecuTorch",
}


@dataclass(frozen=True)
class Target:
    """Where a network runs: ``runtime[:device[:precision]]``, e.g. ``openvino:CPU:bf16``.

    ``device`` is the runtime's own name (``cpu``, ``cuda:0``, ``CPU``, ``GPU.0``, ``NPU``); names
    are read without regard to case, and spelt as the runtime does. A device name may itself hold
    one colon and a number.
    """

    runtime: str
    device: str
    precision: str = "f32"

    def __str__(self) -> str:
        return f"{self.runtime}:{self.device}:{self.precision}"

    @property
    def title(self) -> str:
        """For people: ``OpenVINO bf16 CPU``."""
        return f"{TITLES[self.runtime]} {self.precision} {self.device.upper()}"

    @classmethod
    def parse(cls, text: str, *, measured: bool = False) -> Target:
        """Read a target.

        Args:
            measured: of a measurement, which may name one of :data:`ELSEWHERE` too.

        Raises:
            BadChoice: no such runtime or precision, or not of this form.
        """
        text = text.strip()
        shown = text if len(text) <= SHOWN else f"{text[:SHOWN]}\u2026"
        runtime, _, rest = text.partition(":")
        name = runtime.lower()
        if name not in RUNTIMES and not (measured and name in ELSEWHERE):
            raise BadChoice(
                f"'{shown}' names no runtime; a target is runtime[:device[:precision]] with "
                f"one of {', '.join(RUNTIMES)}"
            )
        device, precision = rest, "f32"
        head, colon, last = rest.rpartition(":")
        if last.lower() in PRECISIONS:
            device, precision = head, last.lower()
        elif colon and not last.isdigit():
            raise BadChoice(
                f"'{last[:SHOWN]}' in '{shown}' is no precision; use {', '.join(PRECISIONS)}"
            )
        if text.endswith(":"):
            raise BadChoice(f"'{shown}' ends in a colon; a target is runtime[:device[:precision]]")
        device = device or DEFAULT_DEVICES.get(name, "cpu")
        return cls(name, device.upper() if name == "openvino" else device.lower(), precision)


def reference_of(target: Target) -> Target:
    """Where *full* is drawn for a comparison with what ``target`` draws: at equal precision, and
    for int8, which only quantised models have, in float32."""
    return replace(target, precision="f32") if target.precision == "int8" else target


PYTORCH_CPU = Target("pytorch", "cpu", "f32")
