"""What stands below the pictures: a title, and lines of numbers."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from widgets.controls.elided import ElidedLabel
from widgets.style.theme import GRID, caption_font, tabular

WIDTH_STEP = 2 * GRID
"""Captions ask for multiples of this, so that they stand still while their numbers change."""
LINES = 3
"""How many lines there is room for before anything is known."""


class Caption(QWidget):
    """Title in bold, lines in caption size; every line can be selected and copied."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2)
        self._title = self._label()
        self._lines: list[ElidedLabel] = []
        self._set_fonts()

    def title(self) -> str:
        return self._title.full_text()

    def set(self, title: str, lines: Sequence[str]) -> None:
        """Show ``title`` and ``lines``. Lines once there keep their place when they are empty:
        a caption that changes height while dragging would move the pictures."""
        self._title.set_text(title)
        while len(self._lines) < len(lines):
            self._lines.append(self._label())
            self._set_fonts()
        texts = [*lines, *[""] * (len(self._lines) - len(lines))]
        for label, text in zip(self._lines, texts, strict=True):
            label.set_text(text)
        self.setAccessibleName(title)
        self.setAccessibleDescription(", ".join(lines))

    def reserve(self, lines: int) -> None:
        """Have room for at least so many lines."""
        texts = [label.full_text() for label in self._lines]
        if len(texts) < lines:
            self.set(self.title(), texts + [""] * (lines - len(texts)))

    def line_count(self) -> int:
        return len(self._lines)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._set_fonts()

    def _label(self) -> ElidedLabel:
        label = ElidedLabel("", self)
        label.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._layout.addWidget(label)
        # Layouts show what is new only later and until then leave no room for it.
        label.show()
        return label

    def _set_fonts(self) -> None:
        bold = tabular(self.font())
        bold.setBold(True)
        self._title.setFont(bold)
        small = caption_font(self.font())
        for label in self._lines:
            label.setFont(small)


class CaptionRow(QWidget):
    """One or two captions, each at the left edge of its picture."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.captions = {side: Caption(self) for side in ("A", "B")}
        for caption in self.captions.values():
            caption.reserve(LINES)
        self._columns: dict[str, tuple[int, int]] = {}
        self._needs = dict.fromkeys(self.captions, 0)

    def set_caption(self, side: str, title: str, lines: Sequence[str]) -> None:
        self.captions[side].set(title, lines)
        most = max(caption.line_count() for caption in self.captions.values())
        for caption in self.captions.values():
            caption.reserve(most)
        self._needs[side] = max(self._needs[side], self._wish(side))
        self.updateGeometry()
        self._place()

    def need(self, side: str) -> int:
        """The width that the captions of ``side`` have needed so far, in pixels."""
        return self._needs[side]

    def _wish(self, side: str) -> int:
        return -(-self.captions[side].sizeHint().width() // WIDTH_STEP) * WIDTH_STEP

    def set_columns(self, columns: dict[str, tuple[int, int]]) -> None:
        """Left edge and width in pixels for each side on show; the others are hidden."""
        if columns == self._columns:
            return
        self._columns = columns
        for side, caption in self.captions.items():
            caption.setVisible(side in columns)
        self._place()

    def sizeHint(self) -> QSize:
        height = max(caption.sizeHint().height() for caption in self.captions.values())
        return QSize(sum(self._needs.values()) + 4 * GRID, height + 2 * GRID)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, self.sizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._place()

    def _place(self) -> None:
        for side, (left, width) in self._columns.items():
            caption = self.captions[side]
            caption.setGeometry(left, GRID, width, caption.sizeHint().height())


def columns(
    sides: Sequence[str], lefts: Sequence[float], needs: Sequence[int], width: int
) -> dict[str, tuple[int, int]]:
    """Left edge and width of the captions of ``sides``.

    ``lefts`` are the left edges of their pictures in a row ``width`` pixels wide, ``needs`` the
    widths of their texts. A caption starts at its picture where it fits there, else further left;
    it ends where the part of the row that belongs to it ends.
    """
    share = width / len(sides)
    made = {}
    for place, (side, wanted, need) in enumerate(zip(sides, lefts, needs, strict=True)):
        start, end = place * share + GRID, (place + 1) * share - GRID
        left = max(start, min(wanted, end - need))
        made[side] = (round(left), max(0, round(end) - round(left)))
    return made
