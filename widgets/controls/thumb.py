"""One small picture with a caption."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QRect, QSize, Qt
from PySide6.QtGui import QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.compare.layer import to_image
from widgets.controls.strip import THUMB_IMAGE
from widgets.controls.thumbs import THUMB, draw_fitted
from widgets.style.theme import caption_font, picture_background

if TYPE_CHECKING:
    import numpy as np


class Thumb(QWidget):
    """A picture as large as those of the strips; grey while there is none."""

    def __init__(self, caption: str = "", parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._caption = caption
        self._image: QImage | None = None
        self.setFont(caption_font(self.font()))
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)

    def set_caption(self, caption: str) -> None:
        """What stands below the picture."""
        if caption != self._caption:
            self._caption = caption
            self.setAccessibleName(caption)
            self.update()

    def set_picture(self, pixels: np.ndarray | None) -> None:
        """The picture, (height, width, 3) uint8, or None."""
        image = None if pixels is None else to_image(pixels)
        if image is not None and max(image.width(), image.height()) > THUMB_IMAGE:
            image = image.scaled(
                THUMB_IMAGE,
                THUMB_IMAGE,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        self._image = image
        self.update()

    def has_picture(self) -> bool:
        return self._image is not None

    def sizeHint(self) -> QSize:
        return QSize(THUMB, THUMB + self.fontMetrics().height() + 2)

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        frame = QRect(0, 0, THUMB, THUMB)
        painter.fillRect(frame, picture_background())
        if self._image is not None:
            draw_fitted(painter, self._image, frame)
        line = QRect(0, THUMB + 1, THUMB, self.fontMetrics().height())
        text = self.fontMetrics().elidedText(self._caption, Qt.TextElideMode.ElideRight, THUMB)
        painter.setPen(self.palette().color(QPalette.ColorRole.WindowText))
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
