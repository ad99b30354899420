"""The report of what a document has measured, asked for in the real window."""

from __future__ import annotations

from pathlib import Path

from studio.engine.job_messages import JobDone, JobFailed, MeasureJob, ReportJob
from studio.fidelity.measurement import Latency, Measurement
from studio.runtimes.host import host_name
from studio.subnets.choice import SubnetChoice
from widgets import choosers

HALF = SubnetChoice(width=0.5)


def measured(host: str) -> Measurement:
    latency = Latency(5.0, 4.0, 6.0)
    return Measurement(
        "half", HALF, 28.0, 0.9, 0.1, 1, 2, 3, 4, latency, "pytorch:cpu:f32", 2, host
    )


def reports(window) -> list:
    return [h for h in window.app.jobs._runner.handles if isinstance(h.job, ReportJob)]


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
