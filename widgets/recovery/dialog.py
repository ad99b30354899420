"""What earlier runs left unsaved, to go on with or to discard."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QLocale, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio.errors import MaquetteError
from studio.session import leavings
from studio.session.leavings import Claim, Leaving
from widgets.style.theme import GRID

WIDTH, HEIGHT = 480, 320
Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]


class UnsavedWork(QDialog):
    """Signals: open_wanted(path): the user goes on with this work."""

    open_wanted = Signal(object)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("unsaved")
        self.setWindowTitle(self.tr("Unsaved work"))
        self._background = background
        self.list = QListWidget()
        self.list.setObjectName("unsaved list")
        self.list.setAccessibleName(self.tr("Unsaved work"))
        self.list.setAlternatingRowColors(True)
        self.list.setWordWrap(True)
        self.empty = QLabel(self.tr("Nothing was left unsaved."))
        self.empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.empty.setWordWrap(True)
        self.sentence = QLabel()
        self.sentence.setWordWrap(True)
        self.sentence.hide()
        self.open_button = QPushButton(self.tr("Go on with it"))
        self.open_button.setDefault(True)
        self.discard_button = QPushButton(self.tr("Discard"))
        self.discard_button.setToolTip(self.tr("Delete this work for good"))
        self.close_button = QPushButton(self.tr("Close"))
        for button in (self.discard_button, self.close_button):
            button.setAutoDefault(False)
        self._arrange()
        self.list.currentItemChanged.connect(lambda *_: self._enable())
        self._sure = False
        self.list.itemActivated.connect(lambda _: self._open())
        self.open_button.clicked.connect(self._open)
        self.discard_button.clicked.connect(self._discard)
        self.close_button.clicked.connect(self.close)
        self._show([])

    def offer(self) -> None:
        """Show what there is now."""
        self.sentence.hide()
        self._refresh()
        self.show()
        self.raise_()
        self.activateWindow()

    def _arrange(self) -> None:
        holder = QWidget()
        self._pages = QStackedLayout(holder)
        self._pages.addWidget(self.list)
        self._pages.addWidget(self.empty)
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.discard_button)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.open_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(holder, 1)
        layout.addWidget(self.sentence)
        layout.addLayout(buttons)
        self.resize(WIDTH, HEIGHT)

    def _refresh(self) -> None:
        def done(found: list[Leaving] | None, error: MaquetteError | None) -> None:
            self._show(found or [])
            if error is not None:
                self._say(str(error))

        self._background(leavings.everything, done)

    def _show(self, found: list[Leaving]) -> None:
        self.list.clear()
        for leaving in found:
            item = QListWidgetItem(self._words(leaving))
            item.setData(Qt.ItemDataRole.UserRole, str(leaving.path))
            item.setToolTip(str(leaving.home or leaving.path))
            lines = item.text().count("\n") + 1
            item.setSizeHint(QSize(0, lines * self.fontMetrics().lineSpacing() + GRID))
            self.list.addItem(item)
        self._pages.setCurrentWidget(self.list if found else self.empty)
        if found:
            self.list.setCurrentRow(0)
            self.list.setFocus()
        self._enable()

    def _words(self, leaving: Leaving) -> str:
        when = QLocale().toString(leaving.saved, QLocale.FormatType.ShortFormat)
        name = leaving.model or self.tr("a model that cannot be told")
        first = self.tr("{model}, {time}").format(model=name, time=when)
        if leaving.home is None:
            return f"{first}\n" + self.tr("never saved to a file")
        changes = self.tr("changes to {name}").format(name=leaving.home.name)
        return f"{first}\n{changes}"

    def _path(self) -> Path | None:
        item = self.list.currentItem()
        return None if item is None else Path(item.data(Qt.ItemDataRole.UserRole))

    def _enable(self) -> None:
        self._ask(False)
        there = self.list.currentItem() is not None
        self.open_button.setEnabled(there)
        self.discard_button.setEnabled(there)

    def _open(self) -> None:
        path = self._path()
        if path is not None:
            self.close()
            self.open_wanted.emit(path)

    def _discard(self) -> None:
        path = self._path()
        if path is None:
            return
        if not self._sure:
            self._ask(True)
            return

        def done(_: object, error: MaquetteError | None) -> None:
            if error is not None:
                self._say(str(error))
            self._refresh()

        self._background(lambda: Claim(path).discard(), done)

    def _ask(self, sure: bool) -> None:
        """What cannot be undone takes two presses of the button."""
        self._sure = sure
        self.discard_button.setText(self.tr("Discard for good") if sure else self.tr("Discard"))

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.show()
