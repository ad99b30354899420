"""Preferences: four pages, and nothing holds before OK but the theme, which is seen at once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from PySide6.QtCore import Qt
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import (
    QApplication,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QPushButton,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from studio.errors import MaquetteError
from studio.session import surroundings
from studio.session.preferences import Preferences, check
from widgets.actions import Actions
from widgets.devices.finder import DeviceFinder
from widgets.preferences.general_page import GeneralPage
from widgets.preferences.keys_page import KeysPage
from widgets.preferences.speed_page import SpeedPage, cache_size
from widgets.preferences.store import PreferenceStore
from widgets.preferences.weights_page import WeightsPage
from widgets.style.theme import GRID, apply_theme

WIDTH, HEIGHT = 560, 520
Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]


class PreferencesDialog(QDialog):
    """Beside the work, not in front of it. Cancel, Esc and closing bring everything back.

    Args:
        background: runs a function on a thread and calls back here (``Bridge.background``).
        finder: finds the devices to choose from, once they are asked for.
        own_threads: how many threads "automatic" takes.
    """

    def __init__(
        self,
        store: PreferenceStore,
        actions: Actions,
        background: Background,
        finder: DeviceFinder,
        own_threads: int,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("preferences")
        self.setWindowTitle(self.tr("Preferences"))
        self._store = store
        self._background = background
        self.general = GeneralPage(finder)
        self.speed = SpeedPage(own_threads)
        self.weights = WeightsPage()
        self.keys = KeysPage(actions)
        self.pages = QTabWidget()
        self.pages.setObjectName("preferences pages")
        self.pages.addTab(self.general, self.tr("General"))
        self.pages.addTab(self.speed, self.tr("Speed and cache"))
        self.pages.addTab(self.weights, self.tr("Measuring"))
        self.pages.addTab(self.keys, self.tr("Keys"))
        self.sentence = QLabel()
        self.sentence.setObjectName("preferences sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.hide()
        buttons = QDialogButtonBox()
        self.ok = self._button(buttons, self.tr("OK"), QDialogButtonBox.ButtonRole.AcceptRole)
        self.cancel = self._button(
            buttons, self.tr("Cancel"), QDialogButtonBox.ButtonRole.RejectRole
        )
        self.defaults = self._button(
            buttons, self.tr("Bring all back"), QDialogButtonBox.ButtonRole.ResetRole
        )
        self.defaults.setToolTip(self.tr("Fill this page with what a newcomer has"))
        self.ok.setDefault(True)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.pages, 1)
        layout.addWidget(self.sentence)
        layout.addWidget(buttons)
        self.resize(WIDTH, HEIGHT)
        buttons.accepted.connect(self.accept)
        buttons.rejected.connect(self.reject)
        self.defaults.clicked.connect(self._bring_back)
        self.keys.refused.connect(self.say)
        self.general.theme_chosen.connect(self._show_theme)
        self.pages.currentChanged.connect(lambda _: self.say(""))

    def offer(self, page: QWidget | None = None) -> None:
        """Show the preferences in force, on ``page`` when one is named."""
        if not self.isVisible():
            self._fill(self._store.value)
            self.say("")
            self._background(cache_size, self._sized)
        if page is not None:
            self.pages.setCurrentWidget(page)
        self.show()
        self.raise_()
        self.activateWindow()
        if page is self.keys:
            self.keys.search.setFocus()

    def filled_in(self) -> Preferences:
        """What the fields say now."""
        made = self._store.value
        for page in (self.general, self.speed, self.weights, self.keys):
            made = page.filled_in(made)
        return made

    def say(self, sentence: str) -> None:
        """Why something cannot be had; an empty sentence says nothing."""
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))

    def accept(self) -> None:
        """Take everything over, or say why not and stay."""
        new = self.filled_in()
        folder = new.cache_folder
        try:
            check(new)
            if folder != self._store.value.cache_folder and folder:
                problem = surroundings.refusal(folder)
                if problem is not None:
                    raise MaquetteError(problem)
            self._store.keep(new)
        except MaquetteError as error:
            self.say(str(error))
            return
        super().accept()

    def reject(self) -> None:
        """Leave everything as it was."""
        self._show_theme(self._store.value.theme)
        super().reject()

    def closeEvent(self, event: QCloseEvent) -> None:
        self._show_theme(self._store.value.theme)
        super().closeEvent(event)

    def _fill(self, preferences: Preferences) -> None:
        self.general.show_preferences(preferences)
        self.speed.show_preferences(preferences)
        self.weights.show_preferences(preferences)
        self.keys.show_preferences(preferences)

    def _bring_back(self) -> None:
        page, defaults = self.pages.currentWidget(), Preferences()
        if page is self.keys:
            self.keys.show_preferences(replace(self.filled_in(), keys=()))
        elif page is self.speed:
            self.speed.show_preferences(defaults)
        elif page is self.weights:
            self.weights.show_preferences(defaults)
        else:
            self.general.show_preferences(defaults)
        self.say("")

    def _sized(self, size: int | None, _: MaquetteError | None) -> None:
        if size is not None:
            self.speed.show_usage(size)

    def _show_theme(self, theme: str) -> None:
        app = QApplication.instance()
        assert isinstance(app, QApplication)
        apply_theme(app, theme)

    def _button(
        self, box: QDialogButtonBox, text: str, role: QDialogButtonBox.ButtonRole
    ) -> QPushButton:
        made = box.addButton(text, role)
        made.setAutoDefault(False)
        return made
