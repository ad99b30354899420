"""A number for every step of a run, as a small curve."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.style.theme import GRID, caption_font

HEIGHT = 7 * GRID
MOST_DOTS = 60


class StepCurve(QWidget):
    """Shows and does nothing else. Steps go from the left to the right, values from 0 upwards."""

    dotted = True

    def __init__(self) -> None:
        super().__init__()
        self.setFont(caption_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self.values: tuple[float, ...] = ()

    def sizeHint(self) -> QSize:
        return QSize(20 * GRID, HEIGHT)

    def show_values(self, values: tuple[float, ...]) -> None:
        """Show others."""
        if values != self.values:
            self.values = values
            self.update()

    def most(self) -> float:
        """What lies at the top."""
        return max(self.values, default=0.0) or 1.0

    def written(self, value: float) -> str:
        """A value as it stands beside the curve."""
        raise NotImplementedError

    def points(self, area: QRectF) -> list[QPointF]:
        """Where the curve goes in ``area``: the first step at the left, 0 at the bottom."""
        last, most = max(1, len(self.values) - 1), self.most()
        return [
            QPointF(
                area.left() + area.width() * n / last, area.bottom() - area.height() * each / most
            )
            for n, each in enumerate(self.values)
        ]

    def paintEvent(self, event: QPaintEvent) -> None:
        if not self.values:
            return
        painter, palette, metrics = QPainter(self), self.palette(), self.fontMetrics()
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        if not self.isEnabled():
            palette.setCurrentColorGroup(QPalette.ColorGroup.Disabled)
        top, bottom = self.written(self.most()), self.written(0.0)
        last = str(len(self.values))
        room = max(metrics.horizontalAdvance(text) for text in (top, bottom)) + GRID
        line = metrics.height()
        area = QRectF(
            room, line / 2, self.width() - room - GRID, self.height() - line * 1.5 - GRID / 2
        )
        painter.setPen(palette.color(QPalette.ColorRole.PlaceholderText))
        right = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
        for text, y in ((top, area.top()), (bottom, area.bottom())):
            painter.drawText(QRectF(0, y - line / 2, room - GRID / 2, line), right, text)
        below = QRectF(area.left(), area.bottom() + GRID / 2, area.width(), line)
        painter.drawText(below, Qt.AlignmentFlag.AlignLeft, "1")
        if len(self.values) > 1:
            painter.drawText(below, Qt.AlignmentFlag.AlignRight, last)
        painter.drawText(below, Qt.AlignmentFlag.AlignHCenter, self.tr("step"))
        painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
        painter.drawLine(area.bottomLeft(), area.bottomRight())
        accent, points = palette.color(QPalette.ColorRole.Accent), self.points(area)
        painter.setPen(QPen(accent, 1.5))
        painter.drawPolyline(points)
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(accent)
        if self.dotted and len(points) <= MOST_DOTS:
            for point in points:
                painter.drawEllipse(point, 2.0, 2.0)
