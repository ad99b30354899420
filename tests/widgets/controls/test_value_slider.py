"""The slider for numbers by mouse, keys and wheel: edits that begin and end once."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QLineEdit
from pytestqt.qtbot import QtBot

from tests.widgets.controls.conftest import Log, at, wheel
from widgets.controls.burst import IDLE
from widgets.controls.slider import ValueSlider

LEFT = Qt.MouseButton.LeftButton
Key, Modifier = Qt.Key, Qt.KeyboardModifier


# ---- mouse ---------------------------------------------------------------------------------------


def test_a_drag_is_one_edit_of_many_values(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    qtbot.mousePress(slider.track, LEFT, pos=at(slider, 1))
    for value in (1.2, 1.4, 1.6):
        qtbot.mouseMove(slider.track, at(slider, value))
    assert log.kinds() == ["start", "value", "value", "value"]
    qtbot.mouseRelease(slider.track, LEFT, pos=at(slider, 1.6))
    assert log[-1] == ("end", slider.value())
    assert slider.value() == pytest.approx(1.6, abs=0.05)
    assert (slider.value() / 0.05) == pytest.approx(round(slider.value() / 0.05))


def test_a_long_pause_within_a_drag_does_not_end_the_edit(
    slider: ValueSlider, qtbot: QtBot
) -> None:
    log = Log(slider)
    qtbot.mousePress(slider.track, LEFT, pos=at(slider, 1))
    qtbot.mouseMove(slider.track, at(slider, 1.5))
    qtbot.wait(IDLE + 100)
    assert "end" not in log.kinds()
    qtbot.mouseRelease(slider.track, LEFT)
    assert log.kinds().count("end") == 1


def test_a_press_beside_the_handle_brings_it_there(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    qtbot.mouseClick(slider.track, LEFT, pos=at(slider, 0.5))
    assert slider.value() == pytest.approx(0.5, abs=0.05)
    assert log.kinds() == ["start", "value", "end"]


def test_a_press_on_the_handle_without_moving_is_no_edit(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    qtbot.mouseClick(slider.track, LEFT, pos=at(slider, 1) + QPoint(3, 0))
    assert log == []
    assert slider.value() == 1


def test_the_ends_can_be_reached_exactly(qtbot: QtBot) -> None:
    slider = ValueSlider("Odd", 0.03, 0.98, 0.5, step=0.1)
    qtbot.addWidget(slider)
    slider.resize(360, 30)
    slider.track._grab = 0.0
    slider.track.moved.emit(1.0)
    assert slider.value() == 0.98
    slider.track.moved.emit(0.0)
    assert slider.value() == 0.03


@pytest.mark.parametrize("where", ["handle", "groove", "label"])
def test_double_click_resets(slider: ValueSlider, qtbot: QtBot, where: str) -> None:
    slider.set_value(1.75)
    if where == "label":
        QTest.mouseDClick(slider.label, LEFT)
    else:
        QTest.mouseDClick(slider.track, LEFT, pos=at(slider, 1.75 if where == "handle" else 0.2))
    assert slider.value() == 1.0


def test_a_reset_is_one_edit(slider: ValueSlider) -> None:
    slider.set_value(1.75)
    log = Log(slider)
    QTest.mouseDClick(slider.label, LEFT)
    assert log == [("start", None), ("value", 1.0), ("end", 1.0)]
    QTest.mouseDClick(slider.label, LEFT)
    assert len(log) == 3


def test_a_drag_leans_to_stops_but_passes_them(qtbot: QtBot) -> None:
    slider = ValueSlider("Width", 0, 1, 1, step=0.001, decimals=3, stops=[0.5])
    qtbot.addWidget(slider)
    slider.resize(420, 30)
    track = slider.track
    x = track.x_of(0.5)
    slider._on_moved(track.position_at(x + 2))
    assert slider.value() == 0.5
    slider._on_moved(track.position_at(x + 6))
    assert slider.value() > 0.5


# ---- keys and wheel ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("key", "modifier", "expected"),
    [
        (Key.Key_Right, Modifier.NoModifier, 1.05),
        (Key.Key_Left, Modifier.NoModifier, 0.95),
        (Key.Key_Up, Modifier.ShiftModifier, 1.5),
        (Key.Key_Left, Modifier.ControlModifier, 0.995),
        (Key.Key_PageUp, Modifier.NoModifier, 1.5),
        (Key.Key_Home, Modifier.NoModifier, 0.0),
        (Key.Key_End, Modifier.NoModifier, 2.0),
    ],
)
def test_keys_nudge(
    slider: ValueSlider, qtbot: QtBot, key: Key, modifier: Modifier, expected: float
) -> None:
    qtbot.keyClick(slider.track, key, modifier)
    assert slider.value() == expected


def test_a_burst_of_keys_is_one_edit(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    with qtbot.waitSignal(slider.editing_finished, timeout=3000) as told:
        for _ in range(4):
            qtbot.keyClick(slider.track, Key.Key_Right)
            qtbot.wait(IDLE // 4)
        assert log.kinds() == ["start", "value", "value", "value", "value"]
    assert told.args == [1.2]
    assert log.kinds().count("end") == 1


def test_keys_then_mouse_are_two_edits(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    qtbot.keyClick(slider.track, Key.Key_Right)
    qtbot.mouseClick(slider.track, LEFT, pos=at(slider, 0.2))
    assert log.kinds() == ["start", "value", "end", "start", "value", "end"]


def test_leaving_ends_the_edit(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    qtbot.keyClick(slider.track, Key.Key_Right)
    slider.window().findChildren(QLineEdit)[-1].setFocus()
    assert log.kinds() == ["start", "value", "end"]


def test_hiding_ends_the_edit(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    qtbot.keyClick(slider.track, Key.Key_Right)
    slider.window().hide()
    assert log.kinds() == ["start", "value", "end"]


def test_the_owner_can_end_the_edit(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    qtbot.keyClick(slider.track, Key.Key_Right)
    slider.finish_editing()
    slider.finish_editing()
    assert log.kinds() == ["start", "value", "end"]


def test_the_wheel_counts_only_with_the_focus(slider: ValueSlider, qtbot: QtBot) -> None:
    slider.window().findChildren(QLineEdit)[-1].setFocus()
    assert not wheel(slider, 1).isAccepted()
    assert slider.value() == 1
    slider.setFocus()
    log = Log(slider)
    with qtbot.waitSignal(slider.editing_finished, timeout=3000):
        assert wheel(slider, 1).isAccepted()
        wheel(slider, 2)
    assert slider.value() == 1.15
    assert log.kinds() == ["start", "value", "value", "end"]


def test_parts_of_a_wheel_step_add_up(slider: ValueSlider) -> None:
    for _ in range(4):
        wheel(slider, 0.25)
    assert slider.value() == 1.05
