"""The curve of a variant by width and precision: what is measured, what is said, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from studio.engine import curves
from studio.engine.baked_files import baked_path, read_reports
from studio.engine.job_messages import CurveJob, JobDone, JobFailed, JobProgress
from studio.engine.jobs import run_job
from studio.families.opening import open_model
from studio.fidelity import measure as measuring
from studio.recipes.curve_store import kept_curve
from studio.recipes.recipe import Recipe, Step, to_text
from studio.runtimes.detection import processor as detection
from studio.runtimes.detection.processor import Processor
from studio.runtimes.host import host_name
from tests.families.quantised import tame_model

RECIPE = Recipe("baked", (Step("int8", params={"samples": 2, "keep": []}),))


@pytest.fixture
def job(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> CurveJob:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    monkeypatch.setattr(curves, "WIDTHS", (0.5, 1.0))
    path = tmp_path / "tame.safetensors"
    tame_model().save(path)
    text = to_text(RECIPE)
    variant = baked_path(open_model(path).info.key, text)
    return CurveJob(str(path), text, str(variant), "openvino:CPU:f32")


def test_every_width_in_every_precision_that_there_is(
    job: CurveJob, monkeypatch: pytest.MonkeyPatch
) -> None:
    said: list[object] = []
    end = run_job(job, "token", said.append)
    assert isinstance(end, JobDone), end
    curve = end.curve
    assert curve is not None
    assert (curve.target, curve.host) == ("openvino:CPU", host_name())
    assert curve.version
    assert {"int8", "f32"} <= set(curve.precisions)
    assert set(curve.precisions) | {name for name, _ in curve.missing} == {"int8", "bf16", "f32"}
    for precision in curve.precisions:
        assert [point.width for point in curve.of(precision)] == [0.5, 1.0]
    assert all(0 < p.latency.p10 <= p.latency.median <= p.latency.p90 for p in curve.points)
    assert all((p.share is not None) == (p.precision == "int8") for p in curve.points)
    fractions = [p.fraction for p in said if isinstance(p, JobProgress)]
    assert fractions == sorted(fractions)
    # The variant was made on the way, and the curve is kept for this host and target alone.
    assert read_reports(Path(job.variant)) is not None
    key = open_model(Path(job.path)).info.key
    assert kept_curve(key, RECIPE, "openvino:CPU", host_name()) == curve
    assert kept_curve(key, RECIPE, "onnxruntime:cpu", host_name()) is None
    assert kept_curve(key, RECIPE, "openvino:CPU", "another") is None
    other = Recipe("baked", (Step("int8", params={"samples": 3, "keep": []}),))
    assert kept_curve(key, other, "openvino:CPU", host_name()) is None

    # A host without bf16: refused by the runtime, so the curve has what there is, and why.
    real = curves.planned

    def without(model, choice, target, threads):  # type: ignore[no-untyped-def]
        plan = real(model, choice, target, threads)
        if target.precision != "bf16":
            return plan
        from dataclasses import replace

        return replace(plan, refusals=("this processor has no bf16",))

    monkeypatch.setattr(curves, "planned", without)
    monkeypatch.setattr(detection, "processor", lambda: Processor("Old", "Old", ("avx2",)))
    less = run_job(job, "token", lambda news: None)
    assert isinstance(less, JobDone)
    assert less.curve is not None
    assert less.curve.precisions == ("int8", "f32")
    assert less.curve.missing == (("bf16", "this processor has no bf16"),)
    assert less.curve.native == ("f32",)
    assert less.curve.rival == "f32"


def test_a_runtime_without_int8_is_refused(job: CurveJob) -> None:
    plain = CurveJob(job.path, job.recipe, job.variant, "pytorch:cpu:f32")
    end = run_job(plain, "token", lambda news: None)
    assert isinstance(end, JobFailed)
    assert "pytorch:cpu:int8" in end.sentence


def test_widths_that_give_one_network_are_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(curves, "WIDTHS", (0.001, 0.002, 1.0))
    assert curves.widths_of(tame_model()) == (0.002, 1.0)
