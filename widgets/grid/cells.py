"""The cells of a grid and its headers, as a table model."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import QAbstractTableModel, QModelIndex, QPersistentModelIndex, Qt
from PySide6.QtGui import QImage
from PySide6.QtWidgets import QWidget

REDUCED = 256  # pixels: what a cell is drawn from while no more are seen
CELL_ROLE = Qt.ItemDataRole.UserRole + 1
Index = QModelIndex | QPersistentModelIndex


@dataclass(frozen=True)
class Cell:
    """One cell: its picture or None, the line below it, and what a pointer resting on it reads."""

    image: QImage | None = None
    reduced: QImage | None = None
    caption: str = ""
    tip: str = ""


NOTHING = Cell()


def with_reduced(image: QImage, caption: str, tip: str = "") -> Cell:
    """A cell with its picture, and that picture reduced once where it is large."""
    small = image
    if max(image.width(), image.height()) > 2 * REDUCED:
        small = image.scaled(
            REDUCED,
            REDUCED,
            Qt.AspectRatioMode.KeepAspectRatio,
            Qt.TransformationMode.SmoothTransformation,
        )
    return Cell(image, small, caption, tip)


class GridModel(QAbstractTableModel):
    """Headers and cells."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns: tuple[str, ...] = ()
        self.rows: tuple[str, ...] = ()
        self._cells: dict[tuple[int, int], Cell] = {}

    def set_shape(self, columns: Sequence[str], rows: Sequence[str]) -> None:
        """Another grid, of empty cells."""
        self.beginResetModel()
        self.columns, self.rows = tuple(columns), tuple(rows)
        self._cells = {}
        self.endResetModel()

    def set_columns(self, columns: Sequence[str]) -> None:
        """Other headers of the same columns."""
        if tuple(columns) != self.columns:
            self.columns = tuple(columns)
            last = len(columns) - 1
            self.headerDataChanged.emit(Qt.Orientation.Horizontal, 0, last)

    def cell(self, row: int, column: int) -> Cell:
        """What a cell shows."""
        return self._cells.get((row, column), NOTHING)

    def set_cell(self, row: int, column: int, cell: Cell) -> None:
        """Show something else in a cell."""
        self._cells[row, column] = cell
        index = self.index(row, column)
        self.dataChanged.emit(index, index)

    def images(self) -> list[QImage]:
        """All pictures that are there."""
        return [cell.image for cell in self._cells.values() if cell.image is not None]

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Qt.ItemDataRole.DisplayRole) -> Any:
        if not index.isValid():
            return None
        cell = self.cell(index.row(), index.column())
        if role == CELL_ROLE:
            return cell
        if role == Qt.ItemDataRole.AccessibleTextRole:
            name = ", ".join(self.columns[index.column()].split("\n"))
            parts = (self.rows[index.row()], name, cell.caption, cell.tip)
            return ", ".join(part for part in parts if part)
        if role == Qt.ItemDataRole.ToolTipRole:
            return cell.tip or None
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Qt.ItemDataRole.DisplayRole
    ) -> Any:
        names = self.columns if orientation == Qt.Orientation.Horizontal else self.rows
        if role in (Qt.ItemDataRole.DisplayRole, Qt.ItemDataRole.ToolTipRole):
            return names[section] if 0 <= section < len(names) else None
        return None
