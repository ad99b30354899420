"""A small field for typed values: right-aligned tabular figures, the unit shown when at rest."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLineEdit, QSizePolicy, QWidget

from widgets.controls.track import step_of
from widgets.style.theme import tabular

LEAST_CHARACTERS, MOST_CHARACTERS = 6, 12


class NumberField(QLineEdit):
    """Shows a text given by its owner and hands back what was typed, on Enter or leaving.

    Escape takes back what was typed. Up and down nudge.
    """

    committed = Signal(str)
    nudged = Signal(float)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._number = ""
        self._unit = ""
        self._characters = LEAST_CHARACTERS
        self.setFont(tabular(self.font()))
        self.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        self.setSizePolicy(QSizePolicy.Policy.Fixed, QSizePolicy.Policy.Fixed)
        self.setAcceptDrops(False)  # a file that is dropped here is meant for the window

    def set_number(self, number: str, unit: str) -> None:
        """Show ``number``. The same number again leaves alone what is being typed."""
        if (number, unit) == (self._number, self._unit):
            return
        self._number, self._unit = number, unit
        self._show()

    def set_characters(self, count: int) -> None:
        """Have room for ``count`` characters; never fewer than lets the fields of a panel align."""
        self._characters = min(max(count, LEAST_CHARACTERS), MOST_CHARACTERS)
        self.updateGeometry()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and not self.isModified():
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            if isinstance(event, QKeyEvent) and (event.matches(undo) or event.matches(redo)):
                # Nothing was typed that could be taken back here: undo belongs to the window.
                event.ignore()
                return False
        return super().event(event)

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance("0") * self._characters + 14
        return QSize(width, super().sizeHint().height())

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self._show()
        # After the click that brought the focus, which would put the cursor somewhere.
        QTimer.singleShot(0, self, self.selectAll)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._commit()
        self._show()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter):
            self._commit()
            self._show()
            self.selectAll()
        elif event.key() == Qt.Key.Key_Escape and self.isModified():
            self._show()
            self.selectAll()
        elif event.key() in (Qt.Key.Key_Up, Qt.Key.Key_Down):
            self._commit()
            self.nudged.emit(step_of(event) or 0.0)
        else:
            super().keyPressEvent(event)

    def _commit(self) -> None:
        if self.isModified():
            self.setModified(False)
            self.committed.emit(self.text())

    def _show(self) -> None:
        at_rest = not self.hasFocus()
        text = f"{self._number} {self._unit}" if self._unit and at_rest else self._number
        self.setText(text)  # also clears "modified"
        if at_rest:
            self.setCursorPosition(0)
