"""Small helpers that every panel uses: sliders to the controller, rows, buttons, scroll areas."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import (
    QFrame,
    QHBoxLayout,
    QLabel,
    QScrollArea,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.controller import Controller
from widgets.controls.labelled import LABEL_WIDTH
from widgets.controls.slider import ChoiceSlider, ValueSlider
from widgets.style.theme import GRID, icon


def wire(
    slider: ValueSlider | ChoiceSlider,
    controller: Controller,
    control: str,
    change: Callable[[Any], object],
) -> None:
    """Let a slider make edits: from its first change to its last they are one step."""
    slider.setObjectName(control)
    slider.track.setObjectName(f"{control} track")
    slider.editing_started.connect(lambda: controller.begin(control))
    slider.value_changed.connect(change)
    slider.editing_finished.connect(lambda _value: controller.end())


def column(*widgets: QWidget, margin: int = 0, spacing: int = GRID) -> QWidget:
    """Widgets below each other, at the top."""
    holder = QWidget()
    layout = QVBoxLayout(holder)
    layout.setContentsMargins(margin, margin, margin, margin)
    layout.setSpacing(spacing)
    for widget in widgets:
        layout.addWidget(widget)
    return holder


def row(*widgets: QWidget, stretch: int | None = None) -> QWidget:
    """Widgets beside each other; ``stretch`` is the index of the one that grows."""
    holder = QWidget()
    layout = QHBoxLayout(holder)
    layout.setContentsMargins(0, 0, 0, 0)
    layout.setSpacing(GRID)
    for index, widget in enumerate(widgets):
        layout.addWidget(widget, 1 if index == stretch else 0)
    if stretch is None:
        layout.addStretch(1)
    return holder


def labelled(text: str, field: QWidget, *more: QWidget) -> QWidget:
    """A field that grows behind its label, which is as wide as those of sliders."""
    label = QLabel(text)
    label.setFixedWidth(LABEL_WIDTH)
    label.setBuddy(field)
    return row(label, field, *more, stretch=1)


def button(action: QAction, *, words: bool = False) -> QToolButton:
    """A button for an action. It does not take the focus from what is being worked on."""
    made = QToolButton()
    made.setDefaultAction(action)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setAccessibleName(action.toolTip())
    if words:
        made.setToolButtonStyle(
            Qt.ToolButtonStyle.ToolButtonTextOnly
            if action.icon().isNull()
            else Qt.ToolButtonStyle.ToolButtonTextBesideIcon
        )
    return made


def tool_button(image: str, name: str, tip: str) -> QToolButton:
    """A button of a tool bar inside a panel: an icon, its name for screen readers."""
    made = QToolButton()
    made.setIcon(icon(image))
    made.setIconSize(QSize(18, 18))
    made.setAutoRaise(True)
    made.setAccessibleName(name)
    made.setToolTip(tip)
    return made


def named_button(image: str, name: str, tip: str) -> QToolButton:
    """A button inside a panel that shows its name beside an icon."""
    made = QToolButton()
    made.setIcon(icon(image))
    made.setIconSize(QSize(16, 16))
    made.setText(name)
    made.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    made.setToolTip(tip)
    return made


def heading(text: str) -> QLabel:
    """A small heading inside a panel."""
    label = QLabel(text)
    font = label.font()
    font.setBold(True)
    label.setFont(font)
    return label


class SidePanel(QScrollArea):
    """A panel that scrolls up and down only, and is never narrower than what it holds."""

    def __init__(self, content: QWidget) -> None:
        super().__init__()
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setWidget(content)

    def minimumSizeHint(self) -> QSize:
        bar = self.verticalScrollBar().sizeHint().width()
        return QSize(self.widget().minimumSizeHint().width() + bar, 0)

    def sizeHint(self) -> QSize:
        return QSize(self.minimumSizeHint().width(), 400)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.widget() and event.type() == QEvent.Type.LayoutRequest:
            self.updateGeometry()
        return super().eventFilter(watched, event)
