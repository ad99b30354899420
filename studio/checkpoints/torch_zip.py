"""Files of ``torch.save`` since version 1.6: a zip whose members are stored, not compressed."""

from __future__ import annotations

import struct
import zipfile
from typing import BinaryIO, NoReturn, cast

from studio.checkpoints.causes import Cause, NotSupported, listed, shortened, size_text
from studio.checkpoints.restricted_pickle import read_pickle
from studio.checkpoints.spans import Cursor, Span
from studio.checkpoints.stored import ITEM_BYTES
from studio.checkpoints.torch_legacy import StorageTable

_LOCAL_HEADER = struct.Struct("<4s22xHH")
_MAX_DIRECTORY = 4_000_000


def read_zip(span: Span) -> object:
    """Read a torch zip file into plain data; storages stay in the file.

    Raises:
        Cause: it is not one, is cut short, points outside itself, is compressed, or asks for
            something that is not allowed.
    """
    members = _members(span)
    pickles = [name for name in members if name.endswith("/data.pkl") and name.count("/") == 1]
    if len(pickles) != 1:
        _refuse_other_archive(span, members)
    _refuse_compression(members)
    root = pickles[0].removesuffix("data.pkl")
    order = members.get(root + "byteorder")
    if order is not None and _stored(span, order).read(0, min(order.file_size, 8)) != b"little":
        raise Cause("its numbers are not stored in little-endian order")
    if root + "constants.pkl" in members:
        raise NotSupported("it is a TorchScript program; accepted is a file of plain tensors")
    table = StorageTable()
    content = read_pickle(Cursor(_stored(span, members[pickles[0]])), table)
    for key, storage in table.storages.items():
        member = members.get(f"{root}data/{key}")
        if member is None:
            raise Cause(f"its storage {shortened(key)} is missing from the archive")
        data = _stored(span, member)
        needed = storage.count * ITEM_BYTES[storage.dtype]
        if data.length < needed:
            raise Cause(
                f"its storage {shortened(key)} should hold {size_text(needed)}, "
                f"but {size_text(data.length)} are stored"
            )
        storage.span = data
    return content


def _members(span: Span) -> dict[str, zipfile.ZipInfo]:
    try:
        with zipfile.ZipFile(cast(BinaryIO, _Patient(span))) as archive:
            entries = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, OSError, ValueError, struct.error) as error:
        raise Cause(
            "it is a zip archive that was cut short or damaged (its directory, which stands at "
            "the end, cannot be read); copy or download it again"
        ) from error
    members: dict[str, zipfile.ZipInfo] = {}
    for entry in entries:
        name = entry.filename
        if name.startswith("/") or "\\" in name or ":" in name or ".." in name.split("/"):
            raise Cause(f"its member {shortened(name)} points outside the archive's folder")
        if name in members:
            raise Cause(f"its archive has the member {shortened(name)} twice")
        members[name] = entry
    return members


class _Patient:
    """The archive as ``zipfile`` reads it, without ever handing out more than a sane directory."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._at = 0

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = 0) -> int:
        start = {0: 0, 1: self._at, 2: self._span.length}[whence]
        if start + offset < 0:
            raise OSError("before the start")
        self._at = start + offset
        return self._at

    def read(self, count: int = -1) -> bytes:
        left = max(0, self._span.length - self._at)
        count = left if count < 0 else min(count, left)
        if count > _MAX_DIRECTORY:
            raise Cause("its archive has far more members than a checkpoint")
        data = self._span.read(self._at, count) if count else b""
        self._at += count
        return data


def _compressed(entry: zipfile.ZipInfo) -> bool:
    return entry.compress_type != zipfile.ZIP_STORED or entry.compress_size != entry.file_size


def _refuse_compression(members: dict[str, zipfile.ZipInfo]) -> None:
    compressed = [entry for entry in members.values() if _compressed(entry)]
    if compressed:
        worst = max(compressed, key=lambda entry: entry.file_size)
        sizes = f"{size_text(worst.compress_size)} that grow to {size_text(worst.file_size)}"
        raise Cause(
            f"its member {shortened(worst.filename)} is compressed ({sizes}); members of a "
            "checkpoint are stored as they are"
        )


def _stored(span: Span, entry: zipfile.ZipInfo) -> Span:
    if _compressed(entry):
        raise Cause(f"its member {shortened(entry.filename)} is compressed")
    if entry.flag_bits & 1:
        raise Cause(f"its member {shortened(entry.filename)} is encrypted")
    header = span.read(entry.header_offset, _LOCAL_HEADER.size)
    signature, name_length, extra_length = _LOCAL_HEADER.unpack(header)
    if signature != b"PK\x03\x04":
        raise Cause(f"its member {shortened(entry.filename)} is not where the directory says")
    start = entry.header_offset + _LOCAL_HEADER.size + name_length + extra_length
    return span.part(start, entry.file_size)


def _refuse_other_archive(span: Span, members: dict[str, zipfile.ZipInfo]) -> NoReturn:
    if members and all(name.endswith(".npy") for name in members):
        objects = [n for n, entry in members.items() if _holds_objects(span, entry)]
        detail = (
            f" whose array {listed(n.removesuffix('.npy') for n in objects)} holds Python objects"
            if objects
            else ""
        )
        raise NotSupported(
            f"it is a NumPy archive (.npz){detail}, not a model; accepted are checkpoints of "
            "PyTorch and .safetensors files"
        )
    raise Cause(
        f"it is a zip archive without the data.pkl of a PyTorch checkpoint (it holds "
        f"{listed(members) if members else 'nothing'})"
    )


def _holds_objects(span: Span, entry: zipfile.ZipInfo) -> bool:
    try:
        data = _stored(span, entry)
        return b"|O" in data.read(0, min(data.length, 256))
    except Cause:
        return False
