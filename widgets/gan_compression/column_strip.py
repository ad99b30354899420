"""Columns of pictures with their names above: inputs, what subnets make of them, what is wanted."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QRectF, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.engine.messages import Picture
from widgets.style.theme import GRID, caption_font

SMALLEST, TALLEST = 20 * GRID, 64 * GRID


class ColumnStrip(QWidget):
    """One picture of equal columns, as large as the room allows."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._image = QImage()
        self._names: tuple[str, ...] = ()
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        self.setFont(caption_font(self.font()))

    def show_picture(self, picture: Picture, names: Sequence[str]) -> None:
        """Show a picture whose columns are called ``names``, from the left."""
        assert picture.pixels is not None
        width, height = picture.width, picture.height
        image = QImage(picture.pixels, width, height, 3 * width, QImage.Format.Format_RGB888)
        self._image = image.copy()  # the bytes go away
        self._names = tuple(names)
        self.setAccessibleName(", ".join(names))
        self.updateGeometry()
        self.update()

    def clear(self) -> None:
        """Show nothing."""
        self._image, self._names = QImage(), ()
        self.update()

    def names(self) -> tuple[str, ...]:
        """The names of the columns."""
        return self._names

    def sizeHint(self) -> QSize:
        if self._image.isNull():
            return QSize(2 * SMALLEST, SMALLEST)
        height = min(max(self._image.height(), SMALLEST), TALLEST)
        return QSize(height * self._image.width() // self._image.height(), height + self._above)

    def minimumSizeHint(self) -> QSize:
        return QSize(2 * SMALLEST, SMALLEST)

    @property
    def _above(self) -> int:
        return self.fontMetrics().height() + GRID // 2

    def paintEvent(self, event: QPaintEvent) -> None:
        if self._image.isNull():
            return
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
        room = QSize(self.width(), self.height() - self._above)
        scale = min(room.width() / self._image.width(), room.height() / self._image.height())
        drawn = QRectF(0, self._above, self._image.width() * scale, self._image.height() * scale)
        painter.drawImage(drawn, self._image)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        each = drawn.width() / max(1, len(self._names))
        for k, name in enumerate(self._names):
            spot = QRectF(k * each, 0, each - GRID / 2, self._above)
            flags = Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter
            text = self.fontMetrics().elidedText(
                name, Qt.TextElideMode.ElideRight, int(spot.width())
            )
            painter.drawText(spot, int(flags), text)
