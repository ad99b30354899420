"""The searchable list of techniques to add."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QObject, QSize, Qt, Signal
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QLineEdit,
    QListWidget,
    QListWidgetItem,
    QStyledItemDelegate,
    QVBoxLayout,
    QWidget,
)

from widgets.recipes.techniques import Offer
from widgets.style.theme import GRID

OFFER = Qt.ItemDataRole.UserRole
MOST_HEIGHT = 240


class _Lines(QStyledItemDelegate):
    """Items as tall as their wrapped text needs in the width that there is."""

    def sizeHint(self, option: object, index: object) -> QSize:
        view = self.parent()
        assert isinstance(view, QListWidget)
        width = max(80, view.viewport().width() - GRID)
        text = index.data()  # type: ignore[attr-defined]
        flags = Qt.TextFlag.TextWordWrap
        box = view.fontMetrics().boundingRect(0, 0, width - GRID, 10_000, flags, text)
        return QSize(width, box.height() + GRID)


class Palette(QWidget):
    """What cannot be added is greyed out and says why.

    Signals:
        chosen(offer): to be added, or a package to be agreed to. closed(): not now.
    """

    chosen = Signal(object)
    closed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._offers: tuple[Offer, ...] = ()
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Search"))
        self.search.setAccessibleName(self.tr("Search techniques"))
        self.search.setClearButtonEnabled(True)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Techniques"))
        self.list.setWordWrap(True)
        self.list.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.list.setResizeMode(QListWidget.ResizeMode.Adjust)
        self.list.setItemDelegate(_Lines(self.list))
        self.list.setMaximumHeight(MOST_HEIGHT)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.search)
        layout.addWidget(self.list)
        self.search.textChanged.connect(lambda _text: self._fill())
        self.list.itemActivated.connect(self._activated)
        self.list.itemClicked.connect(self._activated)
        for widget in (self.search, self.list):
            widget.installEventFilter(self)

    def offer(self, offers: Sequence[Offer]) -> None:
        """List these."""
        self._offers = tuple(offers)
        self._fill()

    def begin(self) -> None:
        """Opened: an empty search with the keyboard in it."""
        self.search.clear()
        self.search.setFocus()

    def shown(self) -> list[Offer]:
        """What the search leaves, in order."""
        return [self.list.item(n).data(OFFER) for n in range(self.list.count())]

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.type() == QEvent.Type.KeyPress:
            if event.key() == Qt.Key.Key_Escape:
                self.closed.emit()
                return True
            if watched is self.search and event.key() in (Qt.Key.Key_Down, Qt.Key.Key_Up):
                self.list.setFocus()
                self.list.event(event)
                return True
            if watched is self.search and event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
                item = self.list.currentItem()
                if item is not None:
                    self._activated(item)
                return True
        return super().eventFilter(watched, event)

    def _fill(self) -> None:
        words = self.search.text().lower().split()
        self.list.clear()
        first = None
        for offer in self._offers:
            second = offer.refused or offer.summary
            text = f"{offer.title}\n{second}" if second else offer.title
            if not all(word in f"{offer.name} {text}".lower() for word in words):
                continue
            item = QListWidgetItem(text)
            item.setData(OFFER, offer)
            item.setToolTip(text)
            if offer.refused:
                item.setFlags(Qt.ItemFlag.NoItemFlags)
            self.list.addItem(item)
            if first is None and not offer.refused:
                first = item
        self.list.setCurrentItem(first)  # type: ignore[arg-type]  # None: nothing is current

    def _activated(self, item: QListWidgetItem) -> None:
        offer: Offer = item.data(OFFER)
        if not offer.refused:
            self.chosen.emit(offer)
