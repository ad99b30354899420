"""The pictures of a grid: a table of cells under one zoom."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QPointF,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QGuiApplication,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPalette,
    QPen,
    QResizeEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QApplication,
    QFrame,
    QHeaderView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets.compare.transform import (
    Rect,
    Transform,
    clamped,
    fit_zoom,
    panned,
    picture_rect,
    snapped,
    source_window,
    zoomed_at,
)
from widgets.grid.cells import CELL_ROLE, Cell, GridModel, Index
from widgets.style.theme import GRID, caption_font, picture_background

SMALLEST, GAP = 14 * GRID, GRID // 2
STEP = 1.25
HEADER_LINES = 6


class GridTable(QTableView):
    """Wheel zooms into all cells alike, dragging moves them, a click or Enter chooses one.

    Signals: cell_chosen(row, column); zoomed(): zoom or place has changed.
    """

    cell_chosen = Signal(int, int)
    zoomed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("grid table")
        self.setAccessibleName(self.tr("Pictures: variants beside each other, seeds below"))
        self.cells = GridModel()
        self.cells.setParent(self)
        self.setModel(self.cells)
        self.look = Transform()
        self.fitted = True
        self._pressed: QPointF | None = None
        self._moved = False
        self.setItemDelegate(_Delegate(self))
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setShowGrid(False)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setTabKeyNavigation(False)
        across, down = self.horizontalHeader(), self.verticalHeader()
        across.setDefaultAlignment(
            Qt.AlignmentFlag.AlignHCenter | Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap
        )
        down.setDefaultAlignment(Qt.AlignmentFlag.AlignCenter)
        for header in (across, down):
            header.setFont(caption_font(header.font()))
            header.setSectionResizeMode(QHeaderView.ResizeMode.Fixed)
            header.setHighlightSections(False)
            header.setSectionsClickable(False)
        across.setMinimumSectionSize(SMALLEST)
        self.cells.modelReset.connect(self.arrange)
        self.cells.headerDataChanged.connect(lambda *_: self.arrange())
        self._shading = False
        self._shade()

    def _shade(self) -> None:
        """A frame marks the chosen cell; numbers on the accent colour would be hard to read."""
        shades = QPalette()
        base = QGuiApplication.palette().color(QPalette.ColorRole.Base)
        shades.setColor(QPalette.ColorRole.Highlight, base)
        self._shading = True
        self.setPalette(shades)
        self._shading = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not getattr(self, "_shading", True):
            self._shade()

    # ---- sizes --------------------------------------------------------------------------------

    def caption_height(self) -> int:
        """The line below a picture."""
        return self.fontMetrics().lineSpacing() + GAP

    def side(self) -> int:
        """The width and height of the room of a picture, in logical pixels."""
        return max(1, self.horizontalHeader().defaultSectionSize() - 2 * GAP)

    def arrange(self) -> None:
        """Make the cells as large as all columns fit in, and no higher than the window."""
        down = self.verticalHeader()
        lines = (line for row in self.cells.rows for line in row.split("\n"))
        text = (down.fontMetrics().horizontalAdvance(line) for line in lines)
        down.setFixedWidth(max(text, default=0) + 3 * GRID)
        columns = max(1, self.cells.columnCount())
        room = self.viewport().size()
        high = room.height() - self.caption_height()
        side = max(SMALLEST, min(room.width() // columns, high))
        self.horizontalHeader().setDefaultSectionSize(side)
        self._fit_header(side)
        self.verticalHeader().setDefaultSectionSize(side + self.caption_height())
        for column in range(self.cells.columnCount()):
            self.setColumnWidth(column, side)
        for row in range(self.cells.rowCount()):
            self.setRowHeight(row, side + self.caption_height())
        self._settle()

    def _fit_header(self, side: int) -> None:
        """Room for the names as they wrap, so that the last line of none is lost."""
        across = self.horizontalHeader()
        metrics, room = across.fontMetrics(), QRect(0, 0, side - GRID, 10_000)
        wrapped = Qt.TextFlag.TextWordWrap | Qt.AlignmentFlag.AlignHCenter
        tall = [metrics.boundingRect(room, wrapped, name).height() for name in self.cells.columns]
        lines = max((-(-high // metrics.lineSpacing()) for high in tall), default=0)
        lines = min(max(lines, 2), HEADER_LINES)
        across.setFixedHeight(lines * metrics.lineSpacing() + GRID)

    def frame_of(self, cell: QRect) -> QRect:
        """Where in a cell its picture is seen."""
        side = self.side()
        return QRect(cell.left() + GAP, cell.top() + GAP, side, side)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.arrange()

    # ---- zoom ---------------------------------------------------------------------------------

    def reference(self) -> tuple[int, int]:
        """The size of the largest picture: smaller ones cover the same room."""
        sizes = [(image.width(), image.height()) for image in self.cells.images()]
        return max(sizes, default=(1, 1))

    def area(self) -> Rect:
        """The room of a picture in device pixels."""
        side = self.side() * self.devicePixelRatioF()
        return Rect(0, 0, side, side)

    def fit(self) -> None:
        """Show whole pictures."""
        self.fitted = True
        self._settle()

    def zoom_by(self, factor: float, at: QPointF | None = None) -> None:
        """Zoom all cells around the point ``at`` of the one below it, or around the middle."""
        reference, area = self.reference(), self.area()
        spot = area.centre
        if at is not None:
            index = self.indexAt(at.toPoint())
            if index.isValid():
                ratio = self.devicePixelRatioF()
                corner = self.frame_of(self.visualRect(index)).topLeft()
                spot = ((at.x() - corner.x()) * ratio, (at.y() - corner.y()) * ratio)
        least = fit_zoom(reference, area)
        zoom = max(self.look.zoom * factor, least)
        self.fitted = zoom <= least
        self.look = zoomed_at(reference, area, self.look, zoom, spot)
        self._settle()

    def picture_added(self) -> None:
        """There is one more picture, perhaps a larger one."""
        self._settle()

    def _settle(self) -> None:
        reference, area = self.reference(), self.area()
        if self.fitted:
            self.look = Transform(fit_zoom(reference, area))
        else:
            least = fit_zoom(reference, area)
            if self.look.zoom < least:
                self.look, self.fitted = Transform(least), True
        self.look = clamped(reference, area, self.look)
        self.viewport().update()
        self.zoomed.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if event.modifiers() & Qt.KeyboardModifier.ShiftModifier or not steps:
            super().wheelEvent(event)
            return
        self.zoom_by(STEP**steps, event.position())
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        if key in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            index = self.currentIndex()
            if index.isValid():
                self.cell_chosen.emit(index.row(), index.column())
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_by(STEP)
        elif key == Qt.Key.Key_Minus:
            self.zoom_by(1 / STEP)
        elif key == Qt.Key.Key_F:
            self.fit()
        else:
            super().keyPressEvent(event)

    # ---- pointer ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self._pressed, self._moved = event.position(), False
        super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._pressed is None:
            super().mouseMoveEvent(event)
            return
        way = event.position() - self._pressed
        if not self._moved and way.manhattanLength() < QApplication.startDragDistance():
            return
        self._moved = True
        self._pressed = event.position()
        if not self.fitted:
            ratio = self.devicePixelRatioF()
            self.look = panned(self.reference(), self.look, way.x() * ratio, way.y() * ratio)
            self._settle()

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        pressed, self._pressed = self._pressed, None
        super().mouseReleaseEvent(event)
        index = self.indexAt(event.position().toPoint())
        if pressed is not None and not self._moved and index.isValid():
            self.cell_chosen.emit(index.row(), index.column())


class _Delegate(QStyledItemDelegate):
    """A picture under the common zoom, and its line."""

    def __init__(self, table: GridTable) -> None:
        super().__init__(table)
        self._table = table

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        side = self._table.horizontalHeader().defaultSectionSize()
        return QSize(side, side + self._table.caption_height())

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        table, cell = self._table, index.data(CELL_ROLE)
        frame = table.frame_of(option.rect)
        painter.save()
        painter.fillRect(frame, picture_background())
        if cell.image is not None:
            painter.setClipRect(frame)
            draw(painter, cell, frame, table)
            painter.setClipping(False)
        if option.state & QStyle.StateFlag.State_Selected:
            focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
            painter.setPen(
                QPen(option.palette.color(QPalette.ColorRole.Accent), 3 if focused else 2)
            )
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(QRectF(frame).adjusted(-1, -1, 1, 1))
        painter.setFont(caption_font(option.font))
        painter.setPen(option.palette.color(QPalette.ColorRole.Text))
        line = QRect(frame.left(), frame.bottom() + 1, frame.width(), table.caption_height())
        metrics = painter.fontMetrics()
        text = metrics.elidedText(cell.caption, Qt.TextElideMode.ElideRight, line.width())
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def draw(painter: QPainter, cell: Cell, frame: QRect, table: GridTable) -> None:
    """Draw the part of a picture that is seen through ``frame``."""
    assert cell.image is not None
    ratio, reference, area = table.devicePixelRatioF(), table.reference(), table.area()
    rect = picture_rect(reference, area, table.look)
    image = cell.image
    if cell.reduced is not None and rect.w <= cell.reduced.width():
        image = cell.reduced
    source, target = source_window(rect, rect.meet(area), (image.width(), image.height()))
    if source.empty:
        return
    # Smooth while reduced, whole pixels while enlarged, as everywhere in the window.
    smooth = snapped(table.look.zoom) < 1 or rect.w < image.width()
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, smooth)
    to = QRectF(
        frame.left() + target.x / ratio,
        frame.top() + target.y / ratio,
        target.w / ratio,
        target.h / ratio,
    )
    painter.drawImage(to, image, QRectF(source.x, source.y, source.w, source.h))
