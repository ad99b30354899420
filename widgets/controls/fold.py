"""A section that opens and closes."""

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QEvent, QRect, QSize, Qt, Signal
from PySide6.QtGui import QIcon, QKeyEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QVBoxLayout, QWidget

from widgets.style.frames import claims_space, draw_focus
from widgets.style.theme import GRID, icon

CHEVRON = 12


class FoldHeader(QAbstractButton):
    """A title with a chevron; the whole width can be clicked, Space and Enter work."""

    def __init__(self, title: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setText(title)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        text = self.fontMetrics().horizontalAdvance(self.text())
        return QSize(CHEVRON + GRID // 2 + text, max(3 * GRID, self.fontMetrics().height() + 4))

    def minimumSizeHint(self) -> QSize:
        return QSize(CHEVRON + 4 * GRID, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        return claims_space(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.toggle()
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        palette = self.palette()
        if self.underMouse() and self.isEnabled():
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(palette.color(QPalette.ColorRole.Midlight))
            painter.drawRoundedRect(self.rect(), 3, 3)
        name = "chevron-down" if self.isChecked() else "chevron-right"
        mode = QIcon.Mode.Normal if self.isEnabled() else QIcon.Mode.Disabled
        spot = QRect(0, (self.height() - CHEVRON) // 2, CHEVRON, CHEVRON)
        icon(name).paint(painter, spot, Qt.AlignmentFlag.AlignCenter, mode)
        room = self.rect().adjusted(CHEVRON + GRID // 2, 0, 0, 0)
        text = self.fontMetrics().elidedText(self.text(), Qt.TextElideMode.ElideRight, room.width())
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        painter.drawText(room, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter, text)
        if self.hasFocus():
            draw_focus(painter, self.rect(), palette)


class Fold(QWidget):
    """A title that shows or hides a widget.

    The owner keeps what `state` says under the fold's ``objectName`` and gives it to `restore`.
    """

    toggled = Signal(bool)

    def __init__(self, title: str, parent: QWidget | None = None, *, opened: bool = False) -> None:
        super().__init__(parent)
        self.header = FoldHeader(title, self)
        self._content: QWidget | None = None
        self._make: Callable[[], QWidget] | None = None
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        self._layout.addWidget(self.header)
        self.header.toggled.connect(self._on_toggled)
        self.set_title(title)
        self.restore(opened)

    def set_title(self, title: str) -> None:
        self.header.setText(title)
        self.setAccessibleName(title)
        self.header.setAccessibleName(title)

    def content(self) -> QWidget | None:
        return self._content

    def set_content(self, widget: QWidget) -> None:
        """What the fold holds; an earlier content is deleted."""
        self._make = None
        if self._content is not None:
            self._layout.removeWidget(self._content)
            self._content.deleteLater()
        self._content = widget
        self._layout.addWidget(widget)
        widget.setVisible(self.state())

    def set_maker(self, make: Callable[[], QWidget]) -> None:
        """Like `set_content`, but made only when the fold is opened for the first time."""
        self.set_content(QWidget())
        self._make = make
        if self.state():
            self.set_content(make())

    def state(self) -> bool:
        """Whether the fold is open."""
        return self.header.isChecked()

    def restore(self, opened: bool) -> None:
        self.header.setChecked(opened)

    def _on_toggled(self, opened: bool) -> None:
        if opened and self._make is not None:
            self.set_content(self._make())
        if self._content is not None:
            self._content.setVisible(opened)
        self.toggled.emit(opened)
