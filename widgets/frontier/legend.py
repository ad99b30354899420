"""What the colours and shapes of the plot mean."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QWidget

from widgets.captions import target_name
from widgets.style.theme import GRID, caption_font


@dataclass(frozen=True)
class Entry:
    """A line of the legend: points of ``target``, the frontier, or what was not measured."""

    kind: Literal["point", "line", "live", "predicted"]
    colour: QColor
    target: str = ""


class Legend(QWidget):
    """Lies on the plot and lets the mouse through."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self._entries: list[Entry] = []

    def set_entries(self, entries: list[Entry]) -> None:
        """Explain these."""
        self._entries = entries
        self.setAccessibleName(", ".join(self._text(entry) for entry in entries))
        self.updateGeometry()
        self.update()

    def texts(self) -> list[str]:
        """What it says, from top to bottom."""
        return [self._text(entry) for entry in self._entries]

    def _text(self, entry: Entry) -> str:
        if entry.kind == "line":
            return self.tr("frontier: beaten by none")
        if entry.kind == "live":
            return self.tr("live, not measured")
        if entry.kind == "predicted":
            return self.tr("predicted, not measured")
        return target_name(entry.target)

    def sizeHint(self) -> QSize:
        self.setFont(caption_font(self.parentWidget().font()))
        metrics = self.fontMetrics()
        widest = max((metrics.horizontalAdvance(text) for text in self.texts()), default=0)
        return QSize(widest + 4 * GRID, len(self._entries) * metrics.height() + GRID)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        back = QColor(self.palette().color(QPalette.ColorRole.Base))
        back.setAlphaF(0.8)
        painter.fillRect(self.rect(), back)
        height = self.fontMetrics().height()
        for number, entry in enumerate(self._entries):
            middle = QPointF(1.25 * GRID, GRID / 2 + (number + 0.5) * height)
            if entry.kind == "line":
                painter.setPen(QPen(entry.colour, 2))
                painter.drawLine(middle - QPointF(6, 0), middle + QPointF(6, 0))
            elif entry.kind == "live":
                painter.setPen(QPen(entry.colour, 1.5, Qt.PenStyle.DashLine))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawEllipse(middle, 4.5, 4.5)
            elif entry.kind == "predicted":
                painter.setPen(QPen(entry.colour, 1.0))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(QRectF(middle - QPointF(4, 4), middle + QPointF(4, 4)))
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(entry.colour)
                painter.drawEllipse(middle, 4.5, 4.5)
            painter.setPen(self.palette().color(QPalette.ColorRole.Text))
            top = int(GRID / 2 + number * height)
            painter.drawText(
                int(2.75 * GRID), top, self.width(), height,
                Qt.AlignmentFlag.AlignVCenter, self._text(entry),
            )  # fmt: skip
