"""The files opened last, newest first."""

from __future__ import annotations

import json
import os
from pathlib import Path

from studio import places

LIMIT = 10


def _file() -> Path:
    return places.data_dir() / "recents.json"


def load() -> list[str]:
    """Absolute paths, newest first. A file that cannot be read counts as none."""
    try:
        found = json.loads(_file().read_text("utf-8"))
    except (OSError, ValueError, RecursionError):
        return []
    if not isinstance(found, list):
        return []
    return [item for item in found if isinstance(item, str)][:LIMIT]


def add(path: str) -> list[str]:
    """Put ``path`` first and return the new list."""
    path = str(Path(path).absolute())
    return _write([path, *(p for p in load() if p != path)][:LIMIT])


def remove(path: str) -> list[str]:
    """Forget ``path`` (it no longer opens) and return the new list."""
    return _write([p for p in load() if p != path])


def clear() -> list[str]:
    """Forget all."""
    return _write([])


def _write(paths: list[str]) -> list[str]:
    aside = _file().with_suffix(f".{os.getpid()}.tmp")
    try:
        aside.write_text(json.dumps(paths), "utf-8")
        aside.replace(_file())
    except OSError:
        # Recents are a convenience: a full or read-only disk must not stop anyone from working.
        aside.unlink(missing_ok=True)
    return paths
