"""The fields of a sweep over one parameter: a range of numbers, or a list of values to tick."""

from __future__ import annotations

from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QDoubleSpinBox,
    QFormLayout,
    QLabel,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio.recipes.sweeping import MOST, spaced
from studio.subnets.choice import MIN_WIDTH
from widgets.recipes.generated import said
from widgets.recipes.technique_texts import value_name
from widgets.style.theme import GRID
from widgets.sweep.parameters import StepField
from widgets.wiring import row

OPEN = 1e6  # stands for a bound that a parameter does not have


class RangeForm(QWidget):
    """Signals: changed(): another range or other values."""

    changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._whole = False
        self.low = self._number(self.tr("The least value"))
        self.high = self._number(self.tr("The largest value"))
        self.count = QSpinBox()
        self.count.setObjectName("sweep count")
        self.count.setRange(1, MOST)
        self.count.setValue(4)
        self.count.setAccessibleName(self.tr("Number of values"))
        self.count.valueChanged.connect(self.changed)
        self.ticks: dict[Any, QCheckBox] = {}
        self._list = QVBoxLayout()
        self._list.setSpacing(GRID // 2)
        self._form = QFormLayout(self)
        self._form.setContentsMargins(0, 0, 0, 0)
        self._form.setSpacing(GRID)
        ends = row(self.low, QLabel(self.tr("to")), self.high)
        self._form.addRow(self.tr("&From"), ends)
        self._form.labelForField(ends).setBuddy(self.low)
        counted = row(self.count)
        self._form.addRow(self.tr("&Number of values"), counted)
        self._form.labelForField(counted).setBuddy(self.count)
        self._form.addRow(self.tr("Values"), self._list)

    def _number(self, name: str) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setAccessibleName(name)
        box.valueChanged.connect(self.changed)
        return box

    def show_field(self, field: StepField, value: object) -> None:
        """Fill in what is worth trying of a field that has ``value`` now."""
        spec = field.spec
        self._show_rows(numbers=field.counted)
        if field.counted:
            self._bounds(
                spec.low if spec.low is not None else -OPEN,
                spec.high if spec.high is not None else OPEN,
                whole=spec.kind == "integer",
            )
            low, high = field.range(value)
            self.low.setValue(low)
            self.high.setValue(high)
            for box in (self.low, self.high):
                box.setSuffix(f" {said(spec.unit)}" if spec.unit else "")
            return
        for tick in self.ticks.values():
            self._list.removeWidget(tick)
            tick.deleteLater()
        self.ticks = {}
        for option in field.options:
            words = {True: self.tr("on"), False: self.tr("off")}
            tick = QCheckBox(words[option] if isinstance(option, bool) else value_name(option))
            tick.setChecked(True)
            tick.toggled.connect(self.changed)
            self._list.addWidget(tick)
            self.ticks[option] = tick

    def show_width(self) -> None:
        """Fill in a range of widths."""
        self._show_rows(numbers=True)
        self._bounds(round(MIN_WIDTH, 3), 1.0, whole=False)
        self.low.setValue(0.25)
        self.high.setValue(1.0)
        for box in (self.low, self.high):
            box.setSuffix("")

    def values(self) -> tuple[Any, ...]:
        """The values that are asked for.

        Raises:
            BadRecipe: the range cannot be.
        """
        if self._form.isRowVisible(0):
            return spaced(
                self.low.value(), self.high.value(), self.count.value(), whole=self._whole
            )
        return tuple(option for option, tick in self.ticks.items() if tick.isChecked())

    def _show_rows(self, *, numbers: bool) -> None:
        for index in (0, 1):
            self._form.setRowVisible(index, numbers)
        self._form.setRowVisible(2, not numbers)

    def _bounds(self, low: float, high: float, *, whole: bool) -> None:
        self._whole = whole
        for box in (self.low, self.high):
            box.setDecimals(0 if whole else 3)
            box.setSingleStep(1 if whole else 0.05)
            box.setRange(low, high)
