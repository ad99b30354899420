"""A framed card: title, summary, on/off switch, menu, and a body behind a fold."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QMenu,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from widgets.controls.fold import FoldHeader
from widgets.controls.snug import Snug
from widgets.controls.switch import Switch
from widgets.style.frames import draw_panel
from widgets.style.theme import GRID, caption_font, icon


class Card(Snug):
    """One technique of a recipe, or any titled group that can be folded and switched."""

    opened = Signal(bool)
    switched = Signal(bool)

    def __init__(
        self,
        title: str,
        summary: str = "",
        parent: QWidget | None = None,
        *,
        switchable: bool = False,
        opened: bool = True,
    ) -> None:
        super().__init__(parent)
        self.header = FoldHeader(title, self)
        bold = self.header.font()
        bold.setBold(True)
        self.header.setFont(bold)
        self.switch = Switch(self)
        self.switch.setChecked(True)
        self.switch.setVisible(switchable)
        self.menu_button = QToolButton(self)
        self.menu_button.setIcon(icon("more"))
        self.menu_button.setIconSize(QSize(16, 16))
        self.menu_button.setAutoRaise(True)
        self.menu_button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        self.menu_button.setStyleSheet("QToolButton::menu-indicator { image: none; }")
        self.menu_button.hide()
        self._summary = QLabel(self)
        self._summary.setTextFormat(Qt.TextFormat.PlainText)
        self._summary.setWordWrap(True)
        self._summary.setFont(caption_font(self.font()))
        self._content: QWidget | None = None
        row = self._row = QHBoxLayout()
        row.setSpacing(GRID // 2)
        row.addWidget(self.header, 1)
        row.addWidget(self.switch)
        row.addWidget(self.menu_button)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(GRID, GRID, GRID, GRID)
        self._layout.setSpacing(GRID)
        self._layout.addLayout(row)
        self._layout.addWidget(self._summary)
        self.header.toggled.connect(self._on_opened)
        self.switch.toggled.connect(self._on_switched)
        self.set_title(title)
        self.set_summary(summary)
        self.restore(opened)

    def set_title(self, title: str) -> None:
        self.header.setText(title)
        for widget in (self, self.header):
            widget.setAccessibleName(title)
        self.switch.setAccessibleName(self.tr("{name} on").replace("{name}", title))
        self.switch.setToolTip(self.tr("Switch on or off"))
        self.menu_button.setAccessibleName(self.tr("Menu of {name}").replace("{name}", title))

    def set_summary(self, summary: str) -> None:
        """One sentence below the title."""
        self._summary.setText(summary)
        self._summary.setVisible(bool(summary))
        self.setAccessibleDescription(summary)

    def content(self) -> QWidget | None:
        return self._content

    def set_content(self, widget: QWidget) -> None:
        """The body; an earlier one is deleted."""
        if self._content is not None:
            self._layout.removeWidget(self._content)
            self._content.deleteLater()
        self._content = widget
        self._layout.addWidget(widget)
        widget.setVisible(self.state())
        widget.setEnabled(self.is_on())

    def add_handle(self, widget: QWidget) -> None:
        """Put something before the title, such as a handle to move the card by."""
        self._row.insertWidget(0, widget)

    def set_menu(self, menu: QMenu | None) -> None:
        """What the button in the corner opens; None hides the button."""
        self.menu_button.setMenu(menu)  # type: ignore[arg-type]  # None takes the menu away
        self.menu_button.setVisible(menu is not None)

    def is_on(self) -> bool:
        return self.switch.isChecked()

    def set_on(self, on: bool) -> None:
        self.switch.setChecked(on)

    def state(self) -> bool:
        """Whether the body is shown."""
        return self.header.isChecked()

    def restore(self, opened: bool) -> None:
        self.header.setChecked(opened)

    def _on_opened(self, opened: bool) -> None:
        if self._content is not None:
            self._content.setVisible(opened)
        self.opened.emit(opened)

    def _on_switched(self, on: bool) -> None:
        if self._content is not None:
            self._content.setEnabled(on)
        self.switched.emit(on)

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_panel(QPainter(self), self.rect(), self.palette())
