"""One compiled network on disk: what describes it, and whether it is whole. Imports no runtime."""

from __future__ import annotations

import json
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from studio.runtimes.contract import Placement
from studio.runtimes.record import placement_from

ENTRY = "entry.json"
FILES = "files"
FORMAT = 1


class Damaged(Exception):
    """An entry cannot be used. The words say why."""


@dataclass(frozen=True)
class Entry:
    """A compiled network in the cache.

    Args:
        key: its name. title: for people. folder: what :meth:`Runtime.load` takes.
        placement: where it ran when it was compiled. bytes: on disk. seconds: compiling took.
    """

    key: str
    title: str
    folder: Path
    placement: Placement
    bytes: int
    seconds: float


def read_entry(folder: Path, key: str) -> Entry:
    """The entry in ``folder``, whose files all have the length they were written with. Their
    content is checked by the runtime when it loads them; folders among them are its own caches,
    which it may change.

    Raises:
        FileNotFoundError: there is none. Damaged: it is cut short, or of another key or version.
        OSError: it cannot be read.
    """
    text = (folder / ENTRY).read_bytes()
    try:
        raw = json.loads(text)
        if raw["format"] != FORMAT:
            raise Damaged("another version of Maquette wrote it")
        if raw["key"] != key:
            raise Damaged("it was written under another name")
        placement = placement_from(raw["placement"])
        title, seconds = str(raw["title"]), float(raw["seconds"])
        sizes = {str(name): int(size) for name, size in raw["files"].items()}
    except (ValueError, TypeError, KeyError, AttributeError, RecursionError) as error:
        raise Damaged("its description is damaged") from error
    files = folder / FILES
    for name, size in sizes.items():
        path = files / name
        if not path.is_file():
            raise Damaged(f"its file {name} is missing")
        if path.stat().st_size != size:
            raise Damaged(f"its file {name} has {path.stat().st_size} bytes instead of {size}")
    return Entry(key, title, files, placement, total_bytes(folder), seconds)


def total_bytes(folder: Path) -> int:
    """Bytes of all files inside; those that vanish meanwhile count nothing."""
    total = 0
    with suppress(OSError):
        for path in folder.rglob("*"):
            with suppress(OSError):
                total += path.stat().st_size if path.is_file() else 0
    return total
