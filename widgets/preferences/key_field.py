"""A field that takes a key, and lets go of those that move about."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt, Signal
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QKeySequenceEdit, QWidget

PASSED_ON = (Qt.Key.Key_Escape, Qt.Key.Key_Return, Qt.Key.Key_Enter)
MOVING = (Qt.Key.Key_Tab, Qt.Key.Key_Backtab)
_PLAIN = (Qt.KeyboardModifier.NoModifier, Qt.KeyboardModifier.ShiftModifier)


class KeyField(QKeySequenceEdit):
    """Qt's own takes Tab for a key as well, and nobody gets out of it by keyboard.

    Signals: cleared(): the user wants no key at all.
    """

    cleared = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setMaximumSequenceLength(1)
        self.setClearButtonEnabled(True)
        # Qt says only that the text is empty, which it also is while a key is held.
        clear = self.findChild(QAction, "_q_qlineeditclearaction")
        if clear is not None:
            clear.triggered.connect(self.cleared)

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QKeyEvent) and event.modifiers() in _PLAIN:
            if event.key() in PASSED_ON:
                event.ignore()
                return False
            if event.key() in MOVING and event.type() == QEvent.Type.KeyPress:
                back = event.key() == Qt.Key.Key_Backtab or bool(
                    event.modifiers() & Qt.KeyboardModifier.ShiftModifier
                )
                return self.focusNextPrevChild(not back)
        return super().event(event)
