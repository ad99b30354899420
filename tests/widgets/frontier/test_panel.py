"""The panel around the plot: axes, the limit, what to do when it is empty."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtGui import QAction

from tests.widgets.frontier.clouds import HERE, THERE, few, point
from widgets.frontier.panel import FrontierPanel

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def panel(qtbot):
    measure = QAction("Measure")
    made = FrontierPanel(measure)
    made.measure_action = measure
    qtbot.addWidget(made)
    made.resize(640, 260)
    with qtbot.waitExposed(made):
        made.show()
    return made


def show(panel, points=None, target=HERE, current="current"):
    panel.show_points(few() if points is None else points, target, current, {})


def choose(box, axis):
    box.setCurrentIndex(box.findData(axis))
    box.activated.emit(box.currentIndex())


def test_an_empty_plot_says_what_goes_there_and_offers_to_measure(panel, qtbot):
    show(panel, (point("current", 3.0, 0.1, measured=False),))
    assert panel.plot is None
    assert panel.empty.isVisible()
    assert "measured on this computer" in panel.empty.text()
    assert not panel.limit.isVisible()
    with qtbot.waitSignal(panel.measure_action.triggered):
        qtbot.mouseClick(panel.measure, LEFT)
    show(panel)
    assert panel.plot.isVisible()
    assert not panel.empty.isVisible()
    show(panel, ())
    assert panel.empty.isVisible()
    assert panel.best.full_text() == ""


def test_the_plot_waits_until_there_is_time_for_it(panel):
    panel.show_points(few(), HERE, "current", {}, ready=False)
    assert panel.plot is None
    panel.show_points(few(), HERE, "current", {}, ready=True)
    assert panel.plot is not None


def test_the_best_under_the_limit_is_named_and_used(panel, qtbot):
    show(panel)
    panel.set_limit(5.0)
    assert panel.sweet_spot().ref == "k2"
    assert panel.best.full_text() == "name k2, FLIP 0.100"
    with qtbot.waitSignal(panel.current_wanted) as told:
        qtbot.mouseClick(panel.use, LEFT)
    assert told.args == ["k2"]
    show(panel, current="k2")
    assert not panel.use.isEnabled()  # it is current already
    panel.set_limit(1.0)
    assert panel.sweet_spot() is None
    assert panel.best.full_text() == "nothing is below that"


def test_the_limit_begins_in_the_middle_of_the_frontier(panel):
    show(panel)
    assert panel.plot.limit == 4.0
    assert panel.sweet_spot().ref == "k2"


def test_the_limit_is_dragged_in_the_plot(panel, qtbot):
    show(panel)
    qtbot.wait(20)
    plot = panel.plot
    start = QPoint(round(plot.line_place()), 24)
    end = QPoint(round(plot.place(1).x()) + 8, 24)
    qtbot.mousePress(plot.viewport(), LEFT, pos=start)
    qtbot.mouseMove(plot.viewport(), end)
    qtbot.mouseRelease(plot.viewport(), LEFT, pos=end)
    assert panel.sweet_spot().ref == "k1"
    assert panel.limit.text().endswith(" ms")
    assert float(panel.limit.text().split()[0]) == pytest.approx(plot.limit, rel=0.01)


def test_the_limit_is_typed_and_nudged(panel, qtbot):
    show(panel)
    panel.limit.setFocus()
    panel.limit.selectAll()
    qtbot.keyClicks(panel.limit, "7,5 ms")
    qtbot.keyClick(panel.limit, Qt.Key.Key_Return)
    assert panel.plot.limit == 7.5
    panel.limit.nudged.emit(10.0)
    assert panel.plot.limit == pytest.approx(7.5 * 1.02**10)
    assert panel.sweet_spot().ref == "full"
    for nonsense in ("-3", "cat", "0"):
        panel.limit.selectAll()
        qtbot.keyClicks(panel.limit, nonsense)
        qtbot.keyClick(panel.limit, Qt.Key.Key_Return)
    assert panel.plot.limit == pytest.approx(7.5 * 1.02**10)


def test_every_axis_keeps_its_own_limit(panel):
    show(panel)
    panel.set_limit(7.0)
    choose(panel.x_box, "size")
    assert panel.plot.cloud.axes == ("size", "flip")
    assert panel.limit.text() == "4 MB"
    choose(panel.y_box, "psnr")
    assert panel.best.full_text() == "name k2, PSNR 28.0 dB"
    choose(panel.x_box, "latency")
    assert panel.plot.limit == 7.0
    assert panel.plot.cloud.axes == ("latency", "psnr")


def test_another_target_has_another_sweet_spot(panel):
    show(panel)
    panel.set_limit(10.0)
    assert panel.sweet_spot().ref == "full"
    show(panel, target=THERE)
    assert (panel.sweet_spot().ref, panel.sweet_spot().target) == ("k1", THERE)
    show(panel, target="onnxruntime:cpu:f32")
    assert panel.best.full_text() == "nothing is measured on ONNX Runtime f32 CPU yet"
    assert not panel.limit.isVisible()
    assert panel.sweet_spot() is None


def test_gestures_of_the_plot_are_handed_on(panel, qtbot):
    show(panel)
    qtbot.wait(20)
    at = panel.plot.place(1).toPoint()
    with qtbot.waitSignal(panel.side_chosen) as told:
        qtbot.mouseClick(panel.plot.viewport(), LEFT, pos=at)
    assert (told.args[0], told.args[1].ref) == ("B", "k1")
    with qtbot.waitSignal(panel.current_wanted) as told:
        qtbot.mouseDClick(panel.plot.viewport(), LEFT, pos=at)
    assert told.args == ["k1"]


def test_everything_has_a_name(panel):
    show(panel)
    for widget in (panel.x_box, panel.y_box, panel.limit, panel.plot):
        assert widget.accessibleName()
