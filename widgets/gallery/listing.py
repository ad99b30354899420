"""The small pictures of the gallery: a model, how a cell is drawn, and the list."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from PySide6.QtCore import (
    QAbstractListModel,
    QMimeData,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    QUrl,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFontMetrics,
    QKeyEvent,
    QPainter,
    QPalette,
    QPen,
)
from PySide6.QtWidgets import (
    QAbstractItemView,
    QFrame,
    QListView,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from studio.session.gallery import GalleryItem
from widgets.controls.thumbs import draw_fitted
from widgets.gallery import words
from widgets.gallery.reading import Reading
from widgets.style.palettes import blend
from widgets.style.theme import (
    GRID,
    caption_font,
    colours,
    current_scheme,
    picture_background,
)

THUMB = 16 * GRID
PAD = GRID
LINES = 3
FADED = 0.35
ITEM_ROLE = Qt.ItemDataRole.UserRole + 1
GONE_ROLE = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex


class GalleryModel(QAbstractListModel):
    """The items, newest first, and which of their files are gone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.items: tuple[GalleryItem, ...] = ()
        self.gone: frozenset[str] = frozenset()

    def set_items(self, items: Sequence[GalleryItem], gone: frozenset[str]) -> bool:
        """Show these; whether anything is other than before."""
        if tuple(items) == self.items:
            if gone == self.gone:
                return False
            self.gone = gone
            self.dataChanged.emit(self.index(0), self.index(len(self.items) - 1))
            return True
        self.beginResetModel()
        self.items, self.gone = tuple(items), gone
        self.endResetModel()
        return True

    def touched(self, id_: str) -> None:
        """The small picture of an item is at hand now."""
        for row, item in enumerate(self.items):
            if item.id == id_:
                self.dataChanged.emit(self.index(row), self.index(row))

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.items)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        item = self.items[index.row()]
        gone = item.id in self.gone
        if role == ITEM_ROLE:
            return item
        if role == GONE_ROLE:
            return gone
        if role == Qt.ItemDataRole.DisplayRole:
            return ", ".join(line for line in words.lines(item, gone=gone) if line)
        if role == Qt.ItemDataRole.ToolTipRole:
            if not gone:
                return item.path
            missing = self.tr("This file is gone; its settings can still be brought back.")
            return f"{item.path}\n{missing}" if item.known else item.path
        return None

    def flags(self, index: Index) -> Qt.ItemFlag:
        base = super().flags(index)
        there = index.isValid() and self.items[index.row()].id not in self.gone
        return base | Qt.ItemFlag.ItemIsDragEnabled if there else base

    def mimeTypes(self) -> list[str]:
        return ["text/uri-list"]

    def mimeData(self, indexes: Sequence[QModelIndex]) -> QMimeData:
        mime = QMimeData()
        paths = [Path(i.data(ITEM_ROLE).path) for i in indexes if not i.data(GONE_ROLE)]
        mime.setUrls([QUrl.fromLocalFile(str(path)) for path in paths])
        return mime

    def supportedDragActions(self) -> Qt.DropAction:
        return Qt.DropAction.CopyAction


class GalleryList(QListView):
    """Signals: bring_back_wished(): Enter or a double click; menu_wished(global point)."""

    bring_back_wished = Signal()
    menu_wished = Signal(object)

    def __init__(self, reading: Reading, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gallery list")
        self.setAccessibleName(self.tr("Pictures, newest first"))
        self.setFont(caption_font(self.font()))
        self.setViewMode(QListView.ViewMode.IconMode)
        self.setMovement(QListView.Movement.Static)
        self.setResizeMode(QListView.ResizeMode.Adjust)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setDragEnabled(True)
        self.setDragDropMode(QAbstractItemView.DragDropMode.DragOnly)
        self.setVerticalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setTabKeyNavigation(False)
        self.setMouseTracking(True)
        self.setItemDelegate(_Delegate(reading, self))
        self.verticalScrollBar().setSingleStep(4 * GRID)
        self.doubleClicked.connect(lambda _: self.bring_back_wished.emit())

    def chosen(self) -> list[GalleryItem]:
        """The selected items, in the order on show."""
        indexes = sorted(self.selectedIndexes(), key=lambda index: index.row())
        return [index.data(ITEM_ROLE) for index in indexes]

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self.bring_back_wished.emit()
            return
        super().keyPressEvent(event)

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not index.isValid():
            event.ignore()
            return
        point = self.visualRect(index).center() if keyboard else event.pos()
        self.menu_wished.emit(self.viewport().mapToGlobal(point))


class _Delegate(QStyledItemDelegate):
    """A small picture and three lines; paler where its file is gone."""

    def __init__(self, reading: Reading, parent: QWidget) -> None:
        super().__init__(parent)
        self._reading = reading

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        text = LINES * option.fontMetrics.lineSpacing()
        return QSize(THUMB + 2 * PAD, THUMB + 2 * PAD + GRID // 2 + text)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        item, gone = index.data(ITEM_ROLE), index.data(GONE_ROLE)
        selected = bool(option.state & QStyle.StateFlag.State_Selected)
        focused = bool(option.state & QStyle.StateFlag.State_HasFocus)
        palette, cell = option.palette, option.rect
        accent = palette.color(QPalette.ColorRole.Accent)
        painter.save()
        if selected:
            below = palette.color(QPalette.ColorRole.Base)
            painter.fillRect(cell.adjusted(1, 1, -1, -1), blend(below, accent, 0.25))
        frame = QRect(cell.left() + PAD, cell.top() + PAD, THUMB, THUMB)
        painter.fillRect(frame, picture_background())
        image = self._reading.image(item)
        if image is not None and not image.isNull():
            painter.setOpacity(FADED if gone else 1.0)
            draw_fitted(painter, image, frame)
            painter.setOpacity(1.0)
        if focused:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.setPen(QPen(accent, 2))
            painter.drawRoundedRect(QRectF(frame).adjusted(-1, -1, 1, 1), 2, 2)
        painter.setFont(option.font)
        faint = QColor(colours(current_scheme()).faint)
        painter.setPen(faint if gone else palette.color(QPalette.ColorRole.Text))
        high = option.fontMetrics.lineSpacing()
        top = frame.bottom() + 1 + GRID // 2
        for number, line in enumerate(words.lines(item, gone=gone)):
            where = QRect(frame.left(), top + number * high, THUMB, high)
            if number == 0:
                line = self._title(item, option.fontMetrics)
            text = option.fontMetrics.elidedText(line, Qt.TextElideMode.ElideMiddle, THUMB)
            painter.drawText(where, Qt.AlignmentFlag.AlignLeft, text)
        painter.restore()

    def _title(self, item: GalleryItem, metrics: QFontMetrics) -> str:
        """The first line: of a long one the model's name gives way, not the seed."""
        room = THUMB - metrics.horizontalAdvance(words.title(item, ""))
        return words.title(item, metrics.elidedText(item.model, Qt.TextElideMode.ElideRight, room))
