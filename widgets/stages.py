"""One width for every resolution stage of the network."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QVBoxLayout, QWidget

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.subnets.choice import SubnetChoice, resolve
from widgets.controller import Controller
from widgets.controls.slider import ValueSlider
from widgets.scene import TRANSLATION
from widgets.style.theme import GRID
from widgets.wiring import wire

NARROWEST = 0.05
translate = QCoreApplication.translate


class Stages(QWidget):
    """A slider a stage; moving one replaces the uniform width by free widths."""

    def __init__(self, controller: Controller) -> None:
        super().__init__()
        self._controller = controller
        self._info: ModelInfo | None = None
        self._stale = True
        self.sliders: list[ValueSlider] = []
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(0, 0, 0, 0)
        self._layout.setSpacing(GRID // 2)

    def show_model(self, info: ModelInfo) -> None:
        """Make one slider for each resolution of ``info``."""
        same = self._info is not None and _kind(self._info) == _kind(info)
        self._info = info
        self._stale = self._stale or not same
        if self.isVisible():
            self._build()

    def showEvent(self, event: QShowEvent) -> None:
        # Most people never open this fold: its sliders are made for those who do.
        self._build()
        super().showEvent(event)

    def _build(self) -> None:
        if self._info is None or not self._stale:
            return
        self._stale = False
        for slider in self.sliders:
            self._layout.removeWidget(slider)
            slider.deleteLater()
        self.sliders = []
        for index, (control, name, tooltip) in enumerate(self._rows(self._info)):
            slider = ValueSlider(name, NARROWEST, 1.0, 1.0, step=0.01, decimals=3, tooltip=tooltip)
            wire(slider, self._controller, control, self._setter(index))
            self.sliders.append(slider)
            self._layout.addWidget(slider)
        self.show_choice(self._controller.document.subnet)

    def _rows(self, info: ModelInfo) -> list[tuple[str, str, str]]:
        """Name of the control, label and tooltip of every stage."""
        if info.family == TRANSLATION:
            tooltip = self.tr("Width of this stage, of {n} channels")
            return [
                (f"stage {stage.name}", stage_title(stage.name), tooltip.format(n=stage.channels))
                for stage in info.stages
            ]
        tooltip = self.tr("Width of the layers at {pixels} px")
        return [
            (f"stage {r}", self.tr("{pixels} px").format(pixels=r), tooltip.format(pixels=r))
            for r in info.config.resolutions
        ]

    def show_choice(self, choice: SubnetChoice) -> None:
        """Show the width that each stage really has."""
        if self._info is None or self._stale:
            return
        ratios = stage_widths(choice, self._info)
        limit = choice.resolution or self._info.config.resolution
        free = self._info.family == TRANSLATION
        steps = (0,) * len(ratios) if free else self._info.config.resolutions
        for slider, ratio, pixels in zip(self.sliders, ratios, steps, strict=True):
            slider.set_value(ratio)
            slider.setEnabled(pixels <= limit)

    def _setter(self, index: int) -> Callable[[float], None]:
        def change(value: float) -> None:
            assert self._info is not None
            choice = self._controller.document.subnet
            ratios = list(stage_widths(choice, self._info))
            ratios[index] = value
            self._controller.set_subnet(replace(choice, widths=tuple(ratios)), f"stage {index}")

        return change


def _kind(info: ModelInfo) -> object:
    """What the rows of a model depend on."""
    if info.family == TRANSLATION:
        return tuple(info.stages)
    return info.config.resolutions


def stage_title(name: str) -> str:
    """A stage of a translation network as the window writes it: ``down 2``."""
    word, _, number = name.partition(" ")
    words = {
        "first": translate("Stages", "first"),
        "down": translate("Stages", "down {n}"),
        "up": translate("Stages", "up {n}"),
        "blocks": translate("Stages", "blocks {n}"),
        "head": translate("Stages", "head"),
        "middle": translate("Stages", "middle {n}"),
    }
    return words[word].format(n=number) if word in words else name


def stage_widths(choice: SubnetChoice, info: ModelInfo) -> tuple[float, ...]:
    """The ratio in force at each stage, whichever way the choice was made."""
    free = info.family == TRANSLATION
    stages = len(info.config.channels if free else info.config.resolutions)
    if choice.widths is not None and len(choice.widths) == stages and max(choice.widths) <= 1:
        return choice.widths
    try:
        channels = resolve(choice, info.config).channels
    except MaquetteError:
        return (1.0,) * stages
    shares = [c / full for c, full in zip(channels, info.config.channels, strict=True)]
    if choice.widths is None and choice.rule == "literal":
        return (choice.width,) * stages
    if free:
        return tuple(round(share, 4) for share in shares)
    return tuple(round(max(shares[2 * i : 2 * i + 2]), 4) for i in range(stages))
