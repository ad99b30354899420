"""Style mixing: a second seed, and which stages take their style from it."""

from __future__ import annotations

import random

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.families.info import ModelInfo
from studio.families.inputs import MAX_SEED
from studio.families.stylegan.stages import StageRange, mixed_stages, stages_in
from studio.session.document import Document
from studio.session.playing import second_seed
from widgets.controller import Controller
from widgets.controls.stage_strip import StageStrip
from widgets.controls.thumb import Thumb
from widgets.seed_row import NumberRow
from widgets.style.theme import GRID, icon
from widgets.thumbnails import MIX_A, MIX_B, Thumbnails

FIRST_PRESET: StageRange = "middle"


class SecondSeed(NumberRow):
    """The second seed, with a button for another one."""

    def __init__(self, mixing: Mixing) -> None:
        super().__init__(
            self.tr("seed B"), MAX_SEED, self.tr("0 to {largest}").format(largest=MAX_SEED)
        )
        self._mixing = mixing
        self.dice = QToolButton()
        self.dice.setIcon(icon("dice"))
        self.dice.setToolTip(self.tr("Another second seed"))
        self.dice.setAccessibleName(self.dice.toolTip())
        self.dice.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.dice.clicked.connect(lambda _=False: mixing.draw_second())
        self.row.addWidget(self.dice)
        # In line with the seed above, which has two buttons.
        self.row.addSpacing(self.dice.sizeHint().width() + GRID)

    def chosen(self, value: int) -> None:
        """Mix with another seed."""
        self._mixing.set_second(value)


class Mixing(QWidget):
    """Pictures of A and B, the second seed, presets, and the strip that is painted.

    Nothing is mixed while no stage is B; the second seed is then a suggestion.
    """

    def __init__(self, controller: Controller, thumbnails: Thumbnails) -> None:
        super().__init__()
        self._controller = controller
        self._info: ModelInfo | None = None
        self._second = 1
        self.first_thumb, self.second_thumb = Thumb(), Thumb()
        self.seed = SecondSeed(self)
        self.strip = StageStrip()
        self.strip.setObjectName("mix strip")
        self.strip.setAccessibleName(self.tr("Stages from seed B"))
        self.strip.setToolTip(
            self.tr(
                "Which stages take their style from B: coarse ones pose and shape, fine ones "
                "colour and detail (style mixing, Karras et al. 2019, section 3.1)"
            )
        )
        self.strip.painting_started.connect(lambda: controller.begin("mix"))
        self.strip.painted.connect(self._paint)
        self.strip.painting_ended.connect(controller.end)
        self.presets: dict[StageRange, QToolButton] = {}
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID // 2)
        for name, text in (
            ("coarse", self.tr("Coarse")),
            ("middle", self.tr("Middle")),
            ("fine", self.tr("Fine")),
        ):
            buttons.addWidget(self._preset(name, text), 1)  # type: ignore[arg-type]
        self.stop = QToolButton()
        self.stop.setText(self.tr("None"))
        self.stop.setAccessibleName(self.stop.text())
        self.stop.setToolTip(self.tr("Mix nothing: every stage from A"))
        self.stop.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.stop.setSizePolicy(next(iter(self.presets.values())).sizePolicy())
        self.stop.clicked.connect(lambda _=False: self._choose(()))
        buttons.addWidget(self.stop, 1)
        thumbs = QHBoxLayout()
        thumbs.setSpacing(GRID)
        thumbs.addWidget(self.first_thumb)
        thumbs.addWidget(self.second_thumb)
        thumbs.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addLayout(thumbs)
        layout.addWidget(self.seed)
        layout.addWidget(self.strip)
        layout.addLayout(buttons)
        thumbnails.ready.connect(self._set_thumbnail)
        for key in (MIX_A, MIX_B):
            self._set_thumbnail(key, thumbnails.again(key))

    def show_model(self, info: ModelInfo | None) -> None:
        """Offer the stages of ``info``."""
        self._info = info
        if info is None:
            return
        self.strip.set_stages(info.config.resolutions)
        for name, button in self.presets.items():
            pixels = stages_in(name, info.config)
            button.setVisible(bool(pixels))
            span = ", ".join(str(each) for each in pixels)
            button.setToolTip(self.tr("B for {pixels} px, A for the rest").format(pixels=span))
        self.show_document(self._controller.document)

    def show_document(self, document: Document) -> None:
        """Show the mixing of ``document`` without making an edit."""
        if self._info is None:
            return
        inputs, config = document.inputs, self._info.config
        self._second = second_seed(inputs)
        self.seed.set_value(self._second)
        self.first_thumb.set_caption(f"A: {inputs.seed}")
        self.second_thumb.set_caption(f"B: {self._second}")
        known = inputs.mix_stages is None or set(inputs.mix_stages) <= set(config.resolutions)
        chosen = mixed_stages(inputs, config) if known else ()
        self.strip.set_chosen(chosen)
        self.stop.setEnabled(bool(chosen))

    def set_second(self, seed: int) -> None:
        """Mix with ``seed``; where nothing was mixed yet, in the middle stages."""
        label, stages = self.tr("Change the second seed"), self.strip.chosen()
        if not stages and self._info is not None:
            config = self._info.config
            stages = stages_in(FIRST_PRESET, config) or stages_in("fine", config)
        self._controller.set_inputs(label, "second seed", mix_seed=seed, mix_stages=stages)

    def draw_second(self) -> None:
        """Mix with another seed."""
        self.set_second(random.randrange(100_000))

    def _preset(self, name: StageRange, text: str) -> QToolButton:
        button = self.presets[name] = QToolButton()
        button.setText(text)
        button.setAccessibleName(text)
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        policy = button.sizePolicy()
        policy.setHorizontalPolicy(policy.Policy.Expanding)
        button.setSizePolicy(policy)
        button.clicked.connect(lambda _=False: self._take_preset(name))
        return button

    def _take_preset(self, name: StageRange) -> None:
        if self._info is not None:
            self._choose(stages_in(name, self._info.config))

    def _choose(self, stages: tuple[int, ...]) -> None:
        self._controller.set_inputs(
            self.tr("Mix two seeds") if stages else self.tr("Stop mixing"),
            None,
            mix_seed=self._second,
            mix_stages=stages,
        )

    def _paint(self, stages: tuple[int, ...]) -> None:
        self._controller.set_inputs(
            self.tr("Mix two seeds"), "mix", mix_seed=self._second, mix_stages=stages
        )

    def _set_thumbnail(self, key: str, pixels: object) -> None:
        thumb = {MIX_A: self.first_thumb, MIX_B: self.second_thumb}.get(key)
        if thumb is not None:
            thumb.set_picture(pixels)  # type: ignore[arg-type]
