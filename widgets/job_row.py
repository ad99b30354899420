"""The jobs under way beside each other, as many as there is room for; the rest is counted."""

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QSizePolicy, QWidget

from widgets.controls.progress import JobProgressBar
from widgets.style.theme import GRID, caption_font

LEAST, MOST = 280, 440
"""Pixels of a bar: with less its words are gone, with more it is a long way to Cancel."""


class JobRow(QWidget):
    """Never asks for room: a window that jobs make wider than the screen cannot be used."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._bars: list[JobProgressBar] = []
        self.more = QLabel()
        self.more.setFont(caption_font(self.more.font()))
        self.more.hide()
        self._layout = QHBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(2 * GRID)
        self._layout.addStretch(1)
        self._layout.addWidget(self.more)

    def add(self, bar: JobProgressBar) -> None:
        """One more job; the newest are the last to make way."""
        bar.setMaximumWidth(MOST)
        self._bars.append(bar)
        self._layout.addWidget(bar, 1000)
        self._fit()

    def remove(self, bar: JobProgressBar) -> None:
        """A job is over."""
        self._bars.remove(bar)
        self._layout.removeWidget(bar)
        bar.hide()
        bar.deleteLater()
        self._fit()

    def minimumSizeHint(self) -> QSize:
        return QSize(0, super().minimumSizeHint().height())

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._fit()

    def _fit(self) -> None:
        gap = self._layout.spacing()
        fit = max(1, (self.width() + gap) // (LEAST + gap))
        if fit < len(self._bars):
            words = self.tr("{n} more").format(n=len(self._bars))  # the widest that it may become
            taken = self.more.fontMetrics().horizontalAdvance(words) + gap
            fit = max(1, (self.width() - taken + gap) // (LEAST + gap))
        hidden = self._bars[: max(0, len(self._bars) - fit)]
        for bar in self._bars:
            bar.setVisible(bar not in hidden)
        self.more.setVisible(bool(hidden))
        self.more.setText(self.tr("{n} more").format(n=len(hidden)))
        self.more.setToolTip("\n".join(bar.accessibleName() for bar in hidden))
        self.more.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
