"""The menu bar, built from the window's actions."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow, QMenu

from widgets.actions import Actions

translate = QCoreApplication.translate


def fill(window: QMainWindow, actions: Actions, recents: QMenu, commands: QMenu) -> None:
    """Give ``window`` its menus; ``recents`` becomes a part of the first, and ``commands``, of what
    can be copied as a command, of the second."""
    bar = window.menuBar()
    files: list[str | QMenu | None] = ["open", recents, "unsaved", None, "save", "save_as", None]
    _menu(
        bar.addMenu(translate("Menus", "&File")),
        actions,
        [
            *files,
            "finish",
            "finish_as",
            "finish_pins",
            "gallery",
            "save_shown",
            "save_walk",
            "save_table",
            "report",
            None,
            "export",
            "verify_bundle",
            None,
            "quit",
        ],
    )
    _menu(
        bar.addMenu(translate("Menus", "&Edit")),
        actions,
        [
            "undo",
            "redo",
            None,
            "copy_picture",
            commands,
            None,
            "new_seed",
            "pin",
            "play_walk",
            "keep",
            "measure",
            "sweep",
            "blind_test",
            "grid",
            "layers",
            "copy_table",
            None,
            "make_elastic",
            "gan_compression",
            None,
            "preferences",
        ],
    )
    view = bar.addMenu(translate("Menus", "&View"))
    modes = [f"mode_{name}" for name in ("full", "current", "side", "wipe", "blink", "difference")]
    _menu(
        view,
        actions,
        [
            *modes,
            None,
            "swap",
            "fit",
            "actual_size",
            "smooth",
            None,
            "bottom",
            "reset_layout",
        ],
    )
    _menu(
        bar.addMenu(translate("Menus", "&Help")),
        actions,
        ["keys", None, "devices", "log", "diagnostics"],
    )
    # Where the system has a place of its own for it (macOS), it goes there in every language.
    actions["preferences"].setMenuRole(QAction.MenuRole.PreferencesRole)


def _menu(menu: QMenu, actions: Actions, entries: list[str | QMenu | None]) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(actions[entry])
