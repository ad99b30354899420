"""The window of a variant layer by layer: what each takes, holds, runs in, and is sensitive to."""

from __future__ import annotations

from collections import OrderedDict
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QCloseEvent, QGuiApplication
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.engine.job_messages import JobProgress, LayersJob
from widgets import captions
from widgets.controls.elided import ElidedLabel
from widgets.controls.progress import ThinBar
from widgets.controls.table import NOTHING, Column, NumberTable
from widgets.layers.text import csv_text
from widgets.layers.timing import LayerTiming
from widgets.style.theme import GRID, caption_font, icon

if TYPE_CHECKING:
    from studio.engine.layer_table import LayerRow, LayerTable

REMEMBERED = 16  # tables
WIDE = 156  # grid cells
OF_MACS = 4  # column


class LayersDialog(QDialog):
    """Beside the work. What was timed once is shown again at once.

    Signals: save_wanted(suggested name, text): write a CSV file.
    """

    save_wanted = Signal(str, str)

    def __init__(self, timing: LayerTiming, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("layers")
        self.setWindowTitle(self.tr("Layer by layer"))
        self._timing = timing
        self._job: LayersJob | None = None
        self._known: OrderedDict[LayersJob, LayerTable] = OrderedDict()
        self._rows: dict[str, LayerRow] = {}
        self.title = ElidedLabel()
        font = self.title.font()
        font.setBold(True)
        self.title.setFont(font)
        self.state = QLabel()
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setWordWrap(True)
        self.state.setFont(caption_font(self.state.font()))
        self.bar = ThinBar()
        self.filter = QLineEdit()
        self.filter.setObjectName("layers filter")
        self.filter.setPlaceholderText(self.tr("Filter"))
        self.filter.setAccessibleName(self.tr("Filter the layers"))
        self.filter.setToolTip(self.tr("Rows in which every word occurs, such as: layer int8"))
        self.filter.setClearButtonEnabled(True)
        self.copy = self._tool("copy", self.tr("Copy the layers as CSV"), self.copy_table)
        self.save = self._tool("save", self.tr("Save the layers as CSV…"), self.save_table)
        self.table = NumberTable(self._columns())
        self.table.setAccessibleName(self.tr("Layers and what they take"))
        self.table.setObjectName("layers table")
        self.filter.textChanged.connect(self.table.set_filter)
        self.again = QPushButton(self.tr("Time again"))
        self.stop = QPushButton(self.tr("Cancel"))
        self.stop.setAccessibleName(self.tr("Cancel timing the layers"))
        self.leave = QPushButton(self.tr("Close"))
        for button in (self.again, self.stop, self.leave):
            button.setAutoDefault(False)
        self.again.clicked.connect(lambda _=False: self._time())
        self.stop.clicked.connect(lambda _=False: timing.cancel())
        self.leave.clicked.connect(lambda _=False: self.close())
        self._arrange()
        room = self.screen().availableGeometry().size()
        self.resize(QSize(min(124 * GRID, room.width() - 4 * GRID), 66 * GRID))
        timing.timed.connect(self._timed)
        timing.failed.connect(lambda sentence, _: self._say(sentence))
        timing.busy_changed.connect(lambda _: self._show_state())
        timing.progressed.connect(self._progressed)

    def offer(self, job: LayersJob) -> None:
        """Show the layers of a variant; they are timed first where that was not done yet."""
        self._job = job
        found = self._known.get(job)
        if found is None:
            self._fill(None)
            self._time()
        else:
            self._fill(found)
        self._show_state()
        self.show()
        self.raise_()
        self.activateWindow()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def forget(self) -> None:
        """Another model is open: what was timed is of the last one."""
        self._timing.cancel()
        self._known.clear()
        self.close()

    def shown_rows(self) -> list[LayerRow]:
        """The rows as they are sorted and filtered."""
        return [self._rows[str(name)] for name in self.table.visible_ids()]

    def copy_table(self) -> None:
        """Put what is shown on the clipboard as CSV."""
        if self._table is not None:
            QGuiApplication.clipboard().setText(csv_text(self._table, self.shown_rows()))

    def save_table(self) -> None:
        """Have what is shown written as CSV."""
        if self._table is not None:
            name = f"{self._table.variant}-{self._table.target.replace(':', '-')}-layers"
            self.save_wanted.emit(name, csv_text(self._table, self.shown_rows()))

    @property
    def _table(self) -> LayerTable | None:
        return None if self._job is None else self._known.get(self._job)

    def _time(self) -> None:
        if self._job is not None:
            self._timing.time(self._job)

    def _timed(self, job: LayersJob, table: LayerTable) -> None:
        self._known[job] = table
        self._known.move_to_end(job)
        while len(self._known) > REMEMBERED:
            self._known.popitem(last=False)
        if job == self._job:
            self._fill(table)
        self._show_state()

    def _fill(self, table: LayerTable | None) -> None:
        rows = () if table is None else table.rows
        total = 0.0 if table is None else table.counted_ms or 0.0
        self._rows = {row.name: row for row in rows}
        macs = sum(row.macs for row in rows)
        self.table.set_rows({row.name: _values(row, total, macs) for row in rows})
        scanned = any(row.error is not None for row in rows)
        if table is not None and table.pixels != (0, 0):  # whose layers have long names
            room = self.screen().availableGeometry().width() - 4 * GRID
            self.resize(max(self.width(), min(WIDE * GRID, room)), self.height())
        self.table.setColumnHidden(len(self._columns()) - 1, not scanned)
        # Where times are known, a share of the multiplies would only take their place.
        self.table.setColumnHidden(OF_MACS, total > 0)
        self.table.fit_columns()

    def _show_state(self) -> None:
        job, table, busy = self._job, self._table, self._timing.busy
        if job is None:
            return
        self.title.set_text(f"{job.name}, {captions.target_name(job.target)}")
        self.bar.setVisible(busy)
        self.stop.setVisible(busy)
        self.again.setVisible(not busy)
        self.bar.set_fraction(None)
        for button in (self.copy, self.save):
            button.setEnabled(table is not None)
        if busy:
            self._say(self.tr("Timing; a drag pauses it."))
        elif table is None:
            self._say(self.tr("Nothing is timed yet."))
        elif table.counted_ms is None:
            self._say(self.tr("This runtime tells no times of layers."))
        else:
            words = (
                self._of_call(table)
                if table.pixels != (0, 0)
                else self.tr(
                    "{whole} ms a picture. With every layer timed {counted} ms, which the rows add "
                    "up to."
                )
            )
            if any(each.name == "mapping" for each in table.rows):
                words += " " + self.tr("The mapping network runs before and is not timed.")
            whole = NOTHING if table.latency_ms is None else captions.milliseconds(table.latency_ms)
            counted = captions.milliseconds(table.counted_ms)
            self._say(words.format(whole=whole, counted=counted))

    def _of_call(self, table: LayerTable) -> str:
        """The words of a pipeline, whose pictures take many calls."""
        words = (
            self.tr(
                "{whole} ms a call of the denoiser at {size} px, with and without the prompt at "
                "once. With every layer timed {counted} ms, which the rows add up to."
            )
            if table.batch == 2
            else self.tr(
                "{whole} ms a call of the denoiser at {size} px. With every layer timed {counted} "
                "ms, which the rows add up to."
            )
        )
        wide, high = table.pixels
        size = f"{wide} \N{MULTIPLICATION SIGN} {high}"
        return words.format(size=size, whole="{whole}", counted="{counted}")

    def _say(self, text: str) -> None:
        self.state.setText(text)

    def _progressed(self, progress: JobProgress) -> None:
        self.bar.set_fraction(progress.fraction)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timing.cancel()
        super().closeEvent(event)

    def _tool(self, name: str, text: str, do: Any) -> QToolButton:
        made = QToolButton()
        made.setIcon(icon(name))
        made.setToolTip(text)
        made.setAccessibleName(text.rstrip("…"))
        made.clicked.connect(lambda _=False: do())
        return made

    def _arrange(self) -> None:
        head = QHBoxLayout()
        head.setSpacing(GRID // 2)
        head.addWidget(self.filter, 1)
        head.addWidget(self.copy)
        head.addWidget(self.save)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addStretch(1)
        for button in (self.again, self.stop, self.leave):
            foot.addWidget(button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.title)
        layout.addWidget(self.state)
        layout.addWidget(self.bar)
        layout.addLayout(head)
        layout.addWidget(self.table, 1)
        layout.addLayout(foot)

    def _columns(self) -> list[Column]:
        """In the order of :func:`_values`."""
        return [
            Column(self.tr("layer"), numeric=False),
            Column(
                self.tr("time"),
                "ms",
                formatter="{:.3f}".format,
                tooltip=self.tr("Of all that was executed for this layer, in one run"),
            ),
            Column(self.tr("share"), "%", formatter="{:.0f}".format),
            Column(
                self.tr("MACs"),
                formatter=captions.count,
                tooltip=self.tr(
                    "True multiply-accumulates of one picture, of a pipeline of one call of its "
                    "denoiser; no measure of speed"
                ),
            ),
            Column(self.tr("of MACs"), "%", formatter="{:.1f}".format),
            Column(self.tr("parameters"), formatter=captions.count),
            Column(
                self.tr("size"),
                "kB",
                formatter=_kilobytes,
                tooltip=self.tr("All that the layer holds, as stored in float32"),
            ),
            Column(
                self.tr("as run"),
                "kB",
                formatter=_kilobytes,
                tooltip=self.tr("The weights of its convolutions in the precision they run in"),
            ),
            Column(
                self.tr("runs in"),
                numeric=False,
                tooltip=self.tr("Executed precision of its convolutions, from the compiled graph"),
            ),
            Column(
                self.tr("alone in int8"),
                "dB",
                formatter="{:.1f}".format,
                tooltip=self.tr("PSNR of the picture with this layer alone in int8; from a scan"),
            ),
        ]


def _values(row: LayerRow, total: float, macs: int) -> tuple[Any, ...]:
    share = None if row.ms is None or not total else 100 * row.ms / total
    of_macs = 100 * row.macs / macs if row.macs else None
    return (
        row.name, row.ms, share, row.macs or None, of_macs, row.parameters or None,
        row.size_bytes or None, row.weight_bytes, row.precision or None, row.sensitivity,
    )  # fmt: skip


def _kilobytes(value: float) -> str:
    return f"{value / 1e3:,.1f}".replace(",", "\N{NARROW NO-BREAK SPACE}")
