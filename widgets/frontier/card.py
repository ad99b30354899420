"""The card that appears beside a point: its picture, its name and its numbers."""

from __future__ import annotations

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette, QPixmap
from PySide6.QtWidgets import QHBoxLayout, QLabel, QVBoxLayout, QWidget

from widgets.frontier.axes import card_lines
from widgets.frontier.points import Point
from widgets.style.theme import GRID, caption_font

PICTURE = 11 * GRID


class PointCard(QWidget):
    """A tooltip with a picture. It never takes the focus or the mouse."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.ToolTip)
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setAttribute(Qt.WidgetAttribute.WA_ShowWithoutActivating)
        self.point: Point | None = None
        self.picture = QLabel()
        self.picture.setFixedSize(PICTURE, PICTURE)
        self.picture.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.name = QLabel()
        self.lines = QLabel()
        for label in (self.name, self.lines):
            label.setTextFormat(Qt.TextFormat.PlainText)
        words = QVBoxLayout()
        words.setSpacing(2)
        words.addStretch(1)
        words.addWidget(self.name)
        words.addWidget(self.lines)
        words.addStretch(1)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.picture)
        layout.addLayout(words)

    def offer(self, point: Point, at: QPoint, picture: QImage | None) -> None:
        """Show a point beside ``at`` (global), inside the screen; without a picture until it is
        there."""
        self.point = point
        bold = self.font()
        bold.setBold(True)
        self.name.setFont(bold)
        self.name.setText(point.name)
        self.lines.setFont(caption_font(self.font()))
        self.lines.setText("\n".join(card_lines(point)))
        self.set_picture(picture)
        self.adjustSize()
        self.move(_beside(at, self.rect(), self.screen().availableGeometry()))
        self.show()

    def set_picture(self, picture: QImage | None) -> None:
        """The picture has come."""
        self.picture.setVisible(picture is not None)
        if picture is not None:
            ratio = self.devicePixelRatioF()
            side = round(PICTURE * ratio)
            shown = QPixmap.fromImage(picture).scaled(
                side, side, Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )  # fmt: skip
            shown.setDevicePixelRatio(ratio)
            self.picture.setPixmap(shown)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.ToolTipBase))
        painter.setPen(self.palette().color(QPalette.ColorRole.Mid))
        painter.drawRect(self.rect().adjusted(0, 0, -1, -1))


def _beside(at: QPoint, card: QRect, screen: QRect) -> QPoint:
    """Above and to the right of ``at``, turned round where there is no room."""
    x, y = at.x() + 2 * GRID, at.y() - card.height() - GRID
    if x + card.width() > screen.right():
        x = at.x() - 2 * GRID - card.width()
    if y < screen.top():
        y = at.y() + 2 * GRID
    return QPoint(max(screen.left(), x), y)
