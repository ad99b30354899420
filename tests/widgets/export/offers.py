"""Answers of an engine that has planned an export."""

from __future__ import annotations

from studio.engine.bundle_messages import (
    BundleNetwork,
    BundleQuality,
    BundleReport,
    ConverterOffer,
    ExportSubject,
    FormatOffer,
    PrecisionOffer,
    SubjectOffer,
)
from studio.engine.job_messages import JobDone

CONVERTER = ConverterOffer("litert", "LiteRT", ("ai-edge 1.0", "torch 2.0"), 4_000_000, 9_000_000)
LOST = "int8 needs a quantised network, which 'full' is not"


def offer(subject: ExportSubject, megabytes: int = 10) -> SubjectOffer:
    """ONNX runs here, Core ML is made only, LiteRT cannot be made."""
    size = megabytes * 1_000_000
    here = ("onnxruntime:cpu:f32",)
    return SubjectOffer(
        subject,
        (
            FormatOffer(
                "onnx", "ONNX", "everything",
                (
                    PrecisionOffer("f32", size, runs_here=here),
                    PrecisionOffer("f16", size // 2, notes=("a note",), runs_here=here),
                    PrecisionOffer("int8", size // 4, refusals=(LOST,)),
                ),
            ),
            FormatOffer(
                "strange", "Strange", "strange machines", (PrecisionOffer("f16", size),),
                missing="Strange needs a strange machine to run",
            ),
            FormatOffer(
                "litert", "LiteRT", "phones",
                (PrecisionOffer("f32", size, refusals=("the package ai-edge is missing",)),),
                converter=CONVERTER,
            ),
        ),
        supernet_bytes=40_000_000,
    )  # fmt: skip


def planned(job: object, megabytes: int = 10) -> JobDone:
    """The answer to a PlanExportJob."""
    return JobDone(offers=tuple(offer(s, megabytes) for s in job.subjects))


def report(folder: str, *, ran: bool = True) -> BundleReport:
    """A bundle with one file that ran here and one that did not."""
    first = BundleNetwork(
        "full.onnx-f32", "full, ONNX f32", "models/full.onnx-f32.onnx", "f32", 10_000_000,
        "onnxruntime 1.30.0, cpu" if ran else "", "" if ran else "it lacks onnxruntime",
        1.2e-6, BundleQuality(0.06, 0.95, None), notes=("a note of the file",),
    )  # fmt: skip
    second = BundleNetwork(
        "full.strange-f16", "full, Strange f16", "models/full.strange", "f16", 5_000_000,
        not_run="made here, not run here",
    )  # fmt: skip
    return BundleReport(folder, "one", "CC0-1.0", (first, second), 12, 15_000_000, 4.2)
