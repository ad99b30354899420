"""Undo and redo over immutable documents."""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass

from studio.session.document import Document, carried

LIMIT = 500


@dataclass(frozen=True)
class Step:
    """One undoable step: its label for the menu and the document before it."""

    label: str
    before: Document
    merge: Hashable | None


class History:
    """The present document and the way back and forth.

    Args:
        document: where to begin.
        limit: the most steps that are remembered; the oldest are forgotten first.
    """

    def __init__(self, document: Document | None = None, limit: int = LIMIT) -> None:
        self._present = document or Document()
        self._limit = limit
        self._past: list[Step] = []
        self._future: list[Step] = []

    @property
    def present(self) -> Document:
        """The document as it is now."""
        return self._present

    @property
    def undo_label(self) -> str | None:
        """What the next undo takes back, or None when there is nothing to undo."""
        return self._past[-1].label if self._past else None

    @property
    def redo_label(self) -> str | None:
        """What the next redo does again, or None."""
        return self._future[-1].label if self._future else None

    def __len__(self) -> int:
        """Number of steps that can be undone."""
        return len(self._past)

    def do(self, label: str, document: Document, merge: Hashable | None = None) -> None:
        """Make ``document`` the present one.

        Steps in a row with an equal ``merge`` token become one. A merged step that ends where it
        began disappears, so that dragging there and back leaves nothing to undo.
        """
        if document == self._present:
            return
        last = self._past[-1] if self._past else None
        if merge is not None and last is not None and last.merge == merge and not self._future:
            if document == carried(last.before, document):
                self._past.pop()
        else:
            self._past.append(Step(label, self._present, merge))
            del self._past[: -self._limit]
            self._future.clear()
        self._present = document

    def replace(self, document: Document) -> None:
        """Change the present document without a step (zoom, panel heights, measurements)."""
        self._present = document

    def reset(self, document: Document) -> None:
        """Begin anew with ``document``."""
        self._present = document
        self._past.clear()
        self._future.clear()

    def seal(self) -> None:
        """End a gesture: whatever comes next is a step of its own, whatever its token."""
        if self._past:
            last = self._past[-1]
            self._past[-1] = Step(last.label, last.before, None)

    def undo(self) -> Document:
        """Take the last step back and return the present document."""
        if self._past:
            step = self._past.pop()
            self._future.append(Step(step.label, self._present, None))
            self._present = carried(step.before, self._present)
        return self._present

    def redo(self) -> Document:
        """Do the last undone step again and return the present document."""
        if self._future:
            step = self._future.pop()
            self._past.append(Step(step.label, self._present, None))
            self._present = carried(step.before, self._present)
        return self._present
