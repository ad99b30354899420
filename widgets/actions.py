"""Every command of the window: its words, its key, its icon. Menus, toolbar and keys share them."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QWidget

from widgets.preferences.store import PreferenceStore
from widgets.style.theme import icon


@dataclass(frozen=True)
class Command:
    """One command. ``keys``: what triggers it unless the user has chosen otherwise; ``short``: its
    words on a button."""

    id: str
    text: str
    keys: tuple[str, ...] = ()
    icon: str = ""
    checkable: bool = False
    short: str = ""


def plain(text: str) -> str:
    """The words of a command without its mnemonic ("열기(&O)…" and "&Open…" alike)."""
    return re.sub(r"\(&\w\)|&", "", text).rstrip("…")


class Actions(QObject):
    """One QAction a command, by id."""

    def __init__(self, window: QWidget, preferences: PreferenceStore) -> None:
        super().__init__(window)
        self._window = window
        self._preferences = preferences
        self._actions: dict[str, QAction] = {}
        self.commands = {command.id: command for command in self._commands()}
        for command in self.commands.values():
            action = QAction(command.text, window)
            action.setObjectName(command.id)
            action.setCheckable(command.checkable)
            if command.short:
                action.setIconText(command.short)
            if command.icon:
                action.setIcon(icon(command.icon))
            self._actions[command.id] = action
            self._apply_keys(command)
            window.addAction(action)
        # Modes exclude each other; with the keys for full and current, none of the four is on.
        self.modes = QActionGroup(self)
        self.modes.setExclusionPolicy(QActionGroup.ExclusionPolicy.ExclusiveOptional)
        for name in ("full", "current", "side", "wipe", "blink", "difference"):
            self.modes.addAction(self[f"mode_{name}"])

    def __getitem__(self, command: str) -> QAction:
        return self._actions[command]

    def connect_to(self, command: str, slot: Callable[[], object]) -> None:
        """Call ``slot`` whenever the command is triggered."""
        self._actions[command].triggered.connect(lambda _checked=False: slot())

    def keys(self, command: str) -> tuple[str, ...]:
        """What triggers a command now."""
        chosen = self._preferences.value.key_of(command)
        if chosen is None:
            return self.commands[command].keys
        return (chosen,) if chosen else ()

    def refresh_keys(self) -> None:
        """Let the keys that are preferred now trigger the commands."""
        for command in self.commands.values():
            self._apply_keys(command)

    def _apply_keys(self, command: Command) -> None:
        action, keys = self._actions[command.id], self.keys(command.id)
        action.setShortcuts([QKeySequence(key) for key in keys])
        name = plain(command.text)
        shown = (
            QKeySequence(keys[0]).toString(QKeySequence.SequenceFormat.NativeText) if keys else ""
        )
        action.setToolTip(f"{name} ({shown})" if shown else name)

    def _commands(self) -> list[Command]:
        return [
            Command("open", self.tr("&Open…"), ("Ctrl+O",), "open", short=self.tr("Open")),
            Command("save", self.tr("&Save session"), ("Ctrl+S",), "save", short=self.tr("Save")),
            Command("save_as", self.tr("Save session &as…"), ("Ctrl+Shift+S",)),
            Command("save_shown", self.tr("Save the shown &picture…"), ("Ctrl+Shift+P",)),
            Command("save_walk", self.tr("Save the wa&lk…"), (), "save", short=self.tr("Save…")),
            Command("finish", self.tr("&Finish"), ("Space",), "finish", short=self.tr("Finish")),
            Command("finish_as", self.tr("F&inish as…"), ("Shift+Space",)),
            Command("finish_pins", self.tr("Finish all pi&ns")),
            Command("gallery", self.tr("&Gallery…"), ("G",), "gallery", short=self.tr("Gallery")),
            Command("report", self.tr("R&eport…")),
            Command("export", self.tr("Export &bundle…"), ("Ctrl+E",), short=self.tr("Export…")),
            Command("verify_bundle", self.tr("&Verify a bundle…")),
            Command("quit", self.tr("&Quit"), ("Ctrl+Q",)),
            Command("undo", self.tr("&Undo"), ("Ctrl+Z",), "undo"),
            Command("redo", self.tr("&Redo"), ("Ctrl+Shift+Z", "Ctrl+Y"), "redo"),
            Command("copy_picture", self.tr("&Copy the picture"), ("Ctrl+C",), "copy"),
            Command("copy_render", self.tr("Copy picture as command"), ("Ctrl+Shift+C",)),
            Command("copy_compare", self.tr("Copy comparison as command")),
            Command("new_seed", self.tr("New &seed"), ("R",), "dice"),
            Command("pin", self.tr("&Pin what is drawn"), ("P",), "pin"),
            Command("play_walk", self.tr("Play the &walk"), ("W",), "play", short=self.tr("Play")),
            Command("keep", self.tr("&Keep this subnet"), ("K",), "keep", short=self.tr("Keep")),
            Command(
                "measure", self.tr("&Measure on this computer"), ("M",), short=self.tr("Measure")
            ),
            Command("sweep", self.tr("Sweep…"), short=self.tr("Sweep…")),
            Command("blind_test", self.tr("&Blind test…"), short=self.tr("Blind test…")),
            Command("grid", self.tr("&Grid of variants…"), ("Shift+G",), short=self.tr("Grid…")),
            Command("layers", self.tr("La&yer by layer…")),
            Command("save_table", self.tr("Save the &table…"), (), "save"),
            Command("copy_table", self.tr("C&opy the table"), (), "copy"),
            Command("make_elastic", self.tr("Make &elastic…")),
            Command("gan_compression", self.tr("GAN Compress&ion…")),
            Command("mode_full", self.tr("&Full only"), ("1",), "full", True),
            Command("mode_current", self.tr("&Current only"), ("2",), "current", True),
            Command("mode_side", self.tr("&Side by side"), ("3",), "side", True, self.tr("Side")),
            Command("mode_wipe", self.tr("&Wipe"), ("4",), "wipe", True, short=self.tr("Wipe")),
            Command("mode_blink", self.tr("&Blink"), ("5",), "blink", True, short=self.tr("Blink")),
            Command(
                "mode_difference",
                self.tr("&Difference"),
                ("6",),
                "difference",
                True,
                short=self.tr("Diff"),
            ),
            Command("swap", self.tr("Swa&p A and B"), ("X",), "swap"),
            Command("fit", self.tr("F&it"), ("F",), "fit"),
            Command("actual_size", self.tr("&Actual size"), ("Shift+F",), "actual-size"),
            Command("smooth", self.tr("S&mooth"), (), "smooth", True),
            Command("bottom", self.tr("Wha&t it costs"), ("B",), "", True),
            Command("reset_layout", self.tr("&Reset layout")),
            Command("preferences", self.tr("Prefere&nces…"), _standard_preferences()),
            Command("unsaved", self.tr("&Unsaved work…")),
            Command("keys", self.tr("&Keys"), ("?", "F1")),
            Command("devices", self.tr("De&vices…")),
            Command("log", self.tr("&Log…")),
            Command("diagnostics", self.tr("&Diagnostics…")),
        ]


def _standard_preferences() -> tuple[str, ...]:
    """The platform's own key for preferences, where it has one."""
    found = QKeySequence(QKeySequence.StandardKey.Preferences)
    return (found.toString() or "Ctrl+,",)
