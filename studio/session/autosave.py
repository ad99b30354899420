"""Autosave on a thread of its own, and recovery after a run that did not end by itself.

Every window has a file of its own in the data folder, from the first edit until the work is saved
where it belongs, or until the window closes in good order, when it becomes "where you left off":
nothing is asked at closing, and nothing is lost. A lock that the system releases when a process
dies tells what a crashed run left from what another window is still writing.
"""

from __future__ import annotations

import contextlib
import threading
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType

from studio import places
from studio.errors import MaquetteError, RefusedFile
from studio.session import file
from studio.session.document import Document
from studio.session.leavings import Claim, crashed, new_name

LEFT_OFF = "left-off.maquette"
DELAY = 0.4
"""Seconds from an edit to its being written. A crash may cost one second, the writing included."""


def left_off() -> Path | None:
    """The document of the last run that ended in good order, or None."""
    found = places.data_dir() / LEFT_OFF
    return found if found.is_file() else None


@dataclass(frozen=True)
class Recovered:
    """Unsaved work that was brought back.

    Args:
        document: as it was last autosaved.
        home: the session file that it belongs to, or None.
        claim: what it was read from, to be handed to :meth:`Autosave.replaced`.
        more: how many other crashed runs have left something.
    """

    document: Document
    home: Path | None
    claim: Claim
    more: int = 0


@dataclass(frozen=True)
class _Save:
    document: Document
    home: Path | None


@dataclass(frozen=True)
class _Saved:
    """The document is in the user's own file: nothing needs recovering."""

    document: Document


@dataclass(frozen=True)
class _Leave:
    """Another document takes the place of what is not saved, which becomes where one left off."""


@dataclass(frozen=True)
class _Decline:
    """What is autosaved is put by."""


@dataclass(frozen=True)
class _Discard:
    claim: Claim


_Order = _Save | _Saved | _Leave | _Decline | _Discard


class Autosave:
    """Writes the newest document at most once in ``delay`` seconds, off the calling thread.

    Args:
        delay: seconds.
        on_problem: called with a sentence, on the saving thread, when saving begins to fail.
    """

    def __init__(
        self, delay: float = DELAY, on_problem: Callable[[str], None] = lambda _: None
    ) -> None:
        self._delay = delay
        self._on_problem = on_problem
        self._wake = threading.Condition()
        self._orders: list[_Order] = []
        self._closing = False
        self._thread: threading.Thread | None = None
        self._own: Claim | None = None
        self._settled: Document | None = None
        self.problem: str | None = None

    def recover(self) -> Recovered | None:
        """The newest document of the runs that ended badly, or None. Opens no model.

        Raises:
            RefusedFile: there is one and it cannot be opened; it is put by.
        """
        claims = crashed()
        for other in claims[1:]:
            other.release()
        return take_up(claims[0], len(claims) - 1) if claims else None

    def put(self, document: Document, home: Path | None = None) -> None:
        """Save ``document`` soon; returns at once. ``home`` is the session file it belongs to."""
        with self._wake:
            if self._orders and isinstance(self._orders[-1], _Save):
                self._orders.pop()
        self._order(_Save(document, home))

    def saved(self, document: Document) -> None:
        """``document`` has been saved in the user's own file: nothing to recover any more."""
        self._order(_Saved(document))

    def leave(self) -> None:
        """Another document takes the place of one with unsaved changes, which remain to be found
        as where one left off."""
        self._order(_Leave())

    def decline(self) -> None:
        """The user does not want what was recovered now: put it by."""
        self._order(_Decline())

    def replaced(self, claim: Claim) -> None:
        """What was recovered from ``claim`` has been ``put``: once that is written, let it go."""
        self._order(_Discard(claim))

    def close(self, *, keep: bool = False) -> None:
        """End the thread. In good order nothing needs recovering: what was saved is put aside as
        "where you left off", unless it is to be kept as after a crash."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
        if self._own is not None:
            if not keep:
                with contextlib.suppress(OSError):
                    self._own.path.replace(places.data_dir() / LEFT_OFF)
            self._own.release()
            self._own = None
        if self._settled is not None and not keep:
            with contextlib.suppress(MaquetteError, ValueError):
                file.save(self._settled, places.data_dir() / LEFT_OFF)

    def __enter__(self) -> Autosave:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(keep=kind is not None)

    # ---- the saving thread --------------------------------------------------------------------

    def _order(self, order: _Order) -> None:
        with self._wake:
            if self._closing:
                return
            self._orders.append(order)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="autosave", daemon=True)
                self._thread.start()
            self._wake.notify()

    def _run(self) -> None:
        while True:
            with self._wake:
                self._wake.wait_for(lambda: bool(self._orders) or self._closing)
                # Let a burst of edits pass; closing cuts the wait short, and so does whatever is
                # ordered next, which belongs to what is saved here.
                self._wake.wait_for(lambda: self._closing or not self._saving(), self._delay)
                if not self._orders:
                    return
                order = self._orders.pop(0)
            try:
                self._do(order)
            except (MaquetteError, ValueError) as error:
                self._fail(f"unsaved work cannot be kept safe: {error}")
            except OSError as error:
                self._fail(f"unsaved work cannot be kept safe: {error.strerror or error}")

    def _saving(self) -> bool:
        return len(self._orders) == 1 and isinstance(self._orders[0], _Save)

    def _do(self, order: _Order) -> None:
        if isinstance(order, _Save):
            if self._own is None:
                self._own = Claim(new_name())
            file.save(order.document, self._own.path, belongs_to=order.home)
            self.problem = self._settled = None
        elif isinstance(order, _Discard):
            if self.problem is None:
                order.claim.discard()
            else:
                order.claim.release()
        elif self._own is not None:
            own = self._own
            if isinstance(order, _Saved):
                own.path.unlink(missing_ok=True)
                self._settled = order.document
            elif own.path.exists():
                if isinstance(order, _Leave):
                    own.path.replace(places.data_dir() / LEFT_OFF)
                else:
                    self._own = None
                    own.keep()

    def _fail(self, sentence: str) -> None:
        new, self.problem = self.problem != sentence, sentence
        if new:
            self._on_problem(sentence)


def take_up(claim: Claim, more: int = 0) -> Recovered:
    """Read what a claim is on. Opens no model.

    Raises:
        RefusedFile: it cannot be opened; it is put by.
    """
    try:
        return Recovered(file.load(claim.path), file.peek(claim.path).home, claim, more)
    except MaquetteError as error:
        claim.keep()
        raise RefusedFile(f"{error}; the unsaved work is kept for later") from error
