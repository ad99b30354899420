"""The handle that a card is moved by, with the mouse or the keyboard."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QPointF, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.style.frames import draw_focus

DOT, GAP = 2.0, 5.0


class Handle(QWidget):
    """Six dots.

    Signals:
        began(), ended(): of a drag. dragged(y): the pointer is at this height of the screen.
        nudged(by): up (-1) or down (1) was pressed.
    """

    began = Signal()
    ended = Signal()
    dragged = Signal(int)
    nudged = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._held = False
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setCursor(Qt.CursorShape.OpenHandCursor)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setToolTip(self.tr("Drag to move, or use the up and down keys"))

    def sizeHint(self) -> QSize:
        return QSize(14, 24)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._held = True
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            self.began.emit()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._held:
            at: QPoint = event.globalPosition().toPoint()
            self.dragged.emit(at.y())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if self._held and event.button() == Qt.MouseButton.LeftButton:
            self._held = False
            self.setCursor(Qt.CursorShape.OpenHandCursor)
            self.ended.emit()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self.nudged.emit(-1 if event.key() == Qt.Key.Key_Up else 1)
        else:
            super().keyPressEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(self.palette().color(QPalette.ColorRole.PlaceholderText))
        middle = QPointF(self.rect().center()) + QPointF(0.5, 0.5)
        for x in (-GAP / 2, GAP / 2):
            for y in (-GAP, 0.0, GAP):
                painter.drawEllipse(middle + QPointF(x, y), DOT / 2 + 0.2, DOT / 2 + 0.2)
        if self.hasFocus():
            draw_focus(painter, self.rect(), self.palette())
