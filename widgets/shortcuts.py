"""Who gets a key: the field or button that has the focus, or the window's command."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject, Qt
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import QAbstractButton

from widgets.controls.field import NumberField

NUMERIC = set("0123456789.,+-eE% ")


class KeyRules(QObject):
    """An event filter of the application with two rules that Qt has not.

    Space presses a button that was reached by Tab, as everywhere else, instead of finishing the
    picture. A letter means its command even while a number field has the focus, since no number
    has letters.
    """

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if event.type() != QEvent.Type.ShortcutOverride or not isinstance(event, QKeyEvent):
            return False
        if isinstance(watched, QAbstractButton) and event.key() == Qt.Key.Key_Space:
            if event.modifiers() == Qt.KeyboardModifier.NoModifier:
                event.accept()
                return True
        elif isinstance(watched, NumberField):
            text = event.text()
            plain = event.modifiers() in (
                Qt.KeyboardModifier.NoModifier,
                Qt.KeyboardModifier.ShiftModifier,
            )
            if plain and text.isprintable() and text and text not in NUMERIC:
                event.ignore()
                return True
        return False
