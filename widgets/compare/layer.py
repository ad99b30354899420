"""One picture as the canvas needs it: converted once, reduced once, and faded in if wished."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QRectF, Qt, QVariantAnimation, Signal
from PySide6.QtGui import QImage, QPainter

from widgets.compare.transform import Rect, source_window

if TYPE_CHECKING:
    import numpy as np


def to_image(pixels: np.ndarray) -> QImage:
    """An RGB32 image of its own memory from (height, width, 3) uint8.

    RGB32 is what Qt's raster painter draws without converting.

    Raises:
        ValueError: another shape or type.
    """
    import numpy as np  # not before the first picture, so that the window shows sooner

    if pixels.ndim != 3 or pixels.shape[2] != 3 or pixels.dtype != np.uint8 or not pixels.size:
        given = f"{pixels.shape} {pixels.dtype}"
        raise ValueError(f"a picture is (height, width, 3) uint8, not {given}")
    rows = np.ascontiguousarray(pixels)
    height, width = rows.shape[:2]
    view = QImage(rows.data, width, height, 3 * width, QImage.Format.Format_RGB888)
    return view.convertToFormat(QImage.Format.Format_RGB32)


def to_qrectf(rect: Rect) -> QRectF:
    return QRectF(rect.x, rect.y, rect.w, rect.h)


class Layer(QObject):
    """A picture, and during a crossfade the one before it."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._image: QImage | None = None
        self._before: QImage | None = None
        self._reduced: QImage | None = None
        self._fade = QVariantAnimation(self)
        self._fade.setStartValue(0.0)
        self._fade.setEndValue(1.0)
        self._fade.valueChanged.connect(lambda _: self.changed.emit())
        self._fade.finished.connect(self._end_fade)

    @property
    def size(self) -> tuple[int, int] | None:
        """Width and height in pixels; None where there is no picture."""
        return None if self._image is None else (self._image.width(), self._image.height())

    @property
    def fading(self) -> bool:
        return self._before is not None

    def set(self, pixels: np.ndarray | None) -> None:
        """Show ``pixels`` from now on."""
        image = None if pixels is None else to_image(pixels)
        self._fade.stop()
        self._before = None
        self._image = image
        self._reduced = None
        self.changed.emit()

    def fade_to(self, pixels: np.ndarray, milliseconds: int) -> None:
        """Show ``pixels``, blended over the present picture for a moment."""
        before = self._image
        self.set(pixels)
        if before is not None and milliseconds > 0:
            self._before = before
            self._fade.setDuration(milliseconds)
            self._fade.start()

    def stop(self) -> None:
        """End a crossfade at once."""
        if self.fading:
            self._fade.stop()
            self._end_fade()

    def paint(self, painter: QPainter, rect: Rect, seen: Rect, *, smooth: bool) -> None:
        """Paint the picture over ``rect`` as far as ``seen``, both in the painter's units."""
        if self._image is None or seen.empty:
            return
        painter.save()
        painter.setClipRect(to_qrectf(seen), Qt.ClipOperation.IntersectClip)
        if self._before is not None:
            _draw(painter, self._before, rect, seen, smooth=smooth)
            painter.setOpacity(float(self._fade.currentValue() or 0.0))
        if rect.w < self._image.width() or rect.h < self._image.height():
            self._draw_reduced(painter, rect)
        else:
            _draw(painter, self._image, rect, seen, smooth=smooth)
        painter.restore()

    def _draw_reduced(self, painter: QPainter, rect: Rect) -> None:
        # Dropping pixels would show patterns that are in neither picture, so a picture that is
        # made smaller is averaged; that is slower and done once for each size.
        assert self._image is not None
        width, height = int(rect.w), int(rect.h)
        cached = self._reduced
        if cached is None or (cached.width(), cached.height()) != (width, height):
            cached = self._image.scaled(
                width,
                height,
                Qt.AspectRatioMode.IgnoreAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
            self._reduced = cached
        painter.drawImage(QRectF(rect.x, rect.y, width, height), cached)

    def _end_fade(self) -> None:
        self._before = None
        self.changed.emit()


def _draw(painter: QPainter, image: QImage, rect: Rect, seen: Rect, *, smooth: bool) -> None:
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    source, target = source_window(rect, seen, (image.width(), image.height()))
    painter.drawImage(to_qrectf(target), image, to_qrectf(source))
