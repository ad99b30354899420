"""An on/off switch."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QAbstractButton, QSizePolicy, QWidget

from widgets.style.frames import claims_space, soft

WIDTH, HEIGHT = 28, 16


class Switch(QAbstractButton):
    """A checkable button that looks like a switch: accent when on, hollow when off."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setCheckable(True)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keyboard where it is
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(WIDTH + 6, HEIGHT + 8)

    def event(self, event: QEvent) -> bool:
        return claims_space(event) or super().event(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        accent = palette.color(QPalette.ColorRole.Accent)
        text = palette.color(QPalette.ColorRole.WindowText)
        body = QRectF((self.width() - WIDTH) / 2, (self.height() - HEIGHT) / 2, WIDTH, HEIGHT)
        if self.hasFocus():
            painter.setPen(QPen(soft(accent), 2))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            grown = body.adjusted(-2, -2, 2, 2)
            painter.drawRoundedRect(grown, grown.height() / 2, grown.height() / 2)
        on = self.isChecked()
        painter.setPen(Qt.PenStyle.NoPen if on else QPen(text, 1.25))
        painter.setBrush(accent if on else Qt.BrushStyle.NoBrush)
        inner = body if on else body.adjusted(0.75, 0.75, -0.75, -0.75)
        painter.drawRoundedRect(inner, inner.height() / 2, inner.height() / 2)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(palette.color(QPalette.ColorRole.HighlightedText) if on else text)
        knob = HEIGHT - 7
        x = body.right() - knob - 3.5 if on else body.left() + 3.5
        painter.drawEllipse(QRectF(x, body.top() + 3.5, knob, knob))
