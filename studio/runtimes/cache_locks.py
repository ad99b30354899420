"""Who compiles and who uses what in the cache, across processes.

Locks are held by the system for a process and freed when it ends, however it ends. A use is a
locked file of its own, so that any number of processes can use an entry while whoever wants to
remove it finds out by trying the locks.
"""

from __future__ import annotations

import os
import secrets
import shutil
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from studio.processes.aside import aside_folder

_MOMENT = 2.0  # seconds; what is done under that lock takes a few file operations
_REMOVED = ".removed-"
_COMPILING = ".compiling"


class Use:
    """Keeps an entry from being evicted until it is released or this process ends."""

    def __init__(self, lock: BaseFileLock | None) -> None:
        self._lock = lock

    def release(self) -> None:
        """Give the entry free. Twice is fine."""
        lock, self._lock = self._lock, None
        if lock is not None:
            lock.release()
            with suppress(OSError):
                Path(lock.lock_file).unlink(missing_ok=True)


class Locks:
    """The locks of one cache, in a folder of their own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    @contextmanager
    def moment(self) -> Iterator[None]:
        """Nobody else takes up or gives away entries while the block runs, which is short.

        Raises:
            Timeout: another process holds it unusually long.
        """
        with self._held(self._folder / "moment.lock", _MOMENT):
            yield

    @contextmanager
    def compiling(self, key: str) -> Iterator[None]:
        """Only one process compiles ``key``; others wait here."""
        with self._held(self._compiling(key), -1):
            yield

    def use(self, key: str) -> Use:
        """Register a use of this process. To be called within :meth:`moment`."""
        folder = self._folder / key
        folder.mkdir(parents=True, exist_ok=True)
        lock = _lock(folder / f"{os.getpid()}-{secrets.token_hex(4)}.use")
        lock.acquire(timeout=0)
        return Use(lock)

    def remove_unused(self, entry: Path) -> bool:
        """Remove an entry unless a process uses it; says whether it is gone.

        Raises:
            Timeout: as :meth:`moment`.
        """
        with self.moment():
            if self._in_use(entry.name):
                return False
            removed = _renamed(entry)
            with suppress(OSError):
                (self._folder / entry.name).rmdir()
        if removed is None:
            return False
        shutil.rmtree(removed, ignore_errors=True)
        return True

    def set_aside(self, entry: Path) -> bool:
        """Remove an entry that nobody can use; says whether it is gone."""
        removed = _renamed(entry)
        if removed is not None:
            shutil.rmtree(removed, ignore_errors=True)
        return removed is not None

    def sweep(self, root: Path) -> None:
        """Remove what killed processes left: halves of compiled entries and of removed ones; and
        the locks of entries that are gone."""
        for path in root.glob(f"{_REMOVED}*"):
            shutil.rmtree(path, ignore_errors=True)
        prefix = aside_folder(root / "key", "").name
        for path in root.glob(f"{prefix}*"):
            with (
                suppress(Timeout, OSError),
                self._held(self._compiling(path.name[len(prefix) :]), 0),
            ):
                shutil.rmtree(path, ignore_errors=True)
        for lock in self._folder.glob(f"*{_COMPILING}"):
            if not (root / lock.stem).exists():
                with suppress(Timeout, OSError), self._held(lock, 0):
                    lock.unlink()

    def _compiling(self, key: str) -> Path:
        return self._folder / f"{key}{_COMPILING}"

    def _in_use(self, key: str) -> bool:
        for path in (self._folder / key).glob("*.use"):
            try:
                with self._held(path, 0):
                    pass
            except Timeout:
                return True
            with suppress(OSError):  # its process has died
                path.unlink(missing_ok=True)
        return False

    @contextmanager
    def _held(self, path: Path, timeout: float) -> Iterator[None]:
        path.parent.mkdir(parents=True, exist_ok=True)
        lock = _lock(path)
        lock.acquire(timeout=timeout)
        try:
            yield
        finally:
            lock.release()


def _lock(path: Path) -> BaseFileLock:
    # A use may be released by another thread than the one that took it.
    return FileLock(path, thread_local=False)


def _renamed(entry: Path) -> Path | None:
    """The entry under a name that nobody looks for, or None when it cannot be moved."""
    removed = entry.parent / f"{_REMOVED}{secrets.token_hex(8)}"
    try:
        entry.rename(removed)
    except FileNotFoundError:
        return None
    except OSError:  # on Windows: a file in it is open
        return None
    return removed
