"""Files of ``torch.save`` before version 1.6, and the storages inside NVlabs' snapshots.

Five pickles follow one another (magic number, version, platform, the object, the storages' keys),
then each storage as a 64-bit count and its numbers.
"""

from __future__ import annotations

import dataclasses

from studio.checkpoints.allowed_globals import find_allowed, storage_dtype
from studio.checkpoints.causes import Cause, shown
from studio.checkpoints.pickle_host import Allowed, Budget
from studio.checkpoints.restricted_pickle import read_pickle
from studio.checkpoints.spans import Cursor, Span
from studio.checkpoints.stored import ITEM_BYTES, Storage

MAGIC = 0x1950A86A20F9469CFC6C
_VERSION = 1001


class PickleHost:
    """Names and storages of a plain pickle, which carries every storage as a file in a file."""

    def __init__(self) -> None:
        self.budget = Budget()
        self._inner = Allowed("torch.storage._load_from_bytes", self._inner_storage)

    def find(self, module: str, name: str) -> Allowed:
        """See :class:`studio.checkpoints.pickle_host.Host`."""
        if (module, name) == ("torch.storage", "_load_from_bytes"):
            return self._inner
        return find_allowed(module, name)

    def storage(self, reference: object) -> object:
        """A plain pickle has no storages outside itself, so this always raises Cause."""
        raise Cause("its pickle refers to a storage outside itself")

    def _inner_storage(self, arguments: tuple[object, ...]) -> Storage:
        """Stand-in for ``_load_from_bytes``: a file of the old form with one storage."""
        data = arguments[0] if len(arguments) == 1 else None
        if isinstance(data, bytes):
            data = Span.of(data)
        if not isinstance(data, Span):
            raise Cause("an inner storage is not made of bytes")
        # The same bytes can be named many times, so all readings draw on one budget.
        content = read_legacy(data, self.budget)
        if not isinstance(content, Storage):
            raise Cause("an inner storage holds something else")
        return content


class StorageTable:
    """Names and storages of a torch file; ``storages`` collects what the object refers to."""

    def __init__(self, budget: Budget | None = None) -> None:
        self.budget = budget or Budget()
        self.storages: dict[str, Storage] = {}

    def find(self, module: str, name: str) -> Allowed:
        """See :class:`studio.checkpoints.pickle_host.Host`."""
        return find_allowed(module, name)

    def storage(self, reference: object) -> Storage:
        """``('storage', type, key, location, count[, view])`` to a storage, one for each key."""
        if not isinstance(reference, tuple) or len(reference) not in (5, 6):
            raise Cause("a reference to a storage is malformed")
        word, kind, key, _, count = reference[:5]
        if word != "storage" or not isinstance(key, str) or not _is_count(count):
            raise Cause("a reference to a storage is malformed")
        if len(reference) == 6 and reference[5] is not None:
            raise Cause("a storage is a window into another one, which is not supported")
        found = Storage(storage_dtype(kind), int(count))
        known = self.storages.setdefault(key, found)
        if dataclasses.replace(known, span=None) != found:
            raise Cause(f"the storage {shown(key)} is described in two different ways")
        return known


def read_plain(span: Span) -> object:
    """Read a plain pickle (an NVlabs snapshot) into plain data; raises Cause."""
    return read_pickle(Cursor(span), PickleHost())


def read_legacy(span: Span, budget: Budget | None = None) -> object:
    """Read a torch file of the old form into plain data.

    Raises:
        Cause: it is not one, is cut short, or asks for something that is not allowed.
    """
    cursor, table = Cursor(span), StorageTable(budget)
    if read_pickle(cursor, table) != MAGIC:
        raise Cause("it does not start like a file of torch.save")
    version = read_pickle(cursor, table)
    if version != _VERSION:
        raise Cause(f"its form is of version {shown(version)}; accepted is {_VERSION}")
    platform = read_pickle(cursor, table)
    if not isinstance(platform, dict) or platform.get("little_endian") is not True:
        raise Cause("its numbers are not stored in little-endian order")
    content = read_pickle(cursor, table)
    keys = read_pickle(cursor, table)
    if not isinstance(keys, list):
        raise Cause("the list of its storages is missing")
    for key in keys:
        storage = table.storages.get(key) if isinstance(key, str) else None
        if storage is None or storage.span is not None:
            raise Cause(f"the storage {shown(key)} is not part of its object")
        count = int.from_bytes(cursor.take(8), "little", signed=True)
        if count != storage.count:
            raise Cause(
                f"the storage {shown(key)} should hold {storage.count} numbers, "
                f"but {count} are announced"
            )
        storage.span = cursor.skip(count * ITEM_BYTES[storage.dtype])
    missing = [key for key, storage in table.storages.items() if storage.span is None]
    if missing:
        raise Cause(f"the numbers of the storage {shown(missing[0])} are missing")
    return content


def _is_count(value: object) -> bool:
    return isinstance(value, int) and not isinstance(value, bool) and 0 <= value < 1 << 60
