"""The report of what a document has measured, asked for in the real window."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.engine.baked_files import baked_path
from studio.engine.job_messages import (
    JobDone,
    JobFailed,
    MeasureJob,
    ReportJob,
    VariantMeasured,
)
from studio.fidelity.measurement import Latency, Measurement
from studio.recipes.recipe import from_text
from studio.runtimes.host import host_name
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice
from widgets import choosers
from widgets.recipes.baking import recipe_text

HALF = SubnetChoice(width=0.5)


def measured(host: str) -> Measurement:
    latency = Latency(5.0, 4.0, 6.0)
    return Measurement(
        "half", HALF, 28.0, 0.9, 0.1, 1, 2, 3, 4, latency, "pytorch:cpu:f32", 2, host
    )


def reports(window) -> list:
    runner = window.app.jobs._runner  # None before the first job
    return [] if runner is None else [h for h in runner.handles if isinstance(h.job, ReportJob)]


def test_a_report_of_what_is_measured_here(window, qtbot, tmp_path, monkeypatch):
    controller, out = window.controller, tmp_path / "보고서.html"
    controller.keep()
    here = measured(host_name())
    controller.add_measurements("key-one", (here, measured("another computer")))
    controller.add_measurements("key-other", (measured(host_name()),))
    asked = []
    monkeypatch.setattr(choosers, "save_report", lambda _w, suggested: asked.append(suggested))
    window.actions_["report"].trigger()
    assert [path.name for path in asked] == ["one-report.html"]
    monkeypatch.setattr(choosers, "save_report", lambda _w, _suggested: out)
    window.actions_["report"].trigger()
    (handle,) = reports(window)
    job = handle.job
    assert (job.path, job.out, job.measurements) == ("/models/one.safetensors", str(out), (here,))
    assert job.inputs == controller.document.inputs
    assert job.names == ((HALF, controller.document.kept[0].name),)
    handle.end(JobDone(path=str(out)))
    qtbot.waitUntil(lambda: out.name in window.notice.sentence())


def test_a_failed_report_is_told_and_a_cancelled_one_is_gone(window, qtbot, tmp_path, monkeypatch):
    window.controller.add_measurements("key-one", (measured(""),))
    monkeypatch.setattr(choosers, "save_report", lambda *_: Path(tmp_path / "r.html"))
    window.actions_["report"].trigger()
    reports(window)[0].end(JobFailed("cannot write r.html: the disk is full"))
    qtbot.waitUntil(lambda: "the disk is full" in window.notice.sentence())
    window.actions_["report"].trigger()
    handle = reports(window)[1]
    window.status.cancel_clicked.emit(handle.id)
    assert handle.finished


def test_nothing_measured_offers_to_measure(window, qtbot):
    window.actions_["report"].trigger()
    assert "nothing is yet" in window.notice.sentence()
    window.notice.action_clicked.emit()
    handles = window.app.jobs._runner.handles
    assert isinstance(handles[-1].job, MeasureJob)


def test_variants_go_into_the_report_with_their_recipes(window, qtbot, tmp_path, monkeypatch):
    controller = window.controller
    steps = Steps((RecipeStep("s1", "prune", 1, '{"ratio": 0.5}'),), 0)
    controller.edit("x", replace(controller.document, recipe=steps, subnet=HALF, next_id=9))
    controller.keep()
    controller.edit("x", replace(controller.document, recipe=Steps()))
    (kept,) = controller.document.kept
    own = replace(measured(host_name()), choice=SubnetChoice())
    controller.add_measurements("key-baked", (own, replace(own, host="another computer")))
    monkeypatch.setattr(choosers, "save_report", lambda *_: Path(tmp_path / "r.html"))
    window.actions_["report"].trigger()
    qtbot.waitUntil(lambda: bool(reports(window)), timeout=10_000)
    job = reports(window)[0].job
    assert (job.measurements, job.names) == ((), ())
    assert job.of_variants == (VariantMeasured("key-baked", own),)
    (variant,) = job.variants
    assert (variant.name, variant.choice) == (kept.name, SubnetChoice())  # the cut is in the file
    assert variant.path == str(baked_path("key-one", recipe_text(steps, HALF)))
    assert [(s.technique, dict(s.params)) for s in from_text(variant.recipe).steps] == [
        ("subnet", {"width": 0.5}),
        ("prune", {"ratio": 0.5}),
    ]
