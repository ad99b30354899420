"""The flavour for NPUs: every shape fixed, weights constant, int8 by pairs of nodes, or f16.

An NPU takes one file per resolution: each ``--resolution`` makes one. Imports no runtime.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from studio.bundles.formats.contract import FormatPlan, Subject
from studio.bundles.formats.onnx_file import OnnxFormat
from studio.bundles.formats.onnx_shaping import at_opset, with_sizes
from studio.bundles.formats.openvino_ir import OpenVinoFormat
from studio.bundles.manifest import Precision
from studio.families.portable import OPSET
from studio.runtimes.providers import PROVIDERS, Provider

FIXED: Mapping[str, int] = {"batch": 1}
PRODUCTS = (
    "int8 of a pipeline is products of whole numbers in ONNX, which no NPU's execution provider "
    "takes; f16 goes to NPUs, and openvino-npu takes int8"
)
VERIFIED = "made for NPUs, and run here on the CPU"


class OnnxNpuFormat(OnnxFormat):
    """ONNX as the execution providers of NPUs take it."""

    name = "onnx-npu"
    title = "ONNX for NPUs"
    good_for = "NPUs of Qualcomm, AMD, Intel and Apple through ONNX Runtime; one picture at a time"
    precisions: tuple[Precision, ...] = ("f16", "int8")
    sizes = FIXED

    @property
    def opset(self) -> int:
        return opset_for(npu_providers())

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        found = super().plan(subject, precision)
        notes = [VERIFIED]
        if precision == "int8" and subject.parts.body.traced:
            return replace(found, refusals=(PRODUCTS,), runs_here=())
        if precision == "int8":
            notes += found.notes
        for provider in npu_providers():
            if provider.operators is None:
                continue
            rest = sorted(set(subject.parts.network.operators) - provider.operators)
            if rest:
                notes.append(f"{provider.title} takes no {', '.join(rest)}; these run on the CPU")
        return replace(found, notes=tuple(notes))

    def graph(self, subject: Subject, precision: Precision, folder: Path) -> bytes:
        return at_opset(with_sizes(super().graph(subject, precision, folder), FIXED), self.opset)


class OpenVinoNpuFormat(OpenVinoFormat):
    """OpenVINO IR with fixed shapes."""

    name = "openvino-npu"
    title = "OpenVINO for NPUs"
    good_for = "NPUs of Intel through OpenVINO; one picture at a time"
    precisions: tuple[Precision, ...] = ("f16", "int8")
    sizes = FIXED

    def plan(self, subject: Subject, precision: Precision) -> FormatPlan:
        return replace(super().plan(subject, precision), notes=(VERIFIED,))


def npu_providers() -> tuple[Provider, ...]:
    """The execution providers that reach NPUs."""
    return tuple(each for each in PROVIDERS if "NPU" in each.precisions)


def opset_for(providers: tuple[Provider, ...]) -> int:
    """The newest opset that all of them read, at most ours."""
    return min([OPSET, *(each.opset for each in providers if each.opset)])
