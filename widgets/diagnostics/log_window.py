"""What has happened, newest last, as it happens."""

from __future__ import annotations

import re
from collections import deque
from pathlib import Path

from PySide6.QtCore import QEvent, QTimer, QUrl
from PySide6.QtGui import (
    QCloseEvent,
    QColor,
    QDesktopServices,
    QGuiApplication,
    QHideEvent,
    QPalette,
    QShowEvent,
    QTextCharFormat,
    QTextCursor,
)
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLabel,
    QPlainTextEdit,
    QPushButton,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio import places
from studio.reporting.log_lines import LEVELS, LogLine, Reader, at_least, in_order, log_files
from widgets.controls.quiet import QuietBox
from widgets.style.theme import GRID, colours, current_scheme, tabular

LOOK_MS = 500
MOST_LINES = 5000
WIDTH, HEIGHT = 720, 480
STARTED_AS = re.compile(r"Started as process (\d+)\.")


class LogWindow(QDialog):
    """Beside the work, not in front of it. Follows the logs while it is open."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("log")
        self.setWindowTitle(self.tr("Log"))
        self._lines: deque[LogLine] = deque(maxlen=MOST_LINES)
        self._readers: dict[Path, Reader] = {}
        self.level = QuietBox()
        self.level.setObjectName("log level")
        for level, text in zip(
            LEVELS,
            (self.tr("Everything"), self.tr("Warnings and errors"), self.tr("Errors only")),
            strict=True,
        ):
            self.level.addItem(text, level)
        self.text = QPlainTextEdit()
        self.text.setObjectName("log text")
        self.text.setReadOnly(True)
        self.text.setTabChangesFocus(True)
        self.text.setMaximumBlockCount(MOST_LINES)
        self.text.setFont(tabular(self.text.font()))
        self.text.setAccessibleName(self.tr("Log"))
        self.empty = QLabel()
        self.empty.setWordWrap(True)
        self.empty.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        self.copy = QPushButton(self.tr("Copy"))
        self.copy.setToolTip(self.tr("Copy what is selected, or everything shown"))
        self.show_folder = QPushButton(self.tr("Show folder"))
        self.close_button = QPushButton(self.tr("Close"))
        for button in (self.copy, self.show_folder, self.close_button):
            button.setAutoDefault(False)
        self._timer = QTimer(self, interval=LOOK_MS)
        self._timer.timeout.connect(self.look)
        self._arrange()
        self.level.currentIndexChanged.connect(lambda _: self._fill())
        self.copy.clicked.connect(self._copy)
        self.show_folder.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(places.log_dir())))
        )
        self.close_button.clicked.connect(self.close)

    def offer(self) -> None:
        """Show it, at its end."""
        self.show()
        self.raise_()
        self.activateWindow()
        self.text.setFocus()

    def look(self) -> None:
        """Take in what the logs say now."""
        for path in log_files(places.log_dir()):
            if path not in self._readers:
                self._readers[path] = Reader(path)
        new = in_order(line for reader in self._readers.values() for line in reader.read())
        if new:
            self._lines.extend(new)
            self._append(at_least(str(self.level.currentData()), new))
        self._show_page()

    def _arrange(self) -> None:
        holder = QWidget()
        self._pages = QStackedLayout(holder)
        self._pages.addWidget(self.text)
        self._pages.addWidget(self.empty)
        label = QLabel(self.tr("&Show"))
        label.setBuddy(self.level)
        self.level.setAccessibleName(self.tr("Which lines are shown"))
        above = QHBoxLayout()
        above.setSpacing(GRID)
        above.addWidget(label)
        above.addWidget(self.level)
        above.addStretch(1)
        below = QHBoxLayout()
        below.setSpacing(GRID)
        below.addWidget(self.show_folder)
        below.addStretch(1)
        below.addWidget(self.copy)
        below.addWidget(self.close_button)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(GRID)
        layout.addLayout(above)
        layout.addWidget(holder, 1)
        layout.addLayout(below)
        self.resize(WIDTH, HEIGHT)

    def _fill(self) -> None:
        self.text.clear()
        self._append(at_least(str(self.level.currentData()), self._lines))
        self._show_page()

    def _append(self, lines: list[LogLine]) -> None:
        bar = self.text.verticalScrollBar()
        at_end = bar.value() >= bar.maximum() - 4
        scheme = colours(current_scheme())
        shades = {"warning": QColor(scheme.warning), "error": QColor(scheme.error)}
        faint = self.palette().color(QPalette.ColorRole.PlaceholderText)
        cursor = QTextCursor(self.text.document())
        cursor.movePosition(QTextCursor.MoveOperation.End)
        cursor.beginEditBlock()
        for line in lines:
            if not self.text.document().isEmpty():
                cursor.insertBlock()
            if line.continued:
                cursor.insertText(f"    {line.text}", _shade(faint))
                continue
            cursor.insertText(f"{line.time}  {self._source(line.source)}  ", _shade(faint))
            word = self._word(line.level)
            if word:
                cursor.insertText(f"{word}  ", _shade(shades[line.level], bold=True))
            cursor.insertText(
                self._sentence(line.text), _shade(self.palette().color(QPalette.ColorRole.Text))
            )
        cursor.endEditBlock()
        if at_end:
            bar.setValue(bar.maximum())

    def _show_page(self) -> None:
        nothing = self.text.document().isEmpty()
        if nothing:
            every = self.level.currentIndex() == 0
            self.empty.setText(
                self.tr("Nothing has happened yet. What the renderer and the jobs say comes here.")
                if every
                else self.tr("Nothing of this kind has happened.")
            )
        self._pages.setCurrentWidget(self.empty if nothing else self.text)
        self.copy.setEnabled(not nothing)

    def _source(self, source: str) -> str:
        words = {
            "window": self.tr("Window"),
            "render": self.tr("Renderer"),
            "compare": self.tr("Comparison"),
            "jobs": self.tr("Job"),
            "devices": self.tr("Devices"),
        }
        return words.get(source, source)

    def _sentence(self, text: str) -> str:
        started = STARTED_AS.fullmatch(text)
        if started is None:
            return text
        return self.tr("Started as process {number}.").format(number=started[1])

    def _word(self, level: str) -> str:
        return {"warning": self.tr("Warning"), "error": self.tr("Error")}.get(level, "")

    def _copy(self) -> None:
        cursor = self.text.textCursor()
        chosen = cursor.selection().toPlainText() if cursor.hasSelection() else ""
        QGuiApplication.clipboard().setText(chosen or self.text.toPlainText())

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self.look()
        self._timer.start()
        bar = self.text.verticalScrollBar()
        bar.setValue(bar.maximum())

    def hideEvent(self, event: QHideEvent) -> None:
        self._timer.stop()
        super().hideEvent(event)

    def closeEvent(self, event: QCloseEvent) -> None:
        self._timer.stop()
        super().closeEvent(event)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange:
            self._fill()


def _shade(colour: QColor, *, bold: bool = False) -> QTextCharFormat:
    made = QTextCharFormat()
    made.setForeground(colour)
    if bold:
        made.setFontWeight(600)
    return made
