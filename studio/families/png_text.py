"""The text that a PNG file carries, read without its pixels and without trust. Imports no library.

A PNG is a signature and chunks: four bytes of length, four letters, the data, a checksum (PNG
specification, sections 5.3 and 11.3.3). Text lies in tEXt, zTXt (compressed) and iTXt chunks.
"""

from __future__ import annotations

import zlib
from pathlib import Path
from typing import BinaryIO

from studio.errors import RefusedFile, cause_of

SIGNATURE = b"\x89PNG\r\n\x1a\n"
TEXT = (b"tEXt", b"zTXt", b"iTXt")
LONGEST = 1_000_000  # bytes of one text, before and after it is unpacked
MOST_CHUNKS = 100_000


def is_png(path: Path) -> bool:
    """Whether a file begins as a PNG does.

    Raises:
        OSError: it cannot be read.
    """
    with path.open("rb") as stream:
        return stream.read(len(SIGNATURE)) == SIGNATURE


def png_text(path: Path, key: str) -> str | None:
    """The text that ``path`` has under ``key``; None where it has none. Pixels are not read.

    Raises:
        RefusedFile: it cannot be read, is no PNG, or that text is damaged, too long or there twice.
    """
    try:
        with path.open("rb") as stream:
            if stream.read(len(SIGNATURE)) != SIGNATURE:
                raise RefusedFile(f"{path.name} is not a PNG picture")
            found = _texts(stream, key.encode("latin-1"), path.name)
    except OSError as error:
        raise RefusedFile(f"{path.name} cannot be read: {cause_of(error)}") from error
    if len(found) > 1:
        raise RefusedFile(f"{path.name} says twice what made it, so neither can be trusted")
    return found[0] if found else None


def _texts(stream: BinaryIO, key: bytes, name: str) -> list[str]:
    found: list[str] = []
    for _ in range(MOST_CHUNKS):
        head = stream.read(8)
        if len(head) < 8:
            return found  # cut short: what was found stands for itself
        length, kind = int.from_bytes(head[:4], "big"), head[4:]
        if not kind.isalpha() or length >= 1 << 31:
            raise RefusedFile(f"{name} is a damaged PNG picture")
        if kind == b"IEND":
            return found
        if kind not in TEXT:
            stream.seek(length + 4, 1)
            continue
        begin = stream.read(min(length, len(key) + 1))
        if begin != key + b"\0":
            stream.seek(length - len(begin) + 4, 1)
            continue
        if length > LONGEST:
            raise _too_long(name)
        data = begin + stream.read(length - len(begin))
        checksum = stream.read(4)
        if len(data) < length or zlib.crc32(kind + data).to_bytes(4, "big") != checksum:
            raise RefusedFile(f"{name} is damaged where it says what made it")
        found.append(_decoded(kind, data[len(begin) :], name))
    raise RefusedFile(f"{name} has more than {MOST_CHUNKS} parts, which no picture needs")


def _decoded(kind: bytes, data: bytes, name: str) -> str:
    packed, coding = False, "latin-1"
    if kind == b"zTXt":
        packed, data = True, data[1:]
    elif kind == b"iTXt":  # a flag, a method, a language and a translated key, then the text
        packed, coding = data[:1] == b"\1", "utf-8"
        data = data[2:].partition(b"\0")[2].partition(b"\0")[2]
    try:
        return (_unpacked(data, name) if packed else data).decode(coding)
    except (zlib.error, UnicodeDecodeError) as error:
        raise RefusedFile(f"{name} is damaged where it says what made it") from error


def _unpacked(data: bytes, name: str) -> bytes:
    machine = zlib.decompressobj()
    text = machine.decompress(data, LONGEST)
    if machine.unconsumed_tail or not machine.eof:
        raise _too_long(name) if machine.unconsumed_tail else zlib.error("cut short")
    return text


def _too_long(name: str) -> RefusedFile:
    return RefusedFile(f"{name} says more than {LONGEST / 1e6:g} MB of what made it")
