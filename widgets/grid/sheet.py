"""A grid as one picture: labels above and beside, numbers below every picture."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QImage, QPainter

from studio.errors import MaquetteError

MOST_PIXELS = 40_000_000
LEAST_SIDE, GAP = 96, 8
LABEL = Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignBottom | Qt.TextFlag.TextWordWrap
INK, PAPER, EMPTY = QColor("#1a1a1a"), QColor("#ffffff"), QColor("#9a9a9a")


@dataclass(frozen=True)
class Sheet:
    """What is on it. ``images`` and ``captions``: one tuple a row; None where nothing is yet."""

    columns: tuple[str, ...]
    rows: tuple[str, ...]
    images: tuple[tuple[QImage | None, ...], ...]
    captions: tuple[tuple[str, ...], ...]
    font: QFont


def painted(sheet: Sheet) -> QImage:
    """The sheet. Pictures keep their pixels, or have each repeated a whole number of times, unless
    the sheet would have more than ``MOST_PIXELS``: then they are reduced alike.

    Can be called on any thread.
    """
    side = _side(sheet)
    font = QFont(sheet.font)
    font.setPixelSize(max(11, min(28, side // 14)))
    metrics = QFontMetrics(font)
    line = metrics.lineSpacing()
    room = QRect(0, 0, side, 100 * line)
    tall = [metrics.boundingRect(room, LABEL, name).height() for name in sheet.columns]
    above = max(tall, default=line) + 2 * GAP
    lines = [text for row in sheet.rows for text in row.split("\n")]
    beside = max((metrics.horizontalAdvance(text) for text in lines), default=0) + 2 * GAP
    wide = beside + len(sheet.columns) * (side + GAP) + GAP
    high = above + len(sheet.rows) * (side + line + 2 * GAP) + GAP
    image = QImage(wide, high, QImage.Format.Format_RGB32)
    if image.isNull():
        raise MaquetteError("there is not enough memory for a sheet of this size")
    image.fill(PAPER)
    painter = QPainter(image)
    painter.setFont(font)
    painter.setPen(INK)
    for column, name in enumerate(sheet.columns):
        left = beside + column * (side + GAP)
        painter.drawText(QRect(left, GAP, side, above - 3 * GAP // 2), LABEL, name)
    for row, name in enumerate(sheet.rows):
        top = above + row * (side + line + 2 * GAP)
        painter.drawText(
            QRect(GAP, top, beside - 2 * GAP, side),
            Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter,
            name,
        )
        for column in range(len(sheet.columns)):
            left = beside + column * (side + GAP)
            _paint_cell(painter, QRect(left, top, side, side), sheet.images[row][column])
            text = metrics.elidedText(
                sheet.captions[row][column], Qt.TextElideMode.ElideRight, side
            )
            below = QRect(left, top + side, side, line + GAP)
            painter.drawText(below, Qt.AlignmentFlag.AlignCenter, text)
    painter.end()
    return image


def _side(sheet: Sheet) -> int:
    """The side of a picture in pixels."""
    every = [image for row in sheet.images for image in row if image is not None]
    side = max((max(image.width(), image.height()) for image in every), default=LEAST_SIDE)
    while side < LEAST_SIDE:
        side *= 2
    cells = max(1, len(sheet.columns) * len(sheet.rows))
    return min(side, max(16, int((MOST_PIXELS / cells) ** 0.5)))


def _paint_cell(painter: QPainter, frame: QRect, image: QImage | None) -> None:
    if image is None:
        painter.fillRect(frame, EMPTY)
        return
    smooth = image.width() > frame.width()
    mode = Qt.TransformationMode
    scaled = image.scaled(
        frame.size(),
        Qt.AspectRatioMode.KeepAspectRatio,
        mode.SmoothTransformation if smooth else mode.FastTransformation,
    )
    left = frame.left() + (frame.width() - scaled.width()) // 2
    painter.drawImage(left, frame.top() + (frame.height() - scaled.height()) // 2, scaled)


def write(sheet: Sheet, path: Path) -> None:
    """Write the sheet as a PNG, aside and renamed.

    Raises:
        MaquetteError: it cannot be written there.
    """
    aside = path.with_name(f"{path.name}.part")
    if not painted(sheet).save(str(aside), "PNG"):
        aside.unlink(missing_ok=True)
        raise MaquetteError(f"{path.name} cannot be saved in {path.parent}")
    aside.replace(path)
