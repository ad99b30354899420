"""Draws a cloud of points with its frontiers, marks and the limit. Knows no mouse and no keys.

pyqtgraph is imported here, so this module is loaded when there is something to draw.
"""

from __future__ import annotations

import numpy as np
import pyqtgraph as pg
from PySide6.QtCore import QEvent, QPointF, Qt, Signal
from PySide6.QtGui import QColor, QPalette, QResizeEvent
from PySide6.QtWidgets import QWidget

from widgets.frontier.axes import SCALES, UNITS, axis_title, limit_text
from widgets.frontier.cloud import Cloud, Kind
from widgets.frontier.colours import series
from widgets.frontier.items import both, dots
from widgets.frontier.legend import Entry, Legend
from widgets.style.theme import GRID, caption_font

SIZES: dict[Kind, float] = {"best": 11, "beaten": 8, "live": 11, "predicted": 8}
LEVELS: dict[Kind, int] = {"predicted": 0, "beaten": 1, "best": 4, "live": 3}
PAD, ROOM = 0.07, 0.19  # shares of what is spanned: beside it; above and below, for letters
RING, DIAMOND = 17, 22
EDGE = 0.16
"""Share of the width within which a letter stands left of its point."""


class FrontierCanvas(pg.GraphicsView):
    """Signals: view_changed(): other values are in sight."""

    view_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent, useOpenGL=False)
        self.setObjectName("frontier")
        self.cloud = Cloud((), "latency", "flip")
        self.target = ""
        self.limit: float | None = None
        self.sweet: int | None = None
        self.picked: int | None = None
        self.current = ""
        self.sides: dict[str, str] = {}
        self._moved = False
        self.box = pg.ViewBox(enableMenu=False, defaultPadding=0)
        self.bottom, self.left = pg.AxisItem("bottom"), pg.AxisItem("left")
        for axis in (self.bottom, self.left):
            axis.linkToView(self.box)
            axis.enableAutoSIPrefix(False)
            axis.setStyle(tickLength=-4, autoReduceTextSpace=False)
            axis.setZValue(-100)
        layout = self.centralLayout
        layout.setContentsMargins(GRID / 2, GRID / 2, GRID, GRID / 2)
        layout.setSpacing(0)
        layout.addItem(self.left, 0, 0)
        layout.addItem(self.box, 0, 1)
        layout.addItem(self.bottom, 1, 1)
        layout.setRowStretchFactor(0, 1)
        layout.setColumnStretchFactor(1, 1)
        self._layers: dict[tuple[str, Kind], pg.ScatterPlotItem] = {}
        self._lines: dict[str, pg.PlotCurveItem] = {}
        self._bars = self._item(pg.ErrorBarItem(x=np.empty(0), y=np.empty(0)), 0)
        self._guessed = self._item(pg.ErrorBarItem(x=np.empty(0), y=np.empty(0)), 0)
        self._equal = self._item(pg.InfiniteLine(angle=0, movable=False, label=""), 0)
        self._line = self._item(pg.InfiniteLine(angle=90, movable=False, label=""), 5)
        self._line.label.setPosition(0.06)
        self._name = self._item(pg.TextItem(anchor=(1.0, 0.0)), 2)
        self._marks = {
            name: self._item(pg.ScatterPlotItem(pxMode=True, size=size, symbol=symbol), z)
            for name, size, symbol, z in (
                ("current", RING, "o", 6), ("sweet", DIAMOND, "d", 7), ("picked", RING, "o", 8),
            )
        }  # fmt: skip
        self._letters = {side: self._item(pg.TextItem(side), 9) for side in ("A", "B")}
        self.legend = Legend(self)
        self.box.sigRangeChanged.connect(self._ranged)
        self.box.sigRangeChangedManually.connect(self._by_hand)
        self._paint_theme()

    def _item(self, item: pg.GraphicsObject, z: float) -> pg.GraphicsObject:
        item.setZValue(z)
        self.box.addItem(item, ignoreBounds=True)
        return item

    # ---- what is shown ------------------------------------------------------------------------

    def set_cloud(self, cloud: Cloud, target: str) -> None:
        """Show other points; ``target`` is the one that the limit and the frontier speak of."""
        old, self.cloud, self.target = self.cloud, cloud, target
        if old.axes != cloud.axes:
            self._moved, self.limit = False, None
            self.bottom.setLabel(axis_title(cloud.axes[0]))
            self.left.setLabel(axis_title(cloud.axes[1]))
        if self.box.yInverted() != cloud.inverted:
            self.box.invertY(cloud.inverted)
        if old.points != cloud.points:
            self.picked = None
        self._draw_layers()
        self._draw_spread()
        if not self._moved:
            self.fit()
        self._ranged()
        self._draw_marks()
        self._draw_legend()

    def set_limit(self, limit: float | None) -> None:
        """Place the line, in the units of the axis; None hides it."""
        self.limit = limit
        self._draw_marks()

    def set_marks(self, current: str, sides: dict[str, str]) -> None:
        """Mark the current variant and those on the sides, by ref."""
        self.current, self.sides = current, sides
        self._draw_marks()

    def pick(self, index: int | None) -> None:
        """Mark the point under the mouse or the keys."""
        if index != self.picked:
            self.picked = index
            self._draw_marks()

    def fit(self) -> None:
        """Have everything in sight."""
        self._moved = False
        bounds = self.cloud.bounds()
        if bounds is None:
            return
        left, right, low, high = bounds
        wide, tall = right - left or right * 0.2 or 1.0, high - low or abs(high) * 0.2 or 1.0
        self.box.setRange(
            # No cost is below zero: there is nothing to be seen there.
            xRange=(max(left - PAD * wide, -0.02 * wide), right + PAD * wide),
            yRange=(low - ROOM * tall, high + ROOM * tall),
            padding=0,
        )

    def place(self, index: int) -> QPointF:
        """Where a point is, in pixels of the viewport."""
        spot = QPointF(self.cloud.x[index], self.cloud.y[index])
        return QPointF(self.mapFromScene(self.box.mapViewToScene(spot)))

    def value_at(self, x: float) -> float:
        """The cost at a place of the viewport, in the units of the axis, within what is seen."""
        found = self.box.mapSceneToView(self.mapToScene(round(x), 0)).x()
        low, high = self.box.viewRange()[0]
        return float(min(max(found, max(low, 0.0)), high))

    def line_place(self) -> float | None:
        """Where the limit stands, in pixels of the viewport, or None where it is not in sight."""
        if self.limit is None or not self._line.isVisible():
            return None
        low, high = self.box.viewRange()[0]
        if not low <= self.limit <= high:
            return None
        return float(self.mapFromScene(self.box.mapViewToScene(QPointF(self.limit, 0))).x())

    def area(self) -> QPointF:
        """The upper right corner of the plotted area, in pixels of the viewport."""
        return QPointF(self.mapFromScene(self.box.sceneBoundingRect().topRight()))

    # ---- drawing ------------------------------------------------------------------------------

    def _colour(self, target: str) -> QColor:
        return series(self.cloud.targets.index(target))

    def _draw_layers(self) -> None:
        layers = {(layer.target, layer.kind): layer for layer in self.cloud.layers()}
        for key in [k for k in self._layers if k not in layers]:
            self.box.removeItem(self._layers.pop(key))
        for target in [t for t in self._lines if t not in self.cloud.targets]:
            self.box.removeItem(self._lines.pop(target))
        for key, layer in layers.items():
            if key not in self._layers:
                item = pg.ScatterPlotItem(pxMode=True, size=SIZES[layer.kind], antialias=True)
                if layer.kind == "predicted":
                    item.setSymbol("s")
                self._layers[key] = self._item(item, LEVELS[key[1]])
            if layer.target not in self._lines:
                self._lines[layer.target] = self._item(pg.PlotCurveItem(antialias=True), 2)
            dots(self._layers[key], self.cloud, layer, self._colour(layer.target))

    def _draw_spread(self) -> None:
        """Bars beside the points, and the line of what equals full."""
        shade = self.palette().color(QPalette.ColorRole.Text)
        both(self._bars, self._guessed, self.cloud, shade)
        self._equal.setVisible(self.cloud.equal_at is not None)
        if self.cloud.equal_at is not None:
            self._equal.setValue(self.cloud.equal_at)

    def _ranged(self, *_: object) -> None:
        right = self.box.viewRange()[0][1]
        for target, line in self._lines.items():
            colour = self._colour(target)
            width = 2.0 if target == self.target else 1.0
            line.setData(*self.cloud.stairs(target, right), pen=pg.mkPen(colour, width=width))
        best = self.cloud.frontiers.get(self.target, ())
        self._name.setVisible(bool(best))
        if best:
            self._name.setColor(self._colour(self.target))
            self._name.setPos(right, float(self.cloud.y[best[-1]]))
        self.view_changed.emit()

    def _by_hand(self, *_: object) -> None:
        self._moved = True

    def _draw_marks(self) -> None:
        cloud = self.cloud
        self._line.setVisible(self.limit is not None and bool(cloud.frontiers.get(self.target)))
        self.sweet = None
        if self._line.isVisible():
            assert self.limit is not None
            self._line.setValue(self.limit)
            x = cloud.axes[0]
            cost = limit_text(x, self.limit * SCALES[x])
            self._line.label.setFormat(f"\u2264 {cost} {UNITS[x]}")
            self.sweet = cloud.best_under(self.target, self.limit)
        here = [i for i, p in enumerate(cloud.points) if p.ref == self.current]
        for name, indices in (
            ("current", here),
            ("sweet", [] if self.sweet is None else [self.sweet]),
            ("picked", [] if self.picked is None else [self.picked]),
        ):
            seen = [i for i in indices if cloud.known[i]]
            self._marks[name].setData(cloud.x[seen], cloud.y[seen])
        for side, letter in self._letters.items():
            spots = [
                i for i, p in enumerate(cloud.points)
                if p.ref == self.sides.get(side) and p.target == self.target and cloud.known[i]
            ]  # fmt: skip
            letter.setVisible(bool(spots))
            if spots:
                # Beside the right edge the frontier has its name.
                low, high = self.box.viewRange()[0]
                near = cloud.x[spots[0]] > high - EDGE * (high - low)
                # Else under the stairs, where least is.
                letter.setAnchor((1.3, 1.0) if near else (-0.3, 0.05))
                letter.setPos(cloud.x[spots[0]], cloud.y[spots[0]])

    def _draw_legend(self) -> None:
        entries = [Entry("point", self._colour(target), target) for target in self.cloud.targets]
        text = self.palette().color(QPalette.ColorRole.Text)
        if any(self.cloud.frontiers.values()):
            entries.append(Entry("line", text))
        if any(not (p.measured or p.predicted) for p in self.cloud.points):
            entries.append(Entry("live", text))
        known = zip(self.cloud.points, self.cloud.known, strict=True)
        if any(p.predicted and seen for p, seen in known):
            entries.append(Entry("predicted", text))
        self.legend.set_entries(entries)
        self._place_legend()

    def _place_legend(self) -> None:
        area = self.box.sceneBoundingRect()
        corner = self.mapFromScene(area.bottomRight())
        size = self.legend.sizeHint()
        self.legend.setVisible(
            size.width() < 0.6 * area.width() and size.height() < 0.7 * area.height()
        )
        self.legend.setGeometry(
            corner.x() - size.width() - GRID, corner.y() - size.height() - GRID // 2,
            size.width(), size.height(),
        )  # fmt: skip

    # ---- theme and size -----------------------------------------------------------------------

    def _paint_theme(self) -> None:
        palette = self.palette()
        text = palette.color(QPalette.ColorRole.Text)
        faint = palette.color(QPalette.ColorRole.PlaceholderText)
        accent = palette.color(QPalette.ColorRole.Accent)
        base = palette.color(QPalette.ColorRole.Base)
        self.setBackground(base)
        font = caption_font(self.font())
        for axis in (self.bottom, self.left):
            axis.setPen(pg.mkPen(palette.color(QPalette.ColorRole.Mid)))
            axis.setTextPen(pg.mkPen(faint))
            axis.setTickFont(font)
            axis.label.setFont(font)
            axis.setLabel(axis_title(self.cloud.axes[axis is self.left]))
        self._line.setPen(pg.mkPen(accent, width=1.5))
        fill = QColor(base)
        fill.setAlphaF(0.85)
        for line, shade in ((self._line, accent), (self._equal, faint)):
            line.label.setColor(shade)
            line.label.setFont(font)
            line.label.fill = pg.mkBrush(fill)
        self._equal.setPen(pg.mkPen(faint, width=1, style=Qt.PenStyle.DotLine))
        self._equal.label.setFormat(self.tr("equal to full"))
        self._equal.label.setPosition(0.14)
        for name, shade, width in (
            ("current", accent, 2.0), ("sweet", accent, 1.5), ("picked", text, 1.5),
        ):  # fmt: skip
            self._marks[name].setBrush(pg.mkBrush(None))
            self._marks[name].setPen(pg.mkPen(shade, width=width))
        for letter in self._letters.values():
            letter.setColor(text)
            letter.setFont(font)
        self._name.setText(self.tr("frontier"))
        self._name.setFont(font)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        kinds = (QEvent.Type.PaletteChange, QEvent.Type.FontChange)
        if event.type() in kinds and hasattr(self, "legend"):
            self._paint_theme()
            self.set_cloud(self.cloud, self.target)

    def close(self) -> bool:
        """As every widget closes. pyqtgraph's own way takes the items from under the plot, which
        ends the process when something is still drawn."""
        return QWidget.close(self)

    def resizeEvent(self, event: QResizeEvent | None) -> None:
        super().resizeEvent(event)
        if hasattr(self, "legend"):
            self._place_legend()
            self.view_changed.emit()
