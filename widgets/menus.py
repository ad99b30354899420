"""The menu bar, built from the window's actions."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QActionGroup
from PySide6.QtWidgets import QMainWindow, QMenu

from widgets.actions import Actions

translate = QCoreApplication.translate


def fill(window: QMainWindow, actions: Actions, recents: QMenu) -> None:
    """Give ``window`` its menus; ``recents`` becomes a part of the first."""
    bar = window.menuBar()
    files: list[str | QMenu | None] = ["open", recents, None, "save", "save_as", None]
    _menu(
        bar.addMenu(translate("Menus", "&File")),
        actions,
        [*files, "finish", "finish_as", "save_shown", "save_walk", None, "quit"],
    )
    _menu(
        bar.addMenu(translate("Menus", "&Edit")),
        actions,
        [
            "undo",
            "redo",
            None,
            "new_seed",
            "pin",
            "play_walk",
            "keep",
            "measure",
            None,
            "make_elastic",
        ],
    )
    view = bar.addMenu(translate("Menus", "&View"))
    modes = [f"mode_{name}" for name in ("full", "current", "side", "wipe", "blink", "difference")]
    theme = QMenu(translate("Menus", "&Theme"), window)
    group = QActionGroup(theme)
    for name in ("theme_system", "theme_light", "theme_dark"):
        group.addAction(actions[name])
    _menu(theme, actions, ["theme_system", "theme_light", "theme_dark"])
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
            theme,
            "reset_layout",
        ],
    )
    _menu(bar.addMenu(translate("Menus", "&Help")), actions, ["keys"])


def _menu(menu: QMenu, actions: Actions, entries: list[str | QMenu | None]) -> None:
    for entry in entries:
        if entry is None:
            menu.addSeparator()
        elif isinstance(entry, QMenu):
            menu.addMenu(entry)
        else:
            menu.addAction(actions[entry])
