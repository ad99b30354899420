"""One colour a target. None is the accent, which is for what can be dragged or is current."""

from __future__ import annotations

from PySide6.QtGui import QColor

from widgets.style.theme import current_scheme

DARK = ("#e5b567", "#7fd08a", "#d69be0", "#f28e6f", "#6fd3c9", "#d8d8d8")
LIGHT = ("#9a5b00", "#23752b", "#87408f", "#b3401f", "#00736a", "#4d4d4d")


def series(number: int, scheme: str | None = None) -> QColor:
    """The colour of the ``number``-th target; after the last they begin again."""
    shades = DARK if (scheme or current_scheme()) == "dark" else LIGHT
    return QColor(shades[number % len(shades)])
