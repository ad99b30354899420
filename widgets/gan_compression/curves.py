"""The losses of a training beside each other, each with its name and its newest value."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QGridLayout, QLabel, QWidget

from studio.training.gan_compression.report import Losses
from widgets.gan_compression.words import explanation, label
from widgets.style.theme import GRID, caption_font
from widgets.training.sparkline import Sparkline

NAMES = ("recon", "distil", "gan", "critic")


class LossCurves(QWidget):
    """Those that a stage does not have are left out."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        grid = QGridLayout(self)
        grid.setContentsMargins(0, 0, 0, 0)
        grid.setHorizontalSpacing(2 * GRID)
        grid.setVerticalSpacing(GRID // 2)
        self.curves: dict[str, Sparkline] = {}
        self.values: dict[str, QLabel] = {}
        self._titles: dict[str, QLabel] = {}
        for column, name in enumerate(NAMES):
            title, value, curve = QLabel(self._title(name)), QLabel(), Sparkline()
            for text in (title, value):
                text.setFont(caption_font(text.font()))
            title.setToolTip(self._tip(name))
            curve.setAccessibleName(self._title(name))
            curve.setToolTip(self._tip(name))
            grid.addWidget(title, 0, 2 * column)
            grid.addWidget(value, 0, 2 * column + 1, Qt.AlignmentFlag.AlignRight)
            grid.addWidget(curve, 1, 2 * column, 1, 2)
            self.curves[name], self.values[name], self._titles[name] = curve, value, title
        self.show_losses(())

    def show_losses(self, losses: Sequence[Losses]) -> None:
        """Show losses of a stage so far, oldest first."""
        for name in NAMES:
            values = [getattr(each, name) for each in losses]
            there = any(values)
            self.curves[name].set_values(values if there else ())
            self.values[name].setText(f"{values[-1]:.3f}" if there else "")
            for widget in (self.curves[name], self.values[name], self._titles[name]):
                widget.setVisible(there)

    def _title(self, name: str) -> str:
        return self.tr("Discriminator loss") if name == "critic" else label(name)

    def _tip(self, name: str) -> str:
        if name == "critic":
            return self.tr("How well the discriminator tells drawn pictures from real ones")
        return explanation(name)
