"""The keys: what they are, and a field each to change them."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeySequence
from PySide6.QtWidgets import (
    QGridLayout,
    QKeySequenceEdit,
    QLabel,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from widgets.actions import Actions, plain
from widgets.style.theme import GRID
from widgets.wiring import SidePanel


class KeysPanel(QWidget):
    """A small window beside the work, not in front of it. Changes hold at once."""

    def __init__(self, actions: Actions, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setWindowTitle(self.tr("Keys"))
        self._actions = actions
        self._fields: dict[str, QKeySequenceEdit] = {}
        inner = QWidget()
        grid = QGridLayout(inner)
        grid.setContentsMargins(GRID * 2, GRID, GRID * 2, GRID)
        grid.setHorizontalSpacing(GRID * 3)
        grid.setVerticalSpacing(GRID // 2)
        for line, command in enumerate(actions.commands.values()):
            name = plain(command.text)
            field = QKeySequenceEdit()
            field.setMaximumSequenceLength(1)
            field.setClearButtonEnabled(True)
            field.setAccessibleName(self.tr("Key for {command}").format(command=name))
            field.editingFinished.connect(lambda c=command.id: self._changed(c))
            self._fields[command.id] = field
            grid.addWidget(QLabel(name), line, 0)
            grid.addWidget(field, line, 1)
        self._note = QLabel(self.tr("Click a field and press the new key."))
        reset = QPushButton(self.tr("Bring all keys back"))
        reset.clicked.connect(self._reset)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, GRID)
        layout.addWidget(SidePanel(inner), 1)
        for widget in (self._note, reset):
            layout.addWidget(widget, 0, Qt.AlignmentFlag.AlignHCenter)
        self.resize(420, 560)
        self.refresh()

    def refresh(self) -> None:
        """Show the keys as they are now."""
        for command, field in self._fields.items():
            keys = self._actions.keys(command)
            field.blockSignals(True)
            field.setKeySequence(QKeySequence(keys[0]) if keys else QKeySequence())
            field.blockSignals(False)

    def toggle(self) -> None:
        """Show it, or put it away."""
        if self.isVisible():
            self.hide()
        else:
            self.refresh()
            middle = self.parentWidget().frameGeometry().center()
            self.move(middle - self.rect().center())
            self.show()
            self.raise_()

    def _changed(self, command: str) -> None:
        wanted = self._fields[command].keySequence().toString()
        now = self._actions.keys(command)
        if wanted == (QKeySequence(now[0]).toString() if now else ""):
            return
        loser = self._actions.set_keys(command, wanted)
        if loser is not None:
            name = plain(self._actions.commands[loser].text)
            self._note.setText(self.tr("“{name}” has no key now.").format(name=name))
        self.refresh()

    def _reset(self) -> None:
        for command in self._fields:
            self._actions.set_keys(command, None)
        self._note.setText(self.tr("All keys are as they come."))
        self.refresh()
