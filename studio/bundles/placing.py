"""Putting a finished bundle in its place: the old one stands whole until the new one does."""

from __future__ import annotations

import ctypes
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import psutil

from studio.bundles.folder import read_manifest
from studio.bundles.manifest import NAME
from studio.errors import MaquetteError, RefusedFile, cause_of
from studio.processes.aside import aside_folder

_OWNER = re.compile(r"\.maquette-export-(\d+)-([0-9a-f]+)-")
_EXCHANGE = 2  # RENAME_EXCHANGE of Linux, and RENAME_SWAP of macOS
_HERE = -100  # AT_FDCWD


def check_place(target: Path) -> None:
    """Refuse a place that a bundle cannot take, before any work is done.

    Raises:
        MaquetteError: it is a file, holds something that is not a bundle's, or its folder is
            missing.
    """
    try:
        if target.is_symlink() or (target.exists() and not target.is_dir()):
            raise MaquetteError(f"cannot write {target}: it is not a folder")
        if not target.parent.is_dir():
            raise MaquetteError(f"cannot write {target}: the folder {target.parent} does not exist")
        if target.is_dir() and any(target.iterdir()):
            _check_own(target)
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error


def _check_own(target: Path) -> None:
    """Refuse to replace a folder in which anything lies that no export wrote."""
    try:
        manifest = read_manifest(target)
    except RefusedFile as error:
        raise MaquetteError(
            f"cannot write {target}: it holds something that is not a bundle; name an empty or new "
            "folder"
        ) from error
    known = {NAME, *(each.path for each in manifest.files)}
    for file in sorted(target.rglob("*")):
        path = file.relative_to(target).as_posix()
        if not file.is_dir() and path not in known and "__pycache__" not in path:
            raise MaquetteError(
                f"cannot write {target}: {path} in it is not of the bundle; move it elsewhere first"
            )


@contextmanager
def placed(target: Path) -> Iterator[Path]:
    """A folder to write into; when the block ends well it stands at ``target``.

    A bundle that stood there is replaced in one step where the system can do that (Linux, macOS),
    and moved aside first elsewhere. What killed exports left beside ``target`` is removed.

    Raises:
        MaquetteError: see :func:`check_place`. OSError: the disk refused.
    """
    check_place(target)
    tidy(target)
    owner = psutil.Process()
    token = f"export-{owner.pid}-{int(owner.create_time() * 1000):x}-{secrets.token_hex(4)}"
    folder = aside_folder(target, token)
    made = folder / target.name
    try:
        made.mkdir(parents=True)
        yield made
        for file in made.rglob("*"):
            if file.is_file():
                with file.open("rb+") as stream:
                    os.fsync(stream.fileno())
        check_place(target)  # whatever happened to it meanwhile
        _take(made, target, folder / "old")
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def _take(made: Path, target: Path, old: Path) -> None:
    if not target.exists():
        made.replace(target)
        return
    if exchanged(made, target):
        return
    target.rename(old)
    try:
        made.replace(target)
    except BaseException:
        old.rename(target)
        raise


def exchanged(one: Path, other: Path) -> bool:
    """Let two folders change places in one step; False where the system cannot."""
    names = {"linux": "renameat2", "darwin": "renameatx_np"}
    if sys.platform not in names:
        return False
    try:
        call = getattr(ctypes.CDLL(None, use_errno=True), names[sys.platform])
    except (OSError, AttributeError):
        return False
    here = _HERE if sys.platform == "linux" else -2
    done = call(here, os.fsencode(one), here, os.fsencode(other), _EXCHANGE)
    return bool(done == 0)


def tidy(target: Path) -> None:
    """Remove what exports that do not run any more left beside ``target``; the bundle that one had
    moved aside goes back to its place."""
    with suppress(OSError):
        for left in target.parent.glob(".maquette-export-*"):
            owner = _OWNER.match(left.name)
            if owner and (left / target.name).is_dir() and not _runs(owner):
                _give_back(left / "old", target)
                shutil.rmtree(left, ignore_errors=True)


def _runs(owner: re.Match[str]) -> bool:
    try:
        process = psutil.Process(int(owner[1]))
        return f"{int(process.create_time() * 1000):x}" == owner[2]
    except psutil.Error:
        return False


def _give_back(old: Path, target: Path) -> None:
    """The bundle that a killed export had moved aside, where nothing has taken its place."""
    if old.is_dir() and not target.exists():
        old.rename(target)
