"""How elastic training goes: time, the curve of the loss, pictures of every width, the figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QGridLayout, QLabel, QPushButton, QVBoxLayout, QWidget

from studio.engine.job_messages import JobLook, JobProgress
from studio.training.elastic.report import ElasticReport, WidthFidelity
from widgets.controls.progress import ThinBar, time_left
from widgets.style.theme import GRID, tabular
from widgets.training.sparkline import Sparkline
from widgets.training.width_strip import WidthStrip
from widgets.wiring import row


class ElasticProgress(QWidget):
    """Signals: stop_wanted(): end early, keep the best. cancel_wanted(): end, keep the checkpoint.
    open_wanted(): show the result. again_wanted(): back to the form."""

    stop_wanted = Signal()
    cancel_wanted = Signal()
    open_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._first: tuple[WidthFidelity, ...] = ()
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.left = QLabel()
        self.bar = ThinBar()
        self.curve = Sparkline()
        self.curve.setAccessibleName(self.tr("Loss"))
        self.curve.setToolTip(self.tr("Loss: how far the widths are from the original, so far"))
        self.strip = WidthStrip()
        self._figures = QWidget()
        self._grid = QGridLayout(self._figures)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setHorizontalSpacing(GRID * 3)
        self._figures.setFont(tabular(self.font()))
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setToolTip(self.tr("End now and keep the best so far"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setToolTip(self.tr("End now and keep nothing but the checkpoint"))
        self.open = QPushButton(self.tr("Open the result"))
        self.again = QPushButton(self.tr("Back"))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(row(self.says, self.left, stretch=0))
        for widget in (self.bar, self.curve):
            layout.addWidget(widget)
        layout.addWidget(self.strip, 1)
        layout.addWidget(self._figures)
        buttons = row(QWidget(), self.again, self.cancel, self.stop, self.open, stretch=0)
        layout.addWidget(buttons)
        self.stop.clicked.connect(self._stop)
        self.cancel.clicked.connect(self.cancel_wanted)
        self.open.clicked.connect(self.open_wanted)
        self.again.clicked.connect(self.again_wanted)

    def begin(self) -> None:
        """A run begins."""
        self._first = ()
        self._running(True)
        self.says.setText(self.tr("starting"))
        self.left.clear()
        self.bar.set_fraction(None)
        self.curve.set_values(())
        self._clear_figures()

    def show_progress(self, progress: JobProgress) -> None:
        """How far it is."""
        self.says.setText(progress.text)
        self.bar.set_fraction(progress.fraction)
        seconds = progress.seconds_left
        self.left.setText("" if seconds is None else time_left(seconds))

    def show_look(self, look: JobLook) -> None:
        """What it has reached."""
        if not self._first:
            self._first = look.widths
        self.curve.set_values(look.losses)
        names = [self._name(each.width) for each in look.widths]
        self.strip.show_picture(look.picture, [*names, self.tr("original")])
        self._show_figures(self._first, look.widths)

    def show_report(self, report: ElasticReport, name: str) -> None:
        """It has ended and ``name`` is written."""
        self._running(False)
        self.bar.set_fraction(1.0)
        self.left.clear()
        minutes = f"{report.minutes:.1f}"
        if report.stopped:
            text = self.tr("Stopped after {steps} steps in {minutes} min; the best is in {name}.")
        else:
            text = self.tr("Trained {steps} steps in {minutes} min; the result is {name}.")
        lines = [text.format(steps=report.steps, minutes=minutes, name=name)]
        if report.unread:
            lines.append(
                self.tr("Pictures that cannot be read: {count}, {name} for one.").format(
                    count=len(report.unread), name=report.unread[0]
                )
            )
        self.says.setText(" ".join(lines))
        self._show_figures(report.before, report.after)

    def show_end(self, sentence: str) -> None:
        """It has ended without a result."""
        self._running(False)
        self.open.hide()
        self.bar.set_fraction(0.0)
        self.left.clear()
        self.says.setText(sentence)

    def _running(self, running: bool) -> None:
        for button in (self.stop, self.cancel):
            button.setVisible(running)
            button.setEnabled(running)
        for button in (self.open, self.again):
            button.setVisible(not running)

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self.says.setText(self.tr("stopping after this step"))
        self.stop_wanted.emit()

    def _name(self, width: float) -> str:
        return self.tr("full") if width == 1 else f"{width:g}"

    def _clear_figures(self) -> None:
        while (item := self._grid.takeAt(0)) is not None:
            item.widget().deleteLater()

    def _show_figures(
        self, before: Sequence[WidthFidelity], after: Sequence[WidthFidelity]
    ) -> None:
        """FLIP and PSNR against the original, before and after, one line a width."""
        self._clear_figures()
        heads = ("", self.tr("FLIP at first"), self.tr("FLIP now"), self.tr("PSNR now"))
        for place, text in enumerate(heads):
            self._cell(0, place, text)
        for line, (old, new) in enumerate(zip(before, after, strict=True), start=1):
            decibels = self.tr("equal") if new.psnr is None else f"{new.psnr:.1f} dB"
            texts = (self._name(new.width), f"{old.flip:.3f}", f"{new.flip:.3f}", decibels)
            for place, text in enumerate(texts):
                self._cell(line, place, text)
        self._grid.setColumnStretch(len(heads), 1)

    def _cell(self, line: int, place: int, text: str) -> None:
        self._grid.addWidget(QLabel(text), line, place, Qt.AlignmentFlag.AlignRight)

    def figures(self) -> list[list[str]]:
        """The texts of the table, line by line."""
        lines: list[list[str]] = []
        for line in range(self._grid.rowCount()):
            items = [self._grid.itemAtPosition(line, place) for place in range(4)]
            texts = [item.widget().text() for item in items if item is not None]
            if texts:
                lines.append(texts)
        return lines
