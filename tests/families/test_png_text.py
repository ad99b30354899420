"""Text of PNG files: what Pillow and Qt write is read, hostile files are refused."""

from __future__ import annotations

import zlib
from pathlib import Path

import numpy as np
import pytest
from PIL import Image, PngImagePlugin

from studio.errors import RefusedFile
from studio.families.picture_file import write_png
from studio.families.png_text import LONGEST, SIGNATURE, is_png, png_text

PICTURE = np.zeros((4, 4, 3), np.uint8)
END = b"\0\0\0\0IEND\xaeB`\x82"


def chunk(kind: bytes, data: bytes, *, length: int | None = None, checksum: int | None = None):
    size = len(data) if length is None else length
    check = zlib.crc32(kind + data) if checksum is None else checksum
    return size.to_bytes(4, "big") + kind + data + check.to_bytes(4, "big")


def written(path: Path, *chunks: bytes) -> Path:
    path.write_bytes(SIGNATURE + b"".join(chunks) + END)
    return path


def test_what_we_write_is_read(tmp_path: Path) -> None:
    for text in ("plain", "눈사람", "é" * 5000):
        write_png(tmp_path / "one.png", PICTURE, {"Software": "x", "maquette": text})
        assert png_text(tmp_path / "one.png", "maquette") == text
    assert png_text(tmp_path / "one.png", "maquett") is None
    assert is_png(tmp_path / "one.png")


@pytest.mark.parametrize("international", [False, True])
def test_packed_text_is_read(tmp_path: Path, international: bool) -> None:
    info = PngImagePlugin.PngInfo()
    add = info.add_itxt if international else info.add_text
    add("maquette", "long " * 1000, zip=True)
    Image.fromarray(PICTURE).save(tmp_path / "z.png", pnginfo=info)
    assert png_text(tmp_path / "z.png", "maquette") == "long " * 1000


@pytest.mark.parametrize(
    ("chunks", "words"),
    [
        ([chunk(b"tEXt", b"maquette\0a"), chunk(b"tEXt", b"maquette\0b")], "says twice"),
        ([chunk(b"tEXt", b"maquette\0" + b"a" * LONGEST)], "more than 1 MB"),
        ([chunk(b"tEXt", b"maquette\0a", checksum=1)], "is damaged where"),
        ([chunk(b"tEXt", b"maquette\0a", length=500_000)], "is damaged where"),
        ([chunk(b"zTXt", b"maquette\0\0" + zlib.compress(b"a" * 50_000_000))], "more than 1 MB"),
        ([chunk(b"zTXt", b"maquette\0\0no zlib at all")], "is damaged where"),
        ([chunk(b"zTXt", b"maquette\0\0" + zlib.compress(b"abc")[:-2])], "is damaged where"),
        ([chunk(b"iTXt", b"maquette\0\0\0\0\0\xff\xfe")], "is damaged where"),
        ([chunk(b"\0\0\0\0", b"")], "is a damaged PNG"),
    ],
)
def test_hostile_text_is_refused(tmp_path: Path, chunks: list[bytes], words: str) -> None:
    with pytest.raises(RefusedFile, match=words) as refused:
        png_text(written(tmp_path / "bad.png", *chunks), "maquette")
    assert "bad.png" in str(refused.value)


def test_other_files_are_refused_and_a_cut_file_is_read_as_far_as_it_goes(tmp_path: Path) -> None:
    (tmp_path / "a.png").write_bytes(b"\xff\xd8\xff JPEG")
    with pytest.raises(RefusedFile, match="is not a PNG"):
        png_text(tmp_path / "a.png", "maquette")
    with pytest.raises(RefusedFile, match="cannot be read"):
        png_text(tmp_path / "none.png", "maquette")
    cut = SIGNATURE + chunk(b"tEXt", b"maquette\0kept") + b"\0\0\xff\xffIDAT12"
    (tmp_path / "cut.png").write_bytes(cut)
    assert png_text(tmp_path / "cut.png", "maquette") == "kept"
