"""Compiled networks on disk, shared by all processes of this user. Imports no runtime.

One folder an entry, named by a key that holds everything the compiled files depend on. Entries are
written aside and renamed, so there are whole ones or none. The longest unused make room for new
ones, except those that a process has in use; a process that dies gives up its uses, whatever it
died of.
"""

from __future__ import annotations

import hashlib
import json
import logging
import os
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from filelock import Timeout

from studio.errors import MaquetteError, RuntimeFailed, cause_of
from studio.places import cache_dir, cache_limit
from studio.processes.aside import folder_written_aside, remove_aside
from studio.runtimes.cache_entry import ENTRY, FILES, Damaged, Entry, read_entry, total_bytes
from studio.runtimes.cache_locks import Locks, Use
from studio.runtimes.contract import Placement, Plan

_FORMAT = 1
_KEY_LENGTH = 40  # hex digits: as good as unique, and short enough for the paths of Windows


@dataclass(frozen=True)
class Usage:
    """How much of the disk compiled networks take."""

    bytes: int
    entries: int


def key_of(plan: Plan) -> str:
    """The name of a plan's entry: equal for plans whose compiled files are equal."""
    parts = (
        _FORMAT,
        plan.network.key,
        plan.target.runtime,
        plan.version,
        plan.target.device.lower(),
        plan.device,
        plan.target.precision,
        _written_sizes(plan),
        plan.threads,
        *([plan.rest] if plan.rest else []),
        *([plan.network.storage] if plan.network.storage != "float" else []),
    )
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()[:_KEY_LENGTH]


def _written_sizes(plan: Plan) -> tuple[tuple[str, int], ...]:
    """The sizes that the files hold. Those of a traced network are of any size but what tracing
    bakes; the others are fixed while it is loaded."""
    if not plan.network.traced:
        return plan.sizes
    return tuple((name, size) for name, size in plan.sizes if name in plan.network.baked)


