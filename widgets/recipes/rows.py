"""One row of a generated panel: a label, a control that suits the parameter, a sentence below."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtCore import QCoreApplication, QEvent, Qt, Signal
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from widgets.controls.elided import ElidedLabel
from widgets.recipes.fields import FieldSpec
from widgets.recipes.inputs import (
    ChoiceControl,
    Control,
    NumberBox,
    SliderControl,
    SwitchControl,
    TextControl,
)
from widgets.style.theme import GRID, caption_font, colours, current_scheme

translate = QCoreApplication.translate


def row_for(field: FieldSpec, title: str, description: str) -> Row:
    """The row that suits ``field``."""
    control: Control
    if field.unit:
        field = replace(field, unit=translate("Techniques", field.unit))
    if field.kind in ("number", "integer"):
        control = SliderControl(field, title, description) if field.bounded else NumberBox(field)
    elif field.kind == "switch":
        control = SwitchControl()
    elif field.kind == "choice":
        control = ChoiceControl(field)
    else:
        control = TextControl(field)
    return Row(field, control, title, description)


class Row(QWidget):
    """Label, control and a sentence when something is wrong; a checkbox where None is accepted.

    Signals:
        started(), changed(value), finished(): of one edit.
    """

    started = Signal()
    changed = Signal(object)
    finished = Signal()

    def __init__(self, field: FieldSpec, control: Control, title: str, description: str) -> None:
        super().__init__()
        self.field = field
        self.control = control
        self._long = isinstance(control, SwitchControl) and not field.optional
        self.check: QCheckBox | None = None
        self.label: QWidget | None = None
        self.error = QLabel()
        self.error.setObjectName("error")
        self.error.setTextFormat(Qt.TextFormat.PlainText)
        self.error.setWordWrap(True)
        self.error.setFont(caption_font(self.error.font()))
        self.error.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        line = QHBoxLayout()
        line.setSpacing(GRID)
        if field.optional:
            self.check = QCheckBox("" if control.labelled else title)
            self.check.setAccessibleName(
                translate("TechniquePanel", "Set {name}").format(name=title)
            )
            self.check.setToolTip(description)
            self.check.clicked.connect(self._checked)
            line.addWidget(self.check)
            self.label = None if control.labelled else self.check
        elif not control.labelled:
            named = ElidedLabel(title)
            named.set_hint(description)
            named.setBuddy(control.focusable())
            self.label = named
            line.addWidget(named, 1 if self._long else 0)
        line.addWidget(control, 0 if self._long else 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addLayout(line)
        layout.addWidget(self.error)
        target = control.focusable()
        target.setAccessibleName(title)
        target.setAccessibleDescription(description)
        if not control.labelled:
            target.setToolTip(description)
        control.started.connect(self.started)
        control.changed.connect(self._changed)
        control.finished.connect(self.finished)
        control.refused.connect(self.set_error)
        self.set_error("")
        self.show_value(field.default)

    def value(self) -> Any:
        """As JSON; None where it is not set."""
        if self.check is not None and not self.check.isChecked():
            return None
        return self.control.value()

    def show_value(self, value: Any) -> None:
        """Show a value without a signal."""
        self.set_error("")
        if self.check is not None:
            self.check.setChecked(value is not None)
            self.control.setEnabled(value is not None)
        if value is not None:
            self.control.show_value(value)

    def set_error(self, sentence: str) -> None:
        """Say below the control what is wrong; empty says nothing."""
        colour = colours(current_scheme()).error
        self.error.setStyleSheet(f"color: {colour}")
        self.error.setText(sentence)
        self.error.setVisible(bool(sentence))
        if not self.control.labelled:
            self.control.focusable().setAccessibleDescription(sentence)

    def label_width(self) -> int:
        """What the label would like."""
        if isinstance(self.control, SliderControl):
            return self.control.slider.label.sizeHint().width()
        # A switch leaves its label all the room there is.
        return 0 if self.label is None or self._long else self.label.sizeHint().width()

    def set_label_width(self, width: int) -> None:
        """So that the rows of a panel line up."""
        if isinstance(self.control, SliderControl):
            if self.check is not None:
                width -= self.check.sizeHint().width() + GRID
            self.control.slider.set_label_width(width)
        elif self.label is not None and not self._long:
            self.label.setFixedWidth(width)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and self.error.text():
            self.set_error(self.error.text())

    def _changed(self, value: object) -> None:
        self.set_error("")
        self.changed.emit(value)

    def _checked(self, on: bool) -> None:
        self.control.setEnabled(on)
        self.set_error("")
        self.started.emit()
        self.changed.emit(self.value())
        self.finished.emit()
