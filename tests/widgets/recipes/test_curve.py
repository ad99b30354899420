"""The curve in the panel of int8: measured as a job, kept, drawn, and what its sentence says."""

from __future__ import annotations

import sys

import pytest

from studio.engine.job_messages import CurveJob, JobDone, JobFailed, JobProgress
from studio.fidelity.measurement import Latency, Measurement
from studio.recipes.curve import CurvePoint, SpeedCurve
from studio.recipes.curve_store import keep_curve
from studio.recipes.recipe import from_text
from studio.runtimes.host import host_name
from studio.subnets.choice import SubnetChoice
from tests.widgets.recipes.test_scan import step  # noqa: F401 - the fixture
from widgets.recipes.curve_words import numbers, sentences

WIDTHS = (0.1, 0.25, 0.5, 1.0)
OPENVINO = "openvino:CPU:f32"


def curve(host="Some CPU", share=0.9, missing=(), native=("f32", "bf16", "int8"), **times):
    points = [
        CurvePoint(width, name, Latency(ms, ms, ms), 1, share if name == "int8" else None)
        for name, series in times.items()
        for width, ms in zip(WIDTHS, series, strict=True)
    ]
    return SpeedCurve("openvino:CPU", host, "1", tuple(points), missing, native)


CROSSING = curve(
    int8=(0.4, 0.5, 1.0, 2.0), bf16=(0.3, 0.4, 1.25, 3.0), f32=(0.5, 1.0, 2.5, 8.0)
)  # fmt: skip


def panel(window):
    return next(iter(window.stack.cards.values())).curve


def handles(window):
    runner = window.app.jobs._runner
    return [] if runner is None else [h for h in runner.handles if isinstance(h.job, CurveJob)]


def begin(window, qtbot):
    count = len(handles(window))
    panel(window).measure.click()
    qtbot.waitUntil(lambda: len(handles(window)) > count)
    return handles(window)[-1]


@pytest.fixture
def on_openvino(window):
    window.controller.use_target(OPENVINO)


# ---- sentences -----------------------------------------------------------------------------------


def test_the_sentence_names_the_width_below_which_bf16_wins():
    assert sentences(CROSSING) == [
        "On this computer bf16 is faster below width 0.38; at width 1 int8 is 1.5 times as fast."
    ]
    assert numbers(CROSSING).splitlines()[0] == "width 0.1: int8 0.4 ms, bf16 0.3 ms, f32 0.5 ms"


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (
            curve(int8=(1, 1, 1, 1), bf16=(1.5, 1.6, 2.0, 2.5)),
            ["On this computer int8 is 1.5 to 2.5 times as fast as bf16 at the widths measured."],
        ),
        (
            curve(int8=(2, 2, 2, 2), bf16=(1, 1, 1, 1)),
            ["On this computer int8 is faster than bf16 at no width measured."],
        ),
        (
            curve(int8=(1, 2, 1, 2), bf16=(2, 1, 2, 1)),
            ["On this computer bf16 is faster at widths 0.25, 1."],
        ),
        (
            curve(int8=(1, 1, 1, 1), bf16=(1, 1, 1, 1)),
            ["On this computer int8 and bf16 cannot be told apart by their times."],
        ),
        (
            curve(
                int8=(1, 1, 1, 1), f32=(1.5, 1.5, 1.5, 2), native=("f32",), share=0.5,
                missing=(("bf16", "this processor has none"),),
            ),
            [
                "On this computer int8 is 1.5 to 2.0 times as fast as f32 at the widths measured.",
                "There is no bf16 here to compare with.",
                "This processor has no instructions for int8, such as VNNI.",
                "At width 1 and below, most multiplies run in float all the same.",
            ],
        ),
        (curve(int8=(1, 1, 1, 1), native=()), ["There is no bf16 here to compare with."]),
    ],
)  # fmt: skip
def test_what_is_said_follows_from_what_was_measured(made, said):
    assert sentences(made) == said


# ---- in the window -------------------------------------------------------------------------------


@pytest.mark.usefixtures("step")
def test_a_runtime_without_int8_is_told_instead_of_offered(window):
    window.controller.use_target("pytorch:cpu:f32")
    made = panel(window)
    assert not made.measure.isEnabled()
    assert "PyTorch runs no int8" in made.words.text()
    window.controller.use_target(OPENVINO)
    assert made.measure.isEnabled()
    assert "Where is int8 faster" in made.words.text()


@pytest.mark.usefixtures("step", "on_openvino")
def test_it_is_a_job_on_the_whole_network_with_progress_and_cancel(window, qtbot):
    made = panel(window)
    handle = begin(window, qtbot)
    assert handle.job.path == "/models/one.safetensors"
    assert handle.job.target == OPENVINO
    assert [s.technique for s in from_text(handle.job.recipe).steps] == ["int8"]
    assert made.cancel.isVisibleTo(window)
    handle.say(JobProgress(0.25, "timing width 0.1 in int8", 12.0))
    qtbot.waitUntil(lambda: made.words.text() == "12 s left")
    made.cancel.click()
    assert handle.finished
    assert made.measure.isVisibleTo(window)
    begin(window, qtbot).end(JobFailed("there is not enough memory"))
    qtbot.waitUntil(lambda: "enough memory" in window.notice.sentence())
    # By the status bar too.
    again = begin(window, qtbot)
    window.status.cancel_clicked.emit(again.id)
    assert again.finished
    assert made.measure.isVisibleTo(window)


