"""What stands above the cards: the recipe's menu, with presets, copy and paste, and files."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QMenu, QPushButton, QWidget

from widgets import choosers
from widgets.recipes.editing import RecipeEditing, presets

translate = QCoreApplication.translate


class RecipeHeader(QWidget):
    """A button "Recipe" that opens the menu."""

    def __init__(self, editing: RecipeEditing, saved: Callable[[Path], None]) -> None:
        super().__init__()
        self._editing = editing
        self._saved = saved
        self.menu = QMenu(self)
        self.menu.setToolTipsVisible(True)
        for path in presets():
            name, tip = preset_words(path.stem)
            action = self.menu.addAction(name)
            action.setToolTip(tip)
            action.setObjectName(f"preset {path.stem}")
            action.triggered.connect(lambda _=False, p=path: editing.open(p))
        self.menu.addSeparator()
        self.copy = self._entry(self.tr("Copy recipe"), editing.copy)
        self.paste = self._entry(self.tr("Paste recipe"), editing.paste)
        self.menu.addSeparator()
        self.open = self._entry(self.tr("Open recipe…"), self._open)
        self.save = self._entry(self.tr("Save recipe…"), self._save)
        self.button = QPushButton()  # with an arrow of its own beside the word
        self.button.setText(self.tr("Recipe"))
        self.button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.button.setToolTip(self.tr("Presets, copy and paste, files"))
        self.button.setAccessibleName(self.tr("Recipe: presets, copy and paste, files"))
        self.button.setMenu(self.menu)
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.addWidget(self.button)
        row.addStretch(1)

    def add_command(self, add: Callable[[QMenu], QAction]) -> None:
        """Put the command that applies the recipe below what copies it."""
        self.menu.insertAction(self.paste, add(self.menu))

    def _entry(self, text: str, do: Callable[[], object]) -> QAction:
        action = self.menu.addAction(text)
        action.triggered.connect(lambda _=False: do())
        return action

    def _open(self) -> None:
        path = choosers.open_recipe(self.window())
        if path is not None:
            self._editing.open(path)

    def _save(self) -> None:
        path = choosers.save_recipe(self.window(), "recipe")
        if path is not None:
            self._editing.save(path, self._saved)


def preset_words(name: str) -> tuple[str, str]:
    """What a preset is called, and what it is for."""
    known = {
        "draft": (
            translate("RecipePresets", "Draft"),
            translate("RecipePresets", "Small and fast, to play with"),
        ),
        "balanced": (
            translate("RecipePresets", "Balanced"),
            translate("RecipePresets", "Between speed and likeness"),
        ),
        "faithful": (
            translate("RecipePresets", "Faithful"),
            translate("RecipePresets", "Near to full"),
        ),
        "pruned": (
            translate("RecipePresets", "Pruned"),
            translate("RecipePresets", "Without what matters least"),
        ),
        "low-rank": (
            translate("RecipePresets", "Low rank"),
            translate("RecipePresets", "Layers as chains of smaller ones"),
        ),
    }
    return known.get(name, (name, ""))
