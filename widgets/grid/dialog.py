"""The grid dialog: which variants, which seeds or pictures, and what comes of them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QHideEvent
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.engine.messages import Adopt
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.families.translation.config import TranslationConfig
from studio.families.translation.info import TranslationInfo
from studio.session.document import Document
from studio.session.samples import samples
from studio.session.source import StoredPicture
from widgets import choosers
from widgets.controller import Controller
from widgets.controls.notice import NoticeBar
from widgets.finishing import model_stem
from widgets.grid import words
from widgets.grid.cells import NOTHING, Cell, with_reduced
from widgets.grid.choosing import GridChoice
from widgets.grid.filling import GridFilling, Wanted, in_int8
from widgets.grid.plan import (
    GridColumn,
    GridRow,
    columns_of,
    first_columns,
    largest,
    picture_rows,
    rows_of,
    too_many,
)
from widgets.grid.resolving import Resolving
from widgets.grid.sheet import Sheet, write
from widgets.grid.table import GridTable
from widgets.recipes.baking import Baking
from widgets.style.theme import GRID
from widgets.translation.pictures import read_picture, recent

Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]


class GridDialog(QDialog):
    """Variants as columns, seeds or pictures as rows. What they draw stays that of the moment it
    was opened, until the user begins from the present picture.

    Signals: cell_wanted(column, row): show this on side B.
    """

    cell_wanted = Signal(object, object)

    def __init__(
        self,
        controller: Controller,
        baking: Baking,
        filling: GridFilling,
        background: Background,
        send: Callable[[Any], None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("grid")
        self.setWindowTitle(self.tr("Grid of variants"))
        self.setWindowFlag(Qt.WindowType.WindowMaximizeButtonHint)
        self._controller, self._filling = controller, filling
        self._background, self._send = background, send
        self._info: ModelInfo | None = None
        self._document = Document()
        self._resolving = Resolving(baking)
        self._columns: tuple[GridColumn, ...] = ()
        self._rows: tuple[GridRow, ...] = ()
        self._planning = False
        self._pictures: dict[str, tuple[StoredPicture, ...]] = {}
        self._selected: list[str] = []
        self._made: dict[tuple[int, int], tuple[object, ...]] = {}
        self._make()
        self._arrange()
        self.choice.changed.connect(self._build)
        self.choice.renew_wanted.connect(lambda: self._begin(self.choice.ticked()))
        self.table.cell_chosen.connect(self._chosen)
        self.table.zoomed.connect(lambda: self.fit.setEnabled(not self.table.fitted))
        filling.changed.connect(self._show_spec)
        filling.progressed.connect(self._moved)
        baking.changed.connect(lambda: self.isVisible() and self._plan())
        controller.changed.connect(lambda _: self.isVisible() and self._followed())

    def _make(self) -> None:
        self.choice = GridChoice()
        self.table = GridTable()
        self.state = QLabel()
        self.state.setObjectName("grid state")
        self.notice = NoticeBar()
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.clicked.connect(self._stop_or_go_on)
        self.fit = QPushButton(self.tr("Fit"))
        self.fit.setToolTip(self.tr("Show whole pictures (F); the wheel zooms into all alike"))
        self.fit.clicked.connect(self.table.fit)
        self.save = QPushButton(self.tr("Save as one picture…"))
        self.save.clicked.connect(self.save_sheet)
        self.close_button = QPushButton(self.tr("Close"))
        self.close_button.clicked.connect(self.close)
        for each in (self.stop, self.fit, self.save, self.close_button):
            each.setAutoDefault(False)

    def _arrange(self) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.choice)
        split.addWidget(self.table)
        split.setStretchFactor(0, 0)
        split.setStretchFactor(1, 1)
        end = QHBoxLayout()
        end.setSpacing(GRID)
        end.addWidget(self.state, 1)
        for each in (self.stop, self.fit, self.save, self.close_button):
            end.addWidget(each)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(split, 1)
        layout.addWidget(self.notice)
        layout.addLayout(end)
        room = self.screen().availableGeometry().size()
        wide = min(max(1120, room.width() * 2 // 3), room.width() - 4 * GRID)
        high = min(max(680, room.height() * 2 // 3), room.height() - 8 * GRID)
        self.resize(wide, high)
        split.setSizes([28 * GRID, wide - 28 * GRID])

    # ---- what is in it ------------------------------------------------------------------------

    def offer(self, info: ModelInfo, chosen: Sequence[str] = ()) -> None:
        """Show it for a model, with ``chosen`` variants beside full and current."""
        other = self._info is None or self._info.key != info.key
        self._info = info
        document = self._controller.document
        other = other or (bool(chosen) and list(chosen) != self._selected)
        self._selected = list(chosen)
        if other or not self.choice.ticked():
            wanted = first_columns(columns_of(document, info), list(chosen))
        else:
            wanted = self.choice.ticked()
        self._filling.hold("stopped", False)
        self.show()
        self._begin(wanted)
        self.raise_()
        self.activateWindow()
        self.table.setFocus(Qt.FocusReason.OtherFocusReason)

    def _begin(self, wanted: set[str]) -> None:
        """Take the document as it is now."""
        if self._info is None:
            return
        self._document = self._controller.document
        self._resolving.begin(self._info, self._controller.target)
        self.choice.offer_rows(self._info)
        self._read_pictures()
        self.choice.fill(columns_of(self._document, self._info), wanted)
        self._build()
        self._followed()

    def _build(self) -> None:
        """Another set of columns or rows."""
        if self._info is None:
            return
        columns = self.choice.columns()
        rows = self._rows_now()
        most = too_many(len(columns), len(rows), self._info, largest(rows, self._info))
        self.choice.advise(len(columns), len(rows), most)
        if most is not None:
            columns = rows = ()
        self._columns, self._rows = columns, rows
        self._resolving.begin_rows()
        self._made.clear()
        self.table.cells.set_shape(self._headers(), [row.name for row in rows])
        self._plan()
        for row in range(len(rows)):
            for column in range(len(columns)):
                self._show_cell(row, column)
        self._progressed()

    def _rows_now(self) -> tuple[GridRow, ...]:
        kind = self.choice.kind()
        if isinstance(self._info, TranslationInfo):
            return picture_rows(self._document, self._info, self._pictures.get(kind, ()))
        return rows_of(kind, self._document, self.choice.prompts())

    def _read_pictures(self) -> None:
        """Read what a model could draw from beside the present picture, on a thread."""
        info = self._info
        self._pictures = {}
        if not isinstance(info, TranslationInfo):
            return
        files, config = recent(), info.config

        def read() -> dict[str, tuple[StoredPicture, ...]]:
            found = [_read(path, config) for path in files]
            return {
                "samples": tuple(sample.read() for sample in samples(config)),
                "recent": tuple(each for each in found if each is not None),
            }

        def done(
            found: dict[str, tuple[StoredPicture, ...]] | None, _: MaquetteError | None
        ) -> None:
            if self._info is info and found is not None:
                self._pictures = found
                self._build()

        self._background(read, done)

    def _plan(self) -> None:
        """Want what can be drawn now. Of baked variants, one more is opened when the last one is
        done: the renderer holds only a few."""
        if self._planning or self._info is None:
            return
        self._planning = True  # opening a variant says that something has changed
        try:
            self._resolving.look(self._columns, self._unfinished)
            wanted: list[Wanted] = []
            keep = []
            for row in self._rows:
                for column in self._columns:
                    item = self._wanted(column, row)
                    if item is not None and self._resolving.open(column):
                        wanted.append(item)
                    elif item is not None:
                        keep.append(item.spec)
            self._filling.fill(wanted, keep)
            self._adopt(wanted)
        finally:
            self._planning = False
        self.table.cells.set_columns(self._headers())
        for row in range(len(self._rows)):
            for column in range(len(self._columns)):
                self._show_cell(row, column)
        self._progressed()

    def _adopt(self, wanted: Sequence[Wanted]) -> None:
        """Let the renderer take over networks for int8 that are in the cache."""
        drawn_by_others = self._controller.renderer.compiled
        for spec in (item.spec for item in wanted if in_int8(item.spec)):
            sizes = self._resolving.sizes(spec)
            new = self._resolving.first((spec.model, spec.subnet, spec.target, sizes))
            if new and not drawn_by_others(spec):
                self._send(Adopt(spec.model, (spec.subnet,), (spec.target,), sizes))

    def _wanted(self, column: GridColumn, row: GridRow) -> Wanted | None:
        return self._resolving.wanted(column, row)

    def _unfinished(self, column: GridColumn) -> bool:
        """Whether pictures of a column are still to come."""
        items = [self._wanted(column, row) for row in self._rows]
        return any(item is None or self._filling.missing(item) for item in items)

    # ---- what is shown ------------------------------------------------------------------------

    def _headers(self) -> list[str]:
        document = self._controller.document
        return [
            f"{column.name}\n{words.latency(document, self._resolving.found(column))}"
            for column in self._columns
        ]

    def _followed(self) -> None:
        """Measurements may have come, and another picture may be drawn in the main window."""
        self.table.cells.set_columns(self._headers())
        present = self._controller.document
        self.choice.renew.setEnabled(_shown(present) != _shown(self._document))

    def _show_spec(self, spec: object) -> None:
        for row, of_row in enumerate(self._rows):
            for number, column in enumerate(self._columns):
                item = self._wanted(column, of_row)
                if item is not None and item.spec == spec:
                    self._show_cell(row, number)

    def _show_cell(self, row: int, number: int) -> None:
        column = self._columns[number]
        item = self._wanted(column, self._rows[row])
        filling = self._filling
        if item is None:
            lost = self._resolving.not_applied(column)
            made: tuple[object, ...] = (None, words.not_applied() if lost else "", "")
        else:
            drawn = filling.drawn.get(item.spec)
            failure = filling.failed.get(item.spec, "")
            near = filling.fidelity.get(item.spec)
            line = words.caption(item, drawn, near, failure)
            made = (None if drawn is None else drawn.image, line, failure)
        before = self._made.get((row, number))
        if before == made:
            return
        self._made[row, number] = made
        image, line, tip = made
        old = self.table.cells.cell(row, number)
        if image is None:
            cell = replace(NOTHING, caption=str(line), tip=str(tip))
        elif image is old.image:
            cell = Cell(old.image, old.reduced, str(line), str(tip))
        else:
            cell = with_reduced(image, str(line), str(tip))  # type: ignore[arg-type]
        self.table.cells.set_cell(row, number, cell)
        if image is not old.image:
            self.table.picture_added()

    def _progressed(self) -> None:
        every = [self._wanted(c, row) for row in self._rows for c in self._columns]
        unfit = sum(self._resolving.not_applied(c) for c in self._columns) * len(self._rows)
        left = sum(item is None or self._filling.missing(item) for item in every) - unfit
        drawn = sum(item is not None and item.spec in self._filling.drawn for item in every)
        stopped = self._filling.held("stopped")
        if left <= 0 or not every:
            text = self.tr("Pictures: {n}").format(n=drawn) if every else ""
        elif stopped:
            text = self.tr("Stopped at {n} of {all}").format(n=drawn, all=len(every))
        elif self._filling.held("measuring"):
            text = self.tr("Waits until the measurement has ended")
        else:
            text = self.tr("Drawing {n} of {all}").format(
                n=min(drawn + 1, len(every)), all=len(every)
            )
        if left and drawn == len(every) and not stopped:
            text = self.tr("Comparing with full")
        self.state.setText(text)
        self.stop.setVisible(left > 0)
        self.stop.setText(self.tr("Go on") if stopped else self.tr("Stop"))
        self.save.setEnabled(drawn > 0)

    def _moved(self) -> None:
        """There is one picture or number more."""
        self._progressed()
        if self._resolving.waits:
            self._plan()  # where a baked variant is done, the next one may be opened

    # ---- what one can do ----------------------------------------------------------------------

    def _stop_or_go_on(self) -> None:
        self._filling.hold("stopped", not self._filling.held("stopped"), cancel=True)

    def _chosen(self, row: int, number: int) -> None:
        if row < len(self._rows) and number < len(self._columns):
            self.cell_wanted.emit(self._columns[number], self._rows[row])

    def sheet(self) -> Sheet:
        """What is there now, to be put on one picture."""
        cells = [
            [self.table.cells.cell(row, column) for column in range(len(self._columns))]
            for row in range(len(self._rows))
        ]
        return Sheet(
            self.table.cells.columns,
            self.table.cells.rows,
            tuple(tuple(cell.image for cell in row) for row in cells),
            tuple(tuple(cell.caption for cell in row) for row in cells),
            self.font(),
        )

    def save_sheet(self) -> None:
        """Save all pictures with their labels as one PNG."""
        stem = model_stem(self._document)
        suggested = choosers.unused(choosers.picture_folder() / f"{stem}-grid.png")
        path = choosers.save_picture(self, suggested)
        if path is None:
            return
        sheet, target = self.sheet(), path

        def done(_: object, error: MaquetteError | None) -> None:
            if error is not None:
                self.notice.set(str(error), severity="error")
            else:
                self.notice.set(self.tr("Saved as {name}").format(name=target.name))

        self._background(lambda: write(sheet, target), done)

    def forget(self) -> None:
        """Another model is open."""
        self._info = None
        self._columns = self._rows = ()
        self.choice.fill((), set())
        self.table.cells.set_shape((), ())
        self.close()

    def hideEvent(self, event: QHideEvent) -> None:
        if not event.spontaneous():
            self._filling.fill(())
        super().hideEvent(event)


def _shown(document: Document) -> tuple[object, ...]:
    """What of a document a grid shows."""
    drawn = (document.inputs, document.source, document.words)
    return (*drawn, document.kept, document.subnet, document.recipe)


def _read(path: Path, config: TranslationConfig) -> StoredPicture | None:
    """A picture that was opened once; None where it is gone, or does not suit the model."""
    try:
        return read_picture(path, config) if path.is_file() else None
    except (MaquetteError, OSError):
        return None
