"""The log window and the diagnostics of a main window. Their modules are loaded when asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgets.diagnostics.dialog import DiagnosticsDialog
    from widgets.diagnostics.log_window import LogWindow
    from widgets.main_window import MainWindow


def log_of(window: MainWindow) -> LogWindow:
    """The log window of a main window."""
    from widgets.diagnostics.log_window import LogWindow

    return LogWindow(window)


def opened_by(window: MainWindow) -> DiagnosticsDialog:
    """The diagnostics of a main window."""
    from widgets.diagnostics.dialog import DiagnosticsDialog

    made = DiagnosticsDialog(window.app.bridge.background, window)
    made.saved.connect(window.notices.saved)
    return made
