"""A slider in a window, what it says, and ways to act on it."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPoint, QPointF, Qt
from PySide6.QtGui import QWheelEvent
from PySide6.QtWidgets import QApplication, QLineEdit, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from widgets.controls.slider import ValueSlider


class Log(list[tuple[str, float | None]]):
    """What a slider said, in order."""

    def __init__(self, slider: ValueSlider) -> None:
        super().__init__()
        slider.editing_started.connect(lambda: self.append(("start", None)))
        slider.value_changed.connect(lambda v: self.append(("value", v)))
        slider.editing_finished.connect(lambda v: self.append(("end", v)))

    def kinds(self) -> list[str]:
        return [kind for kind, _ in self]


@pytest.fixture
def slider(qtbot: QtBot) -> ValueSlider:
    """0 to 2, default 1, step 0.05, in a window with another field."""
    window = QWidget()
    qtbot.addWidget(window)
    layout = QVBoxLayout(window)
    made = ValueSlider("Truncation", 0, 2, 1, step=0.05, tooltip="psi")
    layout.addWidget(made)
    layout.addWidget(QLineEdit())
    window.resize(360, 100)
    with qtbot.waitActive(window):
        window.show()
        window.activateWindow()
    made.setFocus()
    made.window_ = window  # keep the window alive with the slider
    return made


def at(slider: ValueSlider, value: float) -> QPoint:
    track = slider.track
    return QPoint(round(track.x_of(slider._position_of(value))), track.height() // 2)


def wheel(slider: ValueSlider, steps: float) -> QWheelEvent:
    point = QPointF(slider.track.rect().center())
    event = QWheelEvent(
        point,
        slider.track.mapToGlobal(point),
        QPoint(),
        QPoint(0, round(120 * steps)),
        Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier,
        Qt.ScrollPhase.NoScrollPhase,
        False,
    )
    QApplication.sendEvent(slider.track, event)
    return event
