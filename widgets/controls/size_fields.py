"""Two number fields for the size of a picture, and a line that says what they may be."""

from __future__ import annotations

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSpinBox, QToolButton, QVBoxLayout, QWidget

from widgets.style.theme import GRID, caption_font, icon


class QuietSpin(QSpinBox):
    """A number field that leaves the wheel to the panel it stands in."""

    def __init__(self, name: str) -> None:
        super().__init__()
        self.setAccessibleName(name)
        self.setKeyboardTracking(False)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAlignment(Qt.AlignmentFlag.AlignRight)

    def wheelEvent(self, event: object) -> None:
        event.ignore()  # type: ignore[attr-defined]


class SizeFields(QWidget):
    """Signals: typed(): a number was typed. own_wanted(): the button for the own size was pressed.

    Args:
        own: what the button beside the numbers brings back.
        label_width: of the word before the numbers, in pixels; its own when None.
    """

    typed = Signal()
    own_wanted = Signal()

    def __init__(self, own: str, label_width: int | None = None) -> None:
        super().__init__()
        self.across = QuietSpin(self.tr("Width in pixels"))
        self.down = QuietSpin(self.tr("Height in pixels"))
        self.own = QToolButton()
        self.own.setIcon(icon("reset"))
        self.own.setAutoRaise(True)
        self.own.setAccessibleName(own)
        self.own.setToolTip(own)
        self.own.clicked.connect(lambda _=False: self.own_wanted.emit())
        self.rule = QLabel()
        self.rule.setFont(caption_font(self.rule.font()))
        self.rule.setWordWrap(True)
        label = QLabel(self.tr("size"))
        if label_width is not None:
            label.setFixedWidth(label_width)
        line = QHBoxLayout()
        line.setSpacing(GRID // 2)
        line.addWidget(label)
        line.addWidget(self.across, 1)
        line.addWidget(QLabel("\N{MULTIPLICATION SIGN}"))
        line.addWidget(self.down, 1)
        line.addWidget(QLabel(self.tr("px")))
        line.addWidget(self.own)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(line)
        layout.addWidget(self.rule)
        for field in (self.across, self.down):
            field.valueChanged.connect(lambda _: self.typed.emit())

    def allow(self, least: int, most: int, step: int) -> None:
        """What may be typed, without a signal."""
        for field in (self.across, self.down):
            field.blockSignals(True)
            field.setRange(least, most)
            field.setSingleStep(step)
            field.blockSignals(False)

    def show_size(self, width: int, height: int) -> None:
        """Show a size, without a signal."""
        for field, value in ((self.across, width), (self.down, height)):
            field.blockSignals(True)
            field.setValue(value)
            field.blockSignals(False)
