"""A table of things with numbers: sortable, right-aligned tabular figures, units in the header."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import (
    QAbstractTableModel,
    QEvent,
    QItemSelectionModel,
    QModelIndex,
    QPersistentModelIndex,
    QSortFilterProxyModel,
    Qt,
    Signal,
)
from PySide6.QtGui import QContextMenuEvent, QGuiApplication, QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHeaderView,
    QMenu,
    QProxyStyle,
    QStyle,
    QStyledItemDelegate,
    QStyleOption,
    QStyleOptionViewItem,
    QTableView,
    QWidget,
)

from widgets.style.palettes import blend
from widgets.style.theme import GRID, tabular

__all__ = ["Column", "NumberTable", "NumberTableModel"]

NOTHING = "\N{EN DASH}"
Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
SORT_ROLE = Role.UserRole
ID_ROLE = Role.UserRole + 1


@dataclass(frozen=True)
class Column:
    """One column.

    Args:
        title, unit: the header; the unit follows in brackets.
        numeric: numbers stand at the right, text at the left.
        formatter: how a value is written. None is always written as a dash.
        sort_key: what a value is sorted by; the value itself when absent. None goes last.
        tooltip: the field's exact term.
    """

    title: str
    unit: str = ""
    numeric: bool = True
    formatter: Callable[[Any], str] = str
    sort_key: Callable[[Any], Any] | None = None
    tooltip: str = ""

    @property
    def header(self) -> str:
        return f"{self.title} ({self.unit})" if self.unit else self.title


class NumberTableModel(QAbstractTableModel):
    """Rows are tuples, one value a column, each under an id."""

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.columns = tuple(columns)
        self.ids: list[Hashable] = []
        self._rows: list[Sequence[Any]] = []

    def set_rows(self, rows: Mapping[Hashable, Sequence[Any]]) -> None:
        """Replace all rows; the same ids in the same order only change their values.

        Raises:
            ValueError: a row has another number of values than there are columns.
        """
        for key, row in rows.items():
            if len(row) != len(self.columns):
                raise ValueError(
                    f"row {key!r} has {len(row)} values for {len(self.columns)} columns"
                )
        if list(rows) == self.ids:
            self._rows = list(rows.values())
            if self._rows:
                last = self.index(len(self._rows) - 1, len(self.columns) - 1)
                self.dataChanged.emit(self.index(0, 0), last)
            return
        self.beginResetModel()
        self.ids, self._rows = list(rows), list(rows.values())
        self.endResetModel()

    def rowCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self._rows)

    def columnCount(self, parent: Index = QModelIndex()) -> int:  # noqa: B008
        return 0 if parent.isValid() else len(self.columns)

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        if not index.isValid():
            return None
        column = self.columns[index.column()]
        value = self._rows[index.row()][index.column()]
        if role == Role.DisplayRole:
            return NOTHING if value is None else column.formatter(value)
        if role == SORT_ROLE:
            return value if value is None or column.sort_key is None else column.sort_key(value)
        if role == ID_ROLE:
            return self.ids[index.row()]
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        if role == Role.ToolTipRole and not column.numeric:
            return None if value is None else column.formatter(value)
        return None

    def headerData(
        self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole
    ) -> Any:
        if orientation != Qt.Orientation.Horizontal:
            return None
        column = self.columns[section]
        if role == Role.DisplayRole:
            return column.header
        if role == Role.ToolTipRole:
            return column.tooltip or None
        if role == Role.TextAlignmentRole:
            side = Qt.AlignmentFlag.AlignRight if column.numeric else Qt.AlignmentFlag.AlignLeft
            return side | Qt.AlignmentFlag.AlignVCenter
        return None


class _Sorted(QSortFilterProxyModel):
    """Sorts by the columns' keys, with what is not known last in either order; keeps the rows in
    which every wanted word occurs."""

    words: tuple[str, ...] = ()

    def filterAcceptsRow(self, row: int, parent: Index) -> bool:
        if not self.words:
            return True
        model = self.sourceModel()
        cells = (model.index(row, c, parent).data() for c in range(model.columnCount(parent)))
        text = "\n".join(str(cell) for cell in cells).casefold()
        return all(word in text for word in self.words)

    def lessThan(self, left: Index, right: Index) -> bool:
        first, second = left.data(SORT_ROLE), right.data(SORT_ROLE)
        if first is None or second is None:
            ascending = self.sortOrder() == Qt.SortOrder.AscendingOrder
            return second is None and first is not None if ascending else second is not None
        return bool(first < second)


class _Cells(QStyledItemDelegate):
    """Without the frame around one cell, which says nothing where rows are what is chosen."""

    def initStyleOption(self, option: QStyleOptionViewItem, index: Index) -> None:
        super().initStyleOption(option, index)
        option.state &= ~QStyle.StateFlag.State_HasFocus


class _Roomy(QProxyStyle):
    """The application's style with more room beside the text of cells and headers.

    Without it a column of text begins where the numbers of the column before it end.
    """

    def pixelMetric(
        self,
        metric: QStyle.PixelMetric,
        option: QStyleOption | None = None,
        widget: QWidget | None = None,
    ) -> int:
        if metric in (QStyle.PixelMetric.PM_HeaderMargin, QStyle.PixelMetric.PM_FocusFrameHMargin):
            return GRID - 1
        return super().pixelMetric(metric, option, widget)


class NumberTable(QTableView):
    """Shows rows by id. Double-click or Enter activates one."""

    row_activated = Signal(object)
    selection_changed = Signal(list)

    def __init__(self, columns: Sequence[Column], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Table"))
        self.rows = NumberTableModel(columns, self)
        self._sorted = _Sorted(self)
        self._sorted.setSourceModel(self.rows)
        self.setModel(self._sorted)
        self.setItemDelegate(_Cells(self))
        self._roomy = _Roomy()
        self._roomy.setParent(self)
        for widget in (self, self.horizontalHeader()):
            widget.setStyle(self._roomy)
        self._tint()
        self.setFont(tabular(self.font()))
        self.setSortingEnabled(True)
        self.horizontalHeader().setSortIndicator(-1, Qt.SortOrder.AscendingOrder)
        self.horizontalHeader().setSortIndicatorClearable(True)
        self.horizontalHeader().setStretchLastSection(False)
        self.horizontalHeader().setHighlightSections(False)
        self.horizontalHeader().setMinimumSectionSize(5 * GRID)
        self.verticalHeader().hide()
        self.verticalHeader().setDefaultSectionSize(self.fontMetrics().height() + GRID)
        self.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        self.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        self.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        self.setAlternatingRowColors(True)
        self.setShowGrid(False)
        self.setWordWrap(False)
        self.setTabKeyNavigation(False)
        self._fill_menu: Callable[[QMenu, Hashable], None] | None = None
        self.activated.connect(lambda index: self.row_activated.emit(index.data(ID_ROLE)))
        self.selectionModel().selectionChanged.connect(
            lambda *_: self.selection_changed.emit(self.selected_ids())
        )

    def _tint(self) -> None:
        """Mark chosen rows by a tint of the accent, on which numbers stay as readable as before;
        a whole row in the accent itself would be the loudest thing in the window."""
        shades = QGuiApplication.palette()
        tint = QPalette()
        accent = shades.color(QPalette.ColorRole.Accent)
        below = shades.color(QPalette.ColorRole.Base)
        tint.setColor(QPalette.ColorRole.Highlight, blend(below, accent, 0.3))
        tint.setColor(QPalette.ColorRole.HighlightedText, shades.color(QPalette.ColorRole.Text))
        self._tinting = True
        self.setPalette(tint)
        self._tinting = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not getattr(self, "_tinting", True):
            self._tint()

    def set_rows(
        self, rows: Mapping[Hashable, Sequence[Any]] | Iterable[tuple[Hashable, Sequence[Any]]]
    ) -> None:
        """Replace all rows; the selection stays with the ids that are still there."""
        new = dict(rows)
        if list(new) == self.rows.ids:
            self.rows.set_rows(new)
            return
        chosen = self.selected_ids()
        self.rows.set_rows(new)
        self.select_ids(chosen)

    def selected_ids(self) -> list[Hashable]:
        """Ids of the selected rows, from top to bottom."""
        indexes = self.selectionModel().selectedRows()
        return [i.data(ID_ROLE) for i in sorted(indexes, key=lambda index: index.row())]

    def select_ids(self, ids: Iterable[Hashable]) -> None:
        """Select these rows and no others; unknown ids are passed over."""
        wanted = set(ids)
        self.clearSelection()
        flags = QItemSelectionModel.SelectionFlag.Select | QItemSelectionModel.SelectionFlag.Rows
        for row in range(self._sorted.rowCount()):
            index = self._sorted.index(row, 0)
            if index.data(ID_ROLE) in wanted:
                self.selectionModel().select(index, flags)

    def visible_ids(self) -> list[Hashable]:
        """All ids in the order on show."""
        count = self._sorted.rowCount()
        return [self._sorted.index(row, 0).data(ID_ROLE) for row in range(count)]

    def set_filter(self, text: str) -> None:
        """Show only rows in which every word of ``text`` occurs somewhere; none shows all."""
        self._sorted.words = tuple(text.casefold().split())
        # The pattern itself decides nothing; that it changes has the rows asked again, in every
        # version of Qt.
        self._sorted.setFilterFixedString(text)

    def fit_columns(self) -> None:
        """Make columns as wide as what they hold; the first takes the rest of the width."""
        self._fitted = True
        header = self.horizontalHeader()
        for section in range(1, header.count()):
            header.setSectionResizeMode(section, QHeaderView.ResizeMode.ResizeToContents)
        self._fit_first()

    def _fit_first(self) -> None:
        """Stretching would squeeze the first column to nothing where the others fill the width."""
        header, mode = self.horizontalHeader(), QHeaderView.ResizeMode
        others = [n for n in range(1, header.count()) if not header.isSectionHidden(n)]
        taken = sum(header.sectionSize(section) for section in others)
        wanted = max(self.sizeHintForColumn(0), header.sectionSizeHint(0))
        room = self.viewport().width() - taken >= wanted
        header.setSectionResizeMode(0, mode.Stretch if room else mode.ResizeToContents)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        if getattr(self, "_fitted", False):
            self._fit_first()

    def set_menu(self, fill: Callable[[QMenu, Hashable], None] | None) -> None:
        """``fill`` adds actions to the context menu of the row with the given id."""
        self._fill_menu = fill

    def menu_for(self, key: Hashable) -> QMenu | None:
        """The context menu of a row; None where there is nothing to offer."""
        if self._fill_menu is None:
            return None
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self._fill_menu(menu, key)
        if menu.isEmpty():
            menu.deleteLater()
            return None
        return menu

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        index = self.currentIndex() if keyboard else self.indexAt(event.pos())
        menu = self.menu_for(index.data(ID_ROLE)) if index.isValid() else None
        if menu is None:
            event.ignore()
            return
        point = self.visualRect(index).bottomLeft() if keyboard else event.pos()
        menu.popup(self.viewport().mapToGlobal(point))
