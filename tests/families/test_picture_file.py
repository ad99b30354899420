"""PNG files: exact pixels, text that comes back, nothing half-written."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import MaquetteError, RefusedFile
from studio.families.picture_file import read_text, replacing, write_png

PICTURE = np.random.default_rng(0).integers(0, 256, (5, 7, 3), dtype=np.uint8)


def test_pixels_and_text_come_back(tmp_path: Path) -> None:
    path = tmp_path / "bild.png"
    text = {"maquette": '{"seed": 3}', "Title": "Tête d'argile 점토", "Software": "Maquette"}
    write_png(path, PICTURE, text)
    assert (np.asarray(Image.open(path)) == PICTURE).all()
    assert read_text(path) == text


def test_a_file_is_replaced_whole(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_bytes(b"older")
    with pytest.raises(ZeroDivisionError), replacing(path) as aside:
        aside.write_bytes(bytes([1 // 0]))
    assert path.read_bytes() == b"older"
    assert list(tmp_path.iterdir()) == [path]
    write_png(path, PICTURE[:, ::-1])
    assert (np.asarray(Image.open(path)) == PICTURE[:, ::-1]).all()
    assert list(tmp_path.iterdir()) == [path]


def test_a_full_disk_is_a_sentence(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    with pytest.raises(MaquetteError, match="no space left on device"), replacing(path):
        raise OSError(28, "No space left on device")
    assert list(tmp_path.iterdir()) == []


def test_places_that_cannot_hold_a_file(tmp_path: Path) -> None:
    with pytest.raises(MaquetteError, match="is a folder"):
        write_png(tmp_path, PICTURE)
    with pytest.raises(MaquetteError, match="does not exist"):
        write_png(tmp_path / "no" / "a.png", PICTURE)
    assert list(tmp_path.iterdir()) == []


def test_what_is_no_picture(tmp_path: Path) -> None:
    path = tmp_path / "a.png"
    path.write_text("not a picture")
    with pytest.raises(RefusedFile, match="not a PNG"):
        read_text(path)
    with pytest.raises(RefusedFile, match="cannot read"):
        read_text(tmp_path / "missing.png")
