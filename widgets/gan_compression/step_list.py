"""The steps in order, and which of them are done, begun or under way."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QListWidget, QListWidgetItem, QWidget

from studio.session.gan_plan import STEPS, Step, is_begun, is_done
from widgets.gan_compression.words import step_title
from widgets.style.theme import GRID

WIDTH = 31 * GRID
_NAME = Qt.ItemDataRole.UserRole


class StepList(QListWidget):
    """Pages by name; those that are no steps stand first."""

    def __init__(self, names: Sequence[str], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFixedWidth(WIDTH)
        self.setAccessibleName(self.tr("Steps"))
        self.setSpacing(GRID // 2 - 1)
        number = 0
        self._titles: list[str] = []
        for name in names:
            step = step_of(name)
            if step is None:
                title = {"pictures": self.tr("Pictures"), "training": self.tr("Training")}[name]
            elif step == "all":
                title = step_title(step)
            else:
                number += 1
                title = f"{number}.  {step_title(step)}"
            item = QListWidgetItem(title)
            item.setData(_NAME, name)
            self.addItem(item)
            self._titles.append(title)

    def chosen(self) -> str:
        """The name of the page that is chosen."""
        item = self.currentItem()
        return "" if item is None else str(item.data(_NAME))

    def choose(self, name: str) -> None:
        """Choose a page."""
        for index in range(self.count()):
            if self.item(index).data(_NAME) == name:
                self.setCurrentRow(index)

    def mark(self, folder: Path | None, running: Step | None) -> None:
        """Say how far a work is.

        Args:
            folder: that it is kept in. running: the step that is under way.
        """
        for index, title in enumerate(self._titles):
            item = self.item(index)
            step = step_of(str(item.data(_NAME)))
            text = title
            if step is not None and step == running:
                text = self.tr("{step} (under way)").format(step=title)
            elif step is not None and folder is not None and is_begun(folder, step):
                text = self.tr("{step} (begun)").format(step=title)
            elif step is not None and folder is not None and is_done(folder, step):
                text = self.tr("{step} (done)").format(step=title)
            item.setText(text)


def step_of(name: str) -> Step | None:
    """The step that a page is of, or None."""
    return next((step for step in STEPS if step == name), None)
