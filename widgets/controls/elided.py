"""A label that shortens its text to the room it has and tells the rest in its tooltip."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QWidget


class ElidedLabel(QLabel):
    """One line of plain text. `full_text` is what was set; what is shown may end with an ellipsis.

    Screen readers get the full text.
    """

    def __init__(
        self,
        text: str = "",
        parent: QWidget | None = None,
        *,
        elide: Qt.TextElideMode = Qt.TextElideMode.ElideRight,
    ) -> None:
        super().__init__(parent)
        self._full = ""
        self._hint = ""
        self._elide = elide
        self.setTextFormat(Qt.TextFormat.PlainText)
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self.set_text(text)

    def full_text(self) -> str:
        return self._full

    def set_text(self, text: str) -> None:
        """Show ``text``; line breaks become spaces."""
        text = " ".join(text.split())
        if text == self._full and self.text():
            return
        self._full = text
        self.setAccessibleName(text)
        self.updateGeometry()
        self._shorten()

    def set_hint(self, hint: str) -> None:
        """A tooltip beside the full text, such as the field's exact term."""
        self._hint = hint
        self._shorten()

    def elided(self) -> bool:
        """Whether some of the text is not shown."""
        return self.text() != self._full

    def sizeHint(self) -> QSize:
        width = self.fontMetrics().horizontalAdvance(self._full) + 2
        return QSize(width, self.fontMetrics().height())

    def minimumSizeHint(self) -> QSize:
        least = self.fontMetrics().averageCharWidth() * 3
        return QSize(min(least, self.sizeHint().width()), self.fontMetrics().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._shorten()

    def _shorten(self) -> None:
        shown = self.fontMetrics().elidedText(self._full, self._elide, max(0, self.width()))
        if shown != self.text():
            self.setText(shown)
        lines = [self._full] if shown != self._full else []
        tip = "\n".join(lines + ([self._hint] if self._hint else []))
        if tip != self.toolTip():
            self.setToolTip(tip)
