"""Reading parts of a file, each with its own bounds.

Plain reads and no memory map: a file that shrinks while it is read is then an error and not a
crash of the process.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import BinaryIO

from studio.checkpoints.causes import Cause, size_text

_CHUNK = 1 << 16


@dataclass(frozen=True)
class Span:
    """``length`` bytes of ``file`` from ``start`` on. Nothing outside them can be read."""

    file: BinaryIO
    start: int
    length: int

    @classmethod
    def of(cls, data: bytes) -> Span:
        """A span over bytes that are already in memory."""
        return cls(io.BytesIO(data), 0, len(data))

    def part(self, offset: int, length: int) -> Span:
        """A smaller span inside this one.

        Raises:
            Cause: the part reaches beyond this span.
        """
        if offset < 0 or length < 0:
            raise Cause("it points to a place before its own start")
        if offset + length > self.length:
            raise Cause(
                f"it ends early: {size_text(length)} should follow at position "
                f"{self.start + offset}, but only {size_text(max(0, self.length - offset))} do"
            )
        return Span(self.file, self.start + offset, length)

    def read(self, offset: int = 0, length: int | None = None) -> bytes:
        """The bytes from ``offset`` on, all of the rest when ``length`` is None.

        Raises:
            Cause: the part reaches beyond this span, or the file became shorter.
        """
        part = self.part(offset, self.length - offset if length is None else length)
        self.file.seek(part.start)
        data = self.file.read(part.length)
        if len(data) != part.length:
            raise Cause("it became shorter while it was read")
        return data


class Cursor:
    """Reads a span from front to back in small pieces, through a buffer."""

    def __init__(self, span: Span) -> None:
        self._span = span
        self._base = 0
        self._buffer = b""
        self._at = 0

    @property
    def position(self) -> int:
        """Offset in the span of the next byte."""
        return self._base + self._at

    def take(self, count: int) -> bytes:
        """The next ``count`` bytes; raises Cause when there are fewer."""
        end = self._at + count
        if end > len(self._buffer):
            self._fill(count)
            end = count
        data = self._buffer[self._at : end]
        self._at = end
        return data

    def line(self, limit: int = 1024) -> bytes:
        """Up to the next newline, without it; raises Cause for a line longer than ``limit``."""
        data = bytearray()
        while (byte := self.take(1)) != b"\n":
            data += byte
            if len(data) > limit:
                raise Cause("one of its lines is far too long for a checkpoint")
        return bytes(data)

    def skip(self, count: int) -> Span:
        """The next ``count`` bytes as a span, unread."""
        part = self._span.part(self.position, count)
        self._base = self.position + count
        self._buffer, self._at = b"", 0
        return part

    def _fill(self, count: int) -> None:
        self._base = self.position
        left = self._span.length - self._base
        self._buffer = self._span.read(
            self._base, count if count > left else min(left, max(count, _CHUNK))
        )
        self._at = 0
