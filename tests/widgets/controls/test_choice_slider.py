"""The slider for one of a few choices."""

from __future__ import annotations

from typing import Any

import pytest
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from widgets.controls.slider import ChoiceSlider

LEFT = Qt.MouseButton.LeftButton


@pytest.fixture
def slider(qtbot: QtBot) -> ChoiceSlider:
    made = ChoiceSlider("Resolution", [8, 16, 32, 64, 128], 128, unit="px")
    qtbot.addWidget(made)
    made.resize(360, 30)
    with qtbot.waitActive(made):
        made.show()
        made.activateWindow()
    made.setFocus()
    return made


def watch(slider: ChoiceSlider) -> list[Any]:
    log: list[Any] = []
    slider.editing_started.connect(lambda: log.append("start"))
    slider.value_changed.connect(log.append)
    slider.editing_finished.connect(lambda v: log.append(("end", v)))
    return log


def at(slider: ChoiceSlider, index: float) -> QPoint:
    x = slider.track.x_of(index / (len(slider.choices()) - 1))
    return QPoint(round(x), slider.track.height() // 2)


def test_a_drag_visits_only_the_choices(slider: ChoiceSlider, qtbot: QtBot) -> None:
    log = watch(slider)
    qtbot.mousePress(slider.track, LEFT, pos=at(slider, 4))
    for index in (3.6, 3.4, 2.6, 2.2):
        qtbot.mouseMove(slider.track, at(slider, index))
    qtbot.mouseRelease(slider.track, LEFT, pos=at(slider, 2.2))
    assert log == ["start", 64, 32, ("end", 32)]
    assert slider.field.text() == "32 px"


def test_arrows_go_one_choice_further(slider: ChoiceSlider, qtbot: QtBot) -> None:
    with qtbot.waitSignal(slider.editing_finished, timeout=3000) as told:
        qtbot.keyClick(slider.track, Qt.Key.Key_Left)
        qtbot.keyClick(slider.track, Qt.Key.Key_Left, Qt.KeyboardModifier.ControlModifier)
    assert slider.value() == 32
    assert told.args == [32]
    qtbot.keyClick(slider.track, Qt.Key.Key_Left, Qt.KeyboardModifier.ShiftModifier)
    assert slider.value() == 8
    qtbot.keyClick(slider.track, Qt.Key.Key_Left)
    assert slider.value() == 8


@pytest.mark.parametrize(
    ("text", "value"), [("64", 64), ("16 px", 16), ("32px", 32), ("50", 128), ("x", 128)]
)
def test_a_choice_can_be_typed(slider: ChoiceSlider, qtbot: QtBot, text: str, value: int) -> None:
    slider.field.setFocus()
    slider.field.selectAll()
    qtbot.keyClicks(slider.field, text)
    qtbot.keyClick(slider.field, Qt.Key.Key_Return)
    assert slider.value() == value
    assert slider.field.text() == str(value)


def test_double_click_resets_as_one_edit(slider: ChoiceSlider) -> None:
    slider.set_value(16)
    log = watch(slider)
    QTest.mouseDClick(slider.label, LEFT)
    assert log == ["start", 128, ("end", 128)]


def test_other_choices_keep_the_value_where_they_can(slider: ChoiceSlider) -> None:
    slider.set_value(32)
    log = watch(slider)
    slider.set_choices([4, 8, 16, 32, 64, 128, 256], 256)
    assert slider.value() == 32
    slider.set_choices([4, 8], 8)
    assert slider.value() == 8
    assert log == []
    slider.set_choices([64], 64)
    assert not slider.track.isEnabled()


def test_unknown_values_are_refused(slider: ChoiceSlider) -> None:
    with pytest.raises(ValueError, match="not among"):
        slider.set_value(48)
    with pytest.raises(ValueError, match="not among"):
        slider.set_choices([], 8)


def test_choices_may_be_anything_with_a_text(qtbot: QtBot) -> None:
    slider = ChoiceSlider("Rule", ["literal", "anycost"], "literal", text_of=str.title)
    qtbot.addWidget(slider)
    assert slider.field.text() == "Literal"
    slider._on_typed("Anycost")
    assert slider.value() == "anycost"
