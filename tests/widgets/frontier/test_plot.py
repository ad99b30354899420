"""Every gesture on the plot, with real mouse and key events."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QColor, QContextMenuEvent, QImage
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication, QMenu

from studio.fidelity.measurement import Quartiles
from studio.subnets.choice import SubnetChoice
from tests.widgets.frontier.clouds import HERE, THERE, few, point
from widgets.frontier.axes import card_lines
from widgets.frontier.cloud import Cloud
from widgets.frontier.colours import DARK, LIGHT, series
from widgets.frontier.plot import FrontierPlot
from widgets.style.palettes import colours, contrast, palette

LEFT = Qt.MouseButton.LeftButton
SHIFT = Qt.KeyboardModifier.ShiftModifier


@pytest.fixture
def plot(qtbot):
    made = FrontierPlot()
    qtbot.addWidget(made)
    made.resize(640, 260)
    with qtbot.waitExposed(made):
        made.show()
    made.set_cloud(Cloud(few(), "latency", "flip"), HERE)
    made.set_marks("current", {"A": "full", "B": "k2"})
    made.set_limit(5.0)
    made.activateWindow()
    made.setFocus()
    qtbot.wait(20)
    made.said = []
    made.side_chosen.connect(lambda side, p: made.said.append((side, p.ref, p.target)))
    made.current_chosen.connect(lambda p: made.said.append(("current", p.ref, p.target)))
    return made


def spot(plot, index):
    return plot.place(index).toPoint()


def empty_spot(plot):
    """Somewhere in the plot with no point and no line."""
    at = QPoint(plot.viewport().width() * 5 // 8, plot.viewport().height() // 4 * 2)
    assert plot.nearest(QPointF(at)) is None
    assert not plot._on_line(QPointF(at))
    return at


def test_a_click_shows_a_point_on_side_b_and_with_shift_on_a(plot, qtbot):
    qtbot.mouseClick(plot.viewport(), LEFT, pos=spot(plot, 2))
    qtbot.mouseClick(plot.viewport(), LEFT, SHIFT, pos=spot(plot, 5))
    assert plot.said == [("B", "k2", HERE), ("A", "k1", THERE)]


def test_a_double_click_makes_it_current(plot, qtbot):
    at = spot(plot, 1)
    qtbot.mouseClick(plot.viewport(), LEFT, pos=at)
    QTest.mouseDClick(plot.viewport(), LEFT, pos=at)
    assert plot.said[0] == ("B", "k1", HERE)
    assert plot.said[-1] == ("current", "k1", HERE)
    assert [what for what, *_ in plot.said].count("current") == 1


def test_pressing_a_point_and_letting_go_elsewhere_does_nothing(plot, qtbot):
    before = plot.box.viewRange()
    qtbot.mousePress(plot.viewport(), LEFT, pos=spot(plot, 2))
    qtbot.mouseMove(plot.viewport(), empty_spot(plot))
    qtbot.mouseRelease(plot.viewport(), LEFT, pos=empty_spot(plot))
    assert plot.said == []
    assert plot.box.viewRange() == before


def test_hovering_shows_a_card_with_name_numbers_and_picture(plot, qtbot):
    asked = []

    def provider(p, then):
        asked.append((p.ref, then))

    plot.provider = provider
    qtbot.mouseMove(plot.viewport(), empty_spot(plot))
    assert not plot.card.isVisible()
    qtbot.mouseMove(plot.viewport(), spot(plot, 2))
    qtbot.waitUntil(plot.card.isVisible)
    assert plot.card.name.text() == "name k2"
    for part in ("4.0 ms (3.6", "FLIP 0.100", "SSIM 0.900", "measured, OpenVINO bf16 CPU"):
        assert part in plot.card.lines.text()
    assert "FLIP 0.100" in plot.accessibleDescription()
    assert not plot.card.picture.isVisible()
    image = QImage(8, 8, QImage.Format.Format_RGB888)
    image.fill(QColor("red"))
    assert asked[0][0] == "k2"
    asked[0][1](image)
    shown = plot.card.picture.pixmap().toImage()
    assert shown.pixelColor(shown.rect().center()) == QColor("red")
    qtbot.mouseMove(plot.viewport(), empty_spot(plot))
    assert not plot.card.isVisible()
    # A picture that comes when the mouse is elsewhere shows nothing.
    asked[0][1](image)
    assert not plot.card.isVisible()


def test_a_live_point_says_that_it_is_not_measured(plot, qtbot):
    qtbot.mouseMove(plot.viewport(), spot(plot, 6))
    assert "live, not measured" in plot.card.lines.text()


def test_the_line_is_dragged(plot, qtbot):
    moved = []
    plot.limit_moved.connect(moved.append)
    plot.limit_moved.connect(plot.set_limit)
    assert plot.sweet == 2
    start = QPoint(round(plot.line_place()), plot.viewport().height() // 4)
    assert plot.nearest(QPointF(start)) is None
    qtbot.mousePress(plot.viewport(), LEFT, pos=start)
    for x in (start.x() - 20, spot(plot, 1).x() + 12, spot(plot, 1).x() + 6):
        qtbot.mouseMove(plot.viewport(), QPoint(x, start.y()))
    qtbot.mouseRelease(plot.viewport(), LEFT, pos=QPoint(x, start.y()))
    assert moved == sorted(moved, reverse=True)
    assert 2.0 < moved[-1] < 4.0
    assert plot.sweet == 1
    assert plot.said == []
    qtbot.mouseMove(plot.viewport(), start)  # released: it stays
    assert plot.limit == moved[-1]
    assert plot.line_place() == pytest.approx(x, abs=1)


def test_dragging_beside_the_line_moves_the_view_and_a_double_click_brings_it_back(plot, qtbot):
    before = plot.box.viewRange()
    at = empty_spot(plot)
    qtbot.mousePress(plot.viewport(), LEFT, pos=at)
    for step in range(1, 6):
        qtbot.mouseMove(plot.viewport(), at + QPoint(10 * step, 0))
        qtbot.wait(15)
    qtbot.mouseRelease(plot.viewport(), LEFT, pos=at + QPoint(50, 0))
    assert plot.box.viewRange()[0][0] < before[0][0]
    # New numbers do not take away what one looks at.
    moved = plot.box.viewRange()
    plot.set_cloud(Cloud((*few(), point("k9", 30.0, 0.05)), "latency", "flip"), HERE)
    assert plot.box.viewRange() == moved
    plot.set_cloud(Cloud(few(), "latency", "flip"), HERE)
    QTest.mouseDClick(plot.viewport(), LEFT, pos=empty_spot(plot))
    assert plot.box.viewRange()[0] == pytest.approx(before[0])


def test_arrows_walk_along_the_frontier_and_enter_makes_current(plot, qtbot):
    seen = []
    plot.pointed.connect(lambda p: seen.append(None if p is None else p.ref))
    for key in (Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right, Qt.Key.Key_Right):
        qtbot.keyClick(plot, key)
    qtbot.keyClick(plot, Qt.Key.Key_Home)
    qtbot.keyClick(plot, Qt.Key.Key_End)
    qtbot.keyClick(plot, Qt.Key.Key_Left)
    assert seen == ["k1", "k2", "full", "full", "k1", "full", "k2"]
    assert plot.card.isVisible()
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert plot.said == [("current", "k2", HERE)]
    qtbot.keyClick(plot, Qt.Key.Key_Escape)
    assert not plot.card.isVisible()
    assert seen[-1] is None
    qtbot.keyClick(plot, Qt.Key.Key_Return)
    assert len(plot.said) == 1


def test_the_picked_point_stays_while_numbers_change(plot, qtbot):
    qtbot.keyClick(plot, Qt.Key.Key_Right)
    plot.set_cloud(Cloud(few()[::-1], "latency", "flip"), HERE)
    assert plot.cloud.points[plot.picked].ref == "k1"
    plot.set_cloud(Cloud(few()[:1], "latency", "flip"), HERE)
    assert plot.picked is None
    assert not plot.card.isVisible()


@pytest.mark.parametrize("reason", ["Mouse", "Keyboard"])
def test_the_menu_of_a_point(plot, qtbot, reason):
    at = spot(plot, 2)
    if reason == "Keyboard":
        plot._point_at(2)
    kind = getattr(QContextMenuEvent.Reason, reason)
    target = plot.viewport() if reason == "Mouse" else plot
    QApplication.sendEvent(target, QContextMenuEvent(kind, at, plot.viewport().mapToGlobal(at)))
    menu = plot.findChild(QMenu)
    texts = {a.text(): a for a in menu.actions() if a.text()}
    assert list(texts) == [
        "Show on side A", "Show on side B", "Make it current", "Export bundle…",
        "Layer by layer…", "Show everything",
    ]  # fmt: skip
    with qtbot.waitSignal(plot.layers_wanted) as wanted:
        texts["Layer by layer…"].trigger()
    assert wanted.args[0].ref == "k2"
    texts["Show on side A"].trigger()
    texts["Make it current"].trigger()
    menu.close()
    assert plot.said == [("A", "k2", HERE), ("current", "k2", HERE)]


def test_measured_live_beaten_look_different(plot):
    best, beaten = plot._layers[HERE, "best"], plot._layers[HERE, "beaten"]
    live = plot._layers[HERE, "live"]
    assert best.opts["brush"].color().alphaF() == 1
    assert beaten.opts["brush"].color().alphaF() < 0.5
    assert live.opts["brush"].style() == Qt.BrushStyle.NoBrush
    assert live.opts["pen"].style() == Qt.PenStyle.DashLine
    other = plot._layers[THERE, "best"].opts["brush"].color()
    assert best.opts["brush"].color().rgb() != other.rgb()
    assert plot.legend.texts() == [
        "OpenVINO bf16 CPU", "PyTorch f32 CPU", "frontier: beaten by none", "live, not measured"
    ]  # fmt: skip


def test_what_is_current_and_what_stands_on_the_sides_is_marked(plot):
    def place(item):
        return item.pos().x(), item.pos().y()

    assert place(plot._letters["A"]) == (8.0, 0.0)
    assert place(plot._letters["B"]) == (4.0, 0.1)
    assert list(plot._marks["current"].data["x"]) == [3.0]
    assert list(plot._marks["sweet"].data["x"]) == [4.0]
    plot.set_marks("k3", {"A": "k1", "B": "gone"})
    assert place(plot._letters["A"]) == (2.0, 0.2)
    assert not plot._letters["B"].isVisible()
    assert list(plot._marks["current"].data["x"]) == [6.0]
    plot.set_limit(1.0)
    assert len(plot._marks["sweet"].data) == 0


def test_error_bars_are_of_latency_alone(plot):
    bars = plot._bars.opts
    assert list(bars["x"] - bars["left"]) == pytest.approx(list(0.9 * plot.cloud.x))
    assert list(bars["x"] + bars["right"]) == pytest.approx(list(1.2 * plot.cloud.x))
    plot.set_cloud(Cloud(few(), "size", "flip"), HERE)
    assert len(plot._bars.opts["x"]) == 0


def test_error_bars_of_quality(plot):
    spread = Quartiles(8, (20.0, 30.0), (0.8, 0.9), (0.15, 0.3))
    with_spread = replace(few()[1], spread=spread)
    plot.set_cloud(Cloud((few()[0], with_spread), "size", "flip"), HERE)
    bars = plot._bars.opts
    assert list(bars["y"] - bars["bottom"]) == pytest.approx([0.15])
    assert list(bars["y"] + bars["top"]) == pytest.approx([0.3])
    assert list(bars["left"]) == [0.0]


def test_predicted_points_look_different_and_can_only_become_current(plot, qtbot):
    choice = SubnetChoice(width=0.4)
    guess = replace(point("predicted a", 3.0, 0.3, measured=False), predicted=4, choice=choice)
    plot.set_cloud(Cloud((*few()[:4], guess), "latency", "flip"), HERE)
    item = plot._layers[HERE, "predicted"]
    assert (item.opts["symbol"], len(item.data)) == ("s", 1)
    assert item.opts["brush"].style() == Qt.BrushStyle.NoBrush
    assert list(plot._guessed.opts["x"]) == [3.0]
    assert 3.0 not in list(plot._bars.opts["x"])
    assert plot.legend.texts()[-1] == "predicted, not measured"
    shown, current = [], []
    plot.side_chosen.connect(lambda *a: shown.append(a))
    plot.current_chosen.connect(current.append)
    at = plot.place(4).toPoint()
    qtbot.mouseClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert (shown, plot.picked) == ([], 4)
    qtbot.mouseDClick(plot.viewport(), Qt.MouseButton.LeftButton, pos=at)
    assert current == [guess]
    texts = [action.text() for action in plot.menu_for(4).actions()]
    assert not any("side" in text for text in texts)
    assert card_lines(guess)[0].startswith("about 3.0 ms")
    assert card_lines(guess)[-1] == "predicted from 4 measured ones, OpenVINO bf16 CPU"


def test_better_is_up_on_every_axis(plot):
    for y in ("flip", "ssim", "psnr"):
        plot.set_cloud(Cloud(few(), "latency", y), HERE)
        assert plot.place(0).y() < plot.place(2).y() < plot.place(1).y()
    assert plot._equal.isVisible()


def test_where_points_are_found_is_where_they_are_drawn(plot):
    for y in ("flip", "psnr"):
        plot.set_cloud(Cloud(few(), "size", y), HERE)
        for index in (0, 1, 2, 3):
            assert few()[plot.nearest(plot.place(index))].ref == few()[index].ref
    picture = plot.viewport().grab().toImage()
    ratio = picture.devicePixelRatio()
    at = plot.place(2) * ratio
    seen = picture.pixelColor(round(at.x()), round(at.y()))
    wanted = series(0)
    assert all(abs(a - b) < 16 for a, b in zip(seen.getRgb(), wanted.getRgb(), strict=True))


def test_ten_thousand_points_are_a_handful_of_items(plot, qtbot):
    rng = np.random.default_rng(0)
    many = [point(f"k{i}", *pair) for i, pair in enumerate(rng.uniform(0.1, 1, (10_000, 2)))]
    before = len(plot.scene().items())
    plot.set_cloud(Cloud(many, "latency", "flip"), HERE)
    assert len(plot.scene().items()) <= before
    last = plot.cloud.frontiers[HERE][-1]
    qtbot.mouseClick(plot.viewport(), LEFT, pos=spot(plot, last))
    assert plot.said[-1][1] == many[plot.picked].ref


def test_targets_have_colours_of_their_own_that_can_be_seen():
    for scheme, shades in (("dark", DARK), ("light", LIGHT)):
        assert len(set(shades)) == len(shades)
        for number, shade in enumerate(shades):
            assert series(number, scheme) == QColor(shade)
            assert contrast(QColor(shade), QColor(colours(scheme).base)) >= 4.5
            assert shade != colours(scheme).accent
        assert series(len(shades), scheme) == QColor(shades[0])


def test_the_plot_follows_the_theme(plot, qapp):
    before = qapp.palette()
    for scheme in ("dark", "light"):
        qapp.setPalette(palette(scheme))
        qapp.processEvents()
        assert plot.backgroundBrush().color().name() == colours(scheme).base
        assert plot._layers[HERE, "best"].opts["brush"].color().name() == series(0).name()
    qapp.setPalette(before)
