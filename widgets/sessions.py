"""Saving, opening, autosaving and recovering sessions, off the window's thread."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, Signal

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session import file, recents
from studio.session.autosave import LEFT_OFF, Autosave
from studio.session.document import Document, ModelRef
from widgets.bridge import Bridge
from widgets.controller import Controller

if TYPE_CHECKING:
    from widgets.opening import Opening


class Sessions(QObject):
    """The session file that the document belongs to, and its autosave.

    Signals:
        path_changed(path or None), saved(path), refused(sentence), notice(sentence).
        recents_changed(): another file was opened or saved.
    """

    path_changed = Signal(object)
    saved = Signal(object)
    refused = Signal(str)
    notice = Signal(str)
    recents_changed = Signal()

    def __init__(
        self,
        controller: Controller,
        opening: Opening,
        bridge: Bridge,
        autosave: Autosave | None,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self.path: Path | None = None
        self._controller = controller
        self._opening = opening
        self._bridge = bridge
        self._autosave = autosave
        controller.changed.connect(self._autosave_soon)

    def save(self, path: Path) -> None:
        """Write the document at ``path``; from then on it belongs there."""
        document = self._controller.document

        def done(_: object, error: MaquetteError | None) -> None:
            if error is not None:
                self.refused.emit(str(error))
                return
            self._controller.dirty = self._controller.document != document
            self._belong(path)
            self.saved.emit(path)

        self._bridge.background(lambda: file.save(document, path), done)

    def open(self, path: Path, wanted: Callable[[], bool] = lambda: True) -> None:
        """Open the session at ``path`` with its model; nothing changes when either fails, nor
        when it is no longer ``wanted`` once it is read."""

        def done(document: Document | None, error: MaquetteError | None) -> None:
            if not wanted():
                return
            if document is None:
                self.refused.emit(str(error))
            else:
                # What was left off belongs to no file until it is saved as one.
                self._use(document, None if path.name == LEFT_OFF else path)

        self._bridge.background(lambda: file.load(path), done)

    def recover(self, otherwise: Callable[[], None]) -> None:
        """Bring back what a run that ended badly left behind, or go on with ``otherwise``."""
        autosave = self._autosave
        if autosave is None:
            otherwise()
            return

        def done(document: Document | None, error: MaquetteError | None) -> None:
            if error is not None:
                self.refused.emit(str(error))
            if document is None:
                otherwise()
                return
            self._use(document, None)
            self.notice.emit(
                self.tr("Maquette did not close properly last time; your work was restored.")
            )

        self._bridge.background(autosave.recover, done)

    def note(self, path: Path) -> None:
        """Put a file that was opened or saved among the recent ones."""
        self._bridge.background(
            lambda: recents.add(str(path)), lambda *_: self.recents_changed.emit()
        )

    def _use(self, document: Document, path: Path | None) -> None:
        ref = document.model
        if ref is None:
            self._controller.use_session(document, None)
            self._belong(path)
            return

        def opened(info: ModelInfo, _: ModelRef) -> None:
            sentence = file.changed(ref, info.source_sha256, info.key)
            now = replace(ref, source_sha256=info.source_sha256, key=info.key)
            self._controller.use_session(replace(document, model=now), info)
            self._belong(path)
            if sentence is not None:
                self.notice.emit(sentence)

        self._opening.open(Path(ref.path), opened)

    def _belong(self, path: Path | None) -> None:
        self.path = path
        self.path_changed.emit(path)
        if path is not None:
            self.note(path)

    def _autosave_soon(self, document: Document) -> None:
        if self._autosave is not None and self._controller.dirty:
            self._autosave.put(document)
