"""How small, of pipelines: what is computed on some steps only, live."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.info import DiffusionInfo
from studio.session.document import CURRENT, Document
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Reuse
from widgets.controller import Controller
from widgets.controls.card import Card
from widgets.controls.slider import ValueSlider
from widgets.diffusion.reusing import (
    MOST_INTERVAL,
    NOTHING_AGAIN,
    USUAL_INTERVAL,
    refusal,
    reuse_of,
    with_reuse,
)
from widgets.scene import PYTORCH
from widgets.style.theme import GRID, caption_font
from widgets.wiring import column, wire


class ReuseCard(QWidget):
    """Follows the document; edits go through the controller."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._last = Reuse(interval=USUAL_INTERVAL)
        self.interval = ValueSlider(
            self.tr("interval"), 1, MOST_INTERVAL, 1, step=1, decimals=0,
            tooltip=self.tr(
                "How many steps apart everything is computed; the steps between use its deep "
                "features again (DeepCache, Ma et al. 2023)"
            ),
        )  # fmt: skip
        self.start = ValueSlider(
            self.tr("guide from"), 0.0, 1.0, 0.0, step=0.05, decimals=2,
            tooltip=self.tr("Where guidance begins, as a share of the steps; before, the prompt "
                            "alone is computed, in half the time"),
        )  # fmt: skip
        self.stop = ValueSlider(
            self.tr("guide until"), 0.0, 1.0, 1.0, step=0.05, decimals=2,
            tooltip=self.tr("Where guidance ends, as a share of the steps; behind, the prompt "
                            "alone is computed, in half the time"),
        )  # fmt: skip
        self.why = QLabel()
        self.why.setFont(caption_font(self.why.font()))
        self.why.setWordWrap(True)
        self.alone = QLabel(self.tr("PyTorch draws with this: it is no single network."))
        self.alone.setFont(self.why.font())
        self.alone.setWordWrap(True)
        self.alone.hide()
        self.card = Card(self.tr("Feature reuse"), switchable=True)
        self.card.setObjectName("card live reuse")
        self.card.set_content(
            column(self.interval, self.why, self.start, self.stop, self.alone, spacing=GRID // 2)
        )
        self.card.switch.clicked.connect(self._switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        wire(self.interval, controller, "interval", self._setting("interval", round))
        wire(self.start, controller, "guide from", self._set_start)
        wire(self.stop, controller, "guide until", self._set_stop)

    def show_model(self, info: DiffusionInfo) -> None:
        """Offer what a model can do."""
        config: DiffusionConfig = info.config
        why = refusal(with_reuse(SubnetChoice(), Reuse(interval=2)), config)
        self.interval.setEnabled(not why)
        self.why.setVisible(bool(why))
        self.why.setText(self.tr("Features of this denoiser cannot be used again."))
        self.why.setToolTip(why)
        guided = config.guidance == "classifier-free"
        for slider in (self.start, self.stop):
            slider.setVisible(guided)
        self.setVisible(guided or not why)
        self._last = Reuse(interval=USUAL_INTERVAL) if not why else Reuse(guided=(0.0, 0.6))

    def show_document(self, document: Document) -> None:
        """Show the choice of ``document`` without making an edit."""
        reuse = reuse_of(document.subnet)
        self.card.set_on(reuse != NOTHING_AGAIN)
        self.alone.setVisible(reuse != NOTHING_AGAIN and self._elsewhere(document))
        # Off is every step anew; a slider that is moved switches it on.
        content = self.card.content()
        assert content is not None
        content.setEnabled(True)
        self.interval.set_value(reuse.interval)
        self.start.set_value(reuse.guided[0])
        self.stop.set_value(reuse.guided[1])

    def _elsewhere(self, document: Document) -> bool:
        """Whether another runtime is to draw what is current."""
        view, usual = document.view, self._controller.target
        targets = {view.side_a: view.target_a or usual, view.side_b: view.target_b or usual}
        return targets.get(CURRENT, usual) != PYTORCH

    def _switch(self, on: bool) -> None:
        subnet = self._controller.document.subnet
        if not on:
            self._last = reuse_of(subnet)
        self._controller.set_subnet(with_reuse(subnet, self._last if on else NOTHING_AGAIN), None)

    def _setting(self, name: str, made: Callable[[float], object]) -> Callable[[float], None]:
        def change(value: float) -> None:
            self._change(name, replace(self._reuse, **{name: made(value)}))

        return change

    def _set_start(self, value: float) -> None:
        until = max(value, self._reuse.guided[1])
        self._change("guide from", replace(self._reuse, guided=(value, until)))

    def _set_stop(self, value: float) -> None:
        begin = min(value, self._reuse.guided[0])
        self._change("guide until", replace(self._reuse, guided=(begin, value)))

    @property
    def _reuse(self) -> Reuse:
        return reuse_of(self._controller.document.subnet)

    def _change(self, control: str, reuse: Reuse) -> None:
        subnet = self._controller.document.subnet
        self._controller.set_subnet(with_reuse(subnet, reuse), control)
