"""What a file is, from its first bytes and never from its name. Imports no torch and no NumPy."""

from __future__ import annotations

import re
from pathlib import Path

from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.checkpoints.spans import Span

HEAD = 512
_MAX_OWN_HEADER = 1_000_000
_LEGACY = b"\x8a\x0al\xfc\x9cF\xf9 j\xa8P\x19."
_OTHERS = (
    (b"\x89HDF\r\n", "an HDF5 file (Keras)"),
    (b"GGUF", "a GGUF file"),
    (b"\x93NUMPY", "a single NumPy array"),
    (b"\x1f\x8b", "a gzip archive; unpack it first"),
    (b"\xfd7zXZ", "an xz archive; unpack it first"),
    (b"7z\xbc\xaf", "a 7z archive; unpack it first"),
    (b"Rar!", "a RAR archive; unpack it first"),
    (b"\x89PNG", "a PNG picture"),
    (b"\xff\xd8\xff", "a JPEG picture"),
)


def kind_of(span: Span) -> str:
    """``zip``, ``legacy``, ``pickle``, ``safetensors`` or ``json``: how the content is to be read.

    Raises:
        Cause: it is nothing that could hold a model; the clause says what it is.
    """
    if span.length == 0:
        raise Cause("it is empty (0 bytes)")
    head = span.read(0, min(HEAD, span.length))
    if head.startswith(b"PK\x03\x04") or head.startswith(b"PK\x05\x06"):
        return "zip"
    pickled = head[:1] == b"\x80" and 2 <= (head[1] if len(head) > 1 else 0) <= 5
    announced = int.from_bytes(head[:8], "little")
    # A header of 640 bytes starts like a pickle, so the more telling mark is looked at first.
    if head[8:9] == b"{" and not (pickled and announced > span.length):
        return "safetensors"
    if pickled:
        return "legacy" if _LEGACY in head[:32] else "pickle"
    for magic, what in _OTHERS:
        if head.startswith(magic):
            raise Cause(f"it is {what}, not a checkpoint of PyTorch or a .safetensors file")
    return _kind_of_text(head)


def _kind_of_text(head: bytes) -> str:
    start = head.lstrip()
    if start.startswith(b"version https://git-lfs"):
        size = re.search(rb"size (\d{1,15})", head)
        text = f" ({int(size[1])} bytes)" if size else ""
        raise Cause(
            f"it is a Git LFS pointer in place of the weights{text}; fetch them with “git lfs pull”"
        )
    if start[:1] in (b"{", b"["):
        return "json"
    if re.match(rb"<(!doctype|html|\?xml)", start, re.IGNORECASE):
        raise Cause("it is a web page, as a failed download leaves behind, not a model")
    if not start.strip(b"\0"):
        raise Cause("it starts with nothing but zeros or blanks, as an unfinished download does")
    if _is_text(head):
        raise Cause("it is text, not a model")
    raise Cause(
        "its content is of no known kind; accepted are checkpoints of PyTorch (.pt, .pth), "
        "NVlabs snapshots (.pkl) and .safetensors files"
    )


def _is_text(head: bytes) -> bool:
    try:
        text = head.decode("utf-8")
    except UnicodeDecodeError as error:
        # A character that the end of the piece cuts through is no sign of anything.
        if error.start < HEAD - 4:
            return False
        text = head[: error.start].decode("utf-8")
    return all(c.isprintable() or c.isspace() for c in text)


def is_maquette(path: str | Path) -> bool:
    """Whether a file is in Maquette's own layout: safetensors with ``format: maquette``.

    A missing, unreadable or damaged file is simply not one.
    """
    try:
        with Path(path).open("rb") as file:
            start = file.read(9)
            length = int.from_bytes(start[:8], "little")
            if start[8:] != b"{" or length > _MAX_OWN_HEADER:
                return False
            header = parse_json(b"{" + file.read(length - 1), "the header")
    except (OSError, Cause):
        return False
    metadata = header.get("__metadata__") if isinstance(header, dict) else None
    return isinstance(metadata, dict) and metadata.get("format") == "maquette"
