"""How the points of the frontier and their spread are drawn. Loaded with the canvas."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pyqtgraph as pg
from PySide6.QtCore import Qt
from PySide6.QtGui import QColor

from widgets.frontier.cloud import Cloud, Layer

FADED, BARS = 0.45, 0.35
"""Opacity of what is beaten, and of the spread."""


def dots(item: pg.ScatterPlotItem, cloud: Cloud, layer: Layer, colour: QColor) -> None:
    """Draw a layer of points; where nothing has changed, nothing is made anew."""
    x, y = cloud.x[layer.indices], cloud.y[layer.indices]
    look = (colour.name(), layer.kind)
    same = getattr(item, "look", None) == look and len(item.data) == len(x)
    if same and np.array_equal(item.data["x"], x) and np.array_equal(item.data["y"], y):
        return
    item.look = look
    if layer.kind == "live":
        brush = pg.mkBrush(None)
        pen = pg.mkPen(colour, width=1.5, style=Qt.PenStyle.DashLine)
    elif layer.kind == "predicted":
        brush, pen = pg.mkBrush(None), pg.mkPen(colour, width=1.0)
    else:
        fill = QColor(colour)
        fill.setAlphaF(1.0 if layer.kind == "best" else FADED)
        brush, pen = pg.mkBrush(fill), pg.mkPen(None)
    item.setData(x, y, pen=pen, brush=brush)


def both(measured: pg.ErrorBarItem, guessed: pg.ErrorBarItem, cloud: Cloud, text: QColor) -> None:
    """Draw the spread of what was measured, and dotted that of what is predicted."""
    shade = QColor(text)
    shade.setAlphaF(BARS)
    predicted = np.array([p.predicted > 0 for p in cloud.points], bool)
    spread = cloud.known & ~(np.isnan(cloud.low) & np.isnan(cloud.below))
    solid, dotted = Qt.PenStyle.SolidLine, Qt.PenStyle.DotLine
    _bars(measured, cloud, np.flatnonzero(spread & ~predicted), pg.mkPen(shade, style=solid))
    _bars(guessed, cloud, np.flatnonzero(spread & predicted), pg.mkPen(shade, style=dotted))


def _bars(item: pg.ErrorBarItem, cloud: Cloud, rows: npt.NDArray[np.intp], pen: object) -> None:
    """The spread of cost and quality as one cross a point; what has none has no arm."""
    x, y = cloud.x[rows], cloud.y[rows]
    bars = {
        "x": x,
        "y": y,
        "left": np.nan_to_num(x - cloud.low[rows]),
        "right": np.nan_to_num(cloud.high[rows] - x),
        "bottom": np.nan_to_num(y - cloud.below[rows]),
        "top": np.nan_to_num(cloud.above[rows] - y),
    }
    known = item.opts  # ten thousand bars are not made anew at every number
    if known["pen"] != pen or not all(np.array_equal(known[n], bars[n]) for n in bars):
        item.setData(**bars, pen=pen)
