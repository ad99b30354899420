"""The seed: a field that takes exact numbers, a button for another one, a button that pins."""

from __future__ import annotations

from PySide6.QtWidgets import QHBoxLayout, QLabel, QWidget

from studio.families.inputs import MAX_SEED
from widgets.actions import Actions
from widgets.controller import Controller
from widgets.controls.field import NumberField
from widgets.controls.labelled import LABEL_WIDTH
from widgets.style.theme import GRID
from widgets.wiring import button


class NumberRow(QWidget):
    """A label and a field for a whole number from 0 up; arrows go one up or down."""

    def __init__(self, label: str, maximum: int, tooltip: str) -> None:
        super().__init__()
        self._maximum = maximum
        self._value = 0
        self.field = NumberField(self)
        self.field.set_characters(10)
        self.field.setAccessibleName(label)
        self.field.setToolTip(tooltip)
        words = QLabel(label)
        words.setFixedWidth(LABEL_WIDTH)
        words.setBuddy(self.field)
        self.row = QHBoxLayout(self)
        self.row.setContentsMargins(0, 0, 0, 0)
        self.row.setSpacing(GRID)
        self.row.addWidget(words)
        self.row.addStretch(1)
        self.row.addWidget(self.field)
        self.field.nudged.connect(lambda steps: self._take(self._value + round(steps)))
        self.field.committed.connect(self._typed)
        self.set_value(0)

    def set_maximum(self, maximum: int) -> None:
        """The largest number that is taken."""
        self._maximum = maximum

    def set_value(self, value: int) -> None:
        """Show a number."""
        self._value = value
        self.field.set_number(str(value), "")

    def chosen(self, value: int) -> None:
        """The user has chosen a number. Subclasses say what follows."""
        raise NotImplementedError

    def _typed(self, text: str) -> None:
        try:
            self._take(int(text.replace(" ", "")))
        except ValueError:
            self.set_value(self._value)

    def _take(self, value: int) -> None:
        value = max(0, min(self._maximum, value))
        self.set_value(value)
        self.chosen(value)


class SeedRow(NumberRow):
    """The seed of the document."""

    def __init__(self, controller: Controller, actions: Actions) -> None:
        super().__init__(
            self.tr("seed"), MAX_SEED, self.tr("0 to {largest}").format(largest=MAX_SEED)
        )
        self._controller = controller
        self.row.addWidget(button(actions["new_seed"]))
        self.row.addWidget(button(actions["pin"]))

    def chosen(self, value: int) -> None:
        """Draw another seed."""
        self._controller.set_inputs(self.tr("Change the seed"), "seed", seed=value)


class ClassRow(NumberRow):
    """The class of a conditional model."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(self.tr("class"), 0, self.tr("Which class of the training set to draw"))
        self._controller = controller

    def chosen(self, value: int) -> None:
        """Draw another class."""
        self._controller.set_inputs(self.tr("Change the class"), "class", label=value)
