"""A small curve without axes: how a number has gone so far."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.style.theme import GRID

HEIGHT = 48
PEN = 1.5


class Sparkline(QWidget):
    """Draws numbers from left to right, the smallest at the bottom, the largest on top."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._values: tuple[float, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    def set_values(self, values: Sequence[float]) -> None:
        """Show these numbers; fewer than two draw nothing."""
        self._values = tuple(values)
        self.update()

    def points(self, room: QRectF) -> list[QPointF]:
        """Where the curve passes inside ``room``."""
        if len(self._values) < 2:
            return []
        low, high = min(self._values), max(self._values)
        span = (high - low) or 1.0
        step = room.width() / (len(self._values) - 1)
        return [
            QPointF(room.left() + k * step, room.bottom() - (value - low) / span * room.height())
            for k, value in enumerate(self._values)
        ]

    def sizeHint(self) -> QSize:
        return QSize(30 * GRID, HEIGHT)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        room = QRectF(self.rect()).adjusted(PEN, PEN, -PEN, -PEN)
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(room.bottomLeft(), room.bottomRight())
        painter.setPen(QPen(self.palette().color(QPalette.ColorRole.Accent), PEN))
        painter.setBrush(Qt.BrushStyle.NoBrush)
        painter.drawPolyline(QPolygonF(self.points(room)))
