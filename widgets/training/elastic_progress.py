"""How elastic training goes: time, the curve of the loss, pictures of every width, the figures."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.engine.job_messages import JobLook, JobProgress
from studio.training.elastic.report import ElasticReport, WidthFidelity
from widgets.controls.progress import ThinBar, time_left
from widgets.style.theme import GRID
from widgets.training.run_parts import FiguresTable, RunButtons
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
        self.table = FiguresTable()
        self.buttons = RunButtons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addWidget(row(self.says, self.left, stretch=0))
        for widget in (self.bar, self.curve):
            layout.addWidget(widget)
        layout.addWidget(self.strip, 1)
        layout.addWidget(self.table)
        layout.addWidget(self.buttons)
        self.buttons.stop_wanted.connect(self._stop)
        self.buttons.cancel_wanted.connect(self.cancel_wanted)
        self.buttons.open_wanted.connect(self.open_wanted)
        self.buttons.again_wanted.connect(self.again_wanted)

    def begin(self) -> None:
        """A run begins."""
        self._first = ()
        self.buttons.show_running(True)
        self.says.setText(self.tr("starting"))
        self.left.clear()
        self.bar.set_fraction(None)
        self.curve.set_values(())
        self.table.clear()

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
        self.buttons.show_running(False)
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
        self.buttons.show_running(False)
        self.buttons.open.hide()
        self.bar.set_fraction(0.0)
        self.left.clear()
        self.says.setText(sentence)

    def _stop(self) -> None:
        self.says.setText(self.tr("stopping after this step"))
        self.stop_wanted.emit()

    def _name(self, width: float) -> str:
        return self.tr("full") if width == 1 else f"{width:g}"

    def _show_figures(
        self, before: Sequence[WidthFidelity], after: Sequence[WidthFidelity]
    ) -> None:
        """FLIP and PSNR against the original, before and after, one line a width."""
        heads = ("", self.tr("FLIP at first"), self.tr("FLIP now"), self.tr("PSNR now"))
        lines = []
        for old, new in zip(before, after, strict=True):
            decibels = self.tr("equal") if new.psnr is None else f"{new.psnr:.1f} dB"
            lines.append((self._name(new.width), f"{old.flip:.3f}", f"{new.flip:.3f}", decibels))
        self.table.show_lines(heads, lines)

    def figures(self) -> list[list[str]]:
        """The texts of the table, line by line."""
        return self.table.texts()
