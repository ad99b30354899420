"""How a step goes: time, losses, a strip of pictures, figures, what a search has found."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.engine.gan_compression_messages import JobStage
from studio.engine.job_messages import JobDone, JobProgress
from studio.session.gan_plan import Step
from studio.training.gan_compression.report import Closeness, TrainingReport
from widgets.controls.progress import ThinBar, time_left
from widgets.gan_compression.column_strip import ColumnStrip
from widgets.gan_compression.curves import LossCurves
from widgets.gan_compression.found import FoundTable
from widgets.gan_compression.step_list import step_of
from widgets.gan_compression.words import stage_name, step_title
from widgets.style.theme import GRID
from widgets.training.run_parts import FiguresTable, RunButtons
from widgets.wiring import heading, row


class GanProgress(QWidget):
    """Signals: stop_wanted(): end early, keep the best. cancel_wanted(): end, keep what can be gone
    on with. open_wanted(): show the result. again_wanted(): back to the form."""

    stop_wanted = Signal()
    cancel_wanted = Signal()
    open_wanted = Signal()
    again_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stage, self._name = "", ""
        self._step: Step | None = None
        self._first: tuple[Closeness, ...] = ()
        self.seen = False
        """Something was drawn: there is more to see than a sentence."""
        self.title = heading("")
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.left = QLabel()
        self.bar = ThinBar()
        self.curves = LossCurves()
        self.strip = ColumnStrip()
        self.table = FiguresTable(named=True)
        self.found = FoundTable()
        self.buttons = RunButtons()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.title)
        layout.addWidget(row(self.says, self.left, stretch=0))
        layout.addWidget(self.bar)
        layout.addWidget(self.curves)
        self._pictures = row(self.strip, self.table, stretch=0)
        self._pictures.layout().setAlignment(self.table, Qt.AlignmentFlag.AlignTop)
        self._pictures.layout().setSpacing(2 * GRID)
        layout.addWidget(self._pictures, 1)
        layout.addWidget(self.found)
        self._rest = QWidget()
        layout.addWidget(self._rest, 0)
        layout.addWidget(self.buttons)
        self._layout = layout
        self.buttons.stop_wanted.connect(self._stop)
        self.buttons.cancel_wanted.connect(self.cancel_wanted)
        self.buttons.open_wanted.connect(self.open_wanted)
        self.buttons.again_wanted.connect(self.again_wanted)
        self._show_parts()

    def begin(self, step: Step, *, stops: bool) -> None:
        """A step begins; ``stops``: it can be ended early and leaves something."""
        self._stage, self._first, self.seen = "", (), False
        self._step, self._name = step, step_title(step)
        self.title.setText(self._name)
        self.buttons.show_running(True)
        self.buttons.stop.setVisible(stops)
        self.says.setText(self.tr("starting"))
        self.left.clear()
        self.bar.set_fraction(None)
        self.curves.show_losses(())
        self.strip.clear()
        self.table.clear()
        self.found.hide()
        self._show_parts()

    def show_progress(self, progress: JobProgress) -> None:
        """How far it is."""
        self.says.setText(progress.text)
        part = step_of(progress.text.partition(":")[0])
        if self._step == "all" and part is not None:
            self._show_title(step_title(part))
        self.bar.set_fraction(progress.fraction)
        seconds = progress.seconds_left
        self.left.setText("" if seconds is None else time_left(seconds))

    def show_stage(self, look: JobStage) -> None:
        """What a stage has reached."""
        if look.stage != self._stage:
            self._stage, self._first = look.stage, look.close
            self._show_title(stage_name(look.stage))
        self.seen = True
        self.curves.show_losses(look.losses)
        names = [self._close_name(each) for each in look.close]
        self.strip.show_picture(look.picture, [self.tr("input"), *names, self.tr("wanted")])
        self._show_figures(self._first, look.close)
        self._show_parts()

    def show_done(self, end: JobDone, path: Path) -> None:
        """It has ended, and ``path`` is written."""
        self.buttons.show_running(False)
        self.title.setText(self._name)
        self.bar.set_fraction(1.0)
        self.left.clear()
        self.buttons.open.setVisible(end.path is not None)
        self.says.setText(" ".join(self._told(end, path)))
        if end.stages:
            last = end.stages[-1]
            self._show_figures(last.before, last.after)
        self.found.setVisible(end.search is not None)
        if end.search is not None:
            self.found.show_report(end.search)
            self.seen = True
        self._show_parts()

    def show_end(self, sentence: str) -> None:
        """It has ended without a result."""
        self.buttons.show_running(False)
        self.buttons.open.hide()
        self.bar.set_fraction(0.0)
        self.left.clear()
        self.says.setText(sentence)

    # ---- parts ----------------------------------------------------------------------------------

    def _show_title(self, part: str) -> None:
        """What is under way, and which part of it."""
        self.title.setText(part if part == self._name else f"{self._name}: {part}")

    def _told(self, end: JobDone, path: Path) -> list[str]:
        name = Path(end.path).name if end.path else path.name
        lines = []
        for report in end.stages:
            text = (
                self.tr("{stage}: stopped after {steps} steps in {minutes} min.")
                if report.stopped
                else self.tr("{stage}: {steps} steps in {minutes} min.")
            )
            minutes = f"{report.minutes:.1f}"
            stage = stage_name(report.stage)
            lines.append(text.format(stage=stage, steps=report.steps, minutes=minutes))
        broken = next((r.broken for r in end.stages if r.broken), "")
        if broken:
            lines.append(self.tr("It broke off: {why}.").format(why=broken))
        if broken or any(report.stopped for report in end.stages):
            lines.append(self.tr("The best so far is in {name}.").format(name=name))
        elif end.path is not None:
            lines.append(self.tr("The result is {name}.").format(name=name))
        if end.search is not None and end.search.stopped:
            lines.append(self.tr("The search was ended early."))
        lines += self._left_out(end.stages)
        return lines

    def _left_out(self, stages: Sequence[TrainingReport]) -> list[str]:
        skipped = next((report.skipped for report in stages if report.skipped), ())
        if not skipped:
            return []
        text = self.tr("Left out: {count} pictures; of {name}: {why}.")
        first = skipped[0]
        return [text.format(count=len(skipped), name=first.name, why=first.why)]

    def _stop(self) -> None:
        self.says.setText(self.tr("stopping after this step"))
        self.stop_wanted.emit()

    def _show_parts(self) -> None:
        """What has nothing to show takes no room."""
        drawn = bool(self.strip.names())
        self.curves.setVisible(drawn)
        self._pictures.setVisible(drawn or not self.table.empty)
        index = self._layout.indexOf(self._rest)
        self._layout.setStretch(index, 0 if drawn else 1)

    def _close_name(self, each: Closeness) -> str:
        return self.tr("full") if each.name == "full" else each.name

    def _show_figures(self, before: Sequence[Closeness], after: Sequence[Closeness]) -> None:
        """The error on held-out pictures, before and now, one line a subnet."""
        heads = ("", self.tr("Error at first"), self.tr("Error now"))
        known = {each.name: each for each in before}
        lines = []
        for new in after:
            old = known.get(new.name)
            was = "" if old is None else f"{old.error:.4f}"
            lines.append((self._close_name(new), was, f"{new.error:.4f}"))
        self.table.show_lines(heads, lines)
        tip = self.tr("Mean difference of pixels to what is wanted, 0 to 1, on held-out pictures")
        self.table.setToolTip(tip)

    def figures(self) -> list[list[str]]:
        """The texts of the table, line by line."""
        return self.table.texts()
