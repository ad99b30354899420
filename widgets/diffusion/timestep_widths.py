"""How the width of a denoiser follows the steps of a run: a slider, and the widths as a curve."""

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.families.diffusion.info import DiffusionInfo
from studio.session.document import Document
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choosing import unfollowed
from widgets.controller import Controller
from widgets.controls.slider import ValueSlider
from widgets.diffusion.reusing import elastic_of, widths_of_steps, with_by_timestep
from widgets.diffusion.step_curve import StepCurve
from widgets.style.theme import GRID, caption_font
from widgets.wiring import wire

CONTROL = "by timestep"


class WidthCurve(StepCurve):
    """The width of every step, as stairs from 0 to the whole width."""

    dotted = False

    def most(self) -> float:
        return 1.0

    def written(self, value: float) -> str:
        return f"{value:g}"

    def points(self, area: QRectF) -> list[QPointF]:
        made = []
        for n, each in enumerate(self.values):
            y = area.bottom() - area.height() * each
            for at in (n, n + 1):
                made.append(QPointF(area.left() + area.width() * at / len(self.values), y))
        return made


class TimestepWidths(QWidget):
    """Follows the document; edits go through the controller."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: DiffusionInfo | None = None
        self.share = ValueSlider(
            self.tr("by step"), 0.0, 1.0, 0.0, step=0.05, decimals=2,
            tooltip=self.tr(
                "0 is the same width at every step; towards 1, steps that suffer more from narrow "
                "widths get more of it, at about the same multiplies in the mean"
            ),
        )  # fmt: skip
        self.curve = WidthCurve()
        self.curve.setToolTip(self.tr("Width of the denoiser at every step of the draft"))
        self.why = QLabel()
        self.why.setFont(caption_font(self.why.font()))
        self.why.setWordWrap(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (self.share, self.curve, self.why):
            layout.addWidget(widget)
        wire(self.share, controller, CONTROL, self._set)

    def show_model(self, info: DiffusionInfo) -> None:
        """Offer it where there is something to narrow."""
        self._info = info
        self.setVisible(bool(info.config.layout.sites) and not info.config.packed)

    def show_document(self, document: Document) -> None:
        """Show the choice of ``document`` without making an edit."""
        if self._info is None:
            return
        choice = document.subnet
        # What was measured stands in the model that was ordered.
        baked = self._controller.baked(document.recipe, choice)
        config = (baked or self._info).config
        why = self._why_not(choice, config)
        self.share.set_value(elastic_of(choice).by_timestep)
        self.share.setEnabled(not why)
        self.why.setText(why)
        self.why.setVisible(bool(why))
        widths = widths_of_steps(choice, config, document.words.drafted(config))
        self.curve.show_values(widths)
        self.curve.setVisible(not why and bool(widths))
        if widths:
            text = self.tr("Widths from {low} to {high}")
            said = text.format(low=f"{min(widths):.2g}", high=f"{max(widths):.2g}")
            self.curve.setAccessibleDescription(said)

    def _why_not(self, choice: SubnetChoice, config: object) -> str:
        from studio.families.diffusion.config import DiffusionConfig

        assert isinstance(config, DiffusionConfig)
        if config.ordered is None:
            return self.tr("What each step needs is measured when the insides are ordered.")
        if choice.width >= 1:
            return self.tr("Counts once the width is below 1.")
        if unfollowed(choice, config):
            narrowest = min(config.ordered.sensitivity.widths)
            text = self.tr("The same at every step: nothing was measured below width {width}.")
            return text.format(width=f"{narrowest:g}")
        return ""

    def _set(self, value: float) -> None:
        subnet = self._controller.document.subnet
        self._controller.set_subnet(with_by_timestep(subnet, value), CONTROL)
