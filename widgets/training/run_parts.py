"""What every view of a training has: the buttons below it, and its figures before and now."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QHBoxLayout, QLabel, QPushButton, QWidget

from widgets.style.theme import GRID, tabular


class RunButtons(QWidget):
    """Stop and cancel while it runs, open and back when it has ended.

    Signals:
        stop_wanted(): end early, keep the best. cancel_wanted(): end, keep what can be gone on
        with. open_wanted(): show the result. again_wanted(): back to the form.
    """

    stop_wanted = Signal()
    cancel_wanted = Signal()
    open_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setToolTip(self.tr("End now and keep the best so far"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("End now; what was begun can be gone on with"))
        self.open = QPushButton(self.tr("Open the result"))
        self.again = QPushButton(self.tr("Back"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addStretch(1)
        for button in (self.again, self.cancel, self.stop, self.open):
            layout.addWidget(button)
        self.stop.clicked.connect(self._stop)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.again.clicked.connect(self.again_wanted)

    def show_running(self, running: bool) -> None:
        """Offer what can be done now."""
        for button in (self.stop, self.cancel):
            button.setVisible(running)
            button.setEnabled(running)
        for button in (self.open, self.again):
            button.setVisible(not running)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.stop_wanted.emit()


class FiguresTable(QWidget):
    """Lines of texts under their heads, in tabular figures.

    Args:
        named: the first column holds names and stands at the left.
    """

    def __init__(self, *, named: bool = False, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._named = named
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 3)
        self.setFont(tabular(self.font()))

    @property
    def empty(self) -> bool:
        """There is nothing in it."""
        return self._grid.count() == 0

    def clear(self) -> None:
        """Show nothing."""
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().deleteLater()

    def show_lines(self, heads: Sequence[str], lines: Sequence[Sequence[str]]) -> None:
        """Show these in place of what was there."""
        self.clear()
        for row, texts in enumerate([heads, *lines]):
            for place, text in enumerate(texts):
                left = self._named and place == 0
                side = Qt.AlignmentFlag.AlignLeft if left else Qt.AlignmentFlag.AlignRight
                self._grid.addWidget(QLabel(text), row, place, side)
        self._grid.setColumnStretch(len(heads), 1)

    def texts(self) -> list[list[str]]:
        """What it shows, line by line."""
        lines: list[list[str]] = []
        for line in range(self._grid.rowCount()):
            items = [
                self._grid.itemAtPosition(line, place) for place in range(self._grid.columnCount())
            ]
            texts = [item.widget().text() for item in items if item is not None]
            if texts:
                lines.append(texts)
        return lines
