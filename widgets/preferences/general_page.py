"""Language, theme, and where networks run unless a side says otherwise."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QComboBox, QVBoxLayout, QWidget

from studio.runtimes.device import Device
from studio.session.preferences import Preferences
from widgets.controls.quiet import QuietBox
from widgets.devices.finder import DeviceFinder
from widgets.preferences.parts import form, hint
from widgets.runtime_card import LatePicker
from widgets.style.theme import GRID


class GeneralPage(QWidget):
    """Signals: theme_chosen(name): to be seen at once."""

    theme_chosen = Signal(str)

    def __init__(self, finder: DeviceFinder, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.language = _box(
            ("system", self.tr("As the system")), ("en", "English"), ("ko", "한국어")
        )
        language_hint = hint(self.tr("Takes effect when Maquette is started again."))
        self.theme = _box(
            ("system", self.tr("As the system")),
            ("light", self.tr("Light")),
            ("dark", self.tr("Dark")),
        )
        self.target = LatePicker(finder.look)
        target_hint = hint(
            self.tr(
                "Runtime, precision and device of what has no target of its own. "
                "Where it cannot be used, PyTorch draws in its place."
            )
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.addLayout(
            form(
                (self.tr("&Language"), self.language, language_hint),
                (self.tr("&Theme"), self.theme, None),
                (self.tr("&Draw with"), self.target, target_hint),
            )
        )
        layout.addStretch(1)
        for box, name in (
            (self.language, "preferences language"),
            (self.theme, "preferences theme"),
            (self.target, "preferences target"),
        ):
            box.setObjectName(name)
        self.theme.currentIndexChanged.connect(
            lambda: self.theme_chosen.emit(str(self.theme.currentData()))
        )
        finder.found.connect(self._found)

    def show_preferences(self, preferences: Preferences) -> None:
        """Fill the fields."""
        _choose(self.language, preferences.language)
        _choose(self.theme, preferences.theme)
        self.target.set_target(preferences.target)

    def filled_in(self, preferences: Preferences) -> Preferences:
        """``preferences`` with what the fields say."""
        return replace(
            preferences,
            language=self.language.currentData(),
            theme=self.theme.currentData(),
            target=self.target.target(),
        )

    def _found(self, devices: tuple[Device, ...]) -> None:
        self.target.set_devices(devices)
        self.target.found()


def _box(*choices: tuple[str, str]) -> QComboBox:
    box = QuietBox()
    for data, text in choices:
        box.addItem(text, data)
    return box


def _choose(box: QComboBox, data: str) -> None:
    box.setCurrentIndex(max(0, box.findData(data)))
