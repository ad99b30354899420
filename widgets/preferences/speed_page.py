"""Threads, and where and how much is kept to be quick next time."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QUrl
from PySide6.QtGui import QDesktopServices
from PySide6.QtWidgets import (
    QDoubleSpinBox,
    QFileDialog,
    QLineEdit,
    QPushButton,
    QSpinBox,
    QVBoxLayout,
    QWidget,
)

from studio import places
from studio.processes.child import MAX_THREADS, THREADS
from studio.session import surroundings
from studio.session.preferences import MAX_CACHE_GB, MIN_CACHE_GB, Preferences
from widgets.preferences.parts import form, hint
from widgets.style.theme import GRID
from widgets.wiring import row


class SpeedPage(QWidget):
    """Fields that the environment has fixed are greyed and say so."""

    def __init__(self, own_threads: int, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.threads = QSpinBox()
        self.threads.setRange(0, MAX_THREADS)
        self.threads.setSpecialValueText(self.tr("automatic ({count})").format(count=own_threads))
        self.threads_hint = hint(
            self.tr(
                "A small subnet is faster on one thread and takes no more. "
                "The renderer starts again with another number; nothing is lost."
            )
        )
        self.folder = QLineEdit()
        self.folder.setPlaceholderText(self.tr("as it comes"))
        self._choose = QPushButton(self.tr("Choose…"))
        self._choose.setAccessibleName(self.tr("Choose the cache folder"))
        self._show = QPushButton(self.tr("Show"))
        self._show.setAccessibleName(self.tr("Show the cache folder"))
        for button in (self._choose, self._show):
            button.setAutoDefault(False)  # Enter is for OK
        self.folder_hint = hint("")
        self.limit = QDoubleSpinBox()
        self.limit.setRange(MIN_CACHE_GB, MAX_CACHE_GB)
        self.limit.setDecimals(1)
        self.limit.setSuffix(" GB")
        self.limit_hint = hint("")
        self._usage: int | None = None
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.addLayout(
            form(
                (self.tr("&Threads"), self.threads, self.threads_hint),
                (
                    self.tr("Cache &folder"),
                    row(self.folder, self._choose, self._show, stretch=0),
                    self.folder_hint,
                ),
                (self.tr("Cache &limit"), self.limit, self.limit_hint),
            )
        )
        layout.addStretch(1)
        for field, name in (
            (self.threads, "preferences threads"),
            (self.folder, "preferences cache folder"),
            (self.limit, "preferences cache limit"),
        ):
            field.setObjectName(name)
        self._choose.clicked.connect(self._choose_folder)
        self._show.clicked.connect(
            lambda: QDesktopServices.openUrl(QUrl.fromLocalFile(str(places.cache_dir())))
        )
        self._explain()

    def show_preferences(self, preferences: Preferences) -> None:
        """Fill the fields."""
        self.threads.setValue(preferences.threads)
        self.folder.setText(preferences.cache_folder)
        self.limit.setValue(preferences.cache_gb)

    def show_usage(self, size: int) -> None:
        """Say how many bytes the cache holds now."""
        self._usage = size
        self._explain()

    def filled_in(self, preferences: Preferences) -> Preferences:
        """``preferences`` with what the fields say."""
        folder = self.folder.text().strip()
        return replace(
            preferences,
            threads=self.threads.value(),
            cache_folder=str(Path(folder).expanduser()) if folder else "",
            cache_gb=round(self.limit.value(), 1),
        )

    def _explain(self) -> None:
        fixed = surroundings.fixed()
        set_by = self.tr("Set by {variable}, which this Maquette was started with.")
        for fields, label, variable, otherwise in (
            ((self.threads,), self.threads_hint, THREADS, self.threads_hint.text()),
            (
                (self.folder, self._choose),
                self.folder_hint,
                places.CACHE_FOLDER,
                self.tr("What is in the old folder stays there and is made again in the new one."),
            ),
            ((self.limit,), self.limit_hint, places.CACHE_LIMIT, self._about_limit()),
        ):
            ours = variable not in fixed
            for field in fields:
                field.setEnabled(ours)
            label.setText(otherwise if ours else set_by.format(variable=variable))

    def _about_limit(self) -> str:
        text = self.tr("Compiled networks beyond it are removed, the longest unused first.")
        if self._usage is None:
            return text
        used = self.tr("The cache holds {size} now.").format(size=_size(self._usage))
        return f"{text} {used}"

    def _choose_folder(self) -> None:
        start = self.folder.text().strip() or str(places.cache_dir())
        found = QFileDialog.getExistingDirectory(self, self.tr("Cache folder"), start)
        if found:
            self.folder.setText(found)


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"


def cache_size() -> int:
    """Bytes in the cache folder. Takes a while: call it off the window's thread."""
    size = 0
    for path in places.cache_dir().rglob("*"):
        try:
            size += path.lstat().st_size
        except OSError:
            continue  # it has been removed meanwhile
    return size
