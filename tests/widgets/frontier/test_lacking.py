"""Axes of which nothing is measured yet, and what measuring then takes."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.engine.job_messages import JobDone, MeasureJob
from studio.fidelity.measurement import Latency, Measurement
from studio.runtimes.host import host_name
from studio.session.document import FULL_SUBNET
from widgets.measuring import Extras


def choose(box, axis):
    box.setCurrentIndex(box.findData(axis))
    box.activated.emit(box.currentIndex())


def found(job, choice, **more):
    return Measurement(
        "m", choice, 20.0, 0.9, 0.1, 1, 2, 3, 4, Latency(2.0, 1.0, 3.0), job.target, 2,
        host_name(), **more,
    )  # fmt: skip


@pytest.fixture
def measured(window, qtbot, drawn):
    """A window in which full and current are measured, without memory."""
    window.actions_["measure"].trigger()
    (handle,) = drawn.runner.handles
    results = tuple(found(handle.job, c) for c in dict.fromkeys((FULL_SUBNET, *handle.job.choices)))
    handle.end(JobDone(measurements=results))
    qtbot.waitUntil(lambda: len(window.controller.document.measurements) == len(results))
    window._show_numbers()
    return window


def test_an_axis_without_numbers_says_so_and_offers_to_measure(measured, qtbot, drawn):
    panel = measured.bottom.frontier
    assert not panel.lacking.isVisible()
    choose(panel.x_box, "memory")
    assert panel.lacking.isVisible()
    assert panel.lacking.text() == "Not measured yet: peak memory. Measure again to see it here."
    assert panel.measure_lacking.isVisible()
    before = len(drawn.runner.handles)
    measured.actions_["measure"].trigger()
    handle = drawn.runner.handles[before]
    assert isinstance(handle.job, MeasureJob)
    assert (handle.job.memory, handle.job.realism) == (True, False)
    results = tuple(
        found(handle.job, c, memory=10**8)
        for c in dict.fromkeys((FULL_SUBNET, *handle.job.choices))
    )
    handle.end(JobDone(measurements=results))
    qtbot.waitUntil(lambda: measured.controller.document.measurements[0].measurement.memory == 1e8)
    measured._show_numbers()
    assert not panel.lacking.isVisible()
    assert list(panel.plot.cloud.x) == [100.0] * len(results)
    measured.actions_["measure"].trigger()
    assert len(drawn.runner.handles) == before + 1  # nothing lacks any more


def test_realism_of_what_the_judge_does_not_know_cannot_be_told(measured):
    panel = measured.bottom.frontier
    choose(panel.y_box, "realism")
    assert "knows clay heads alone" in panel.lacking.text()
    assert not panel.measure_lacking.isVisible()
    assert not measured.commands.extras().realism


def test_lpips_and_fid_are_offered_only_with_weights(measured):
    panel, store = measured.bottom.frontier, measured.app.preferences
    assert panel.y_box.findData("lpips") == panel.y_box.findData("fid") == -1
    assert measured.commands.extras() == Extras()
    store.keep(replace(store.value, lpips_weights="/w/alex.pth", fid_weights="/w/fid.pth"))
    assert min(panel.y_box.findData("lpips"), panel.y_box.findData("fid")) > 0
    assert measured.commands.extras() == Extras(lpips_weights="/w/alex.pth")
    choose(panel.y_box, "fid")
    assert measured.commands.extras().fid_weights == "/w/fid.pth"
    choose(panel.y_box, "flip")
    store.keep(replace(store.value, lpips_weights="", fid_weights=""))
    assert panel.y_box.findData("lpips") == panel.y_box.findData("fid") == -1


def test_a_predicted_subnet_becomes_the_current_one(measured):
    from studio.subnets.choice import SubnetChoice

    measured.bottom.frontier.choice_wanted.emit(SubnetChoice(width=0.7))
    assert measured.controller.document.subnet == SubnetChoice(width=0.7)


def test_the_table_hides_what_nobody_measured(measured):
    table = measured.bottom.table
    assert [table.isColumnHidden(n) for n in range(10, 17)] == [False, *[True] * 5, False]
