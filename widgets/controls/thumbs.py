"""The list inside a picture strip and the drawing of its cells."""

from __future__ import annotations

from PySide6.QtCore import (
    QEvent,
    QModelIndex,
    QPersistentModelIndex,
    QRect,
    QRectF,
    QSize,
    Qt,
    Signal,
)
from PySide6.QtGui import (
    QColor,
    QContextMenuEvent,
    QFont,
    QFontMetrics,
    QImage,
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
    QFrame,
    QListView,
    QMenu,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QWidget,
)

from widgets.style.theme import caption_font, picture_background

THUMB = 52
PAD = 4
CROSS = 16
# The common scroll bar with its arrows would be as loud as the pictures.
THIN_BAR = """
QScrollBar:horizontal { height: 6px; background: transparent; margin: 0; border: none; }
QScrollBar::handle:horizontal { background: palette(mid); border-radius: 3px; min-width: 24px; }
QScrollBar::add-line:horizontal, QScrollBar::sub-line:horizontal { width: 0; }
QScrollBar::add-page:horizontal, QScrollBar::sub-page:horizontal { background: transparent; }
"""
KEY_ROLE = Qt.ItemDataRole.UserRole + 1
IMAGE_ROLE = Qt.ItemDataRole.UserRole + 2
Index = QModelIndex | QPersistentModelIndex


def cell_size(font: QFont) -> QSize:
    """A thumbnail, its frame, and a line of caption."""
    return QSize(THUMB + 2 * PAD, THUMB + 2 * PAD + QFontMetrics(font).height())


def cross_rect(cell: QRect) -> QRect:
    """Where the cross that removes stands: the upper right corner of the thumbnail."""
    return QRect(cell.left() + PAD + THUMB - CROSS, cell.top() + PAD, CROSS, CROSS)


