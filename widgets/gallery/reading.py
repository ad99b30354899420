"""Small pictures of the gallery, read beside the window's thread, those on show first."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage, QImageReader

from studio.errors import MaquetteError
from studio.session.gallery import THUMBNAIL, GalleryItem

if TYPE_CHECKING:
    import numpy as np

Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]
KEPT = 200
BATCH = 8


class Reading(QObject):
    """Keeps the small pictures that were shown last.

    Signals: ready(id): the picture of an item is at hand.
    """

    ready = Signal(str)

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._images: OrderedDict[str, QImage] = OrderedDict()
        self._wanted: OrderedDict[str, GalleryItem] = OrderedDict()
        self._busy = False

    def image(self, item: GalleryItem) -> QImage | None:
        """The small picture of an item, or None: then it is read, and ``ready`` follows. An item
        whose picture is damaged has an empty one."""
        found = self._images.get(item.id)
        if found is not None:
            self._images.move_to_end(item.id)
            return found
        self._wanted[item.id] = item
        self._wanted.move_to_end(item.id, last=False)  # what is painted now is seen now
        while len(self._wanted) > KEPT:
            self._wanted.popitem()
        self._next()
        return None

    def _next(self) -> None:
        if self._busy or not self._wanted:
            return
        batch = [self._wanted.popitem(last=False)[1] for _ in range(min(BATCH, len(self._wanted)))]
        self._busy = True

        def done(images: Sequence[QImage] | None, error: MaquetteError | None) -> None:
            self._busy = False
            for item, image in zip(batch, images or [QImage() for _ in batch], strict=True):
                self._images[item.id] = image
                self.ready.emit(item.id)
            while len(self._images) > KEPT:
                self._images.popitem(last=False)
            self._next()

        self._background(lambda: [_read(item) for item in batch], done)


def _read(item: GalleryItem) -> QImage:
    from studio.session import gallery

    reader = QImageReader(str(gallery.thumbnail(item)))
    size = reader.size()
    return QImage() if max(size.width(), size.height()) > THUMBNAIL else reader.read()


def large_pixels(path: Path) -> np.ndarray | None:
    """The picture at ``path`` as (h, w, 3) uint8; None where it is no picture any more."""
    import numpy as np

    image = QImageReader(str(path)).read().convertToFormat(QImage.Format.Format_RGB888)
    if image.isNull():
        return None
    width, height, line = image.width(), image.height(), image.bytesPerLine()
    rows = np.frombuffer(image.constBits(), np.uint8).reshape(height, line)
    return rows[:, : 3 * width].reshape(height, width, 3).copy()
