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
from studio.session.autosave import LEFT_OFF, Autosave, Recovered, take_up
from studio.session.document import Document, ModelRef
from studio.session.leavings import Claim, crashed
from widgets.bridge import Bridge
from widgets.controller import Controller

if TYPE_CHECKING:
    from widgets.opening import Opening


class Sessions(QObject):
    """The session file that the document belongs to, and its autosave.

    Signals:
        path_changed(path or None), saved(path), refused(sentence), notice(sentence).
        recents_changed(): another file was opened or saved.
        recovered(more): work of a run that ended badly is back; ``more`` such runs left something.
        declined(): what was recovered has been put by.
        unsaved_found(): earlier runs left work that is not opened now.
    """

    path_changed = Signal(object)
    saved = Signal(object)
    refused = Signal(str)
    notice = Signal(str)
    recents_changed = Signal()
    recovered = Signal(int)
    declined = Signal()
    unsaved_found = Signal()

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
        self._afresh: Callable[[], None] = lambda: None
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
            if self._controller.dirty:
                self._autosave_soon(self._controller.document)
            elif self._autosave is not None:
                self._autosave.saved(document)
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
        self._afresh = otherwise
        if autosave is None:
            otherwise()
            return

        def done(found: Recovered | None, error: MaquetteError | None) -> None:
            if error is not None:
                self.refused.emit(str(error))
            if found is None:
                otherwise()
            else:
                self._bring_back(found, lambda: self.recovered.emit(found.more), otherwise)

        self._bridge.background(autosave.recover, done)

    def take_up(self, path: Path) -> None:
        """Go on with unsaved work that was put by, or that another crashed run left."""

        def done(found: Recovered | None, error: MaquetteError | None) -> None:
            if found is None:
                self.refused.emit(str(error))
            else:
                self._bring_back(found, lambda: None, lambda: None)

        self._bridge.background(lambda: take_up(Claim(path)), done)

    def decline(self) -> None:
        """Not now: put what was recovered by, and begin as if nothing had been."""
        if self._autosave is None:
            return
        self._autosave.decline()
        self._controller.use_session(Document(), None)
        self._belong(None)
        self._afresh()
        self.declined.emit()

    def mention_unsaved(self) -> None:
        """Look whether earlier runs left something that is not opened now."""

        def look() -> bool:
            claims = crashed()
            for claim in claims:
                claim.release()
            return bool(claims)

        self._bridge.background(look, lambda found, _: found and self.unsaved_found.emit())

    def note(self, path: Path) -> None:
        """Put a file that was opened or saved among the recent ones."""
        self._bridge.background(
            lambda: recents.add(str(path)), lambda *_: self.recents_changed.emit()
        )

    def _bring_back(
        self, found: Recovered, done: Callable[[], None], failed: Callable[[], None]
    ) -> None:
        """Use what was recovered. Until this window has written it itself, the old file stays."""

        def used() -> None:
            if self._autosave is not None:
                self._autosave.put(self._controller.document, found.home)
                self._autosave.replaced(found.claim)
            done()

        def not_opened() -> None:
            found.claim.keep()
            failed()

        self._use(found.document, found.home, used, not_opened, unsaved=True)

    def _use(
        self,
        document: Document,
        path: Path | None,
        used: Callable[[], None] = lambda: None,
        failed: Callable[[], None] = lambda: None,
        *,
        unsaved: bool = False,
    ) -> None:
        ref = document.model

        def use(document: Document, info: ModelInfo | None) -> None:
            if self._autosave is not None and self._controller.dirty:
                self._autosave.leave()
            self._controller.use_session(document, info)
            self._controller.dirty = unsaved
            self._belong(path)
            used()

        def opened(info: ModelInfo, _: ModelRef) -> None:
            assert ref is not None
            sentence = file.changed(ref, info.source_sha256, info.key)
            now = replace(ref, source_sha256=info.source_sha256, key=info.key)
            if sentence is not None:
                self.notice.emit(sentence)
            use(replace(document, model=now), info)

        if ref is None:
            use(document, None)
        else:
            self._opening.open(Path(ref.path), opened, failed, answers=ref.answers)

    def _belong(self, path: Path | None) -> None:
        self.path = path
        self.path_changed.emit(path)
        if path is not None:
            self.note(path)

    def _autosave_soon(self, document: Document) -> None:
        if self._autosave is not None and self._controller.dirty:
            self._autosave.put(document, self.path)
