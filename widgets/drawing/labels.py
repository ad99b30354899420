"""The labels that a label map can be drawn with: a colour and a name each."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QIcon, QPixmap
from PySide6.QtWidgets import QLineEdit, QListWidget, QListWidgetItem, QVBoxLayout, QWidget

from widgets.drawing.colours import label_colour, label_name
from widgets.style.theme import GRID

SWATCH = 14
ROWS_HEIGHT = 76
MANY = 16  # labels from which on a field to filter them is worth its place
VALUE = Qt.ItemDataRole.UserRole


class LabelList(QWidget):
    """Signals: chosen(label)."""

    chosen = Signal(int)

    def __init__(self) -> None:
        super().__init__()
        self.filter = QLineEdit()
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter the labels"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self._filter)
        self.list = QListWidget()
        self.list.setAccessibleName(self.tr("Labels"))
        self.list.setIconSize(QSize(SWATCH, SWATCH))
        self.list.setUniformItemSizes(True)
        self.list.setFixedHeight(ROWS_HEIGHT)
        self.list.currentItemChanged.connect(self._chosen)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.filter)
        layout.addWidget(self.list)

    def set_count(self, count: int) -> None:
        """Offer the labels 0 to ``count`` - 1."""
        if self.list.count() == count:
            return
        self.list.blockSignals(True)
        self.list.clear()
        for label in range(count):
            swatch = QPixmap(SWATCH, SWATCH)
            swatch.fill(label_colour(label))
            item = QListWidgetItem(QIcon(swatch), label_name(label))
            item.setData(VALUE, label)
            self.list.addItem(item)
        self.list.blockSignals(False)
        self.filter.clear()
        self.filter.setVisible(count > MANY)

    def set_current(self, label: int) -> None:
        """Mark a label, without a signal."""
        self.list.blockSignals(True)
        if 0 <= label < self.list.count():
            self.list.setCurrentRow(label)
        self.list.blockSignals(False)

    def _chosen(self, item: QListWidgetItem | None, _: object) -> None:
        if item is not None:
            self.chosen.emit(int(item.data(VALUE)))

    def _filter(self, text: str) -> None:
        words = text.lower().split()
        for row in range(self.list.count()):
            item = self.list.item(row)
            item.setHidden(not all(word in item.text().lower() for word in words))
