"""A sheet to draw on with mouse, pen or finger; what is drawn is told as strokes."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QImage,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QPointingDevice,
    QResizeEvent,
    QTabletEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from studio.session.source import Drawing, Point, Stroke, Tool
from widgets.drawing.colours import label_colour
from widgets.style.frames import draw_focus
from widgets.style.theme import GRID, caption_font, picture_background

LEAST_PRESSURE = 0.05
TALLEST = 560


class Pad(QWidget):
    """Shows a drawing and takes strokes. It changes nothing by itself: the owner makes the edits.

    The left button or the tip of a pen draws; the other end of a pen erases; the right button takes
    up what lies under it. A stroke ends where the button is let go, also outside of the sheet.

    Signals:
        stroke_began(stroke), stroke_grew(stroke), stroke_ended().
        picked(value): of the pixel under the right button.
    """

    stroke_began = Signal(object)
    stroke_grew = Signal(object)
    stroke_ended = Signal()
    picked = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.tool: Tool = "pen"
        self.stroke_width = 3.0
        self.value = 0
        self.pressing = True
        """The pressure of a pen makes lines wide and narrow."""
        self._drawing = Drawing()
        self._image: QImage | None = None
        self._stroke: Stroke | None = None
        self._hover: QPointF | None = None
        self._hint = ""
        self.setMouseTracking(True)
        self.setTabletTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_StaticContents)
        self.setFocusPolicy(Qt.FocusPolicy.ClickFocus)
        self.setCursor(Qt.CursorShape.CrossCursor)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Drawing pad"))

    # ---- what the owner tells ------------------------------------------------------------------

    def set_drawing(self, drawing: Drawing) -> None:
        """Show a drawing."""
        if drawing == self._drawing and self._image is not None:
            return
        resized = (drawing.width, drawing.height) != (self._drawing.width, self._drawing.height)
        self._drawing, self._image = drawing, None
        if resized:
            self._fit_height()
        self.update()

    def set_hint(self, text: str) -> None:
        """What stands on an empty sheet."""
        self._hint = text
        self.update()

    # ---- geometry ------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(240, 240)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 80)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if event.size().width() != event.oldSize().width():
            self._fit_height()

    def _fit_height(self) -> None:
        height = round(self.width() * self._drawing.height / self._drawing.width)
        self.setFixedHeight(max(48, min(TALLEST, height)))

    def sheet(self) -> QRectF:
        """Where the sheet lies in the widget."""
        across, down = self.width() / self._drawing.width, self.height() / self._drawing.height
        scale = min(across, down)
        wide, tall = self._drawing.width * scale, self._drawing.height * scale
        return QRectF((self.width() - wide) / 2, (self.height() - tall) / 2, wide, tall)

    def at(self, position: QPointF) -> tuple[float, float]:
        """Column and row of the drawing under a place of the widget."""
        sheet = self.sheet()
        scale = self._drawing.width / sheet.width()
        return (position.x() - sheet.left()) * scale, (position.y() - sheet.top()) * scale

    # ---- drawing -------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position(), 1.0, self.tool)
        elif event.button() == Qt.MouseButton.RightButton:
            self._pick(event.position())

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        self._move(event.position(), 1.0)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._end()

    def tabletEvent(self, event: QTabletEvent) -> None:
        erasing = event.pointerType() == QPointingDevice.PointerType.Eraser
        pressure = event.pressure() if self.pressing else 1.0
        kind = event.type()
        if kind == QEvent.Type.TabletPress and event.button() == Qt.MouseButton.LeftButton:
            self._begin(event.position(), pressure, "eraser" if erasing else self.tool)
        elif kind == QEvent.Type.TabletMove:
            self._move(event.position(), pressure)
        elif kind == QEvent.Type.TabletRelease and self._stroke is not None:
            self._end()
        event.accept()  # else Qt makes mouse events of it, and everything is drawn twice

    def leaveEvent(self, event: QEvent) -> None:
        self._hover = None
        self.update()
        super().leaveEvent(event)

    def _point(self, position: QPointF, pressure: float) -> Point:
        x, y = self.at(position)
        return round(x, 2), round(y, 2), round(min(1.0, max(LEAST_PRESSURE, pressure)), 3)

    def _begin(self, position: QPointF, pressure: float, tool: Tool) -> None:
        if self._stroke is not None:
            self._end()
        if not self.sheet().contains(position):
            return
        first = self._point(position, 1.0 if tool == "fill" else pressure)
        stroke = Stroke(tool, (first,), self.stroke_width, self.value)
        self.stroke_began.emit(stroke)
        if tool == "fill":
            self.stroke_ended.emit()
        else:
            self._stroke = stroke

    def _move(self, position: QPointF, pressure: float) -> None:
        self._hover = position
        self.update()
        if self._stroke is None:
            return
        point = self._point(position, pressure)
        last = self._stroke.points[-1]
        # Half a pixel more changes nothing that could be seen.
        if abs(point[0] - last[0]) + abs(point[1] - last[1]) < 0.5:
            return
        self._stroke = replace(self._stroke, points=(*self._stroke.points, point))
        self.stroke_grew.emit(self._stroke)

    def _end(self) -> None:
        if self._stroke is not None:
            self._stroke = None
            self.stroke_ended.emit()

    def _pick(self, position: QPointF) -> None:
        from studio.session.raster import pixels

        x, y = (int(part) for part in self.at(position))
        if 0 <= x < self._drawing.width and 0 <= y < self._drawing.height:
            self.picked.emit(int(pixels(self._drawing)[y, x]))

    # ---- painting ------------------------------------------------------------------------------

    def _shown(self) -> QImage:
        if self._image is None:
            self._image = image_of(self._drawing)
        return self._image

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.fillRect(self.rect(), picture_background())
        sheet = self.sheet()
        smooth = not self._drawing.labels and sheet.width() < self._drawing.width
        painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
        painter.drawImage(sheet, self._shown())
        if self._drawing.empty and self._hint:
            self._paint_hint(painter, sheet)
        if self._hover is not None and self.tool != "fill" and self.isEnabled():
            self._paint_tip(painter, sheet)
        if self.hasFocus():
            draw_focus(painter, self.rect(), self.palette())

    def _paint_hint(self, painter: QPainter, sheet: QRectF) -> None:
        painter.setFont(caption_font(self.font()))
        dark = self._drawing.labels
        painter.setPen(QColor(235, 235, 235) if dark else QColor(90, 90, 90))
        room = sheet.adjusted(2 * GRID, 2 * GRID, -2 * GRID, -2 * GRID)
        flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
        painter.drawText(room, int(flags), self._hint)

    def _paint_tip(self, painter: QPainter, sheet: QRectF) -> None:
        """A ring as wide as the line would be."""
        assert self._hover is not None
        radius = max(2.0, self.stroke_width * sheet.width() / self._drawing.width / 2)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setClipRect(sheet)
        for colour, wide in ((QColor(255, 255, 255, 200), 3.0), (QColor(0, 0, 0, 220), 1.0)):
            painter.setPen(QPen(colour, wide))
            painter.drawEllipse(self._hover, radius, radius)
        painter.setClipping(False)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.EnabledChange):
            self.update()
        super().changeEvent(event)


def image_of(drawing: Drawing) -> QImage:
    """A drawing as one sees it: grey, or the labels in their colours."""
    from studio.session.raster import pixels  # numpy, which the start of the window spares

    plane = pixels(drawing)
    height, width = plane.shape
    kind = QImage.Format.Format_Indexed8 if drawing.labels else QImage.Format.Format_Grayscale8
    image = QImage(plane.tobytes(), width, height, width, kind)
    if drawing.labels:
        image.setColorTable([label_colour(n).rgb() for n in range(256)])
    return image.convertToFormat(QImage.Format.Format_RGB32)
