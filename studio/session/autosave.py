"""Autosave on a thread of its own, and recovery after a run that did not end by itself.

The file lives in the data folder from the first edit until the window closes in good order, when
it becomes "where you left off": nothing is asked at closing, and nothing is lost. A lock that the
system releases when a process dies tells a crashed run from one that is still going.
"""

from __future__ import annotations

import contextlib
import threading
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING

from studio import places
from studio.errors import MaquetteError
from studio.session import file
from studio.session.document import Document

if TYPE_CHECKING:
    from filelock import BaseFileLock

NAME = "autosave.maquette"
LEFT_OFF = "left-off.maquette"
DELAY = 1.0


def path() -> Path:
    """Where the autosave is written."""
    return places.data_dir() / NAME


def left_off() -> Path | None:
    """The document of the last run that ended in good order, or None."""
    found = places.data_dir() / LEFT_OFF
    return found if found.is_file() else None


class Autosave:
    """Writes the newest document at most once in ``delay`` seconds, off the calling thread.

    Only the first window of a user autosaves: a second one finds the lock taken and leaves the
    file alone.
    """

    def __init__(self, delay: float = DELAY) -> None:
        self._delay = delay
        self._path = path()
        self._wake = threading.Condition()
        self._newest: Document | None = None
        self._closing = False
        self._thread: threading.Thread | None = None
        self._lock: BaseFileLock | None = None
        self.problem: str | None = None

    def recover(self) -> Document | None:
        """The document of a run that ended badly, or None. Call once, before the first ``put``.

        Raises:
            RefusedFile: there is one and it cannot be opened; it is moved aside.
        """
        if not self._take_lock() or not self._path.exists():
            return None
        try:
            return file.load(self._path)
        except MaquetteError:
            with contextlib.suppress(OSError):
                self._path.replace(self._path.with_name("autosave-unreadable.maquette"))
            raise

    def put(self, document: Document) -> None:
        """Save ``document`` soon; returns at once."""
        with self._wake:
            self._newest = document
            if self._thread is None and not self._closing:
                self._thread = threading.Thread(target=self._run, name="autosave", daemon=True)
                self._thread.start()
            self._wake.notify()

    def close(self, *, keep: bool = False) -> None:
        """End the thread. In good order nothing needs recovering: what was saved is put aside as
        "where you left off", unless it is to be kept as after a crash."""
        with self._wake:
            self._closing = True
            self._wake.notify()
        if self._thread is not None:
            self._thread.join()
        if self._lock is not None:
            if not keep:
                with contextlib.suppress(OSError):
                    self._path.replace(self._path.with_name(LEFT_OFF))
            self._lock.release()
            self._lock = None

    def __enter__(self) -> Autosave:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close(keep=kind is not None)

    def _take_lock(self) -> bool:
        if self._lock is not None:
            return True
        from filelock import FileLock, Timeout

        # Taken on one thread and released on another, which a thread-local lock would not allow.
        lock = FileLock(self._path.with_suffix(".lock"), thread_local=False)
        try:
            lock.acquire(timeout=0)
        except (Timeout, OSError):
            return False
        self._lock = lock
        return True

    def _run(self) -> None:
        if not self._take_lock():
            return
        while True:
            with self._wake:
                self._wake.wait_for(lambda: self._newest is not None or self._closing)
                if not self._closing:
                    # Let a burst of edits pass; closing cuts the wait short.
                    self._wake.wait_for(lambda: self._closing, timeout=self._delay)
                document, self._newest = self._newest, None
                closing = self._closing
            if document is not None:
                try:
                    file.save(document, self._path)
                    self.problem = None
                except (MaquetteError, ValueError) as error:
                    self.problem = str(error)
            if closing:
                return
