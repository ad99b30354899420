"""A panel made from the JSON schema of a technique's parameters."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from widgets.controls.fold import Fold
from widgets.controls.labelled import LABEL_WIDTH
from widgets.recipes.fields import FieldSpec, fields_of
from widgets.recipes.rows import Row, row_for
from widgets.style.theme import GRID, caption_font
from widgets.wiring import column

WIDEST_LABEL = 120


def said(text: str) -> str:
    """A text of a technique in the user's language, where a translation knows it."""
    return QCoreApplication.translate("Techniques", text) if text else ""


def label_of(title: str) -> str:
    """A title as the label of a row: in small letters, as on every row of the window, except for
    abbreviations and names such as ToRGB."""
    text = said(title)
    first = text.split(maxsplit=1)[0] if text else ""
    return text[0].lower() + text[1:] if first[1:].islower() else text


class GeneratedPanel(QWidget):
    """Shows parameters as a dict of JSON values and tells when the user changes one.

    ``changed`` follows a change while it happens; ``started`` comes before the first and
    ``finished`` after the last change of one edit. What is not accepted is never handed on: it
    stays in its field with a sentence below.

    Signals:
        started(name), changed(name, value), finished(name).
    """

    started = Signal(str)
    changed = Signal(str, object)
    finished = Signal(str)

    def __init__(self, schema: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.rows: dict[str, Row] = {}
        plain, advanced = [], []
        for field in fields_of(schema):
            row = row_for(field, label_of(field.title), said(field.description))
            self.rows[field.name] = row
            (advanced if field.advanced else plain).append(row)
            self._connect(field, row)
        self.more = Fold(self.tr("More"))
        self.more.set_content(column(*advanced, spacing=GRID // 2))
        self.more.setVisible(bool(advanced))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for row in plain:
            layout.addWidget(row)
        layout.addWidget(self.more)
        if not self.rows:
            nothing = QLabel(self.tr("Nothing to set."))
            nothing.setFont(caption_font(nothing.font()))
            layout.addWidget(nothing)
        self._align()

    def values(self) -> dict[str, Any]:
        """Every parameter that is shown, as JSON values."""
        return {name: row.value() for name, row in self.rows.items()}

    def set_values(self, values: Mapping[str, Any]) -> None:
        """Show ``values`` without a signal; what is missing gets its default, names that are not
        shown are passed over. The sentences of earlier mistakes go."""
        for name, row in self.rows.items():
            row.show_value(values.get(name, row.field.default))

    def set_error(self, name: str, sentence: str) -> bool:
        """Say below a field why its value is not accepted; empty says nothing. Whether it has such
        a field."""
        row = self.rows.get(name)
        if row is None:
            return False
        if sentence and row.field.advanced:
            self.more.restore(True)
        row.set_error(sentence)
        return True

    def reset(self) -> None:
        """Every parameter at its default, each as an edit where it changes."""
        for name, row in self.rows.items():
            if row.value() != row.field.default:
                self.started.emit(name)
                row.show_value(row.field.default)
                self.changed.emit(name, row.value())
                self.finished.emit(name)

    def _connect(self, field: FieldSpec, row: Row) -> None:
        name = field.name
        row.setObjectName(f"field {name}")
        row.started.connect(lambda: self.started.emit(name))
        row.changed.connect(lambda value: self.changed.emit(name, value))
        row.finished.connect(lambda: self.finished.emit(name))

    def _align(self) -> None:
        """Labels of one width, as wide as the longest needs within bounds."""
        wanted = max((row.label_width() for row in self.rows.values()), default=0)
        for row in self.rows.values():
            row.set_label_width(min(max(wanted, LABEL_WIDTH), WIDEST_LABEL))
