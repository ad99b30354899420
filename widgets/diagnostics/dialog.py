"""What goes with a report of a mistake: looked at first, then written as a zip."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import Qt, QUrl, Signal
from PySide6.QtGui import QDesktopServices, QFontDatabase
from PySide6.QtWidgets import (
    QDialog,
    QFileDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QPlainTextEdit,
    QPushButton,
    QSplitter,
    QVBoxLayout,
    QWidget,
)

from studio.errors import MaquetteError
from studio.reporting.diagnostics import SUFFIX, Part, default_name, gather, write
from widgets import choosers
from widgets.style.theme import GRID

WIDTH, HEIGHT = 760, 520
LIST_WIDTH = 220
Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]


class DiagnosticsDialog(QDialog):
    """Signals: saved(path): the zip has been written."""

    saved = Signal(object)

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("diagnostics")
        self.setWindowTitle(self.tr("Diagnostics"))
        self._background = background
        self._parts: list[Part] = []
        self._asked = 0
        self._folder: Path | None = None
        about = QLabel(
            self.tr(
                "These files help to find a mistake. Nothing is sent: they are written to one zip, "
                "which you may attach to your report. Your home folder is shown as ~. "
                "Untick what you would rather keep to yourself."
            )
        )
        about.setWordWrap(True)
        self.list = QListWidget()
        self.list.setObjectName("diagnostics list")
        self.list.setAccessibleName(self.tr("What is written"))
        self.preview = QPlainTextEdit()
        self.preview.setObjectName("diagnostics preview")
        self.preview.setReadOnly(True)
        self.preview.setTabChangesFocus(True)
        self.preview.setAccessibleName(self.tr("What this file says"))
        self.preview.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.FixedFont))
        self.sentence = QLabel()
        self.sentence.setObjectName("diagnostics sentence")
        self.sentence.setTextFormat(Qt.TextFormat.PlainText)
        self.sentence.setWordWrap(True)
        self.sentence.setTextInteractionFlags(
            Qt.TextInteractionFlag.TextSelectableByMouse
            | Qt.TextInteractionFlag.TextSelectableByKeyboard
        )
        self.save = QPushButton(self.tr("Save…"))
        self.save.setObjectName("diagnostics save")
        self.save.setDefault(True)
        self.show_folder = QPushButton(self.tr("Show in folder"))
        self.close_button = QPushButton(self.tr("Close"))
        for button in (self.show_folder, self.close_button):
            button.setAutoDefault(False)
        self._arrange(about)
        self.list.currentItemChanged.connect(lambda *_: self._show_part())
        self.list.itemChanged.connect(lambda _: self._enable())
        self.save.clicked.connect(self._ask)
        self.show_folder.clicked.connect(self._open_folder)
        self.close_button.clicked.connect(self.close)

    def offer(self) -> None:
        """Look around anew and show what is found."""
        self._asked += 1
        asked = self._asked
        self._parts = []
        self.list.clear()
        self.preview.setPlainText("")
        self.show_folder.hide()
        self._say(self.tr("Looking around; finding the devices takes some seconds."))
        self._enable()
        self.show()
        self.raise_()
        self.activateWindow()

        def done(parts: list[Part] | None, error: MaquetteError | None) -> None:
            if asked == self._asked:
                self._say("" if error is None else str(error))
                self.show_parts(parts or [])

        self._background(gather, done)

    def show_parts(self, parts: list[Part]) -> None:
        """Show what would be written."""
        self._parts = parts
        self.list.clear()
        for part in parts:
            size = self.tr("{size} kB").format(size=f"{max(part.size, 100) / 1000:.1f}")
            item = QListWidgetItem(f"{part.name}  ({size})")
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked)
            self.list.addItem(item)
        if parts:
            self.list.setCurrentRow(0)
            self.list.setFocus()
        self._enable()

    def chosen(self) -> list[Part]:
        """The parts that are ticked."""
        return [
            part
            for line, part in enumerate(self._parts)
            if self.list.item(line).checkState() == Qt.CheckState.Checked
        ]

    def write_to(self, path: Path) -> None:
        """Write what is ticked to ``path``, then say where it is."""
        parts = self.chosen()

        def done(_: object, error: MaquetteError | None) -> None:
            if error is not None:
                self._say(str(error))
                return
            self._folder = path.parent
            self._say(self.tr("Written to {path}").format(path=path))
            self.show_folder.show()
            self.saved.emit(path)

        self._background(lambda: write(parts, path), done)

    def _arrange(self, about: QLabel) -> None:
        split = QSplitter(Qt.Orientation.Horizontal)
        split.setChildrenCollapsible(False)
        split.addWidget(self.list)
        split.addWidget(self.preview)
        split.setStretchFactor(1, 1)
        split.setSizes([LIST_WIDTH, WIDTH - LIST_WIDTH])
        buttons = QHBoxLayout()
        buttons.setSpacing(GRID)
        buttons.addWidget(self.show_folder)
        buttons.addStretch(1)
        buttons.addWidget(self.close_button)
        buttons.addWidget(self.save)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addWidget(about)
        layout.addWidget(split, 1)
        layout.addWidget(self.sentence)
        layout.addLayout(buttons)
        self.resize(WIDTH, HEIGHT)
        self.show_folder.hide()

    def _show_part(self) -> None:
        line = self.list.currentRow()
        self.preview.setPlainText(self._parts[line].text if 0 <= line < len(self._parts) else "")

    def _enable(self) -> None:
        self.save.setEnabled(bool(self._parts) and bool(self.chosen()))

    def _ask(self) -> None:
        suggested = choosers.unused(choosers.session_folder() / default_name())
        found, _ = QFileDialog.getSaveFileName(
            self, self.tr("Save diagnostics"), str(suggested), self.tr("Zip file (*.zip)")
        )
        if found:
            path = Path(found)
            self.write_to(path if path.suffix else path.with_suffix(SUFFIX))

    def _open_folder(self) -> None:
        if self._folder is not None:
            QDesktopServices.openUrl(QUrl.fromLocalFile(str(self._folder)))

    def _say(self, sentence: str) -> None:
        self.sentence.setText(sentence)
        self.sentence.setVisible(bool(sentence))
