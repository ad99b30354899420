"""Writing files aside and renaming them, so that a killed process leaves nothing half-written."""

from __future__ import annotations

import glob
import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


def aside_folder(target: Path, token: str) -> Path:
    """The hidden folder beside ``target`` in which a writer known by ``token`` prepares it."""
    return target.parent / f".maquette-{token}"


@contextmanager
def written_aside(target: Path, token: str) -> Iterator[Path]:
    """A path to write to; when the block ends well the file is renamed to ``target``.

    The file has the name of ``target`` in :func:`aside_folder`, so on the same disk. Whoever
    supervises the writer calls :func:`remove_aside` should the writer be killed.

    Raises:
        OSError: the folder of ``target`` cannot be made or written, or the disk is full.
    """
    folder = aside_folder(target, token)
    folder.mkdir(parents=True, exist_ok=True)
    try:
        path = folder / target.name
        yield path
        with path.open("rb+") as file:
            os.fsync(file.fileno())
        path.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def folder_written_aside(target: Path, token: str) -> Iterator[Path]:
    """A folder to write into; when the block ends well it is renamed to ``target``, which does not
    exist or is an empty folder. Otherwise like :func:`written_aside`.

    Raises:
        OSError: the folder around ``target`` cannot be written, ``target`` holds something, or the
            disk is full.
    """
    folder = aside_folder(target, token)
    made = folder / target.name
    made.mkdir(parents=True, exist_ok=True)
    try:
        yield made
        if target.is_dir():
            target.rmdir()
        made.replace(target)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def remove_aside(target: Path, token: str) -> None:
    """Remove what a killed job left of ``target``."""
    shutil.rmtree(aside_folder(target, token), ignore_errors=True)


def remove_parts(target: Path) -> None:
    """Remove the ``.<name>.*.part`` files that a process killed while saving ``target`` left."""
    for part in target.parent.glob(f".{glob.escape(target.name)}.*.part"):
        part.unlink(missing_ok=True)
