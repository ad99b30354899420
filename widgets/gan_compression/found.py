"""What a search has found: its front as a table, and what can be done with it."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from studio.search.report import Found, SearchReport
from studio.subnets.choice import SubnetChoice
from widgets.controls.table import Column, NumberTable
from widgets.style.theme import GRID
from widgets.wiring import row

MOST_LINES = 6


class FoundTable(QWidget):
    """Signals: frontier_wanted(choices): measure all and show them on the frontier.
    chosen(name): go on with this subnet."""

    frontier_wanted = Signal(object)
    chosen = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._report: SearchReport | None = None
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.table = NumberTable(self._columns())
        self.frontier = QPushButton(self.tr("Show on the frontier"))
        self.frontier.setToolTip(
            self.tr("Open the supernet, keep these subnets and measure them on this computer")
        )
        self.choose = QPushButton(self.tr("Go on with the selected one"))
        self.choose.setToolTip(self.tr("Fine-tune and export it"))
        self.table.selection_changed.connect(lambda ids: self.choose.setEnabled(len(ids) == 1))
        self.table.row_activated.connect(lambda name: self.chosen.emit(str(name)))
        self.choose.clicked.connect(self._choose)
        self.frontier.clicked.connect(lambda _=False: self.frontier_wanted.emit(self.choices()))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(self.says)
        layout.addWidget(self.table)
        layout.addWidget(row(QWidget(), self.frontier, self.choose, stretch=0))

    def show_report(self, report: SearchReport) -> None:
        """Show what a search tells."""
        self._report = report
        self.table.rows.set_rows({each.name: self._cells(each) for each in report.front})
        self.table.resizeColumnsToContents()
        lines = min(MOST_LINES, len(report.front)) + 1
        height = lines * self.table.verticalHeader().defaultSectionSize()
        self.table.setFixedHeight(height + 2 * GRID)
        self.choose.setEnabled(False)
        best = report.best
        text = self.tr(
            "Nearest within {budget}: {name}, FLIP {flip}. Scored: {tried} of {space} subnets, on "
            "{pictures} pictures."
        ).format(
            budget=report.budget,
            name=best.name,
            flip=f"{best.distance:.4f}",
            tried=f"{report.tried:,}",
            space=f"{report.space:,}",
            pictures=report.pictures,
        )
        if report.target:
            text += " " + self.tr("Latency measured on {target}.").format(target=report.target)
        self.says.setText(text)

    def choices(self) -> tuple[SubnetChoice, ...]:
        """The subnets of the front."""
        return () if self._report is None else tuple(f.choice for f in self._report.front)

    def names(self) -> tuple[str, ...]:
        """Their names, the nearest to the teacher first."""
        if self._report is None:
            return ()
        return tuple(f.name for f in sorted(self._report.front, key=lambda f: f.distance))

    def _choose(self) -> None:
        ids = self.table.selected_ids()
        if len(ids) == 1:
            self.chosen.emit(str(ids[0]))

    def _cells(self, found: Found) -> tuple[object, ...]:
        return (
            found.name,
            found.distance,
            found.parameters,
            found.macs,
            found.paper_macs,
            found.latency_ms,
        )

    def _columns(self) -> list[Column]:
        return [
            Column(self.tr("Subnet"), numeric=False),
            Column(
                self.tr("FLIP"),
                formatter=lambda v: f"{v:.4f}",
                tooltip=self.tr("Mean FLIP to what the teacher draws, 0 to 1; 0 is the same"),
            ),
            Column(self.tr("Parameters"), "k", formatter=lambda v: f"{v / 1e3:,.1f}"),
            Column(
                self.tr("MACs"),
                "M",
                formatter=lambda v: f"{v / 1e6:,.1f}",
                tooltip=self.tr("True multiply-accumulates of one picture"),
            ),
            Column(
                self.tr("MACs, paper"),
                "M",
                formatter=lambda v: f"{v / 1e6:,.1f}",
                tooltip=self.tr("As Li et al. 2020 count them"),
            ),
            Column(
                self.tr("Latency"),
                "ms",
                formatter=lambda v: f"{v:.2f}",
                tooltip=self.tr("Measured at batch 1: median"),
            ),
        ]
