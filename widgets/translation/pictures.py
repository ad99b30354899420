"""Pictures that come into the window: from files and from the clipboard. Run off its thread."""

from __future__ import annotations

import tempfile
from pathlib import Path

from PySide6.QtCore import QBuffer, QByteArray, QCoreApplication, QIODevice, Qt
from PySide6.QtGui import QImage, QImageIOHandler, QImageReader

from studio.errors import MaquetteError
from studio.families.picture_kinds import SUFFIXES
from studio.families.translation.config import MOST_PIXELS, TranslationConfig
from studio.session.source import MOST_BYTES, StoredPicture
from widgets import settings

translate = QCoreApplication.translate
FORMATS = tuple(suffix[1:] for suffix in SUFFIXES)  # as Qt calls them
MOST_SIDE = 2048  # of what is kept where the file itself is too large for a session
_T = QImageIOHandler.Transformation
_QUARTERS = (
    _T.TransformationRotate90,
    _T.TransformationMirrorAndRotate90,
    _T.TransformationFlipAndRotate90,
    _T.TransformationRotate270,
)
RECENT, MOST_RECENT = "pictures/recent", 8
NUMBERS = (
    QImage.Format.Format_Indexed8,
    QImage.Format.Format_Grayscale8,
    QImage.Format.Format_Mono,
    QImage.Format.Format_MonoLSB,
)


def is_picture(path: Path) -> bool:
    """Whether a file looks like a picture by its name."""
    return path.suffix.lower() in SUFFIXES and path.is_file()


def read_picture(path: Path, config: TranslationConfig | None) -> StoredPicture:
    """A picture file as the session keeps it: as it is, or smaller where it is very large.

    Args:
        config: of the model that is to take it; None for one that takes no label maps.

    Raises:
        MaquetteError: it cannot be read, or is no label map where one is wanted.
    """
    reader = QImageReader(str(path))
    reader.setAutoTransform(True)
    form = bytes(reader.format().data()).decode("ascii", "replace").lower()
    size = reader.size()
    if not reader.canRead() or form not in FORMATS:
        raise MaquetteError(
            translate(
                "Pictures",
                "{name} is no picture that can be read; PNG, JPEG, WebP, BMP and TIFF can.",
            ).format(name=path.name)
        )
    labels = config is not None and config.takes_labels
    if labels and reader.imageFormat() not in NUMBERS:
        raise MaquetteError(
            translate(
                "Pictures",
                "{name} is a picture in colours; this model takes a label map, one number a pixel "
                "(grey values or palette indices).",
            ).format(name=path.name)
        )
    turned = reader.transformation() in _QUARTERS
    width, height = size.width(), size.height()
    if turned:
        width, height = height, width
    kept = path.stat().st_size <= MOST_BYTES and width * height <= MOST_PIXELS
    data = path.read_bytes() if kept else b""
    if data and width > 0 and height > 0:
        if reader.read().isNull():
            raise MaquetteError(_damaged(path, reader.errorString()))
        return StoredPicture.of(path.name, width, height, data)
    if labels:
        raise MaquetteError(
            translate("Pictures", "{name} is too large for a label map.").format(name=path.name)
        )
    image = reader.read()
    if image.isNull():
        raise MaquetteError(_damaged(path, reader.errorString()))
    return stored(image, path.name)


def _damaged(path: Path, why: str) -> str:
    return translate("Pictures", "{name} cannot be read: {why}").format(name=path.name, why=why)


def stored(image: QImage, name: str) -> StoredPicture:
    """An image as the session keeps it, at most ``MOST_SIDE`` px a side.

    Raises:
        MaquetteError: there is nothing in it.
    """
    if image.isNull():
        raise MaquetteError(
            translate("Pictures", "There is no picture in {name}.").format(name=name)
        )
    if max(image.width(), image.height()) > MOST_SIDE:
        image = image.scaled(
            MOST_SIDE,
            MOST_SIDE,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    data = _written(image, "PNG", -1)
    if len(data) > MOST_BYTES:
        data = _written(image.convertToFormat(QImage.Format.Format_RGB888), "JPEG", 95)
    return StoredPicture.of(name, image.width(), image.height(), data)


def _written(image: QImage, form: str, quality: int) -> bytes:
    content = QByteArray()
    buffer = QBuffer(content)
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, form, quality)
    buffer.close()
    return bytes(content.data())


def pixel_size(data: bytes) -> tuple[int, int] | None:
    """(width, height) of a picture file's content as it is to be seen; None where it is none."""
    with tempfile.TemporaryDirectory(prefix="maquette-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(data)
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        reader.setDecideFormatFromContent(True)
        size, turned = reader.size(), reader.transformation() in _QUARTERS
    if not size.isValid() or size.isEmpty():
        return None
    return (size.height(), size.width()) if turned else (size.width(), size.height())


def thumbnail(data: bytes, side: int) -> QImage:
    """A small image of a picture file's content; a null image where it cannot be read."""
    # From a file, not from a buffer made here: while Qt reads it holds a lock of its own, and a
    # buffer of Python's would then wait for the interpreter, which another thread may hold while
    # it waits for that lock.
    with tempfile.TemporaryDirectory(prefix="maquette-") as folder:
        path = Path(folder) / "picture"
        path.write_bytes(data)
        reader = QImageReader(str(path))
        reader.setAutoTransform(True)
        reader.setDecideFormatFromContent(True)
        image = reader.read()
    if image.isNull() or max(image.width(), image.height()) <= side:
        return image
    return image.scaled(
        side,
        side,
        Qt.AspectRatioMode.KeepAspectRatio,
        Qt.TransformationMode.SmoothTransformation,
    )


def recent() -> list[Path]:
    """The pictures that were opened last, newest first."""
    return [Path(line) for line in settings.text(RECENT).split("\n") if line][:MOST_RECENT]


def note(path: Path) -> None:
    """Put a picture among the recent ones."""
    found = [path, *(p for p in recent() if p != path)][:MOST_RECENT]
    settings.remember(RECENT, "\n".join(str(p) for p in found))
