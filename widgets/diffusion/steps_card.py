"""How small, of pipelines: steps, guidance and scheduler of a variant's own, live."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.info import DiffusionInfo
from studio.session.document import Document
from studio.subnets.denoisers.choice import Sampling
from widgets.controller import Controller
from widgets.controls.card import Card
from widgets.controls.quiet import QuietBox
from widgets.controls.slider import ValueSlider
from widgets.diffusion.knobs import MOST_SHOWN_GUIDANCE
from widgets.diffusion.reusing import AS_DRAWN, with_sampling
from widgets.style.theme import GRID
from widgets.wiring import column, labelled, wire


class StepsCard(QWidget):
    """Follows the document; edits go through the controller. What equals what full draws with is
    left to that."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: DiffusionInfo | None = None
        self._last = AS_DRAWN
        self.steps = ValueSlider(
            self.tr("steps"), 1, 100, 25, step=1, decimals=0, logarithmic=True,
            tooltip=self.tr(
                "How often the denoiser runs for this variant, also when it is measured; full "
                "keeps its own steps"
            ),
        )  # fmt: skip
        self.guidance = ValueSlider(
            self.tr("guidance"), 0, MOST_SHOWN_GUIDANCE, 7.5, step=0.1, decimals=1,
            tooltip=self.tr("How strongly the prompt counts; 1 is not at all and twice as fast"),
        )  # fmt: skip
        self.scheduler = QuietBox()
        self.scheduler.setAccessibleName(self.tr("Scheduler of this variant"))
        self.scheduler.setToolTip(
            self.tr("Some schedulers reach the same picture in fewer steps; compare them at equal "
                    "time")
        )  # fmt: skip
        self.scheduler.activated.connect(self._schedule)
        self.card = Card(self.tr("Fewer steps"), switchable=True)
        self.card.setObjectName("card live steps")
        self.card.set_content(
            column(
                self.steps,
                self.guidance,
                labelled(self.tr("scheduler"), self.scheduler),
                spacing=GRID // 2,
            )
        )
        self.card.switch.clicked.connect(self._switch)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(self.card)
        wire(self.steps, controller, "variant steps", self._set_steps)
        wire(self.guidance, controller, "variant guidance", self._set_guidance)

    def show_model(self, info: DiffusionInfo) -> None:
        """Offer what a model can do."""
        self._info = info
        self._last = AS_DRAWN
        config: DiffusionConfig = info.config
        self.guidance.setVisible(config.guidance != "none")
        self.scheduler.clear()
        self.scheduler.addItem(self.tr("as full"), "")
        for name in dict.fromkeys((config.scheduler, *config.schedulers)):
            self.scheduler.addItem(name, name)
        self.scheduler.setEnabled(self.scheduler.count() > 2)

    def show_document(self, document: Document) -> None:
        """Show the choice of ``document`` without making an edit."""
        if self._info is None:
            return
        own, full, scale = document.subnet.sampling, self._full(document), self._scale(document)
        self.card.set_on(own != AS_DRAWN)
        # Off is as full draws; a slider that is moved switches it on.
        content = self.card.content()
        assert content is not None
        content.setEnabled(True)
        self.steps.set_range(1, max(2, full, own.steps or 0), full)
        self.steps.set_value(full if own.steps is None else own.steps)
        least = 0 if self._info.config.guidance == "embedded" else 1
        self.guidance.set_range(least, MOST_SHOWN_GUIDANCE, scale)
        self.guidance.set_value(scale if own.guidance is None else own.guidance)
        self.scheduler.setCurrentIndex(max(0, self.scheduler.findData(own.scheduler)))

    def _full(self, document: Document) -> int:
        assert self._info is not None
        return document.words.full_steps(self._info.config)

    def _scale(self, document: Document) -> float:
        assert self._info is not None
        return document.words.full_guidance(self._info.config)

    def _switch(self, on: bool) -> None:
        document = self._controller.document
        if not on:
            self._last = document.subnet.sampling
        elif self._last == AS_DRAWN and self._info is not None:
            self._last = Sampling(steps=document.words.drafted(self._info.config))
        chosen = self._last if on else AS_DRAWN
        self._controller.set_subnet(with_sampling(document.subnet, chosen), None)

    def _set_steps(self, value: float) -> None:
        steps = round(value)
        full = self._full(self._controller.document)
        self._change("variant steps", steps=None if steps == full else steps)

    def _set_guidance(self, value: float) -> None:
        scale = self._scale(self._controller.document)
        alike = abs(value - scale) < 0.05
        self._change("variant guidance", guidance=None if alike else round(value, 3))

    def _schedule(self, index: int) -> None:
        self._change(None, scheduler=self.scheduler.itemData(index))

    def _change(self, control: str | None, **fields: Any) -> None:
        subnet = self._controller.document.subnet
        own = replace(subnet.sampling, **fields)
        self._controller.set_subnet(with_sampling(subnet, own), control)
