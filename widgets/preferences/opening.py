"""The preferences dialog of a main window, and what follows a change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QApplication

from studio.processes.child import allowed_processors
from studio.session.preferences import Preferences
from widgets.preferences.store import needs_other_processes
from widgets.style.theme import apply_theme

if TYPE_CHECKING:
    from widgets.main_window import MainWindow
    from widgets.preferences.dialog import PreferencesDialog

translate = QCoreApplication.translate


def opened_by(window: MainWindow) -> PreferencesDialog:
    """The dialog of a window. Its module is loaded now, not at the app's start."""
    from widgets.preferences.dialog import PreferencesDialog

    app = window.app
    return PreferencesDialog(
        app.preferences,
        window.actions_,
        app.bridge.background,
        app.devices,
        allowed_processors(),
        window,
    )


def follow(window: MainWindow) -> None:
    """Let a window follow the preferences from now on."""

    def changed(now: Preferences, before: Preferences) -> None:
        if now.keys != before.keys:
            window.actions_.refresh_keys()
        if now.theme != before.theme:
            qt = QApplication.instance()
            assert isinstance(qt, QApplication)
            apply_theme(qt, now.theme)
        if needs_other_processes(now, before):
            window.app.client.renew()
            window.notices.say(
                translate("Preferences", "The renderer starts again; nothing is lost.")
            )
        if now.language != before.language:
            window.notices.say(
                translate("Preferences", "The language changes when Maquette is started again.")
            )

    window.app.preferences.changed.connect(changed)
