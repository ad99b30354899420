"""The limits of the quality gate, off unless the user sets them."""

from __future__ import annotations

from PySide6.QtWidgets import QCheckBox, QDoubleSpinBox, QHBoxLayout, QWidget

from widgets.style.theme import GRID


class LimitFields(QWidget):
    """FLIP and PSNR, each with a switch of its own."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.flip_on = QCheckBox(self.tr("FLIP above"))
        self.flip = self._number(0.0, 1.0, 3, 0.01, 0.1, "")
        self.flip.setAccessibleName(self.tr("Highest FLIP"))
        self.psnr_on = QCheckBox(self.tr("PSNR below"))
        self.psnr = self._number(0.0, 200.0, 1, 1.0, 30.0, " dB")
        self.psnr.setAccessibleName(self.tr("Lowest PSNR"))
        tip = self.tr(
            "The exported file itself is compared with full. What is beyond is shipped only when "
            "you say so, with the figures before you."
        )
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        for name, check, field in (
            ("flip", self.flip_on, self.flip), ("psnr", self.psnr_on, self.psnr),
        ):  # fmt: skip
            check.setObjectName(f"export limit {name}")
            field.setObjectName(f"export {name} limit")
            for widget in (check, field):
                widget.setToolTip(tip)
                layout.addWidget(widget)
            field.setEnabled(False)
            check.toggled.connect(field.setEnabled)
            layout.addSpacing(GRID)
        layout.addStretch(1)

    def _number(
        self, least: float, most: float, digits: int, step: float, value: float, unit: str
    ) -> QDoubleSpinBox:
        box = QDoubleSpinBox()
        box.setRange(least, most)
        box.setDecimals(digits)
        box.setSingleStep(step)
        box.setValue(value)
        box.setSuffix(unit)
        return box

    def values(self) -> tuple[float | None, float | None]:
        """The highest FLIP and the lowest PSNR, None for no limit."""
        return (
            self.flip.value() if self.flip_on.isChecked() else None,
            self.psnr.value() if self.psnr_on.isChecked() else None,
        )
