"""The error of the denoiser step by step, as a small curve below the pictures."""

from __future__ import annotations

from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from widgets.diffusion.step_curve import StepCurve
from widgets.diffusion.step_errors import StepErrors
from widgets.style.theme import GRID, caption_font


class Curve(StepCurve):
    """The errors, as shares of what the denoiser says."""

    def written(self, value: float) -> str:
        return percent(value)


class ErrorCurve(QWidget):
    """Hidden while both sides run the same denoiser."""

    def __init__(self, errors: StepErrors) -> None:
        super().__init__()
        self._errors = errors
        self.words = QLabel()
        self.words.setFont(caption_font(self.words.font()))
        self.words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.curve = Curve()
        self.setToolTip(
            self.tr(
                "Runs drift apart, so that pictures alone mislead. Here both denoisers look at "
                "the same latents, those of the full one; norm of the difference over the norm"
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID // 2, GRID, GRID // 2)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.words)
        layout.addWidget(self.curve)
        self.setVisible(False)
        errors.changed.connect(self.refresh)

    def refresh(self) -> None:
        """Show what is known now."""
        found = self._errors.found
        self.setVisible(self._errors.wanted is not None and found != ())
        if found is None:
            self.words.setText(self.tr("Error of the denoiser by step: not known yet"))
        elif found:
            text = self.tr("Error of the denoiser by step: {mean} in the mean, {most} at most")
            mean = percent(sum(found) / len(found))
            self.words.setText(text.format(mean=mean, most=percent(max(found))))
        self.curve.show_values(found or ())
        self.curve.setAccessibleDescription(self.words.text())


def percent(share: float) -> str:
    """A share: 0 %, 0.42 %, 7.3 %, 38 %."""
    value = 100 * share
    if value == 0:
        return "0 %"
    if value < 0.095:
        return f"{value:.1g} %"
    return f"{value:.2g} %" if value < 9.95 else f"{value:.0f} %"
