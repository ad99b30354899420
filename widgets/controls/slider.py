"""Sliders with a label and a field: for a number, and for one of a few choices."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from typing import Any

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QWidget

from widgets.controls.labelled import LabelledSlider
from widgets.controls.numbers import read, rounded, written

__all__ = ["ChoiceSlider", "ValueSlider"]

LOG_NUDGES = 100


class ValueSlider(LabelledSlider):
    """A number between ``minimum`` and ``maximum``.

    ``value_changed`` follows the user's changes while they happen; ``editing_started`` comes
    before the first and ``editing_finished`` after the last change of one edit. Dragging and
    nudging keep to multiples of ``step``; typed values are exact within the range.
    """

    value_changed = Signal(float)
    editing_finished = Signal(float)

    def __init__(
        self,
        label: str,
        minimum: float,
        maximum: float,
        default: float,
        *,
        step: float,
        decimals: int = 2,
        unit: str = "",
        tooltip: str = "",
        logarithmic: bool = False,
        stops: Sequence[float] = (),
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(label, unit=unit, tooltip=tooltip, parent=parent)
        self._step, self._decimals, self._logarithmic = step, decimals, logarithmic
        self._stops = tuple(stops)
        self._value = float(default)
        self.set_range(minimum, maximum, default)

    # ---- value -------------------------------------------------------------------------------

    def value(self) -> float:
        return self._value

    def minimum(self) -> float:
        return self._minimum

    def maximum(self) -> float:
        return self._maximum

    def default(self) -> float:
        return self._default

    def set_range(self, minimum: float, maximum: float, default: float) -> None:
        """Other bounds; a value outside them moves to the nearest bound, without a signal.

        Raises:
            ValueError: the bounds are not in order, or not above 0 on a logarithmic slider.
        """
        if not minimum < maximum or (self._logarithmic and minimum <= 0):
            raise ValueError(f"{minimum:g} to {maximum:g} is no range for this slider")
        self._minimum, self._maximum = float(minimum), float(maximum)
        self._default = self._clamped(default)
        self.track.set_default(self._position_of(self._default))
        both_ways = self._minimum < 0 < self._maximum
        self.track.set_origin(self._position_of(0.0) if both_ways else 0.0)
        texts = [written(bound, self._decimals) for bound in (self._minimum, self._maximum)]
        longest = max(len(text) for text in texts)
        self.field.set_characters(longest + (len(self.unit) + 1 if self.unit else 0))
        self.set_stops(self._stops)
        self.set_value(self._value)

    def set_stops(self, stops: Sequence[float]) -> None:
        """Values worth finding again: small marks that a drag leans to but may pass."""
        self._stops = tuple(stops)
        inside = [s for s in self._stops if self._minimum <= s <= self._maximum]
        self.track.set_stops([self._position_of(stop) for stop in inside])

    def set_value(self, value: float, notify: bool = False) -> None:
        """Show ``value``, moved into the range. With ``notify`` it counts as a whole edit."""
        value = self._clamped(value)
        if notify and value != self._value:
            self.burst.end()
            self._change(value)
            self.burst.end()
            return
        self._value = value
        self.track.set_position(self._position_of(value))
        text = written(value, self._decimals)
        self.field.set_number(text, self.unit)
        spoken = f"{text} {self.unit}".strip()
        self.track.setAccessibleDescription(spoken)

    def reset(self) -> None:
        self.set_value(self._default, notify=True)

    # ---- what the user does ------------------------------------------------------------------

    def _on_moved(self, position: float) -> None:
        value = self._value_at(position)
        for stop in self._stops:
            # As near as three pixels to a mark: the mark is meant.
            if abs(self.track.x_of(self._position_of(stop)) - self.track.x_of(position)) <= 3:
                value = stop
        self._change(value)

    def _on_nudged(self, steps: float) -> None:
        step = self._step * min(1.0, abs(steps))
        if self._decimals == 0:
            step = max(step, 1.0)
            steps = math.copysign(max(abs(steps), 1.0), steps)
        if self._logarithmic:
            position = self._position_of(self._value) + steps / LOG_NUDGES
            value = rounded(self._raw_at(position), step, self._minimum)
            if value == self._value:
                value += math.copysign(step, steps)
        else:
            value = round(self._value + steps * self._step, 10)
        self._change(self._clamped(value))

    def _on_typed(self, text: str) -> None:
        value = read(text, self.unit)
        if value is not None:
            self.set_value(value, notify=True)

    def _on_ended(self) -> None:
        self.editing_finished.emit(self._value)

    def _change(self, value: float) -> None:
        if value != self._value:
            self.burst.touch()
            self.set_value(value)
            self.value_changed.emit(self._value)

    # ---- positions ---------------------------------------------------------------------------

    def _clamped(self, value: float) -> float:
        if self._decimals == 0:
            value = round(value)
        return min(max(float(value), self._minimum), self._maximum)

    def _position_of(self, value: float) -> float:
        low, high = self._minimum, self._maximum
        if self._logarithmic:
            return math.log(value / low) / math.log(high / low)
        return (value - low) / (high - low)

    def _raw_at(self, position: float) -> float:
        low, high = self._minimum, self._maximum
        if self._logarithmic:
            return math.exp(math.log(low) + position * math.log(high / low))
        return low + position * (high - low)

    def _value_at(self, position: float) -> float:
        # The ends are exact even where the range is no multiple of the step.
        if position <= 0.0 or position >= 1.0:
            return self._minimum if position <= 0.0 else self._maximum
        return self._clamped(rounded(self._raw_at(position), self._step, self._minimum))


class ChoiceSlider(LabelledSlider):
    """One of a few values in order, such as resolutions in pixels."""

    value_changed = Signal(object)
    editing_finished = Signal(object)

    def __init__(
        self,
        label: str,
        choices: Sequence[Any],
        default: Any,
        *,
        unit: str = "",
        tooltip: str = "",
        text_of: Callable[[Any], str] = str,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(label, unit=unit, tooltip=tooltip, parent=parent)
        self._text_of = text_of
        self._index = 0
        self._choices: tuple[Any, ...] = (default,)
        self.set_choices(choices, default)

    def value(self) -> Any:
        return self._choices[self._index]

    def choices(self) -> tuple[Any, ...]:
        return self._choices

    def default(self) -> Any:
        return self._choices[self._default]

    def set_choices(self, choices: Sequence[Any], default: Any) -> None:
        """Other choices, without a signal; the value stays if it is among them.

        Raises:
            ValueError: there is no choice, or the default is not among them.
        """
        value = self.value()
        new = tuple(choices)
        if default not in new:
            raise ValueError(f"{default!r} is not among the choices {new}")
        self._choices = new
        self._default = new.index(default)
        self.track.set_stops([self._position_of(i) for i in range(len(new))])
        self.track.set_default(self._position_of(self._default))
        self.track.setEnabled(len(new) > 1)
        self.set_value(value if value in new else default)

    def set_value(self, value: Any, notify: bool = False) -> None:
        """Show ``value``. With ``notify`` it counts as a whole edit.

        Raises:
            ValueError: it is not among the choices.
        """
        if value not in self._choices:
            raise ValueError(f"{value!r} is not among the choices {self._choices}")
        index = self._choices.index(value)
        if notify and index != self._index:
            self.burst.end()
            self._change(index)
            self.burst.end()
        else:
            self._show(index)

    def reset(self) -> None:
        self.set_value(self.default(), notify=True)

    def _show(self, index: int) -> None:
        self._index = index
        self.track.set_position(self._position_of(index))
        text = self._text_of(self._choices[index])
        self.field.set_number(text, self.unit)
        self.track.setAccessibleDescription(f"{text} {self.unit}".strip())

    def _position_of(self, index: int) -> float:
        return index / max(1, len(self._choices) - 1)

    def _on_moved(self, position: float) -> None:
        self._change(round(position * (len(self._choices) - 1)))

    def _on_nudged(self, steps: float) -> None:
        step = int(steps) or (1 if steps > 0 else -1)  # there is no tenth of a choice
        self._change(min(max(self._index + step, 0), len(self._choices) - 1))

    def _on_typed(self, text: str) -> None:
        number = read(text, self.unit)
        for choice in self._choices:
            written_as = self._text_of(choice)
            if text.strip() == written_as or (number is not None and number == read(written_as)):
                self.set_value(choice, notify=True)
                break

    def _on_ended(self) -> None:
        self.editing_finished.emit(self.value())

    def _change(self, index: int) -> None:
        if index != self._index:
            self.burst.touch()
            self._show(index)
            self.value_changed.emit(self.value())
