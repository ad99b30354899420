"""What is said of formats, sizes and results."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication

from studio.engine.bundle_messages import FormatOffer, SubjectOffer
from studio.errors import BadChoice
from studio.runtimes.target import TITLES, Target

translate = QCoreApplication.translate


@dataclass(frozen=True)
class PrecisionState:
    """A format in a precision, for everything that is to be exported together.

    Args:
        bytes: of all its files. refusal: why it cannot be made; empty when it can.
        here: where it runs here, in words; empty where it does not. notes: what there is to know.
        contents: of a pipeline its networks, each as name and precision.
    """

    precision: str
    bytes: int
    refusal: str
    here: str
    notes: tuple[str, ...]
    contents: tuple[str, ...] = ()


def states(offers: Sequence[SubjectOffer], name: str) -> tuple[PrecisionState, ...]:
    """What a format would give of all ``offers`` together."""
    found = [f for offer in offers for f in offer.formats if f.name == name]
    rows = zip(*(each.precisions for each in found), strict=True)
    return tuple(
        PrecisionState(
            row[0].precision,
            sum(each.bytes for each in row),
            _first(line for each in row for line in each.refusals),
            ", ".join(dict.fromkeys(place(t) for each in row for t in each.runs_here)),
            tuple(dict.fromkeys(line for each in row for line in each.notes)),
            tuple(dict.fromkeys(part for each in row for part in each.contents)),
        )
        for row in rows
    )


def _first(lines: Iterable[str]) -> str:
    return next(iter(lines), "")


def place(target: str) -> str:
    """Runtime and device of a target: "ONNX Runtime CPU"."""
    try:
        read = Target.parse(target, measured=True)
    except BadChoice:
        return target
    return f"{TITLES[read.runtime]} {read.device.upper()}"


def format_title(offer: FormatOffer) -> str:
    """The name of a format."""
    return {
        "onnx-npu": translate("Export", "ONNX for NPUs"),
        "openvino-npu": translate("Export", "OpenVINO for NPUs"),
        "pt2": translate("Export", "PyTorch program (.pt2)"),
        "safetensors": translate("Export", "Maquette file (.safetensors)"),
    }.get(offer.name, offer.title)


def good_for(offer: FormatOffer) -> str:
    """What a format is good for; what a newer engine offers speaks for itself."""
    return {
        "onnx": translate("Export", "Computers, phones and browsers with ONNX Runtime"),
        "openvino": translate("Export", "Intel processors and GPUs, and other CPUs"),
        "pt2": translate("Export", "PyTorch programs, on whatever device PyTorch has"),
        "safetensors": translate("Export", "Going on with it in Maquette: weights alone"),
        "onnx-npu": translate(
            "Export", "NPUs of Qualcomm, AMD, Intel and Apple; fixed shapes, one picture at a time"
        ),
        "openvino-npu": translate("Export", "NPUs of Intel; fixed shapes, one picture at a time"),
        "coreml": translate("Export", "iPhone, iPad and Mac, with their Neural Engine"),
        "litert": translate("Export", "Android phones and small boards"),
        "executorch": translate("Export", "Phones and boards that run PyTorch's own small runtime"),
    }.get(offer.name, offer.good_for)


def where_text(found: str) -> str:
    """Where a file ran, with the runtime's name for people: "ONNX Runtime 1.27.0, cpu"."""
    runtime, space, rest = found.partition(" ")
    return f"{TITLES.get(runtime, runtime)}{space}{rest}"


def seconds_words(seconds: float) -> str:
    """How long something took."""
    if seconds < 90:
        return translate("Export", "{n} s").format(
            n=f"{seconds:.1f}" if seconds < 10 else round(seconds)
        )
    return translate("Export", "{n} min").format(n=f"{seconds / 60:.1f}")