class ThumbList(QListView):
    """One row of cells."""

    picked = Signal(str)
    removal_wished = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, removable: bool = True) -> None:
        super().__init__(parent)
        self.removable = removable
        self.setFont(caption_font(self.font()))
        self.setItemDelegate(_Delegate(self, removable=removable))
        self.setFlow(QListView.Flow.LeftToRight)
        self.setWrapping(False)
        self.setUniformItemSizes(True)
        self.setSelectionMode(QAbstractItemView.SelectionMode.SingleSelection)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setVerticalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setMouseTracking(True)
        self.setTabKeyNavigation(False)
        self.viewport().setAutoFillBackground(False)
        self.horizontalScrollBar().setStyleSheet(THIN_BAR)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if self.currentIndex().isValid():
            self.horizontalScrollBar().setValue(0)
            self.scrollTo(self.currentIndex())

    # ---- choosing ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        index = self.indexAt(event.position().toPoint())
        on_cross = (
            self.removable
            and index.isValid()
            and cross_rect(self.visualRect(index)).contains(event.position().toPoint())
        )
        if event.button() == Qt.MouseButton.LeftButton and on_cross:
            self.removal_wished.emit(index.data(KEY_ROLE))
            return
        super().mousePressEvent(event)
        if event.button() == Qt.MouseButton.LeftButton and index.isValid():
            self.picked.emit(index.data(KEY_ROLE))

    def keyPressEvent(self, event: QKeyEvent) -> None:
        index = self.currentIndex()
        if event.key() in (Qt.Key.Key_Delete, Qt.Key.Key_Backspace):
            if self.removable and index.isValid():
                self.removal_wished.emit(index.data(KEY_ROLE))
        elif event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            if index.isValid():
                self.picked.emit(index.data(KEY_ROLE))
        elif event.key() in (Qt.Key.Key_Left, Qt.Key.Key_Right, Qt.Key.Key_Home, Qt.Key.Key_End):
            super().keyPressEvent(event)
            if self.currentIndex() != index and self.currentIndex().isValid():
                self.picked.emit(self.currentIndex().data(KEY_ROLE))
        else:
            # No letter search: single letters are shortcuts of the window.
            event.ignore()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # A row has nothing to scroll upright, so the common wheel moves it sideways.
        bar = self.horizontalScrollBar()
        delta = event.angleDelta().x() or event.angleDelta().y()
        if bar.maximum() == 0:
            event.ignore()
            return
        bar.setValue(bar.value() - round(delta / 120 * (THUMB + 2 * PAD)))
        event.accept()

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        if not self.removable or not index.isValid():
            event.ignore()
            return
        key = index.data(KEY_ROLE)
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        menu.addAction(self.tr("Remove"), lambda: self.removal_wished.emit(key))
        point = self.visualRect(index).bottomLeft() if keyboard else event.pos()
        menu.popup(self.viewport().mapToGlobal(point))

    def viewportEvent(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.Leave:
            self.viewport().update()
        return super().viewportEvent(event)


class _Delegate(QStyledItemDelegate):
    """Draws a thumbnail with its caption; the current one has a frame in the accent colour."""

    def __init__(self, parent: QWidget, *, removable: bool) -> None:
        super().__init__(parent)
        self._removable = removable

    def sizeHint(self, option: QStyleOptionViewItem, index: Index) -> QSize:
        return cell_size(option.font)

    def paint(self, painter: QPainter, option: QStyleOptionViewItem, index: Index) -> None:
        palette = option.palette
        state = option.state
        selected = bool(state & QStyle.StateFlag.State_Selected)
        hovered = bool(state & QStyle.StateFlag.State_MouseOver)
        focused = bool(state & QStyle.StateFlag.State_HasFocus)
        cell = option.rect
        frame = QRect(cell.left() + PAD, cell.top() + PAD, THUMB, THUMB)
        painter.save()
        painter.fillRect(frame, picture_background())
        image = index.data(IMAGE_ROLE)
        if isinstance(image, QImage):
            draw_fitted(painter, image, frame)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setBrush(Qt.BrushStyle.NoBrush)
        if selected:
            accent = palette.color(QPalette.ColorRole.Accent)
            painter.setPen(QPen(accent, 3 if focused else 2))
            painter.drawRoundedRect(QRectF(frame).adjusted(-1.5, -1.5, 1.5, 1.5), 2, 2)
        elif hovered:
            painter.setPen(QPen(palette.color(QPalette.ColorRole.WindowText), 1))
            painter.drawRect(QRectF(frame).adjusted(-0.5, -0.5, 0.5, 0.5))
        if hovered and self._removable:
            _draw_cross(painter, cross_rect(cell))
        painter.setPen(palette.color(QPalette.ColorRole.WindowText))
        line = QRect(cell.left() + 1, frame.bottom() + PAD, cell.width() - 2, cell.height())
        line.setBottom(cell.bottom())
        text = option.fontMetrics.elidedText(
            str(index.data()), Qt.TextElideMode.ElideRight, line.width()
        )
        painter.setFont(option.font)
        painter.drawText(line, Qt.AlignmentFlag.AlignCenter, text)
        painter.restore()


def draw_fitted(painter: QPainter, image: QImage, frame: QRect) -> None:
    """Draw ``image`` as large as fits into ``frame``."""
    scale = min(frame.width() / image.width(), frame.height() / image.height())
    width, height = image.width() * scale, image.height() * scale
    target = QRectF(0, 0, width, height)
    target.moveCenter(QRectF(frame).center())
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform, scale < 1)
    painter.drawImage(target, image, QRectF(image.rect()))


def _draw_cross(painter: QPainter, rect: QRect) -> None:
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(QColor(0, 0, 0, 180))
    painter.drawRoundedRect(rect, 3, 3)
    painter.setPen(QPen(QColor(255, 255, 255), 1.5))
    inner = rect.adjusted(5, 5, -4, -4)
    painter.drawLine(inner.topLeft(), inner.bottomRight())
    painter.drawLine(inner.topRight(), inner.bottomLeft())
