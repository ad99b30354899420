"""The keys: what they are, and a field each to change them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QLabel,
    QLineEdit,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.session.preferences import Preferences
from widgets.actions import Actions, plain
from widgets.preferences.key_field import KeyField
from widgets.preferences.parts import hint
from widgets.style.theme import GRID, icon
from widgets.wiring import SidePanel

FIXED = ("Tab", "Shift+Tab", "Return", "Enter", "Esc")
"""Keys that move about in every window; given away, they would be missed."""


class KeysPage(QWidget):
    """A draft of the keys; nothing holds before it is taken over.

    Signals: refused(sentence or ""): why a key cannot be given, or nothing.
    """

    refused = Signal(str)

    def __init__(self, actions: Actions, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._actions = actions
        self._draft = Preferences()
        self.fields: dict[str, KeyField] = {}
        self.resets: dict[str, QToolButton] = {}
        self._names = {name: plain(each.text) for name, each in actions.commands.items()}
        self.search = QLineEdit()
        self.search.setPlaceholderText(self.tr("Find a command or a key"))
        self.search.setAccessibleName(self.tr("Find a command or a key"))
        self.search.setClearButtonEnabled(True)
        self.search.setObjectName("preferences find")
        inner = QWidget()
        self._grid = QGridLayout(inner)
        self._grid.setContentsMargins(0, 0, GRID, 0)
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID // 2)
        self._grid.setColumnStretch(0, 1)
        self._labels: dict[str, QLabel] = {}
        for line, command in enumerate(self._names):
            self._add(line, command)
        self._grid.setRowStretch(len(self._names), 1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, GRID, GRID)
        layout.addWidget(self.search)
        panel = SidePanel(inner)
        for ground in (inner, panel.viewport()):
            ground.setAutoFillBackground(False)
        layout.addWidget(panel, 1)
        layout.addWidget(hint(self.tr("Go to a field and press the new key.")))
        self.search.textChanged.connect(self._find)

    def show_preferences(self, preferences: Preferences) -> None:
        """Show the keys that these preferences say."""
        self._draft = preferences
        for command, field in self.fields.items():
            keys = self._keys(command)
            field.blockSignals(True)
            field.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
            field.blockSignals(False)
            self.resets[command].setEnabled(preferences.key_of(command) is not None)

    def filled_in(self, preferences: Preferences) -> Preferences:
        """``preferences`` with the keys of the draft."""
        return replace(preferences, keys=self._draft.keys)

    def change(self, command: str, key: str) -> bool:
        """Give ``key`` to a command, or "" to have none. False, with a sentence, when it cannot."""
        if sentence := self._refusal(command, key):
            self.show_preferences(self._draft)
            self.refused.emit(sentence)
            return False
        own = self._actions.commands[command].keys
        as_it_comes = [QKeySequence(key)] == [QKeySequence(each) for each in own[:1]]
        as_it_comes = as_it_comes or (not key and not own)
        self.show_preferences(self._draft.with_key(command, None if as_it_comes else key))
        self.refused.emit("")
        return True

    def reset(self, command: str) -> None:
        """Bring the command's own keys back, unless another has them now."""
        own = self._actions.commands[command].keys
        for key in own:
            if sentence := self._refusal(command, key):
                self.refused.emit(sentence)
                return
        self.show_preferences(self._draft.with_key(command, None))
        self.refused.emit("")

    def _refusal(self, command: str, key: str) -> str:
        wanted = QKeySequence(key)
        if wanted.isEmpty():
            return ""
        shown = wanted.toString(QKeySequence.SequenceFormat.NativeText)
        if wanted in [QKeySequence(each) for each in FIXED]:
            return self.tr("{key} moves about in every window and cannot be given away.").format(
                key=shown
            )
        for other, name in self._names.items():
            if other != command and wanted in [QKeySequence(k) for k in self._keys(other)]:
                return self.tr("{key} belongs to “{name}”; take it away there first.").format(
                    key=shown, name=name
                )
        return ""

    def _keys(self, command: str) -> tuple[str, ...]:
        chosen = self._draft.key_of(command)
        if chosen is None:
            return self._actions.commands[command].keys
        return (chosen,) if chosen else ()

    def _add(self, line: int, command: str) -> None:
        name = self._names[command]
        field = KeyField()
        field.setAccessibleName(self.tr("Key for {command}").format(command=name))
        field.setObjectName(f"key {command}")
        field.editingFinished.connect(lambda c=command: self._typed(c))
        field.cleared.connect(lambda c=command: self.change(c, ""))
        back = QToolButton()
        back.setIcon(icon("reset"))
        back.setAutoRaise(True)
        back.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        back.setToolTip(self.tr("Bring the key of “{name}” back").format(name=name))
        back.setAccessibleName(back.toolTip())
        back.clicked.connect(lambda _=False, c=command: self.reset(c))
        label = QLabel(name)
        label.setWordWrap(True)
        label.setBuddy(field)
        self._labels[command], self.fields[command], self.resets[command] = label, field, back
        for column, widget in enumerate((label, field, back)):
            self._grid.addWidget(widget, line, column)

    def _typed(self, command: str) -> None:
        keys, now = self.fields[command].keySequence(), self._keys(command)
        if keys.isEmpty():
            self.show_preferences(self._draft)  # a key was begun and not ended
        elif keys not in [QKeySequence(each) for each in now[:1]]:
            self.change(command, keys.toString())

    def _find(self, text: str) -> None:
        wanted = text.strip().casefold()
        for command, name in self._names.items():
            shown = (
                self.fields[command].keySequence().toString(QKeySequence.SequenceFormat.NativeText)
            )
            visible = wanted in name.casefold() or wanted == shown.casefold()
            for widget in (self._labels[command], self.fields[command], self.resets[command]):
                widget.setVisible(visible)
