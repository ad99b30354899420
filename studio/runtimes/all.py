"""The runtimes by name. Importing this imports none of them."""

from __future__ import annotations

from studio.errors import BadChoice
from studio.runtimes.contract import Runtime
from studio.runtimes.target import RUNTIMES


def runtime(name: str) -> Runtime:
    """The runtime of that name; making it imports nothing heavy.

    Raises:
        BadChoice: there is none.
    """
    if name == "pytorch":
        from studio.runtimes.pytorch import PyTorchRuntime

        return PyTorchRuntime()
    if name == "onnxruntime":
        from studio.runtimes.onnxruntime import OnnxRuntime

        return OnnxRuntime()
    if name == "openvino":
        from studio.runtimes.openvino import OpenVinoRuntime

        return OpenVinoRuntime()
    raise BadChoice(f"'{name}' is no runtime; use one of {', '.join(RUNTIMES)}")


def runtimes() -> tuple[Runtime, ...]:
    """All of them, in the order of :data:`studio.runtimes.target.RUNTIMES`."""
    return tuple(runtime(name) for name in RUNTIMES)
