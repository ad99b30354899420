"""Directions found in the weights: a slider for each, and a choice of how many and which stages."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.families.directions import FOUND_COUNT, FoundDirection, found_direction
from studio.families.info import ModelInfo
from studio.families.stylegan.stages import RANGES, StageRange, stages_in
from studio.session.document import Document
from studio.session.playing import MOST_FOUND
from widgets.attribute_slider import AttributeSlider
from widgets.controller import Controller
from widgets.controls.quiet import QuietBox
from widgets.controls.slider import ValueSlider
from widgets.style.theme import GRID
from widgets.wiring import labelled, wire


class FoundDirections(QWidget):
    """The sliders of one range of stages, and of every other one that is not at 0.

    Signals:
        rebuilt(): other sliders are there now.
    """

    rebuilt = Signal()

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: ModelInfo | None = None
        self.sliders: dict[str, AttributeSlider] = {}
        self.stages = QuietBox()
        self.stages.setAccessibleName(self.tr("Stages"))
        self.stages.setToolTip(
            self.tr("Which stages they are found for and act on (Karras et al. 2019, section 3.1)")
        )
        self.stages.activated.connect(self._set_stages)
        self.count = ValueSlider(
            self.tr("how many"), 1, MOST_FOUND, FOUND_COUNT, step=1, decimals=0,
            tooltip=self.tr("How many of them have sliders, the strongest first"),
        )  # fmt: skip
        wire(self.count, controller, "found count", self._set_count)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)
        self._layout.addWidget(labelled(self.tr("stages"), self.stages))
        self._layout.addWidget(self.count)

    def show_model(self, info: ModelInfo | None) -> None:
        """Offer the ranges of stages that ``info`` has."""
        if info is None or (self._info is not None and info.config == self._info.config):
            self._info = info
            return
        self._info = info
        self.stages.clear()
        for name in RANGES:
            pixels = stages_in(name, info.config)
            if pixels:
                self.stages.addItem(self._range_text(name, pixels), name)
        self.count.set_range(1, min(MOST_FOUND, info.config.w_dim), FOUND_COUNT)
        self.show_document(self._controller.document)

    def show_document(self, document: Document) -> None:
        """Show the choice and the strengths of ``document`` without making an edit."""
        if self._info is None:
            return
        found, strengths = document.found, dict(document.inputs.edits)
        self.stages.setCurrentIndex(max(0, self.stages.findData(found.stages)))
        self.count.set_value(found.count)
        wanted = [FoundDirection(n + 1, found.stages).name for n in range(found.count)]
        # What moves the picture must be in sight, or nobody finds out why it looks as it does.
        others = [n for n in strengths if n not in wanted and self._mine(n)]
        names = sorted(others, key=_place) + wanted
        if names != list(self.sliders):
            self._arrange(names)
        for name, slider in self.sliders.items():
            slider.set_value(strengths.get(name, 0.0))

    def _mine(self, name: str) -> bool:
        assert self._info is not None
        return found_direction(name) is not None and name not in self._info.directions

    def _arrange(self, names: list[str]) -> None:
        old, self.sliders = self.sliders, {}
        for name in names:
            slider = old.pop(name, None)
            if slider is None:
                tooltip = self.tr(
                    "Moves w along {name}: 1 is one standard deviation "
                    "(SeFa, Shen & Zhou 2021, section 3)"
                ).format(name=name)
                slider = AttributeSlider(name, self._controller, tooltip)
            self.sliders[name] = slider
            self._layout.addWidget(slider)
        for slider in old.values():
            self._layout.removeWidget(slider)
            slider.hide()
            slider.deleteLater()
        self.rebuilt.emit()

    def _range_text(self, name: StageRange, pixels: tuple[int, ...]) -> str:
        words = {
            "all": self.tr("all"),
            "coarse": self.tr("coarse"),
            "middle": self.tr("middle"),
            "fine": self.tr("fine"),
        }
        span = f"{pixels[0]}" if len(pixels) == 1 else f"{pixels[0]}\u2013{pixels[-1]}"
        return self.tr("{range}, {pixels} px").format(range=words[name], pixels=span)

    def _set_stages(self, index: int) -> None:
        document = self._controller.document
        found = replace(document.found, stages=self.stages.itemData(index))
        label = self.tr("Change the stages of found directions")
        self._controller.edit(label, replace(document, found=found))

    def _set_count(self, value: float) -> None:
        document = self._controller.document
        found = replace(document.found, count=round(value))
        label = self.tr("Change the number of found directions")
        self._controller.edit(label, replace(document, found=found), "found count")


def _place(name: str) -> tuple[int, int]:
    found = found_direction(name)
    assert found is not None
    return RANGES.index(found.stages), found.number
