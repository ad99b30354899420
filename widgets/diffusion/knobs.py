"""Steps, guidance, scheduler and class of a pipeline."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from studio.families.diffusion.config import MOST_STEPS
from studio.families.diffusion.info import DiffusionInfo
from studio.session.diffusion_source import DRAFT_SHARE
from studio.session.document import Document
from widgets.controller import Controller
from widgets.controls.quiet import QuietBox
from widgets.controls.slider import ValueSlider
from widgets.seed_row import NumberRow
from widgets.style.theme import GRID
from widgets.wiring import labelled, wire

USUAL_STEPS = 100
MOST_SHOWN_GUIDANCE = 20.0


class LabelRow(NumberRow):
    """The class of a class-conditional pipeline."""

    def __init__(self, controller: Controller) -> None:
        super().__init__(self.tr("class"), 0, "")
        self._controller = controller

    def show_model(self, info: DiffusionInfo) -> None:
        """Offer the classes of a model."""
        most = max(0, info.config.classes - 1)
        self.set_maximum(most)
        self.field.setToolTip(
            self.tr("Which class of the training set to draw, 0 to {most}").format(most=most)
        )
        self.setVisible("label" in info.config.takes)

    def chosen(self, value: int) -> None:
        """Draw another class."""
        self._controller.set_words(self.tr("Change the class"), "class", label=value)


class Knobs(QWidget):
    """Follows the document; edits go through the controller."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: DiffusionInfo | None = None
        self._guidances = (1.0, MOST_SHOWN_GUIDANCE)
        self.steps = ValueSlider(
            self.tr("steps"), 1, USUAL_STEPS, 25, step=1, decimals=0, logarithmic=True,
            tooltip=self.tr("How often the denoiser runs for the finished picture"),
        )  # fmt: skip
        self.draft = ValueSlider(
            self.tr("draft steps"), 1, USUAL_STEPS, 9, step=1, decimals=0, logarithmic=True
        )
        self.guidance = ValueSlider(
            self.tr("guidance"), 0, MOST_SHOWN_GUIDANCE, 7.5, step=0.1, decimals=1
        )
        self.scheduler = QuietBox()
        self.scheduler.setAccessibleName(self.tr("Scheduler"))
        self.scheduler.setToolTip(
            self.tr("How a step goes from noise towards the picture; those that suit this model")
        )
        self.scheduler.activated.connect(self._schedule)
        self.label = LabelRow(controller)
        self.distilled = QLabel()
        self.distilled.setWordWrap(True)
        self.distilled.hide()
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        for widget in (
            self.distilled, self.label, self.steps, self.draft, self.guidance,
            labelled(self.tr("scheduler"), self.scheduler),
        ):  # fmt: skip
            layout.addWidget(widget)
        wire(self.steps, controller, "steps", self._set_steps)
        wire(self.draft, controller, "draft steps", self._set_draft)
        wire(self.guidance, controller, "guidance", self._set_guidance)

    def show_model(self, info: DiffusionInfo) -> None:
        """Offer what a model can be asked for."""
        self._info = info
        config = info.config
        self.label.show_model(info)
        self.steps.set_range(1, max(USUAL_STEPS, config.steps), config.steps)
        self.draft.set_range(1, USUAL_STEPS, -(-config.steps // DRAFT_SHARE))
        self.guidance.setVisible(config.guidance != "none")
        embedded = config.guidance == "embedded"
        self._guidances = (0.0 if embedded else 1.0, MOST_SHOWN_GUIDANCE)
        self.guidance.set_range(*self._guidances, config.guidance_scale)
        self.guidance.set_tooltip(
            self.tr("How strongly the prompt counts; this model is told so (distilled guidance)")
            if embedded
            else self.tr(
                "How strongly the prompt counts; 1 is not at all and twice as fast "
                "(classifier-free guidance, Ho and Salimans 2022)"
            )
        )
        self.scheduler.clear()
        came = config.own_scheduler or config.scheduler
        named = {
            config.scheduler: self.tr("{name} (for its few steps)").format(name=config.scheduler),
            came: self.tr("{name} (its own)").format(name=came),
        }
        for name in dict.fromkeys((config.scheduler, came, *config.schedulers)):
            self.scheduler.addItem(named.get(name, name), name)
        self.scheduler.setEnabled(self.scheduler.count() > 1)
        self._tell(info)

    def _tell(self, info: DiffusionInfo) -> None:
        """What a model was distilled for, in one line."""
        config = info.config
        self.distilled.setVisible(bool(config.distilled))
        if not config.distilled:
            return
        steps = (
            self.tr("1 step") if config.steps == 1 else self.tr("{n} steps").format(n=config.steps)
        )
        guidance = self.tr("no guidance")
        if config.guidance == "embedded" or config.guidance_scale > 1:
            guidance = self.tr("guidance {value}").format(value=f"{config.guidance_scale:g}")
        text = self.tr("For few steps ({technique}): {steps}, {guidance}")
        self.distilled.setText(
            text.format(technique=config.distilled, steps=steps, guidance=guidance)
        )
        self.distilled.setToolTip(
            self.tr(
                "Recognised as distilled for few steps ({technique}), so these are what it begins "
                "with; you may change every one of them"
            ).format(technique=config.distilled)
        )

    def show_document(self, document: Document) -> None:
        """Show what ``document`` asks for, without making an edit."""
        if self._info is None:
            return
        config, words = self._info.config, document.words
        full = words.full_steps(config)
        # A picture or a session may ask for more than the sliders usually offer, and a slider must
        # not change what it offers while it is dragged.
        dragged = self._controller.dragging
        usual = MOST_STEPS if config.steps > USUAL_STEPS else USUAL_STEPS
        most = self.steps.maximum() if dragged else usual
        self.steps.set_range(1, max(most, full), config.steps)
        self.steps.set_value(full)
        auto = replace(words, draft_steps=None).drafted(config)
        self.draft.set_range(1, max(2, full), max(1, min(auto, full)))
        self.draft.set_value(words.drafted(config))
        own = document.subnet.sampling.steps
        self.draft.setEnabled(full > 1 and own is None)
        self.draft.set_tooltip(
            self.tr(
                "How often it runs for the draft, from the same noise; a third of the steps "
                "unless you say otherwise"
            )
            if own is None
            else self.tr("The card Fewer steps says how often it runs")
        )
        scale = words.full_guidance(config)
        least, most = self._guidances
        if dragged:
            least, most = self.guidance.minimum(), self.guidance.maximum()
        self.guidance.set_range(min(least, scale), max(most, scale), config.guidance_scale)
        self.guidance.set_value(scale)
        self.label.set_value(min(words.label or 0, max(0, config.classes - 1)))
        index = self.scheduler.findData(words.scheduler or config.scheduler)
        self.scheduler.setCurrentIndex(max(0, index))

    def _set_steps(self, value: float) -> None:
        self._controller.set_words(self.tr("Change the steps"), "steps", steps=round(value))

    def _set_draft(self, value: float) -> None:
        assert self._info is not None
        words = replace(self._controller.document.words, draft_steps=None)
        auto = round(value) == words.drafted(self._info.config)
        self._controller.set_words(
            self.tr("Change the steps of the draft"),
            "draft steps",
            draft_steps=None if auto else round(value),
        )

    def _set_guidance(self, value: float) -> None:
        self._controller.set_words(self.tr("Change the guidance"), "guidance", guidance=value)

    def _schedule(self, index: int) -> None:
        self._controller.set_words(
            self.tr("Change the scheduler"), None, scheduler=self.scheduler.itemData(index)
        )
