"""The small plot of a curve of speed. pyqtgraph is imported here, so this module is loaded when
there is a curve to draw."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pyqtgraph as pg
from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QFontMetrics, QPalette, QWheelEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.frontier.colours import series
from widgets.style.theme import GRID, caption_font

if TYPE_CHECKING:
    from studio.recipes.curve import SpeedCurve

COLOURS = {"int8": 1, "bf16": 2, "f32": 0}
"""Of the colours that targets have in the frontier."""
SYMBOLS = {"int8": "o", "bf16": "s", "f32": "t1"}
HEIGHT = 19 * GRID
ROOM = 0.08


class CurvePlot(pg.GraphicsView):
    """Latency by width, a line a precision. Shows and does nothing else."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False)
        self.setObjectName("speed curve")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setFixedHeight(HEIGHT)
        self._curve: SpeedCurve | None = None
        self.box = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self.box.setMouseEnabled(False, False)
        self.bottom, self.left = pg.AxisItem("bottom"), pg.AxisItem("left")
        for axis in (self.bottom, self.left):
            axis.linkToView(self.box)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-4, autoReduceTextSpace=False)
        layout = self.centralLayout
        layout.setContentsMargins(GRID / 2, GRID / 2, GRID / 2, 0)
        layout.setSpacing(0)
        layout.addItem(self.left, 0, 0)
        layout.addItem(self.box, 0, 1)
        layout.addItem(self.bottom, 1, 1)
        layout.setRowStretchFactor(0, 1)
        layout.setColumnStretchFactor(1, 1)
        self.names: dict[str, pg.TextItem] = {}

    def sizeHint(self) -> QSize:
        return QSize(26 * GRID, HEIGHT)

    def show_curve(self, curve: SpeedCurve | None) -> None:
        """Show another curve; None shows nothing."""
        if curve != self._curve:
            self._curve = curve
            self._draw()

    def _draw(self) -> None:
        self.box.clear()
        self.names = {}
        palette, font = self.palette(), caption_font(self.font())
        self.setBackground(palette.color(QPalette.ColorRole.Base))
        faint = palette.color(QPalette.ColorRole.PlaceholderText)
        for axis, title in (
            (self.bottom, self.tr("width")),
            (self.left, self.tr("latency (ms)")),
        ):
            axis.setPen(pg.mkPen(palette.color(QPalette.ColorRole.Mid)))
            axis.setTextPen(pg.mkPen(faint))
            axis.setTickFont(font)
            axis.label.setFont(font)
            axis.setLabel(title)
        curve = self._curve
        if curve is None or not curve.points:
            return
        highest = max(point.latency.median for point in curve.points)
        wide = QFontMetrics(font).horizontalAdvance("bf16") + 2 * GRID
        # The names stand right of the last points, at least a line of text apart.
        room = max(2.0 * wide, self.width() - 8 * GRID)
        right = room / (room - wide)
        self.box.setRange(
            xRange=(0.0, right), yRange=(0.0, (1 + ROOM) * highest), padding=0, update=True
        )
        ends: list[tuple[float, str]] = []
        for precision in curve.precisions:
            points = curve.of(precision)
            colour = series(COLOURS.get(precision, 5))
            line = pg.PlotDataItem(
                [point.width for point in points],
                [point.latency.median for point in points],
                pen=pg.mkPen(colour, width=2.0),
                symbol=SYMBOLS.get(precision, "d"),
                symbolSize=6,
                symbolBrush=pg.mkBrush(colour),
                symbolPen=pg.mkPen(None),
                antialias=True,
            )
            self.box.addItem(line, ignoreBounds=True)
            ends.append((points[-1].latency.median, precision))
            name = pg.TextItem(precision, anchor=(0.0, 0.5))
            name.setColor(colour)
            name.setFont(font)
            self.names[precision] = name
            self.box.addItem(name, ignoreBounds=True)
        tall = max(1.0, self.height() - 5 * GRID)
        apart = QFontMetrics(font).height() * (1 + ROOM) * highest / tall
        for (_, precision), y in zip(sorted(ends), spread(sorted(ends), apart), strict=True):
            self.names[precision].setPos(1.02, y)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event.type() in kinds and hasattr(self, "names"):
            self._draw()

    def resizeEvent(self, event: object) -> None:
        super().resizeEvent(event)
        if hasattr(self, "names"):
            self._draw()

    def wheelEvent(self, event: QWheelEvent) -> None:
        event.ignore()  # it scrolls the panel

    def close(self) -> bool:
        """As every widget closes; see ``FrontierCanvas.close``."""
        return QWidget.close(self)


def spread(ends: list[tuple[float, str]], apart: float) -> list[float]:
    """Heights for names, in the order of ``ends``, which is ascending: each where its line ends, or
    as far above the one below as it takes to read both."""
    found: list[float] = []
    for y, _ in ends:
        found.append(max(y, found[-1] + apart) if found else y)
    return found
