"""Reading the files of a bundle that may come from anywhere, and writing those of one's own."""

from __future__ import annotations

import hashlib
import io
import stat
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.bundles.manifest import LARGEST, NAME, FileRecord, Manifest, parse_manifest
from studio.errors import RefusedFile, cause_of

_BLOCK = 1 << 20
_HEADER = 4096  # bytes of an array's header; ours has 128
Floats = npt.NDArray[np.float32]


def located(folder: Path, path: str) -> Path:
    """The real file that ``path`` names in a bundle.

    Raises:
        RefusedFile: it is missing, no plain file, or lies outside the folder, by a link perhaps.
    """
    try:
        root, real = folder.resolve(), (folder / path).resolve()
        if not real.is_relative_to(root):
            raise RefusedFile(
                f"{path} lies outside the folder {folder}; files of a bundle are in it"
            )
        if not stat.S_ISREG(real.stat().st_mode):
            raise RefusedFile(f"{path} is not a plain file")
    except FileNotFoundError as error:
        raise RefusedFile(f"{path} is missing from {folder}") from error
    except (OSError, RuntimeError) as error:  # a ring of links is a RuntimeError before 3.13
        cause = cause_of(error) if isinstance(error, OSError) else "it is a ring of links"
        raise RefusedFile(f"{path} cannot be read: {cause}") from error
    return real


def read_manifest(folder: Path) -> Manifest:
    """The manifest of a bundle.

    Raises:
        RefusedFile: there is none, or it is not sound.
    """
    if not folder.is_dir():
        raise RefusedFile(f"{folder} is not a folder")
    path = located(folder, NAME)
    try:
        with path.open("rb") as file:
            data = file.read(LARGEST + 1)
    except OSError as error:
        raise RefusedFile(f"{folder / NAME} cannot be read: {cause_of(error)}") from error
    if len(data) > LARGEST:
        raise RefusedFile(
            f"{folder / NAME} is larger than {LARGEST / 1e6:.0f} MB, which no manifest is"
        )
    return parse_manifest(data, str(folder / NAME))


def record_of(folder: Path, path: str) -> FileRecord:
    """The record of a file that was just written.

    Raises:
        OSError: it cannot be read.
    """
    digest, size = hashlib.sha256(), 0
    with (folder / path).open("rb") as file:
        while block := file.read(_BLOCK):
            digest.update(block)
            size += len(block)
    return FileRecord(path=path, bytes=size, sha256=digest.hexdigest())


def check_file(folder: Path, record: FileRecord) -> None:
    """Compare a file with its record.

    Raises:
        RefusedFile: it is missing, elsewhere or changed.
    """
    real = located(folder, record.path)
    try:
        size = real.stat().st_size
        if size != record.bytes:
            raise RefusedFile(
                f"{record.path} was changed: it has {size} bytes, the manifest says {record.bytes}"
            )
        found = record_of(real.parent, real.name)
    except OSError as error:
        raise RefusedFile(f"{record.path} cannot be read: {cause_of(error)}") from error
    if found.sha256 != record.sha256:
        raise RefusedFile(f"{record.path} was changed: its sha256 is not the manifest's")


def read_checked(folder: Path, record: FileRecord) -> bytes:
    """A file, whole and as its record says. It is read once, so that what was checked is what is
    used whatever happens to the file meanwhile.

    Raises:
        RefusedFile: it is missing, elsewhere or changed.
    """
    real = located(folder, record.path)
    try:
        with real.open("rb") as file:
            data = file.read(record.bytes + 1)
    except (OSError, MemoryError, OverflowError) as error:
        cause = cause_of(error) if isinstance(error, OSError) else "it does not fit into memory"
        raise RefusedFile(f"{record.path} cannot be read: {cause}") from error
    if len(data) != record.bytes or hashlib.sha256(data).hexdigest() != record.sha256:
        raise RefusedFile(f"{record.path} was changed: its sha256 is not the manifest's")
    return data


def array_bytes(array: npt.NDArray[Any]) -> bytes:
    """An array of float32 numbers, or of int64 ones, as a ``.npy`` file."""
    stream = io.BytesIO()
    kind = "<i8" if array.dtype == np.int64 else "<f4"
    np.lib.format.write_array(stream, np.ascontiguousarray(array, kind), allow_pickle=False)
    return stream.getvalue()


def array_from(data: bytes, path: str, dtype: str = "float32") -> npt.NDArray[Any]:
    """The array in a ``.npy`` file.

    Args:
        dtype: float32 or int64.

    Raises:
        RefusedFile: it is none of that type, or its header asks for more than the file holds.
    """
    kind = np.dtype({"float32": "<f4", "int64": "<i8"}[dtype])
    stream = io.BytesIO(data)
    try:
        version = np.lib.format.read_magic(stream)
        if version != (1, 0):
            raise ValueError
        shape, fortran, found = np.lib.format.read_array_header_1_0(stream, max_header_size=_HEADER)
    except (ValueError, TypeError, SyntaxError, RecursionError, MemoryError) as error:
        raise RefusedFile(f"{path} is not an array of {dtype} numbers (.npy)") from error
    held = len(data) - stream.tell()
    count = 1
    for side in shape:
        count *= side
    if found != kind or fortran or min(shape, default=1) < 1:
        raise RefusedFile(f"{path} is not an array of {dtype} numbers (.npy)")
    if kind.itemsize * count != held:
        raise RefusedFile(
            f"{path} has the shape {list(shape)[:8]}, which needs {kind.itemsize * count} bytes; "
            f"it holds {held}"
        )
    array: npt.NDArray[Any] = np.frombuffer(data, kind, count, stream.tell()).reshape(shape)
    if not np.isfinite(array).all():
        raise RefusedFile(f"{path} holds values that are no numbers")
    return array
