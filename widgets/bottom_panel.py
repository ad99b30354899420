"""What it costs: quality against cost as a plot, and a table of the same numbers."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QLineEdit,
    QMenu,
    QSplitter,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QVBoxLayout,
    QWidget,
)

from studio.families.info import ModelInfo
from studio.fidelity.domain import judged
from studio.runtimes.host import host_name
from studio.session.document import CURRENT, FULL, Document
from widgets import captions, settings
from widgets.actions import Actions
from widgets.controls.table import ID_ROLE, Column, NumberTable
from widgets.elsewhere.found import Elsewhere, Findings, is_elsewhere, point, ref_of, row
from widgets.elsewhere.places import drawn_here
from widgets.frontier.axes import axis_hint, axis_name
from widgets.frontier.gathering import Gathering
from widgets.frontier.panel import FrontierPanel
from widgets.frontier.points import Point
from widgets.renderer import Renderer
from widgets.scene import PYTORCH
from widgets.style.theme import GRID, caption_font
from widgets.variant_rows import VariantRow, rows
from widgets.wiring import button

if TYPE_CHECKING:
    from widgets.frontier.plot import Provider

FIRST_LIVE_COLUMN = 7
SELDOM = range(11, 16)
"""Columns of what is measured only when asked for; hidden while no row has it."""
SPLIT = "bottom/split"
PLOT_SHARE = 45  # percent of the width, unless it was dragged


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
    """Signals: side_chosen(side, ref), point_chosen(side, point), current_wanted(ref),
    choice_wanted(choice), unkeep_wanted(id), measure_wanted(refs), command_wanted(ref),
    layers_wanted(ref, target; empty for the usual one), export_wanted(ref),
    forget_wanted(measurement): one of another computer.
    """

    side_chosen = Signal(str, str)
    point_chosen = Signal(str, object)
    current_wanted = Signal(str)
    choice_wanted = Signal(object)
    unkeep_wanted = Signal(str)
    measure_wanted = Signal(object)
    export_wanted = Signal(str)
    forget_wanted = Signal(object)
    command_wanted = Signal(str)
    layers_wanted = Signal(str, str)

    def __init__(self, actions: Actions, provider: Provider | None = None) -> None:
        super().__init__()
        self.table = NumberTable(self._columns())
        self.table.setAccessibleName(self.tr("Variants and what they cost"))
        self.table.setObjectName("variants")
        header = self.table.horizontalHeader()
        header.setSectionResizeMode(header.count() - 1, QHeaderView.ResizeMode.Stretch)
        self.table.set_menu(self._fill_menu)
        self.table.row_activated.connect(self._activated)
        self._delegate = LiveNumbers(self.table)
        self.table.setItemDelegate(self._delegate)
        self._rows: dict[str, VariantRow] = {}
        self._gathering = Gathering()
        self._findings = Findings()
        self._away: dict[str, Elsewhere] = {}
        self._sized: object = None
        self.frontier = FrontierPanel(actions["measure"], provider)
        self.frontier.side_chosen.connect(self._point_chosen)
        self.frontier.current_wanted.connect(self.current_wanted)
        self.frontier.export_wanted.connect(self.export_wanted)
        self.frontier.layers_wanted.connect(
            lambda point: self.layers_wanted.emit(point.ref, drawn_here(point.target) or "")
        )
        self.frontier.choice_wanted.connect(self.choice_wanted)
        self.filter = QLineEdit()
        self.filter.setObjectName("variants filter")
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter the table"))
        self.filter.setToolTip(self.tr("Rows in which every word occurs, such as: 0.5 64"))
        self.filter.setClearButtonEnabled(True)
        self.filter.textChanged.connect(self.table.set_filter)
        legend = QLabel(
            self.tr("Italic: live numbers of this picture. Upright: measured on this computer.")
        )
        legend.setFont(caption_font(legend.font()))
        legend.setMinimumWidth(0)
        self.measure = button(actions["measure"], words=True)
        self.split = QSplitter(Qt.Orientation.Horizontal)
        self.split.setChildrenCollapsible(False)
        self.split.addWidget(self.frontier)
        self.split.addWidget(self._table_side(actions))
        self._restore_split()
        self.split.splitterMoved.connect(lambda *_: self._remember_split())
        line = QHBoxLayout()
        line.setSpacing(GRID)
        line.addWidget(legend, 1)
        line.addWidget(button(actions["grid"], words=True))
        line.addWidget(button(actions["blind_test"], words=True))
        line.addWidget(button(actions["sweep"], words=True))
        line.addWidget(self.measure)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.split, 1)
        layout.addLayout(line)

    def _table_side(self, actions: Actions) -> QWidget:
        side = QWidget()
        head = QHBoxLayout()
        head.setSpacing(GRID // 2)
        head.addWidget(self.filter, 1)
        head.addWidget(button(actions["copy_table"]))
        head.addWidget(button(actions["save_table"]))
        layout = QVBoxLayout(side)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        return side

    def _restore_split(self) -> None:
        share = settings.text(SPLIT)
        plot = int(share) if share.isdecimal() and 5 <= int(share) <= 95 else PLOT_SHARE
        self.split.setSizes([plot * 100, (100 - plot) * 100])
        self.split.setStretchFactor(0, plot)
        self.split.setStretchFactor(1, 100 - plot)

    def _remember_split(self) -> None:
        plot, table = self.split.sizes()
        settings.remember(SPLIT, str(round(100 * plot / max(1, plot + table))))

    def show_numbers(self, document: Document, info: ModelInfo | None, renderer: Renderer) -> None:
        """Fill table and plot from the document and from what rendering has taught so far."""
        found = rows(document, info, renderer) if info is not None else {}
        self._show_points(document, info, renderer, found)
        if info is not None:
            others = self._findings.of(document, info, host_name())
            self._away = {each.key: each for each in others}
            found = {**found, **{key: row(each, info) for key, each in self._away.items()}}
        if found == self._rows:
            return
        self._rows = found
        self._delegate.live = {ref for ref, row in found.items() if not row.measured}
        values = {ref: row.values() for ref, row in found.items()}
        self.table.set_rows(values)
        hidden = tuple(all(row[n] is None for row in values.values()) for n in SELDOM)
        for column, hide in zip(SELDOM, hidden, strict=True):
            self.table.setColumnHidden(column, hide)
        shape = (
            info.key if info else None,
            tuple(found),
            tuple(r.measured for r in found.values()),
            hidden,
        )
        if shape != self._sized:
            # Not at every number: columns that breathe while one drags are a nuisance.
            self._sized = shape
            self.table.resizeColumnsToContents()

    def _show_points(
        self,
        document: Document,
        info: ModelInfo | None,
        renderer: Renderer,
        found: dict[str, VariantRow],
    ) -> None:
        if info is None:
            self.frontier.show_points((), "", "", {})
            return
        host, scene = host_name(), renderer.scene
        current = self._gathering.current(document, info, host)
        sides = {"A": document.view.side_a, "B": document.view.side_b}
        self.frontier.show_points(
            (
                *self._gathering.points(document, info, found, host),
                *(point(each) for each in self._findings.of(document, info, host)),
            ),
            PYTORCH if scene is None else scene.full.target,
            current,
            {side: current if ref == CURRENT else ref for side, ref in sides.items()},
            ready=bool(renderer.shown),
            judged=judged(info),
        )

    def shown_rows(self) -> list[VariantRow]:
        """The rows of the table as it is sorted and filtered."""
        return [self._rows[str(ref)] for ref in self.table.visible_ids()]

    def chosen_rows(self) -> Sequence[VariantRow]:
        """The selected rows; all that are shown where none is."""
        return [self._rows[str(ref)] for ref in self.table.selected_ids()] or self.shown_rows()

    def _point_chosen(self, side: str, point: Point) -> None:
        away = [k for k, e in self._away.items() if (e.ref, e.place) == (point.ref, point.target)]
        self.table.select_ids(away or [point.ref])
        if not point.ref:
            return  # nothing of the document draws it
        self.point_chosen.emit(side, point)

    def _activated(self, key: Hashable) -> None:
        ref = ref_of(str(key))
        if ref:
            self.side_chosen.emit("B", ref)

    def _fill_menu(self, menu: QMenu, key: Hashable) -> None:
        ref, away = ref_of(str(key)), is_elsewhere(str(key))
        if ref:
            self._fill_variant(menu, ref, away=away)
        if away:
            menu.addSeparator()
            taken = self._away[str(key)].measurement
            menu.addAction(self.tr("Remove this measurement")).triggered.connect(
                lambda _=False: self.forget_wanted.emit(taken)
            )

    def _fill_variant(self, menu: QMenu, ref: str, *, away: bool) -> None:
        for side in ("A", "B"):
            text = self.tr("Show on side {side}").format(side=side)
            menu.addAction(text).triggered.connect(
                lambda _=False, s=side: self.side_chosen.emit(s, ref)
            )
        menu.addAction(self.tr("Make it current")).triggered.connect(
            lambda _=False: self.current_wanted.emit(ref)
        )
        menu.addAction(self.tr("Export bundle…")).triggered.connect(
            lambda _=False: self.export_wanted.emit(ref)
        )
        if away:
            return
        menu.addAction(self.tr("Measure")).triggered.connect(
            lambda _=False: self.measure_wanted.emit((ref,))
        )
        menu.addAction(self.tr("Copy as command")).triggered.connect(
            lambda _=False: self.command_wanted.emit(ref)
        )
        menu.addAction(self.tr("Layer by layer…")).triggered.connect(
            lambda _=False: self.layers_wanted.emit(ref, "")
        )
        if ref not in (FULL, CURRENT):
            menu.addSeparator()
            menu.addAction(self.tr("Remove")).triggered.connect(
                lambda _=False: self.unkeep_wanted.emit(ref)
            )

    def _quality(self, name: str, tooltip: str, unit: str = "") -> Column:
        """A column of numbers that have a spread over seeds."""
        spread = self.tr("Median over seeds (first to third quartile)")
        return Column(
            name,
            unit,
            formatter=lambda q: captions.ranged(q.value, q.spread, decibels=bool(unit)),
            sort_key=lambda q: q.value,
            tooltip=f"{tooltip}\n{spread}",
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
            self._quality(
                "PSNR", self.tr("Peak signal-to-noise ratio to full; higher is closer"), "dB"
            ),
            self._quality(
                "SSIM", self.tr("Structural similarity to full (Wang et al. 2004); 1 is equal")
            ),
            self._quality(
                "FLIP", self.tr("Visible difference to full (Andersson et al. 2020); 0 is none")
            ),
            self._quality("LPIPS", axis_hint("lpips")),
            Column("FID", formatter="{:.3g}".format, tooltip=axis_hint("fid")),
            Column(axis_name("realism"), formatter="{:.2f}".format, tooltip=axis_hint("realism")),
            Column(axis_name("memory"), formatter=captions.size, tooltip=axis_hint("memory")),
            Column(
                self.tr("denoiser step"),
                "ms",
                formatter=captions.milliseconds,
                tooltip=self.tr("One call of the denoiser, with all that guidance wants"),
            ),
            Column(
                self.tr("numbers"),
                numeric=False,
                tooltip=self.tr("Where latency and fidelity come from"),
            ),
        ]
