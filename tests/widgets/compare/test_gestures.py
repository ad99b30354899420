"""Mouse, wheel and keyboard on the pictures."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from widgets.compare.gestures import HIT
from widgets.compare.view import CompareView, Mode

LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


def divider_point(view: CompareView) -> QPoint:
    line = view.canvas.scene.divider_line()
    assert line is not None
    x, seen = line
    return QPoint(round(x / view.canvas.ratio), round((seen.y + seen.h / 2) / view.canvas.ratio))


def wheel(view: CompareView, point: QPointF, steps: float = 1.0) -> QWheelEvent:
    event = QWheelEvent(
        point,
        view.canvas.mapToGlobal(point),
        QPoint(),
        QPoint(0, round(120 * steps)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(view.canvas, event)
    return event


def test_dragging_moves_the_divider(view: CompareView, qtbot: QtBot) -> None:
    moved: list[float] = []
    released: list[float] = []
    view.divider_moved.connect(moved.append)
    view.divider_released.connect(released.append)
    start = divider_point(view)
    seen = (view.canvas.scene.divider_line() or (0, None))[1]
    assert seen is not None
    qtbot.mousePress(view.canvas, LEFT, pos=start)
    for step in (20, 40, 60):
        qtbot.mouseMove(view.canvas, start + QPoint(step, 5))
    assert not released
    qtbot.mouseRelease(view.canvas, LEFT, pos=start + QPoint(60, 5))
    assert len(moved) == 3
    assert view.divider() == pytest.approx(0.5 + 60 / (seen.w / view.canvas.ratio), abs=0.005)
    assert released == [view.divider()]


def test_divider_can_be_grabbed_beside_its_line_and_does_not_jump(
    view: CompareView, qtbot: QtBot
) -> None:
    assert 2 * HIT >= 12
    start = divider_point(view) + QPoint(6, 0)
    qtbot.mousePress(view.canvas, LEFT, pos=start)
    qtbot.mouseMove(view.canvas, start)
    qtbot.mouseRelease(view.canvas, LEFT, pos=start)
    assert view.divider() == pytest.approx(0.5, abs=0.002)


def test_divider_stops_at_the_edges_of_the_picture(view: CompareView, qtbot: QtBot) -> None:
    start = divider_point(view)
    qtbot.mousePress(view.canvas, LEFT, pos=start)
    qtbot.mouseMove(view.canvas, QPoint(2, start.y()))
    assert view.divider() == 0.0
    qtbot.mouseMove(view.canvas, QPoint(view.canvas.width() - 2, start.y()))
    assert view.divider() == 1.0
    qtbot.mouseRelease(view.canvas, LEFT)


def test_cursor_tells_what_can_be_dragged(view: CompareView, qtbot: QtBot) -> None:
    point = divider_point(view)
    qtbot.mouseMove(view.canvas, point)
    assert view.canvas.cursor().shape() == Qt.CursorShape.SplitHCursor
    qtbot.mouseMove(view.canvas, point + QPoint(60, 0))
    assert view.canvas.cursor().shape() == Qt.CursorShape.ArrowCursor
    view.zoom_at(4)
    qtbot.mouseMove(view.canvas, point + QPoint(61, 0))
    assert view.canvas.cursor().shape() == Qt.CursorShape.OpenHandCursor


def test_double_click_on_the_divider_centres_it(view: CompareView, qtbot: QtBot) -> None:
    view.set_divider(0.2)
    with qtbot.waitSignal(view.divider_released) as told:
        QTest.mouseDClick(view.canvas, LEFT, pos=divider_point(view))
    assert view.divider() == 0.5
    assert told.args == [0.5]


def test_arrow_keys_nudge_the_divider_by_one_per_cent(view: CompareView, qtbot: QtBot) -> None:
    released: list[float] = []
    view.divider_released.connect(released.append)
    view.setFocus()
    qtbot.keyPress(view.canvas, Qt.Key.Key_Right)
    qtbot.keyPress(view.canvas, Qt.Key.Key_Right)
    assert view.divider() == 0.52
    assert not released
    qtbot.keyRelease(view.canvas, Qt.Key.Key_Right)
    qtbot.keyClick(view.canvas, Qt.Key.Key_Left)
    assert view.divider() == 0.51
    assert released == [0.52, 0.51]


def test_setting_the_divider_is_silent_and_limited(view: CompareView, qtbot: QtBot) -> None:
    with qtbot.assertNotEmitted(view.divider_moved):
        view.set_divider(3.0)
    assert view.divider() == 1.0


def test_nobody_takes_the_divider_out_of_the_users_hand(view: CompareView, qtbot: QtBot) -> None:
    start = divider_point(view)
    qtbot.mousePress(view.canvas, LEFT, pos=start)
    qtbot.mouseMove(view.canvas, start + QPoint(50, 0))
    held = view.divider()
    view.set_divider(0.5)
    assert view.divider() == held
    qtbot.mouseRelease(view.canvas, LEFT, pos=start + QPoint(50, 0))
    view.set_divider(0.5)
    assert view.divider() == 0.5


@pytest.mark.parametrize("button", [LEFT, MIDDLE])
def test_dragging_the_picture_pans_both_sides(
    view: CompareView, qtbot: QtBot, button: Qt.MouseButton
) -> None:
    view.set_mode(Mode.SIDE)
    view.zoom_at(4)
    scene = view.canvas.scene
    before = [scene.rect(pane) for pane in scene.panes()]
    with qtbot.waitSignal(view.view_changed):
        qtbot.mousePress(view.canvas, button, pos=QPoint(100, 200))
        qtbot.mouseMove(view.canvas, QPoint(130, 190))
        qtbot.mouseMove(view.canvas, QPoint(145, 180))
        qtbot.mouseRelease(view.canvas, button, pos=QPoint(145, 180))
    after = [scene.rect(pane) for pane in scene.panes()]
    ways = [(b.x - a.x, b.y - a.y) for a, b in zip(before, after, strict=True)]
    assert ways[0] == ways[1]
    assert ways[0] == (45 * view.canvas.ratio, -20 * view.canvas.ratio)


def test_a_click_names_the_side(view: CompareView, qtbot: QtBot) -> None:
    clicked: list[str] = []
    view.picture_clicked.connect(clicked.append)
    point = divider_point(view)
    qtbot.mouseClick(view.canvas, LEFT, pos=point - QPoint(60, 0))
    qtbot.mouseClick(view.canvas, LEFT, pos=point + QPoint(60, 0))
    qtbot.mouseClick(view.canvas, LEFT, pos=QPoint(2, 2))
    assert clicked == ["A", "B"]


@pytest.mark.parametrize("mode", [Mode.WIPE, Mode.SIDE])
def test_the_wheel_zooms_around_the_cursor(view: CompareView, mode: Mode) -> None:
    view.set_mode(mode)
    view.zoom_at(3)
    point = QPointF(view.canvas.width() * 0.7, 190)
    scene = view.canvas.scene
    pane = scene.panes()[-1]
    before = scene.rect(pane)
    event = wheel(view, point)
    after = scene.rect(pane)
    assert event.isAccepted()
    assert after.w > before.w
    ratio = view.canvas.ratio
    share = (point.x() * ratio - before.x) / before.w
    assert after.x + share * after.w == pytest.approx(point.x() * ratio, abs=1.5)


def test_small_turns_of_a_touchpad_get_past_the_whole_numbers(view: CompareView) -> None:
    view.actual_size()
    for _ in range(60):
        wheel(view, QPointF(300, 200), 0.1)
    assert view.zoom() > 2


def test_the_wheel_without_pictures_is_left_to_others(view: CompareView) -> None:
    view.set_picture("A", None)
    view.set_picture("B", None)
    assert not wheel(view, QPointF(300, 200)).isAccepted()


def test_double_click_changes_between_fit_and_actual_size(view: CompareView) -> None:
    view.set_mode(Mode.FULL)
    point = QPoint(view.canvas.width() // 2, view.canvas.height() // 2)
    QTest.mouseDClick(view.canvas, LEFT, pos=point)
    assert view.zoom() == 1.0
    QTest.mouseDClick(view.canvas, LEFT, pos=point)
    assert view.is_fitted()


def test_a_view_can_be_kept_and_taken_up_again(view: CompareView) -> None:
    told: list[tuple[float, float, float]] = []
    view.view_changed.connect(lambda *values: told.append(values))
    view.zoom_at(5, QPointF(200, 150))
    kept = told[-1]
    view.fit()
    view.set_view(*kept)
    assert told[-1] == pytest.approx(kept)


def test_plus_and_minus_zoom(view: CompareView, qtbot: QtBot) -> None:
    before = view.zoom()
    qtbot.keyClick(view.canvas, Qt.Key.Key_Plus)
    assert view.zoom() > before
    qtbot.keyClick(view.canvas, Qt.Key.Key_Minus)
    assert view.zoom() == pytest.approx(before, rel=0.07)
