"""The fields of a sweep over widths and resolutions."""

from __future__ import annotations

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QGridLayout,
    QLabel,
    QSpinBox,
    QWidget,
)

from studio.families.info import ModelInfo
from studio.subnets.choice import MIN_WIDTH
from widgets.scene import DIFFUSION, TRANSLATION
from widgets.style.theme import GRID
from widgets.sweep.choices import MOST_STEPS, SweepPlan
from widgets.wiring import row

COLUMNS = 4
RESOLUTIONS = 2  # the row of the form


class SubnetForm(QWidget):
    """Signals: changed(): another range, number or resolution."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
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
        self._form = form = QFormLayout(self)
        form.setContentsMargins(0, 0, 0, 0)
        form.setSpacing(GRID)
        widths = row(self.low, QLabel(self.tr("to")), self.high)
        form.addRow(self.tr("&Width from"), widths)
        form.labelForField(widths).setBuddy(self.low)
        count = row(self.steps)
        form.addRow(self.tr("&Number of widths"), count)
        form.labelForField(count).setBuddy(self.steps)
        form.addRow(self.tr("Resolutions (px)"), self._grid)
        for box in (self.low, self.high, self.steps):
            box.valueChanged.connect(self.changed)

    def _share(self, value: float, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setRange(round(MIN_WIDTH, 3), 1.0)
        box.setDecimals(3)
        box.setSingleStep(0.05)
        box.setValue(value)
        box.setAccessibleName(name)
        return box

    def begin(self, info: ModelInfo, chosen: int | None) -> None:
        """Begin with what a model was trained for, at the resolution that is chosen now; None for
        the full one."""
        self.low.setValue(min((w for w in info.widths if w < 1), default=0.25))
        self.high.setValue(1.0)
        for box in self.pixels.values():
            self._grid.removeWidget(box)
            box.deleteLater()
        self.pixels = {}
        free = info.family in (TRANSLATION, DIFFUSION)
        self._form.setRowVisible(RESOLUTIONS, not free)
        if free:
            return  # it draws at any size
        here = chosen or info.config.resolution
        offered = sorted({*(info.resolutions or info.config.resolutions), here})
        for number, pixels in enumerate(offered):
            box = QCheckBox(f"{pixels}")
            box.setAccessibleName(self.tr("{pixels} pixels").format(pixels=pixels))
            box.setChecked(pixels == here)
            box.toggled.connect(self.changed)
            self._grid.addWidget(box, number // COLUMNS, number % COLUMNS)
            self.pixels[pixels] = box

    def plan(self) -> SweepPlan:
        """What is filled in."""
        chosen = tuple(pixels for pixels, box in self.pixels.items() if box.isChecked())
        return SweepPlan(self.low.value(), self.high.value(), self.steps.value(), chosen)