@pytest.mark.usefixtures("on_openvino")
def test_it_is_drawn_once_there_is_something_to_draw(window, step, qtbot):  # noqa: F811
    made = panel(window)
    assert made.plot is None
    begin(window, qtbot).end(JobDone(curve=CROSSING))
    qtbot.waitUntil(lambda: made.plot is not None)
    assert made.plot.isVisibleTo(window)
    assert "faster below width 0.38" in made.words.text()
    assert made.measure.text() == "Measure it again"
    assert set(made.plot.names) == {"int8", "bf16", "f32"}
    heights = [made.plot.names[name].pos().y() for name in ("int8", "bf16", "f32")]
    assert heights == sorted(heights)
    assert "width 0.5: int8 1 ms, bf16 1.25 ms" in made.plot.accessibleDescription()
    # Of other steps there is none, and back again it is at hand.
    window.recipe.set_values(step, "alpha", {"alpha": 0.25})
    assert not made.plot.isVisibleTo(window)
    window.controller.undo()
    assert made.plot.isVisibleTo(window)
    # What the sliders choose says nothing of a curve over all widths.
    window.controller.set_subnet(SubnetChoice(width=0.25), None)
    assert made.plot.isVisibleTo(window)


@pytest.mark.usefixtures("on_openvino")
def test_it_is_found_again_on_this_host_and_runtime_alone(window, step, qtbot):  # noqa: F811
    handle = begin(window, qtbot)
    recipe = from_text(handle.job.recipe)
    handle.cancel()
    info = window.controller.info
    keep_curve(info.key, recipe, curve("another host", int8=(1, 1, 1, 1), f32=(2, 2, 2, 2)))
    window.app.curves._known.clear()
    window.stack.show_document(window.controller.document)
    qtbot.wait(50)
    assert panel(window).plot is None
    keep_curve(info.key, recipe, curve(host_name(), int8=(1, 1, 1, 1), f32=(2, 2, 2, 2)))
    window.app.curves._known.clear()
    window.stack.show_document(window.controller.document)
    qtbot.waitUntil(lambda: panel(window).plot is not None)
    window.controller.use_target("onnxruntime:cpu:f32")
    assert not panel(window).plot.isVisibleTo(window)


@pytest.mark.usefixtures("step", "on_openvino")
def test_a_drag_puts_it_off(window, qtbot):
    curves = window.app.curves
    curves._again.setInterval(20)
    first = begin(window, qtbot)
    window.controller.begin("width")
    qtbot.waitUntil(lambda: first.finished)
    assert panel(window).cancel.isVisibleTo(window)
    qtbot.wait(10)
    window.controller.end()
    qtbot.waitUntil(lambda: len(handles(window)) == 2)
    handles(window)[-1].end(JobDone(curve=CROSSING))
    qtbot.waitUntil(lambda: panel(window).plot is not None)


@pytest.mark.usefixtures("step", "on_openvino")
def test_cancelled_while_it_waits_for_a_pause_it_does_not_begin_again(window, qtbot):
    window.app.curves._again.setInterval(20)
    first = begin(window, qtbot)
    window.controller.begin("width")
    qtbot.waitUntil(lambda: first.finished)
    panel(window).cancel.click()
    window.controller.end()
    qtbot.wait(60)
    assert len(handles(window)) == 1
    assert panel(window).measure.isVisibleTo(window)


@pytest.mark.usefixtures("step", "on_openvino")
def test_the_estimate_comes_from_full_and_then_from_the_last_curve(window, qtbot):
    curves, document = window.app.curves, window.controller.document
    assert curves.estimate(document) is None
    full = Measurement(
        "full", SubnetChoice(), None, 1.0, 0.0, 1, 2, 3, 4,
        Latency(1000.0, 900.0, 1100.0), "openvino:CPU:bf16", 2, host_name(),
    )  # fmt: skip
    window.controller.add_measurements(window.controller.info.key, (full,))
    # 21 timings of 12 pictures of a second each, and 21 compilings.
    assert curves.estimate(window.controller.document) == pytest.approx(21 * 12.7)
    assert "About 4 min; it can be cancelled." in panel(window).words.text()
    now = [10.0]
    curves._clock = lambda: now[0]
    handle = begin(window, qtbot)
    now[0] = 40.0
    handle.end(JobDone(curve=CROSSING))
    qtbot.waitUntil(lambda: panel(window).plot is not None)
    assert curves.estimate(window.controller.document) == 30.0


def test_names_of_lines_that_end_together_stand_apart():
    pytest.importorskip("pyqtgraph")
    from widgets.recipes.curve_plot import spread

    assert "widgets.recipes.curve_plot" in sys.modules
    assert spread([(1.0, "a"), (1.1, "b"), (5.0, "c")], 0.5) == [1.0, 1.5, 5.0]
