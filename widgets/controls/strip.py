"""A row of small pictures to choose from: seeds, pins."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QImage, QStandardItem, QStandardItemModel
from PySide6.QtWidgets import QLabel, QSizePolicy, QStackedLayout, QWidget

from widgets.compare.layer import to_image
from widgets.controls.thumbs import IMAGE_ROLE, KEY_ROLE, ThumbList, cell_size
from widgets.style.theme import GRID, caption_font

if TYPE_CHECKING:
    import numpy as np

THUMB_IMAGE = 128
"""Larger pictures are reduced to this many pixels once, instead of at every painting."""


class PictureStrip(QWidget):
    """Thumbnails with captions in a row that scrolls.

    A click, Enter or an arrow key activates one; Delete, the cross under the pointer or the
    context menu asks for its removal. The owner decides what is current.
    """

    activated = Signal(str)
    remove_requested = Signal(str)

    def __init__(self, parent: QWidget | None = None, *, removable: bool = True) -> None:
        super().__init__(parent)
        self._model = QStandardItemModel(self)
        self.list = ThumbList(self, removable=removable)
        self.list.setModel(self._model)
        self.list.picked.connect(self.activated)
        self.list.removal_wished.connect(self.remove_requested)
        self._empty = QLabel(self)
        self._empty.setWordWrap(True)
        self._empty.setFont(caption_font(self.font()))
        self._empty.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        self._stack = QStackedLayout(self)
        self._stack.addWidget(self.list)
        self._stack.addWidget(self._empty)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self.setAccessibleName(self.tr("Pictures"))
        self.set_items([])

    def setAccessibleName(self, name: str) -> None:
        """Also names the list inside, which is what gets the focus."""
        super().setAccessibleName(name)
        self.list.setAccessibleName(name)

    def keys(self) -> list[str]:
        return [self._model.item(row).data(KEY_ROLE) for row in range(self._model.rowCount())]

    def current(self) -> str | None:
        index = self.list.currentIndex()
        return index.data(KEY_ROLE) if index.isValid() else None

    def set_items(self, items: Sequence[tuple[str, str]]) -> None:
        """Replace what is shown by (key, caption) pairs; pictures of keys that stay are kept."""
        if items and [key for key, _ in items] == self.keys():
            for row, (_, caption) in enumerate(items):
                self._model.item(row).setText(caption)
                self._model.item(row).setToolTip(caption)
            return
        current, scrolled = self.current(), self.list.horizontalScrollBar().value()
        old = {key: self._item(key) for key in self.keys()}
        pictures = {key: item.data(IMAGE_ROLE) for key, item in old.items() if item is not None}
        self._model.clear()
        for key, caption in items:
            item = QStandardItem(caption)
            item.setEditable(False)
            item.setData(key, KEY_ROLE)
            item.setData(pictures.get(key), IMAGE_ROLE)
            item.setToolTip(caption)
            self._model.appendRow(item)
        self.list.doItemsLayout()
        self.list.horizontalScrollBar().setValue(scrolled)
        self.set_current(current)
        self._stack.setCurrentWidget(self.list if items else self._empty)

    def set_picture(self, key: str, pixels: np.ndarray | QImage) -> None:
        """The thumbnail of ``key``, (height, width, 3) uint8 or an image; an unknown key is passed
        over."""
        item = self._item(key)
        if item is None:
            return
        image = pixels if isinstance(pixels, QImage) else to_image(pixels)
        if max(image.width(), image.height()) > THUMB_IMAGE:
            image = image.scaled(
                THUMB_IMAGE,
                THUMB_IMAGE,
                Qt.AspectRatioMode.KeepAspectRatio,
                Qt.TransformationMode.SmoothTransformation,
            )
        item.setData(image, IMAGE_ROLE)

    def set_tip(self, key: str, text: str) -> None:
        """What a pointer resting on ``key`` reads; an empty text leaves its caption."""
        item = self._item(key)
        if item is not None and text:
            item.setToolTip(text)

    def set_current(self, key: str | None) -> None:
        """Mark ``key`` as current, without a signal; None marks nothing."""
        item = None if key is None else self._item(key)
        if item is None:
            self.list.clearSelection()
            self.list.setCurrentIndex(self._model.index(-1, -1))
        else:
            self.list.setCurrentIndex(item.index())
            self.list.scrollTo(item.index())

    def set_empty_text(self, text: str) -> None:
        """What to say while there is nothing to choose from."""
        self._empty.setText(text)

    def sizeHint(self) -> QSize:
        bar = self.list.horizontalScrollBar().sizeHint().height()
        return QSize(200, cell_size(self.list.font()).height() + bar + GRID // 2)

    def minimumSizeHint(self) -> QSize:
        return QSize(cell_size(self.list.font()).width() + GRID, self.sizeHint().height())

    def _item(self, key: str) -> QStandardItem | None:
        for row in range(self._model.rowCount()):
            item = self._model.item(row)
            if item.data(KEY_ROLE) == key:
                return item
        return None
