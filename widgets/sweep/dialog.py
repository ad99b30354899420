"""The sweep dialog: a range of widths, resolutions, and what comes of it before it is begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDialog,
    QDialogButtonBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.errors import BadChoice
from studio.families.info import ModelInfo
from studio.session.document import Document
from studio.subnets.choice import MIN_WIDTH, SubnetChoice
from widgets.style.theme import GRID
from widgets.sweep.choices import MOST_STEPS, SweepPlan, not_kept, sweep
from widgets.wiring import row

COLUMNS = 4


class SweepDialog(QDialog):
    """Beside the work. What it makes is kept as variants and measured in one job.

    Signals: begin_wanted(choices): make and measure these; command_wanted(choices): copy the
    command that measures them.
    """

    begin_wanted = Signal(object)
    command_wanted = Signal(object)

    def __init__(
        self,
        document: Callable[[], Document],
        busy: Callable[[], bool],
        unmeasured: Callable[[Sequence[SubnetChoice]], Sequence[SubnetChoice]],
        estimate: Callable[[int], float | None],
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sweep")
        self.setWindowTitle(self.tr("Sweep"))
        self._document, self._busy = document, busy
        self._unmeasured, self._estimate = unmeasured, estimate
        self._info: ModelInfo | None = None
        self.low = self._share(0.25, self.tr("Narrowest width"))
        self.high = self._share(1.0, self.tr("Widest width"))
        self.steps = QSpinBox()
        self.steps.setObjectName("sweep steps")
        self.steps.setRange(1, MOST_STEPS)
        self.steps.setValue(4)
        self.steps.setAccessibleName(self.tr("Number of widths"))
        self.pixels: dict[int, QCheckBox] = {}
        self._grid = QGridLayout()
        self._grid.setSpacing(GRID)
        self.outcome = QLabel()
        self.outcome.setObjectName("sweep outcome")
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.outcome.setMinimumWidth(48 * GRID)
        self.outcome.setMinimumHeight(5 * self.fontMetrics().lineSpacing())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.begin = buttons.addButton(
            self.tr("Keep and measure"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.copy = buttons.addButton(
            self.tr("Copy as command"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(lambda _=False: self._copy())
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.begin.setDefault(True)
        buttons.accepted.connect(self._begin)
        buttons.rejected.connect(self.close)
        form = QFormLayout()
        form.setSpacing(GRID)
        widths = row(self.low, QLabel(self.tr("to")), self.high)
        form.addRow(self.tr("&Width from"), widths)
        form.labelForField(widths).setBuddy(self.low)
        count = row(self.steps)
        form.addRow(self.tr("&Number of widths"), count)
        form.labelForField(count).setBuddy(self.steps)
        form.addRow(self.tr("Resolutions (px)"), self._grid)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addLayout(form)
        layout.addWidget(self.outcome, 1)
        layout.addWidget(buttons)
        for box in (self.low, self.high, self.steps):
            box.valueChanged.connect(self.refresh)

    def _share(self, value: float, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setRange(round(MIN_WIDTH, 3), 1.0)
        box.setDecimals(3)
        box.setSingleStep(0.05)
        box.setValue(value)
        box.setAccessibleName(name)
        return box

    def offer(self, info: ModelInfo) -> None:
        """Show it for a model; what was filled in stays while the model does."""
        if self._info is None or self._info.key != info.key:
            self._info = info
            trained = [w for w in info.widths if w < 1]
            self.low.setValue(min(trained, default=0.25))
            self.high.setValue(1.0)
            self._fill_pixels(info)
        self.refresh()
        self.show()
        self.raise_()
        self.activateWindow()
        self.low.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_pixels(self, info: ModelInfo) -> None:
        for box in self.pixels.values():
            self._grid.removeWidget(box)
            box.deleteLater()
        chosen = self._document().subnet.resolution or info.config.resolution
        offered = sorted({*(info.resolutions or info.config.resolutions), chosen})
        self.pixels = {}
        for number, pixels in enumerate(offered):
            box = QCheckBox(f"{pixels}")
            box.setAccessibleName(self.tr("{pixels} pixels").format(pixels=pixels))
            box.setChecked(pixels == chosen)
            box.toggled.connect(self.refresh)
            self._grid.addWidget(box, number // COLUMNS, number % COLUMNS)
            self.pixels[pixels] = box

    def plan(self) -> SweepPlan:
        """What is filled in."""
        chosen = tuple(pixels for pixels, box in self.pixels.items() if box.isChecked())
        return SweepPlan(self.low.value(), self.high.value(), self.steps.value(), chosen)

    def refresh(self) -> None:
        """Say what comes of it, or what is missing."""
        if self._info is None:
            return
        try:
            choices = sweep(self.plan(), self._info)
        except BadChoice as error:
            self.outcome.setText(str(error))
            self.begin.setEnabled(False)
            self.copy.setEnabled(False)
            return
        self.copy.setEnabled(bool(choices))
        new = not_kept(choices, self._document(), self._info)
        missing = self._unmeasured(choices)
        if choices and not new and not missing:
            self.outcome.setText(self.tr("All of these are kept and measured already."))
            self.begin.setEnabled(False)
            return
        lines = [self._count(len(choices), len(new))]
        if self._busy():
            lines.append(self.tr("A measurement is under way; begin when it has ended."))
        elif missing:
            lines.append(self._time(len(missing)))
        self.outcome.setText("\n".join(lines))
        self.begin.setEnabled(bool(choices) and not self._busy())

    def _count(self, every: int, new: int) -> str:
        if not every:
            return self.tr("This is full alone, which is measured anyway.")
        if new == every:
            return self.tr("{n} variants are kept and measured.").format(n=every)
        return self.tr("{n} variants are measured; {old} of them are kept already.").format(
            n=every, old=every - new
        )

    def _time(self, count: int) -> str:
        seconds = self._estimate(count)
        if seconds is None:
            return self.tr("How long it takes is shown once it runs; it can be cancelled.")
        if seconds < 90:
            return self.tr("About {n} s; it can be cancelled.").format(n=max(1, round(seconds)))
        return self.tr("About {n} min; it can be cancelled.").format(n=round(seconds / 60))

    def _copy(self) -> None:
        if self._info is not None:
            self.command_wanted.emit(sweep(self.plan(), self._info))

    def _begin(self) -> None:
        if self._info is None or self._busy():
            self.refresh()
            return
        try:
            choices = sweep(self.plan(), self._info)
        except BadChoice:
            self.refresh()
            return
        self.close()
        self.begin_wanted.emit(choices)
