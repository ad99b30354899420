"""Puts pictures that were finished or saved into the gallery, beside the window's thread."""

from __future__ import annotations

import logging
from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QBuffer, QIODevice, QObject, QSize, Qt, Signal
from PySide6.QtGui import QImageReader

from studio.errors import MaquetteError, RefusedFile

Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]
log = logging.getLogger(__name__)


class Collecting(QObject):
    """Signals: changed(): the gallery has one more picture."""

    changed = Signal()

    def __init__(self, background: Background, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._background = background

    def collect(self, path: Path) -> None:
        """Take in the PNG at ``path``. That it cannot be is logged: the file itself is safe."""

        def done(_: object, error: MaquetteError | None) -> None:
            if error is None:
                self.changed.emit()
            else:
                log.warning("%s did not go into the gallery: %s", path.name, error)

        self._background(lambda: collect(path), done)


def collect(path: Path) -> None:
    """Put the PNG at ``path`` into the gallery.

    Raises:
        MaquetteError: it is no picture.
        OSError: it cannot be read, or the gallery cannot be written.
    """
    from studio.session import gallery

    reader = QImageReader(str(path))
    size = reader.size()
    if not size.isValid():
        raise MaquetteError(f"{path.name} is not a picture")
    item = gallery.described(path, size.width(), size.height())
    gallery.add(item, _thumbnail(reader, path, gallery.THUMBNAIL))


def _thumbnail(reader: QImageReader, path: Path, side: int) -> bytes:
    """A small PNG with the text that the large one has: it can be brought back by itself."""
    from studio.families.png_text import png_text
    from studio.subnets.describe import METADATA_KEY

    size = reader.size()
    if max(size.width(), size.height()) > side:
        reader.setScaledSize(size.scaled(QSize(side, side), Qt.AspectRatioMode.KeepAspectRatio))
    image = reader.read()
    if image.isNull():
        raise MaquetteError(f"{path.name} is not a picture: {reader.errorString()}")
    try:
        text = png_text(path, METADATA_KEY)
    except RefusedFile:
        text = None
    if text is not None:
        image.setText(METADATA_KEY, text)
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    if not image.save(buffer, "PNG"):
        raise MaquetteError(f"there is not enough memory for a small picture of {path.name}")
    return bytes(buffer.data().data())
