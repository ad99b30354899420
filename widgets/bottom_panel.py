"""What it costs: a table of full, the current subnet and the kept ones."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.families.info import ModelInfo
from studio.session.document import CURRENT, FULL, Document
from widgets import captions
from widgets.actions import Actions
from widgets.controls.table import ID_ROLE, Column, NumberTable
from widgets.renderer import Renderer
from widgets.style.theme import GRID, caption_font
from widgets.variant_rows import VariantRow, rows
from widgets.wiring import button

FIRST_LIVE_COLUMN = 7


class LiveNumbers(QStyledItemDelegate):
    """Numbers of the moment are drawn in italics and paler than measured ones."""

    def __init__(self, table: NumberTable) -> None:
        super().__init__(table)
        self.live: set[Hashable] = set()

    def initStyleOption(
        self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        super().initStyleOption(option, index)
        if index.column() >= FIRST_LIVE_COLUMN and index.data(ID_ROLE) in self.live:
            option.font.setItalic(True)
            for role in (QPalette.ColorRole.Text, QPalette.ColorRole.HighlightedText):
                colour = option.palette.color(role)
                colour.setAlphaF(0.72)
                option.palette.setColor(role, colour)


class BottomPanel(QWidget):
    """Signals: side_chosen(side, ref), unkeep_wanted(id), measure_wanted(refs)."""

    side_chosen = Signal(str, str)
    unkeep_wanted = Signal(str)
    measure_wanted = Signal(object)

    def __init__(self, actions: Actions) -> None:
        super().__init__()
        self.table = NumberTable(self._columns())
        self.table.setAccessibleName(self.tr("Variants and what they cost"))
        self.table.setObjectName("variants")
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(header.count() - 1, QHeaderView.ResizeMode.Stretch)
        self.table.set_menu(self._fill_menu)
        self.table.row_activated.connect(lambda ref: self.side_chosen.emit("B", str(ref)))
        self._delegate = LiveNumbers(self.table)
        self.table.setItemDelegate(self._delegate)
        self._rows: dict[str, VariantRow] = {}
        self._sized: object = None
        legend = QLabel(
            self.tr("Italic: live numbers of this picture. Upright: measured on this computer.")
        )
        legend.setFont(caption_font(legend.font()))
        legend.setMinimumWidth(0)
        self.measure = button(actions["measure"], words=True)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(legend, 1)
        line.addWidget(self.measure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.table, 1)
        layout.addLayout(line)

    def show_numbers(self, document: Document, info: ModelInfo | None, renderer: Renderer) -> None:
        """Fill the table from the document and from what rendering has taught so far."""
        found = rows(document, info, renderer) if info is not None else {}
        if found == self._rows:
            return
        self._rows = found
        self._delegate.live = {ref for ref, row in found.items() if not row.measured}
        self.table.set_rows({ref: row.values() for ref, row in found.items()})
        shape = (
            info.key if info else None,
            tuple(found),
            tuple(r.measured for r in found.values()),
        )
        if shape != self._sized:
            # Not at every number: columns that breathe while one drags are a nuisance.
            self._sized = shape
            self.table.resizeColumnsToContents()

    def _fill_menu(self, menu: QMenu, key: Hashable) -> None:
        ref = str(key)
        for side in ("A", "B"):
            text = self.tr("Show on side {side}").format(side=side)
            menu.addAction(text).triggered.connect(
                lambda _=False, s=side: self.side_chosen.emit(s, ref)
            )
        menu.addAction(self.tr("Measure")).triggered.connect(
            lambda _=False: self.measure_wanted.emit((ref,))
        )
        if ref not in (FULL, CURRENT):
            menu.addSeparator()
            menu.addAction(self.tr("Remove")).triggered.connect(
                lambda _=False: self.unkeep_wanted.emit(ref)
            )

    def _columns(self) -> list[Column]:
        """The columns, in the order of ``VariantRow.values``."""
        return [
            Column(self.tr("name"), numeric=False),
            Column(self.tr("width"), formatter=str, sort_key=lambda v: v.sort),
            Column(self.tr("px"), tooltip=self.tr("Resolution in pixels")),
            Column(self.tr("parameters"), formatter=captions.count),
            Column(
                self.tr("MACs"),
                formatter=captions.count,
                tooltip=self.tr("True multiply-accumulates of one picture; no measure of speed"),
            ),
            Column(
                self.tr("MACs (paper)"),
                formatter=captions.count,
                tooltip=self.tr("As papers count: transposed convolutions at their output size"),
            ),
            Column(self.tr("size"), formatter=captions.size),
            Column(
                self.tr("latency"),
                "ms",
                formatter=captions.latency,
                sort_key=lambda value: value.median,
                tooltip=self.tr("Median (tenth to ninetieth percentile) of one picture here"),
            ),
            Column(
                "PSNR",
                "dB",
                formatter=captions.psnr_number,
                sort_key=captions.psnr_order,
                tooltip=self.tr("Peak signal-to-noise ratio to full; higher is closer"),
            ),
            Column(
                "SSIM",
                formatter="{:.3f}".format,
                tooltip=self.tr("Structural similarity to full (Wang et al. 2004); 1 is equal"),
            ),
            Column(
                "FLIP",
                formatter="{:.3f}".format,
                tooltip=self.tr("Visible difference to full (Andersson et al. 2020); 0 is none"),
            ),
            Column(
                self.tr("numbers"),
                numeric=False,
                tooltip=self.tr("Where latency and fidelity come from"),
            ),
        ]
