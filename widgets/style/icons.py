"""Line icons from SVG files, drawn in the palette's text colour whenever they are painted."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtCore import QByteArray, QRect, QRectF, QSize, Qt
from PySide6.QtGui import (
    QColor,
    QGuiApplication,
    QIcon,
    QIconEngine,
    QPainter,
    QPalette,
    QPixmap,
    QPixmapCache,
)
from PySide6.QtSvg import QSvgRenderer


def icons_dir() -> Path:
    """Where the SVG files lie: beside the source in a checkout, with the package if installed."""
    root = Path(__file__).resolve().parents[2]
    checkout = root / "assets" / "icons"
    return checkout if checkout.is_dir() else root / "studio" / "_assets" / "icons"


def names() -> list[str]:
    """The names that `icon` knows, sorted."""
    return sorted(file.stem for file in icons_dir().glob("*.svg"))


def icon(name: str) -> QIcon:
    """The icon called ``name``; it follows the theme by itself, also in a button made earlier.

    Raises:
        KeyError: there is no such icon.
    """
    _source(name)  # fail here, where the mistake is, and not while painting
    return QIcon(_Engine(name))


@cache
def _source(name: str) -> str:
    file = icons_dir() / f"{name}.svg"
    if not file.is_file():
        raise KeyError(f"there is no icon called '{name}'")
    return file.read_text(encoding="utf-8")


class _Engine(QIconEngine):
    """Paints the SVG with ``currentColor`` taken from the palette of the moment."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self._name = name

    def clone(self) -> QIconEngine:
        return _Engine(self._name)

    def paint(self, painter: QPainter, rect: QRect, mode: QIcon.Mode, state: QIcon.State) -> None:
        device = painter.device()
        ratio = device.devicePixelRatioF() if device is not None else 1.0
        painter.drawPixmap(rect, self._drawn(rect.size(), mode, ratio))

    def pixmap(self, size: QSize, mode: QIcon.Mode, state: QIcon.State) -> QPixmap:
        return self._drawn(size, mode, 1.0)

    def scaledPixmap(
        self, size: QSize, mode: QIcon.Mode, state: QIcon.State, scale: float
    ) -> QPixmap:
        """``size`` is in logical pixels, of which each has ``scale`` on the screen."""
        return self._drawn(size, mode, scale)

    def _drawn(self, size: QSize, mode: QIcon.Mode, ratio: float) -> QPixmap:
        colour = _colour(mode).name()
        pixels = QSize(round(size.width() * ratio), round(size.height() * ratio))
        key = f"maquette-icon:{self._name}:{colour}:{pixels.width()}x{pixels.height()}:{ratio:g}"
        drawn = QPixmap()
        if QPixmapCache.find(key, drawn):
            return drawn
        drawn = QPixmap(pixels)
        drawn.fill(Qt.GlobalColor.transparent)
        text = _source(self._name).replace("currentColor", colour)
        side = min(pixels.width(), pixels.height())
        left, top = (pixels.width() - side) / 2, (pixels.height() - side) / 2
        painter = QPainter(drawn)
        QSvgRenderer(QByteArray(text.encode())).render(painter, QRectF(left, top, side, side))
        painter.end()
        drawn.setDevicePixelRatio(ratio)
        QPixmapCache.insert(key, drawn)
        return drawn


def _colour(mode: QIcon.Mode) -> QColor:
    palette = QGuiApplication.palette()
    if mode == QIcon.Mode.Disabled:
        return palette.color(QPalette.ColorGroup.Disabled, QPalette.ColorRole.ButtonText)
    if mode == QIcon.Mode.Selected:
        return palette.color(QPalette.ColorRole.HighlightedText)
    return palette.color(QPalette.ColorRole.ButtonText)
