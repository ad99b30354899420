"""The devices dialog of a main window. Its module is loaded when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgets.devices.dialog import DevicesDialog
    from widgets.main_window import MainWindow


def opened_by(window: MainWindow) -> DevicesDialog:
    """The list of devices of a main window."""
    from widgets.devices.dialog import DevicesDialog

    return DevicesDialog(window.app.devices, window)
