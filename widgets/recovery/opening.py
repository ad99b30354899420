"""The list of unsaved work of a main window."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgets.main_window import MainWindow
    from widgets.recovery.dialog import UnsavedWork


def opened_by(window: MainWindow) -> UnsavedWork:
    """The dialog of a window. Its module is loaded now, not at the app's start."""
    from widgets.recovery.dialog import UnsavedWork

    made = UnsavedWork(window.app.bridge.background, window)
    made.open_wanted.connect(window.app.sessions.take_up)
    return made
