"""Fields of the window: a form whose every line explains itself, and fields for files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from widgets import choosers
from widgets.controls.quiet import QuietBox
from widgets.gan_compression.words import explanation, label
from widgets.style.theme import GRID, caption_font
from widgets.wiring import heading

LABELS, FIELDS = 16 * GRID, 38 * GRID  # pixels, at least
LARGEST_INT = 2**31 - 1  # of a spin box


class Quiet(QSpinBox):
    """Leaves the wheel to the page that it stands in."""

    def __init__(self, low: int, high: float, value: int, suffix: str = "") -> None:
        super().__init__()
        self.setRange(low, int(min(high, LARGEST_INT)))
        self.setValue(value)
        self.setSuffix(suffix)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event) -> None:
        event.ignore()


class QuietReal(QDoubleSpinBox):
    """The same with a fraction."""

    def __init__(
        self, low: float, high: float, value: float, decimals: int, suffix: str = ""
    ) -> None:
        super().__init__()
        self.setDecimals(decimals)
        self.setRange(low, high)
        self.setValue(value)
        self.setSuffix(suffix)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)

    def wheelEvent(self, event) -> None:
        event.ignore()


class Choice(QuietBox):
    """A choice of words, each of which stands for a value."""

    def __init__(self, options: Sequence[tuple[object, str]]) -> None:
        super().__init__()
        for value, text in options:
            self.addItem(text, value)

    def choose(self, value: object) -> None:
        """Show a value; one that is not offered changes nothing."""
        index = self.findData(value)
        if index >= 0:
            self.setCurrentIndex(index)


class PathField(QWidget):
    """A line for a path, and a chooser.

    Args:
        folders: choose folders, not model files.

    Signals:
        changed(): another path is written or was chosen.
    """

    changed = Signal()

    def __init__(self, *, folders: bool, purpose: str = "training") -> None:
        super().__init__()
        self._folders, self._purpose = folders, purpose
        self.line = QLineEdit()
        self.line.setMinimumWidth(16 * GRID)
        self.button = QPushButton(self.tr("Choose…"))
        layout = QHBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID // 2)
        layout.addWidget(self.line, 1)
        layout.addWidget(self.button)
        self.button.clicked.connect(self._choose)
        self.line.textChanged.connect(lambda text: self.line.setToolTip(text))
        self.line.textChanged.connect(lambda _: self.changed.emit())
        self.setFocusProxy(self.line)

    def path(self) -> str:
        """What is written; empty for nothing."""
        return self.line.text().strip()

    def set_path(self, path: str) -> None:
        """Show a path."""
        if path != self.line.text():
            self.line.setText(path)
            self.line.setCursorPosition(0)

    def set_named(self, name: str) -> None:
        """What it is, for screen readers."""
        self.line.setAccessibleName(name)
        self.button.setAccessibleName(self.tr("Choose: {name}").format(name=name))

    def _choose(self) -> None:
        known = Path(self.path())
        start = choosers.folder(self._purpose, QStandardPaths.StandardLocation.PicturesLocation)
        if self.path() and known.parent.is_dir():
            start = known
        if self._folders:
            found = QFileDialog.getExistingDirectory(self, self.line.accessibleName(), str(start))
        else:
            words = self.tr("Models (*.safetensors *.pt *.pth)")
            everything = self.tr("All files (*)")
            found, _ = QFileDialog.getOpenFileName(
                self, self.line.accessibleName(), str(start), f"{words};;{everything}"
            )
        if found:
            choosers.remember(self._purpose, Path(found) / "any" if self._folders else Path(found))
            self.set_path(found)


class Page(QWidget):
    """A heading, what it is about, and lines of a label, a field and its explanation."""

    def __init__(self, title: str, summary: str) -> None:
        super().__init__()
        self._grid = QGridLayout()
        self._grid.setHorizontalSpacing(2 * GRID)
        self._grid.setVerticalSpacing(GRID)
        self._grid.setColumnMinimumWidth(0, LABELS)
        self._grid.setColumnMinimumWidth(1, FIELDS)
        self._grid.setColumnStretch(2, 1)
        self.summary = QLabel(summary)
        self.summary.setWordWrap(True)
        self._layout = QVBoxLayout(self)
        self._layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        self._layout.setSpacing(GRID)
        self._layout.addWidget(heading(title))
        self._layout.addWidget(self.summary)
        self._layout.addSpacing(GRID)
        self._layout.addLayout(self._grid)
        self._layout.addStretch(1)

    def add(self, name: str, field: QWidget, explained: str = "") -> QWidget:
        """A line; ``explained`` is the name of its explanation where that is another one."""
        line = self._grid.rowCount()
        title = QLabel(label(name))
        title.setBuddy(field)
        about = QLabel(explanation(explained or name))
        about.setWordWrap(True)
        about.setFont(caption_font(about.font()))
        about.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        top = Qt.AlignmentFlag.AlignTop
        for widget in (title, about):
            widget.setContentsMargins(0, GRID // 2, 0, 0)
        self._grid.addWidget(title, line, 0, top)
        self._grid.addWidget(field, line, 1, top)
        self._grid.addWidget(about, line, 2, top)
        if isinstance(field, PathField):
            field.set_named(label(name))
        else:
            field.setAccessibleName(label(name))
        field.setToolTip(explanation(explained or name))
        return field

    def add_group(self, title: str) -> None:
        """A small heading between lines."""
        line = self._grid.rowCount()
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        rule.setForegroundRole(QPalette.ColorRole.Mid)
        self._grid.addWidget(heading(title), line, 0)
        self._grid.addWidget(rule, line, 1, 1, 2)

    def add_below(self, widget: QWidget) -> None:
        """Something below all lines."""
        self._layout.insertWidget(self._layout.count() - 1, widget)
