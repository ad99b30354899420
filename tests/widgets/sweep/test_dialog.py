"""The sweep dialog in the window: one step, one job."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt

from studio.engine.job_messages import (
    JobDone,
    JobFailed,
    JobMeasured,
    JobProgress,
    MeasureJob,
    VariantMeasured,
)
from studio.fidelity.measurement import Latency, Measurement
from studio.runtimes.host import host_name
from studio.subnets.choice import SubnetChoice

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def dialog(window, qtbot):
    window.actions_["sweep"].trigger()
    qtbot.waitUntil(window.sweep.isVisible)
    return window.sweep


def results(job, milliseconds=2.0):
    """What a job would have measured."""
    return tuple(
        Measurement(
            "m", c, 20.0, 0.9, 0.1, 1, 2, 3, 4,
            Latency(milliseconds, 1.0, 3.0), job.target, 2, host_name(),
        )
        for c in (SubnetChoice(), *job.choices)
    )  # fmt: skip


def test_it_begins_with_what_the_model_was_trained_for(dialog):
    assert (dialog.low.value(), dialog.high.value(), dialog.steps.value()) == (0.25, 1.0, 4)
    assert list(dialog.pixels) == [16, 32, 64]
    assert [p for p, box in dialog.pixels.items() if box.isChecked()] == [64]
    assert "3 variants are kept and measured." in dialog.outcome.text()


def test_a_sweep_is_one_step_and_one_job(window, dialog, qtbot, drawn):
    before = window.controller.document
    qtbot.mouseClick(dialog.pixels[32], LEFT, pos=dialog.pixels[32].rect().center())
    if not dialog.pixels[32].isChecked():  # a click beside the small square
        dialog.pixels[32].setChecked(True)
    qtbot.mouseClick(dialog.begin, LEFT)
    assert not dialog.isVisible()
    document = window.controller.document
    wanted = [SubnetChoice(w, resolution=32) for w in (0.25, 0.5, 0.75, 1.0)]
    wanted += [SubnetChoice(width=w) for w in (0.25, 0.5, 0.75)]
    assert [v.choice for v in document.kept] == wanted
    assert document.subnet == before.subnet
    (handle,) = drawn.runner.handles
    assert isinstance(handle.job, MeasureJob)
    assert list(handle.job.choices) == wanted
    assert handle.job.target == window.controller.target
    assert window.controller.history.undo_label == "Sweep of 7 variants"
    drawn.client.mailbox.job(handle.id, JobProgress(0.5, "half", 2.0))
    qtbot.waitUntil(lambda: window.status.jobs() == [handle.id])
    handle.end(JobDone(measurements=results(handle.job)))
    qtbot.waitUntil(lambda: len(window.controller.document.measurements) == 8)
    window.actions_["undo"].trigger()
    assert window.controller.document.kept == ()
    assert window.controller.document.subnet == before.subnet
    # What was measured stays true.
    assert len(window.controller.document.measurements) == 8


def test_a_sweep_can_be_cancelled_and_keeps_its_variants(window, dialog, qtbot, drawn):
    qtbot.mouseClick(dialog.begin, LEFT)
    (handle,) = drawn.runner.handles
    window.status.cancel_clicked.emit(handle.id)
    qtbot.waitUntil(lambda: not window.app.measuring.busy)
    assert handle.finished
    assert len(window.controller.document.kept) == 3
    assert window.controller.document.measurements == ()


def test_what_a_cancelled_sweep_has_measured_stays(window, dialog, qtbot, drawn):
    qtbot.mouseClick(dialog.begin, LEFT)
    (handle,) = drawn.runner.handles
    full, narrow, *_ = results(handle.job)
    handle.say(JobMeasured(subnet=full))
    handle.say(JobMeasured(subnet=narrow))
    of_variant = VariantMeasured("another key", full)
    handle.say(JobMeasured(variant=of_variant))
    # It is in the plot before the rest is measured.
    qtbot.waitUntil(lambda: len(window.controller.document.measurements) == 3)
    window.status.cancel_clicked.emit(handle.id)
    qtbot.waitUntil(lambda: not window.app.measuring.busy)
    found = window.controller.document.measurements
    key = window.controller.info.key
    assert [(m.model, m.measurement.choice) for m in found] == [
        (key, full.choice), (key, narrow.choice), ("another key", full.choice)
    ]  # fmt: skip
    # What the next sweep of the same measures is the rest.
    dialog.offer(window.controller.info)
    qtbot.mouseClick(dialog.begin, LEFT)
    assert drawn.runner.handles[-1].job.choices == handle.job.choices[1:]


def test_what_is_measured_before_a_failure_stays_and_of_a_job_that_is_over_nothing_is_taken(
    window, dialog, qtbot, drawn
):
    qtbot.mouseClick(dialog.begin, LEFT)
    (handle,) = drawn.runner.handles
    full, narrow, *_ = results(handle.job)
    handle.say(JobMeasured(subnet=full))
    handle.end(JobFailed("there is not enough memory"))
    qtbot.waitUntil(lambda: not window.app.measuring.busy)
    drawn.client.mailbox.job(handle.id, JobMeasured(subnet=narrow))
    qtbot.wait(20)
    assert [m.measurement.choice for m in window.controller.document.measurements] == [full.choice]


def test_what_is_measured_already_is_not_measured_again(window, dialog, qtbot, drawn):
    qtbot.mouseClick(dialog.begin, LEFT)
    (handle,) = drawn.runner.handles
    handle.end(JobDone(measurements=results(handle.job)))
    qtbot.waitUntil(lambda: not window.app.measuring.busy)
    dialog.offer(window.controller.info)
    dialog.steps.setValue(2)
    dialog.low.setValue(0.1)
    dialog.high.setValue(0.5)
    assert "2 variants are measured; 1 of them are kept already." in dialog.outcome.text()
    qtbot.mouseClick(dialog.begin, LEFT)
    assert drawn.runner.handles[-1].job.choices == (SubnetChoice(width=0.1),)


def test_the_estimate_comes_from_the_last_measurement(window, dialog, qtbot, drawn):
    now = [100.0]
    measuring = window.app.measuring
    measuring._clock = lambda: now[0]
    assert measuring.estimate(3) is None
    assert "shown once it runs" in dialog.outcome.text()
    qtbot.mouseClick(dialog.begin, LEFT)
    now[0] += 20.0
    (handle,) = drawn.runner.handles
    handle.end(JobDone(measurements=results(handle.job)))  # 4 in 20 seconds
    qtbot.waitUntil(lambda: measuring.estimate(3) == 20.0)
    dialog.offer(window.controller.info)
    assert "All of these are kept and measured already." in dialog.outcome.text()
    assert not dialog.begin.isEnabled()
    dialog.steps.setValue(50)
    # 24 widths give other channels, 3 of them are measured: 21 and full at 5 s each.
    assert "24 variants are measured; 3 of them are kept already." in dialog.outcome.text()
    assert "About 2 min" in dialog.outcome.text()
    dialog.steps.setValue(7)
    assert "About 20 s" in dialog.outcome.text()
    measuring.forget("another model")
    assert measuring.estimate(3) is None


def test_nothing_is_begun_while_a_measurement_is_under_way(window, dialog, qtbot, drawn):
    window.actions_["measure"].trigger()
    assert not dialog.begin.isEnabled()
    assert "under way" in dialog.outcome.text()
    drawn.runner.handles[0].cancel()
    qtbot.waitUntil(dialog.begin.isEnabled)


def test_what_cannot_be_swept_is_said(dialog):
    for box in dialog.pixels.values():
        box.setChecked(False)
    assert "at least one resolution" in dialog.outcome.text()
    assert not dialog.begin.isEnabled()
    dialog.pixels[64].setChecked(True)
    dialog.low.setValue(0.9)
    dialog.high.setValue(0.4)
    assert "not a range" in dialog.outcome.text()
    dialog.low.setValue(1.0)
    dialog.high.setValue(1.0)
    assert "full alone" in dialog.outcome.text()
    assert not dialog.begin.isEnabled()


def test_escape_closes_it_and_begins_nothing(window, dialog, qtbot, drawn):
    qtbot.keyClick(dialog, Qt.Key.Key_Escape)
    assert not dialog.isVisible()
    assert drawn.runner.handles == []
    assert window.controller.document.kept == ()
