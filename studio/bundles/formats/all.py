"""The formats by name. Importing this imports no runtime."""

from __future__ import annotations

from studio.bundles.formats.contract import Format
from studio.bundles.manifest import Precision
from studio.errors import BadChoice


def formats() -> tuple[Format, ...]:
    """All of them, in the order in which they are offered."""
    from studio.bundles.formats.npu import OnnxNpuFormat, OpenVinoNpuFormat
    from studio.bundles.formats.onnx_file import OnnxFormat
    from studio.bundles.formats.openvino_ir import OpenVinoFormat
    from studio.bundles.formats.pt2 import Pt2Format
    from studio.bundles.formats.safetensors_file import SafetensorsFormat
    from studio.bundles.workers.formats import worker_formats

    return (
        OnnxFormat(),
        OpenVinoFormat(),
        Pt2Format(),
        SafetensorsFormat(),
        OnnxNpuFormat(),
        OpenVinoNpuFormat(),
        *worker_formats(),
    )


def format_named(name: str) -> Format:
    """The format of that name.

    Raises:
        BadChoice: there is none.
    """
    for each in formats():
        if each.name == name:
            return each
    known = ", ".join(each.name for each in formats())
    raise BadChoice(f"'{name[:40]}' is no format to export to; there are {known}")


def parse_format(text: str) -> tuple[Format, Precision]:
    """``name[:precision]``; without a precision the format's usual one.

    Raises:
        BadChoice: no such format, or not in that precision.
    """
    name, colon, precision = text.strip().lower().partition(":")
    found = format_named(name)
    if not colon:
        return found, found.precisions[0]
    for each in found.precisions:
        if each == precision:
            return found, each
    raise BadChoice(
        f"{found.title} is not written in '{precision[:20]}'; "
        f"there are {', '.join(found.precisions)}"
    )
