"""Handing large buffers to another process without squeezing them through a pipe.

A block is a file of its own in memory (``/dev/shm`` where there is one, the temporary folder
elsewhere, where it stays in the page cache). ``multiprocessing.shared_memory`` is not used: before
Python 3.13 it starts a tracker process in sender and receiver and removes blocks that are still
needed, on Windows a block vanishes with its sender, and on macOS blocks left behind by a killed
process cannot be listed.
"""

from __future__ import annotations

import os
import secrets
import tempfile
from pathlib import Path

_MEMORY = Path("/dev/shm")


def folder() -> Path:
    """Where blocks live on this host."""
    if _MEMORY.is_dir() and os.access(_MEMORY, os.W_OK):
        return _MEMORY
    return Path(tempfile.gettempdir())


def new_prefix() -> str:
    """A prefix for block names that nobody else uses and nobody can guess."""
    return f"maquette-{os.getpid()}-{secrets.token_hex(8)}"


def write_block(name: str, data: bytes | memoryview) -> None:
    """Create a block that only this user can read. Raises OSError when there is no room."""
    path = folder() / name
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0)
    descriptor = os.open(path, flags, 0o600)
    try:
        with os.fdopen(descriptor, "wb", buffering=0) as file:
            view = memoryview(data).cast("B")
            while view.nbytes:
                view = view[file.write(view) :]
    except OSError:
        path.unlink(missing_ok=True)
        raise


def take_block(name: str) -> bytes:
    """The contents of a block, which is removed. Raises FileNotFoundError when it is gone."""
    if name != Path(name).name:
        raise FileNotFoundError(name)
    path = folder() / name
    data = path.read_bytes()
    path.unlink()
    return data


def sweep(prefix: str) -> int:
    """Remove every block whose name starts with ``prefix``; returns how many there were."""
    found = list(folder().glob(f"{prefix}*"))
    for path in found:
        path.unlink(missing_ok=True)
    return len(found)
