"""A field for a prompt, and how much of it the model reads."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal
from PySide6.QtGui import QFocusEvent, QKeyEvent, QKeySequence
from PySide6.QtWidgets import QLabel, QPlainTextEdit, QSizePolicy, QVBoxLayout, QWidget

from studio.families.diffusion.config import MOST_PROMPT
from widgets.style.theme import GRID, caption_font, colours, current_scheme

TYPING_MS = 300
"""A pause in typing that is taken for the end of a thought."""


class PromptField(QPlainTextEdit):
    """Plain text that is handed on when typing pauses, on Enter and when the field is left.

    Shift+Enter begins a line; of a field for ``several`` texts, one a line, Enter does. Taking back
    is the window's.

    Signals: typed(text).
    """

    typed = Signal(str)

    def __init__(self, name: str, placeholder: str, lines: int, *, several: bool = False) -> None:
        super().__init__()
        self._lines = lines
        self._several = several
        self._told = ""
        self.setAccessibleName(name)
        self.setPlaceholderText(placeholder)
        self.setTabChangesFocus(True)
        self.setUndoRedoEnabled(False)
        self.setAcceptDrops(False)  # a file that is dropped here is meant for the window
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._pause = QTimer(self, singleShot=True, interval=TYPING_MS)
        self._pause.timeout.connect(self.flush)
        self.textChanged.connect(self._changed)

    def set_text(self, text: str) -> None:
        """Show the text of the document; what is being typed meanwhile is left alone."""
        if text == self._told and self._pause.isActive():
            return
        self._pause.stop()
        self._told = text
        if text != self.toPlainText():
            self.blockSignals(True)
            self.setPlainText(text)
            self.blockSignals(False)

    def flush(self) -> None:
        """Hand on what was typed, now."""
        self._pause.stop()
        text = self.toPlainText()[:MOST_PROMPT]
        if text != self._told:
            self._told = text
            self.typed.emit(text)

    def sizeHint(self) -> QSize:
        frame = 2 * self.frameWidth() + 2 * round(self.document().documentMargin())
        return QSize(200, self._lines * self.fontMetrics().lineSpacing() + frame)

    def minimumSizeHint(self) -> QSize:
        return QSize(120, self.sizeHint().height())

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent):
            undo, redo = QKeySequence.StandardKey.Undo, QKeySequence.StandardKey.Redo
            if event.matches(undo) or event.matches(redo):
                self.flush()
                event.ignore()
                return False
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        enter = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        begins = self._several or event.modifiers() & Qt.KeyboardModifier.ShiftModifier
        if enter and not begins:
            self.flush()
        else:
            super().keyPressEvent(event)

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self.flush()

    def _changed(self) -> None:
        self._pause.start()


class Prompt(QWidget):
    """A prompt with its length below it."""

    def __init__(self, name: str, placeholder: str, lines: int) -> None:
        super().__init__()
        self.field = PromptField(name, placeholder, lines)
        self.length = QLabel()
        self.length.setFont(caption_font(self.length.font()))
        self.length.setWordWrap(True)
        self.length.setToolTip(
            self.tr(
                "A text encoder reads parts of words (tokens), so many of them and no more. "
                "Numbers and rare words have many parts."
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.field)
        layout.addWidget(self.length)

    def show_length(self, count: int | None, limit: int) -> None:
        """Say how much of the text is read; ``None``: nobody knows yet."""
        over = count is not None and count > limit
        if count is None:
            text = self.tr("Counting the parts of words\u2026")
        elif over:
            text = self.tr("{n} of {limit} parts of words: the end is not read").format(
                n=count, limit=limit
            )
        else:
            text = self.tr("{n} of {limit} parts of words").format(n=count, limit=limit)
        self.length.setText(text)
        self.length.setStyleSheet(f"color: {colours(current_scheme()).warning}" if over else "")
