"""The files opened last, as a menu."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QMenu, QWidget

from studio import places
from studio.session import autosave, recents

EMBEDDED = ("clay-heads", "sketch-to-clay")


class RecentMenu(QMenu):
    """Signals: chosen(path)."""

    chosen = Signal(object)

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self.setTitle(self.tr("Open &recent"))
        self.setToolTipsVisible(True)
        self.aboutToShow.connect(self.refresh)
        self.refresh()

    def refresh(self) -> None:
        """Read the list anew; another window may have added to it."""
        self.clear()
        own = [places.embedded_model(name) for name in EMBEDDED]
        for path in own:
            if path is not None:
                self._entry(path, path.stem)
        last = autosave.left_off()
        if last is not None:
            self._entry(last, self.tr("Where you left off"))
        self.addSeparator()
        found = [p for p in recents.load() if Path(p) not in own]
        for text in found:
            self._entry(Path(text), Path(text).name)
        if not found:
            self.addAction(self.tr("What you open appears here")).setEnabled(False)

    def _entry(self, path: Path, name: str) -> None:
        # An ampersand in a file name is not a mnemonic.
        action = self.addAction(name.replace("&", "&&"))
        action.setToolTip(str(path))
        action.triggered.connect(lambda _=False: self.chosen.emit(path))
