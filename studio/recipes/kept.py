"""Small findings kept as texts in the cache folder: scans of layers, curves of speed.

A folder of the cache a kind, a file each, named by all that decides it. Imports no torch.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from pathlib import Path

from studio.places import cache_dir
from studio.processes.aside import written_aside

MOST = 1000  # of one kind that are kept, a few kB each
LARGEST = 1 << 20
_log = logging.getLogger(__name__)


def kept_path(kind: str, name: str) -> Path:
    """Where the finding of that kind and name belongs. Makes no folder."""
    return cache_dir() / kind / f"{name}.json"


def kept_text(path: Path) -> bytes | None:
    """What was kept; None when there is nothing, or nothing that can be read."""
    try:
        with path.open("rb") as file:
            return file.read(LARGEST)
    except FileNotFoundError:
        return None
    except OSError as error:
        _log.warning("%s cannot be read: %s", path.name, error)
        return None


def keep_text(path: Path, text: str) -> None:
    """Keep a finding; a cache that cannot be written is passed over."""
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(path, secrets.token_hex(8)) as aside:
            aside.write_text(text, encoding="utf-8")
        _trim(path.parent)
    except OSError as error:
        _log.warning("%s cannot be kept: %s", path.name, error)


def _trim(folder: Path) -> None:
    found = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in found[:-MOST]:
        with suppress(OSError):
            path.unlink()
