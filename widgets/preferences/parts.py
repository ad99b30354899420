"""What the pages of the preferences are made of."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QFormLayout, QLabel, QSizePolicy, QWidget

from widgets.style.theme import GRID, caption_font
from widgets.wiring import column


def hint(text: str) -> QLabel:
    """A line or more of small print that wraps."""
    label = QLabel(text)
    label.setFont(caption_font(label.font()))
    label.setForegroundRole(QPalette.ColorRole.PlaceholderText)
    label.setTextFormat(Qt.TextFormat.PlainText)
    label.setWordWrap(True)
    label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
    return label


def form(*rows: tuple[str, QWidget, QLabel | None]) -> QFormLayout:
    """Labels beside their fields, each with small print below it or none."""
    layout = QFormLayout()
    layout.setHorizontalSpacing(2 * GRID)
    layout.setVerticalSpacing(2 * GRID)
    layout.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
    layout.setRowWrapPolicy(QFormLayout.RowWrapPolicy.DontWrapRows)
    for text, field, print_ in rows:
        label = QLabel(text)
        label.setBuddy(_focusable(field))
        _focusable(field).setAccessibleName(text.replace("&", "").partition("(")[0].strip())
        if print_ is None:
            layout.addRow(label, field)
            continue
        label.setFixedHeight(_focusable(field).sizeHint().height())
        layout.addRow(label, column(field, print_, spacing=GRID // 2))
    return layout


def _focusable(field: QWidget) -> QWidget:
    """The field itself, or the first of several that stand in a row."""
    if field.focusPolicy() != Qt.FocusPolicy.NoFocus or field.layout() is None:
        return field
    first = field.layout().itemAt(0).widget()
    return field if first is None else first
