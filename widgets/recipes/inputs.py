"""The controls of a generated panel, one for each kind of parameter."""

from __future__ import annotations

import json
import math
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QLineEdit, QWidget

from widgets.controls.field import NumberField
from widgets.controls.numbers import read, written
from widgets.controls.quiet import QuietBox
from widgets.controls.slider import ValueSlider
from widgets.controls.switch import Switch
from widgets.recipes.fields import FieldSpec
from widgets.recipes.technique_texts import value_name

translate = QCoreApplication.translate
STEPS = 100
LONG_RANGE = 1000


class Control(QWidget):
    """What a row holds. A subclass shows a value and emits ``changed`` when the user changes it.

    Signals:
        started(), changed(value), finished(): of one edit. refused(sentence): what was typed is not
            accepted; empty when it is again.
    """

    started = Signal()
    changed = Signal(object)
    finished = Signal()
    refused = Signal(str)
    labelled = False
    """It brings a label of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)

    def value(self) -> Any:
        """As JSON."""
        raise NotImplementedError

    def show_value(self, value: Any) -> None:
        """Without a signal."""
        raise NotImplementedError

    def focusable(self) -> QWidget:
        """What takes the keyboard."""
        raise NotImplementedError

    def _whole(self, value: Any) -> None:
        """An edit that is whole by itself."""
        self.started.emit()
        self.changed.emit(value)
        self.finished.emit()


class SliderControl(Control):
    """A number between two bounds."""

    labelled = True

    def __init__(self, field: FieldSpec, title: str, description: str) -> None:
        super().__init__()
        assert field.low is not None
        assert field.high is not None
        self._integer = field.kind == "integer"
        step = field.step or (1.0 if self._integer else nice_step(field.high - field.low))
        low = field.low + (step if field.above else 0)
        high = field.high - (step if field.below else 0)
        self.slider = ValueSlider(
            title,
            low,
            high,
            field.default if isinstance(field.default, int | float) else low,
            step=step,
            decimals=0 if self._integer else digits(step),
            unit=field.unit,
            tooltip=description,
            logarithmic=low > 0 and high / low > LONG_RANGE,
        )
        self._layout.addWidget(self.slider)
        self.slider.editing_started.connect(self.started)
        self.slider.value_changed.connect(lambda _value: self.changed.emit(self.value()))
        self.slider.editing_finished.connect(lambda _value: self.finished.emit())

    def value(self) -> Any:
        value = self.slider.value()
        return round(value) if self._integer else value

    def show_value(self, value: Any) -> None:
        if isinstance(value, int | float):
            self.slider.set_value(value)

    def focusable(self) -> QWidget:
        return self.slider.track


class NumberBox(Control):
    """A number that is open to one side at least: typed, or nudged with up and down."""

    def __init__(self, field: FieldSpec) -> None:
        super().__init__()
        self._field = field
        # Without a default, what the declaration calls worth trying, so that setting it does not
        # begin at the lowest.
        begin = (field.default, *field.search, field.low, 0)
        self._value: float = next(each for each in begin if isinstance(each, int | float))
        self.box = NumberField()
        self.box.set_characters(10)
        self._layout.addWidget(self.box)
        self._layout.addStretch(1)
        self.box.committed.connect(self._typed)
        self.box.nudged.connect(self._nudged)
        self.show_value(self._value)

    def value(self) -> Any:
        return self._value

    def show_value(self, value: Any) -> None:
        if isinstance(value, int | float):
            self._value = value
            self.box.set_number(written(value, 0), self._field.unit)

    def focusable(self) -> QWidget:
        return self.box

    def _typed(self, text: str) -> None:
        self._take(read(text, self._field.unit), text)

    def _nudged(self, steps: float) -> None:
        step = self._field.step or (1 if self._field.kind == "integer" else 0.1)
        self._take(round(self._value + math.copysign(step, steps), 10), "")

    def _take(self, number: float | None, text: str) -> None:
        whole = self._field.kind == "integer"
        if number is None or (whole and not float(number).is_integer()):
            self.refused.emit(
                translate("TechniquePanel", "“{text}” is not a whole number.").format(text=text)
                if whole
                else translate("TechniquePanel", "“{text}” is not a number.").format(text=text)
            )
            return
        if not self._field.accepts(number):
            self.refused.emit(outside(self._field, number))
            return
        self.refused.emit("")
        number = int(number) if whole else number
        if number != self._value:
            self.show_value(number)
            self._whole(number)


class SwitchControl(Control):
    """Yes or no."""

    def __init__(self) -> None:
        super().__init__()
        self.switch = Switch()
        self._layout.addStretch(1)
        self._layout.addWidget(self.switch)
        self.switch.clicked.connect(lambda on: self._whole(bool(on)))

    def value(self) -> Any:
        return self.switch.isChecked()

    def show_value(self, value: Any) -> None:
        self.switch.setChecked(bool(value))

    def focusable(self) -> QWidget:
        return self.switch


class ChoiceControl(Control):
    """One of a few values."""

    def __init__(self, field: FieldSpec) -> None:
        super().__init__()
        self.box = QuietBox()
        for choice in field.choices:
            self.box.addItem(value_name(choice), choice)
        self._layout.addWidget(self.box)
        self._shown = field.choices[0]
        self.box.activated.connect(self._chosen)

    def value(self) -> Any:
        return self.box.currentData()

    def show_value(self, value: Any) -> None:
        index = self.box.findData(value)
        if index >= 0:
            self._shown = value
            self.box.setCurrentIndex(index)

    def focusable(self) -> QWidget:
        return self.box

    def _chosen(self, index: int) -> None:
        value = self.box.itemData(index)
        if value != self._shown:
            self._shown = value
            self._whole(value)


class TextControl(Control):
    """A text, a list of entries with commas between them, or any other value as JSON."""

    def __init__(self, field: FieldSpec) -> None:
        super().__init__()
        self._field = field
        self._value = field.default
        self.edit = QLineEdit()
        self.edit.setAcceptDrops(False)
        self._layout.addWidget(self.edit)
        if field.kind != "list":
            self.edit.setPlaceholderText(translate("TechniquePanel", "none"))
        else:
            self.edit.setPlaceholderText(
                translate("TechniquePanel", "none; commas between entries")
            )
        self.edit.editingFinished.connect(self._typed)
        self.show_value(field.default)

    def value(self) -> Any:
        return self._value

    def show_value(self, value: Any) -> None:
        self._value = value
        if not (self.edit.hasFocus() and self.edit.isModified()):
            self.edit.setText(self._text(value))

    def focusable(self) -> QWidget:
        return self.edit

    def _text(self, value: Any) -> str:
        if self._field.kind == "list" and isinstance(value, list | tuple):
            return ", ".join(f"{v:g}" if isinstance(v, float) else str(v) for v in value)
        if self._field.kind == "text" or value in self._field.choices:
            return "" if value is None else str(value)
        return "" if value is None else json.dumps(value)

    def _typed(self) -> None:
        if not self.edit.isModified():
            return
        self.edit.setModified(False)
        try:
            value = self._read(self.edit.text())
        except ValueError as error:
            self.refused.emit(str(error))
            return
        self.refused.emit("")
        if value != self._value:
            self._value = value
            self._whole(value)

    def _read(self, text: str) -> Any:
        if self._field.kind == "text" or text.strip() in self._field.choices:
            return text.strip() if self._field.choices else text
        if self._field.kind == "list":
            entries = [part.strip() for part in text.split(",") if part.strip()]
            return [self._entry(part) for part in entries]
        try:
            return json.loads(text)
        except ValueError:
            raise ValueError(
                translate("TechniquePanel", "“{text}” is not JSON.").format(text=text[:40])
            ) from None

    def _entry(self, text: str) -> Any:
        if self._field.item == "text":
            return text
        number = read(text)
        if number is None or (self._field.item == "integer" and not number.is_integer()):
            raise ValueError(
                translate("TechniquePanel", "“{text}” is not a number.").format(text=text[:40])
            )
        return int(number) if self._field.item == "integer" else number


def outside(field: FieldSpec, number: float) -> str:
    """A sentence that says what would be accepted instead of ``number``."""
    text = f"{number:g}"
    if field.low is not None and field.high is not None:
        return translate("TechniquePanel", "{value} is not within {low} and {high}.").format(
            value=text, low=f"{field.low:g}", high=f"{field.high:g}"
        )
    if field.low is not None:
        words = (
            translate("TechniquePanel", "{value} is not above {low}.")
            if field.above
            else translate("TechniquePanel", "{value} is less than {low}.")
        )
        return words.format(value=text, low=f"{field.low:g}")
    words = (
        translate("TechniquePanel", "{value} is not below {high}.")
        if field.below
        else translate("TechniquePanel", "{value} is more than {high}.")
    )
    return words.format(value=text, high=f"{field.high:g}")


def nice_step(span: float) -> float:
    """A hundredth of a range, as 1, 2 or 5 times a power of ten."""
    rough = span / STEPS
    power = 10.0 ** math.floor(math.log10(rough))
    return next((m * power for m in (1, 2, 5) if m * power >= rough * 0.999), 10 * power)


def digits(step: float) -> int:
    """Decimals that a multiple of ``step`` needs, at most 6."""
    return next((d for d in range(6) if math.isclose(round(step, d), step, rel_tol=1e-6)), 6)
