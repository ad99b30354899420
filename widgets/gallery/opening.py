"""The gallery of a main window. Its modules are loaded when it is asked for."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtGui import QKeySequence

from widgets import side_captions

if TYPE_CHECKING:
    from widgets.gallery.window import GalleryWindow
    from widgets.main_window import MainWindow


def opened_by(window: MainWindow) -> GalleryWindow:
    """The gallery of a main window; it follows what is drawn there."""
    from widgets.gallery.window import GalleryWindow

    app, renderer = window.app, window.app.renderer
    made = GalleryWindow(app.bridge.background, window)
    made.bring_back_wanted.connect(window.commands.open_path)
    app.collecting.changed.connect(lambda: made.isVisible() and made.refresh())

    def begin() -> None:
        keys = window.actions_["finish"].shortcut()
        made.invite(keys.toString(QKeySequence.SequenceFormat.NativeText))
        follow()

    def follow() -> None:
        scene = renderer.scene
        caption = None
        if scene is not None:
            caption = side_captions.caption(scene, window.controller.document, "B", renderer)
        made.looking.show_now(renderer.pixels("B"), caption)

    renderer.picture_ready.connect(lambda side, _: side == "B" and made.isVisible() and follow())
    made.shown.connect(begin)
    return made
