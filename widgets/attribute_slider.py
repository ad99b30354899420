"""A slider for one direction, with a button that puts it back to 0."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QObject, QSize, Qt
from PySide6.QtWidgets import QToolButton

from widgets.attribute_names import attribute_label
from widgets.controller import Controller
from widgets.controls.slider import ValueSlider
from widgets.style.theme import icon
from widgets.wiring import wire

STRENGTH = 3.0
BUTTON, ICON = 16, 11


class AttributeSlider(ValueSlider):
    """From -3 to 3. The button stands in the field while the value is not 0 and nothing is typed:
    a row has no room beside it that the track would not miss."""

    def __init__(self, name: str, controller: Controller, tooltip: str) -> None:
        super().__init__(
            attribute_label(name), -STRENGTH, STRENGTH, 0.0, step=0.05, tooltip=tooltip
        )
        self.name = name
        self.back = QToolButton(self.field)
        self.back.setIcon(icon("reset"))
        self.back.setIconSize(QSize(ICON, ICON))
        self.back.setFixedSize(BUTTON, BUTTON)
        self.back.setAutoRaise(True)
        self.back.setCursor(Qt.CursorShape.ArrowCursor)
        # From the keyboard, typing 0 does the same, so Tab need not stop here.
        self.back.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        words = self.tr("Reset {name}").format(name=attribute_label(name))
        self.back.setAccessibleName(words)
        self.back.setToolTip(words)
        self.back.clicked.connect(lambda _=False: self.reset())
        self._show_button()
        wire(self, controller, f"edit {name}", self._setter(controller))

    def set_value(self, value: float, notify: bool = False) -> None:
        """Show ``value``; the button follows."""
        super().set_value(value, notify)
        self._show_button()

    def matches(self, words: str) -> bool:
        """Whether its label or its name contains ``words``."""
        wanted = words.casefold().strip()
        return wanted in attribute_label(self.name).casefold() or wanted in self.name.casefold()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Keep the button in its place, and out of the way of what is typed."""
        if watched is self.field:
            if event.type() == QEvent.Type.Resize:
                self.back.move(3, (self.field.height() - BUTTON) // 2)
            elif event.type() in (QEvent.Type.FocusIn, QEvent.Type.FocusOut):
                self._show_button(typing=event.type() == QEvent.Type.FocusIn)
        return super().eventFilter(watched, event)

    def _show_button(self, typing: bool | None = None) -> None:
        if hasattr(self, "back"):  # the first value comes before there is a button
            typing = self.field.hasFocus() if typing is None else typing
            self.back.setVisible(self.value() != 0 and not typing)

    def _setter(self, controller: Controller) -> Callable[[float], None]:
        return lambda value: controller.set_edit(self.name, value)