class Cache:
    """The compiled networks under ``root``.

    Args:
        root: a folder of its own; ``compiled`` in the user's cache folder when None.
        limit: bytes that entries may take together, the user's choice when None. A single larger
            one is kept until the next.
        report: told a sentence for every damaged entry that was removed; the log when None.

    Raises:
        NoFolder: the user's cache folder cannot be made.
    """

    def __init__(
        self,
        root: Path | None = None,
        limit: int | None = None,
        report: Callable[[str], None] | None = None,
    ) -> None:
        self.root = cache_dir() / "compiled" if root is None else root
        self.limit = cache_limit() if limit is None else limit
        self._report = report or logging.getLogger(__name__).warning
        self._locks = Locks(self.root / "locks")

    def find(self, key: str) -> Entry | None:
        """The entry, which then counts as just used, or None. A damaged one is removed and
        reported."""
        try:
            return self._found(key)
        except RuntimeFailed as error:
            self._report(str(error))
            return None

    def use(self, key: str) -> tuple[Entry, Use] | None:
        """The entry, kept from eviction until the use is released, or None.

        Raises:
            RuntimeFailed: it was damaged; it has been removed.
        """
        try:
            with self._locks.moment():
                entry = self._found(key)
                return None if entry is None else (entry, self._locks.use(key))
        except Timeout:  # another process tidies up; the next request finds it
            return None
        except OSError:  # a cache that may only be read: nobody can evict from it either
            entry = self._found(key)
            return None if entry is None else (entry, Use(None))

    def _found(self, key: str) -> Entry | None:
        folder = self.root / key
        try:
            entry = read_entry(folder, key)
        except FileNotFoundError:
            if not folder.exists():
                return None
            raise self.removed(key, "it holds no compiled network") from None
        except Damaged as error:
            if not folder.exists():  # removed by another process while it was looked at
                return None
            raise self.removed(key, str(error)) from error
        except OSError as error:
            raise RuntimeFailed(
                f"the compiled network in {folder} cannot be read: {cause_of(error)}"
            ) from error
        with suppress(OSError):
            os.utime(folder / ENTRY)
        return entry

    def make(self, key: str, title: str, compile_into: Callable[[Path], Placement]) -> Entry:
        """Compile an entry unless it is there. While one process compiles, others that want the
        same wait for it.

        Args:
            title: for people who look into the folder, e.g. "clay heads 0.25 openvino:CPU:bf16".
            compile_into: compiles into an empty folder.

        Raises:
            RuntimeFailed: it raised that, or the entry cannot be written.
        """
        if (entry := self.find(key)) is not None:
            return entry
        try:
            with self._locks.compiling(key):
                if (entry := self.find(key)) is not None:
                    return entry
                remove_aside(self.root / key, key)  # of a process that was killed while it compiled
                entry = self._compile(key, title, compile_into)
        except MaquetteError:
            raise
        except OSError as error:
            raise RuntimeFailed(
                f"the compiled network cannot be written to {self.root}: {cause_of(error)}"
            ) from error
        self.make_room(keep=key)
        return entry

    def _compile(self, key: str, title: str, compile_into: Callable[[Path], Placement]) -> Entry:
        with folder_written_aside(self.root / key, key) as folder:
            files = folder / FILES
            files.mkdir()
            start = time.perf_counter()
            placement = compile_into(files)
            entry = {
                "format": _FORMAT,
                "key": key,
                "title": title,
                "seconds": time.perf_counter() - start,
                "placement": asdict(placement),
                "files": {p.name: p.stat().st_size for p in files.iterdir() if p.is_file()},
            }
            (folder / ENTRY).write_text(json.dumps(entry, indent=1), encoding="utf-8")
            # Read before it can be found, and so before another process may make room.
            made = read_entry(folder, key)
        return replace(made, folder=self.root / key / FILES)

    def removed(self, key: str, why: str) -> RuntimeFailed:
        """Remove an entry that is of no use; the error to raise says so."""
        folder = self.root / key
        if self._locks.set_aside(folder):
            return RuntimeFailed(f"a compiled network was removed from {self.root}: {why}")
        return RuntimeFailed(f"the compiled network in {folder} cannot be used: {why}")

    def make_room(self, keep: str = "") -> None:
        """Remove the longest unused until the rest is within the limit. What is in use stays, and
        so does what cannot be removed; nothing is raised."""
        try:
            self._locks.sweep(self.root)
            entries = self._entries()
            total = sum(size for _, size, _ in entries)
            for _, size, key in sorted(entries):
                if total <= self.limit:
                    break
                if key != keep and self._locks.remove_unused(self.root / key):
                    total -= size
        except (OSError, Timeout) as error:
            logging.getLogger(__name__).info("no room was made in %s: %s", self.root, error)

    def usage(self) -> Usage:
        """What the entries take on disk."""
        entries = self._entries()
        return Usage(sum(size for _, size, _ in entries), len(entries))

    def clear(self) -> Usage:
        """Remove every entry that is not in use; returns what was removed."""
        removed = []
        with suppress(OSError, Timeout):
            self._locks.sweep(self.root)
            for _, size, key in self._entries():
                if self._locks.remove_unused(self.root / key):
                    removed.append(size)
        return Usage(sum(removed), len(removed))

    def _entries(self) -> list[tuple[float, int, str]]:
        """Last use, bytes and key of every entry. Nothing else in the folder is looked at."""
        found = []
        with suppress(FileNotFoundError):
            for folder in self.root.iterdir():
                if len(folder.name) != _KEY_LENGTH or not _is_hex(folder.name):
                    continue
                used = 0.0  # without its description it is the first to go
                with suppress(OSError):
                    used = (folder / ENTRY).stat().st_mtime
                found.append((used, total_bytes(folder), folder.name))
        return found


def _is_hex(text: str) -> bool:
    return all(c in "0123456789abcdef" for c in text)
