"""Rows of pictures: every width of a model in training, and the original below them."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.engine.messages import Picture
from widgets.style.theme import GRID, caption_font

LABELS = 72  # pixels for the words on the left
LARGEST, SMALLEST = 480, 160


class WidthStrip(QWidget):
    """One picture of equal rows, each with its name on the left."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._names: tuple[str, ...] = ()
        self._size = (0, 0)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(caption_font(self.font()))

    def show_picture(self, picture: Picture, names: Sequence[str]) -> None:
        """Show a picture whose rows are called ``names``, from the top."""
        assert picture.pixels is not None
        width, height = picture.width, picture.height
        image = QImage(picture.pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._image = image.copy()  # the bytes go away
        self._names = tuple(names)
        self.setAccessibleName(", ".join(names))
        if (width, height) != self._size:
            self._size = (width, height)
            self.updateGeometry()
        self.update()

    def names(self) -> tuple[str, ...]:
        """The names of the rows."""
        return self._names

    def sizeHint(self) -> QSize:
        if self._image.isNull():
            return QSize(LABELS + SMALLEST, SMALLEST)
        height = min(max(self._image.height(), SMALLEST), LARGEST)
        return QSize(LABELS + height * self._image.width() // self._image.height(), height)

    def minimumSizeHint(self) -> QSize:
        return QSize(LABELS + SMALLEST, SMALLEST)

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        scale = min(
            (self.width() - LABELS) / self._image.width(), self.height() / self._image.height()
        )
        room = QRectF(LABELS, 0, self._image.width() * scale, self._image.height() * scale)
        painter.drawImage(room, self._image)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        each = room.height() / max(1, len(self._names))
        for k, name in enumerate(self._names):
            spot = QRectF(0, k * each, LABELS - GRID, each)
            flags = Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            painter.drawText(spot, int(flags), name)
