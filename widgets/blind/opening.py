"""The blind test of a main window. Its module is loaded when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from widgets.blind.dialog import BlindTest
    from widgets.main_window import MainWindow


def opened_by(window: MainWindow) -> BlindTest:
    """The blind test of a main window; another model ends it."""
    from widgets.blind.dialog import BlindTest

    made = BlindTest(window.controller, window.app.testing, window)
    window.controller.model_changed.connect(lambda _: made.close())
    return made
