"""The slider for numbers by typing, and for its owner."""

from __future__ import annotations

import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QFont
from pytestqt.qtbot import QtBot

from tests.widgets.controls.conftest import Log
from widgets.controls.slider import ValueSlider

LEFT = Qt.MouseButton.LeftButton
Key, Modifier = Qt.Key, Qt.KeyboardModifier


# ---- typing --------------------------------------------------------------------------------------


def type_in(slider: ValueSlider, qtbot: QtBot, text: str, key: Key = Key.Key_Return) -> None:
    slider.field.setFocus()
    slider.field.selectAll()
    qtbot.keyClicks(slider.field, text)
    qtbot.keyClick(slider.field, key)


@pytest.mark.parametrize(
    ("text", "value", "shown"),
    [
        ("0.123", 0.123, "0.123"),
        ("1,5", 1.5, "1.50"),
        ("7", 2.0, "2.00"),
        ("-3", 0.0, "0.00"),
        ("abc", 1.0, "1.00"),
        ("", 1.0, "1.00"),
        ("nan", 1.0, "1.00"),
    ],
)
def test_typed_values_are_exact(
    slider: ValueSlider, qtbot: QtBot, text: str, value: float, shown: str
) -> None:
    log = Log(slider)
    slider.field.setFocus()
    slider.field.clear()
    type_in(slider, qtbot, text)
    assert slider.value() == value
    assert slider.field.text() == shown
    assert log.kinds() == (["start", "value", "end"] if value != 1 else [])


def test_leaving_the_field_takes_what_was_typed(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    slider.field.setFocus()
    slider.field.selectAll()
    qtbot.keyClicks(slider.field, "0.4")
    assert log == []
    slider.track.setFocus()
    assert log == [("start", None), ("value", 0.4), ("end", 0.4)]


def test_escape_takes_back_what_was_typed(slider: ValueSlider, qtbot: QtBot) -> None:
    type_in(slider, qtbot, "0.4", Key.Key_Escape)
    assert slider.field.text() == "1.00"
    slider.track.setFocus()
    assert slider.value() == 1


def test_the_same_value_again_does_not_disturb_typing(slider: ValueSlider, qtbot: QtBot) -> None:
    slider.field.setFocus()
    slider.field.selectAll()
    qtbot.keyClicks(slider.field, "0.")
    slider.set_value(1.0)
    qtbot.keyClicks(slider.field, "7")
    qtbot.keyClick(slider.field, Key.Key_Return)
    assert slider.value() == 0.7


def test_arrows_nudge_from_the_field_too(slider: ValueSlider, qtbot: QtBot) -> None:
    log = Log(slider)
    slider.field.setFocus()
    qtbot.keyClick(slider.field, Key.Key_Up)
    qtbot.keyClick(slider.field, Key.Key_Up)
    slider.track.setFocus()
    assert slider.value() == 1.1
    assert log.kinds() == ["start", "value", "value", "end"]


def test_the_unit_is_shown_at_rest_only(qtbot: QtBot) -> None:
    slider = ValueSlider("Light", 0, 360, 90, step=1, decimals=0, unit="°")
    qtbot.addWidget(slider)
    with qtbot.waitActive(slider):
        slider.show()
        slider.activateWindow()
    assert slider.field.text() == "90 °"
    slider.field.setFocus()
    assert slider.field.text() == "90"
    slider.field.selectAll()
    qtbot.keyClicks(slider.field, "45 °")
    qtbot.keyClick(slider.field, Key.Key_Return)
    assert slider.value() == 45


def test_figures_are_tabular_and_right_aligned(slider: ValueSlider) -> None:
    assert slider.field.alignment() & Qt.AlignmentFlag.AlignRight
    assert slider.field.font().featureValue(QFont.Tag("tnum")) == 1


# ---- the owner -----------------------------------------------------------------------------------


def test_setting_a_value_is_silent_unless_asked(slider: ValueSlider) -> None:
    log = Log(slider)
    slider.set_value(0.5)
    assert log == []
    slider.set_value(0.75, notify=True)
    assert log == [("start", None), ("value", 0.75), ("end", 0.75)]
    assert slider.field.text() == "0.75"


def test_other_bounds_keep_or_move_the_value(slider: ValueSlider) -> None:
    slider.set_value(1.8)
    log = Log(slider)
    slider.set_range(0, 1.5, 0.7)
    assert (slider.value(), slider.default()) == (1.5, 0.7)
    assert log == []
    with pytest.raises(ValueError, match="no range"):
        slider.set_range(1, 1, 1)


def test_whole_numbers_stay_whole(qtbot: QtBot) -> None:
    slider = ValueSlider("Steps", 1, 50, 20, step=1, decimals=0)
    qtbot.addWidget(slider)
    slider._on_nudged(0.1)
    assert slider.value() == 21
    slider._on_typed("3.7")
    assert slider.value() == 4


def test_a_logarithmic_slider_spends_equal_room_on_equal_ratios(qtbot: QtBot) -> None:
    slider = ValueSlider("Strength", 0.01, 100, 1, step=0.01, logarithmic=True)
    qtbot.addWidget(slider)
    assert slider.track.position() == pytest.approx(0.5)
    slider._on_moved(0.75)
    assert slider.value() == pytest.approx(10, rel=0.01)
    slider.set_value(0.01)
    for _ in range(3):
        slider._on_nudged(1.0)
    assert slider.value() == pytest.approx(0.04)
    with pytest.raises(ValueError, match="no range"):
        slider.set_range(0, 1, 0.5)


def test_assistive_technology_can_set_it(slider: ValueSlider) -> None:
    log = Log(slider)
    slider.track.setValue(7500)
    assert slider.value() == 1.5
    assert log.kinds()[:2] == ["start", "value"]
    assert slider.track.accessibleName() == "Truncation"
    assert "1.50" in slider.track.accessibleDescription()


def test_it_is_reached_by_tab(slider: ValueSlider, qtbot: QtBot) -> None:
    assert slider.track.hasFocus()
    qtbot.keyClick(slider.track, Key.Key_Tab)
    assert slider.field.hasFocus()
