"""Folders looked at before anything is trained."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.errors import MaquetteError
from studio.training.gan_compression.examining import examine
from studio.training.gan_compression.options import DataOptions
from studio.training.gan_compression.report import Skipped
from tests.training.gan_compression.worlds import joined_folder, two_folders


def blank(path: Path, width: int, height: int, mode: str = "RGB") -> Path:
    path.parent.mkdir(exist_ok=True)
    Image.new(mode, (width, height)).save(path)
    return path


def test_joined_pictures_are_halves(tmp_path) -> None:
    found = examine(DataOptions((str(joined_folder(tmp_path / "p", 4)),)))
    assert (found.pairing, found.pairs, found.sizes) == ("joined", 4, ((16, 16),))
    assert found.skipped == ()


def test_pairs_without_partner_unequal_and_unreadable_ones_are_named(tmp_path) -> None:
    a, b = two_folders(tmp_path, 5)
    (b / "00.png").unlink()
    blank(b / "01.png", 16, 9)
    (a / "02.png").write_bytes(b"no picture")
    found = examine(DataOptions((str(a), str(b))))
    assert (found.pairing, found.pairs) == ("folders", 2)
    assert found.skipped == (
        Skipped("00", "it has no partner in the other folder"),
        Skipped("01", "its pictures are unequal: 16 x 16 and 16 x 9 px"),
        Skipped("02", "it is no picture that can be read"),
    )


def test_mixed_sizes_are_counted_the_most_frequent_first(tmp_path) -> None:
    for k, size in enumerate([(8, 8), (16, 12), (16, 12)]):
        blank(tmp_path / "p" / f"{k}.png", *size)
    found = examine(DataOptions((str(tmp_path / "p"),), "inputs"))
    assert found.sizes == ((16, 12), (8, 8))


def test_a_picture_that_was_taken_upright_is_upright(tmp_path) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    (tmp_path / "p").mkdir()
    Image.new("RGB", (12, 8)).save(tmp_path / "p" / "a.jpg", exif=exif)
    assert examine(DataOptions((str(tmp_path / "p"),), "inputs")).sizes == ((8, 12),)


def test_label_maps_in_colours_are_no_label_maps(tmp_path) -> None:
    blank(tmp_path / "a" / "0.png", 8, 8)
    blank(tmp_path / "a" / "1.png", 8, 8, "L")
    found = examine(DataOptions((str(tmp_path / "a"),)), labels=True)
    assert [s.name for s in found.skipped] == ["0"]
    assert "colours" in found.skipped[0].why


def test_what_nothing_of_can_be_used_is_refused_with_the_first_reason(tmp_path) -> None:
    for k in range(2):
        blank(tmp_path / "p" / f"{k}.png", 15, 8)
    with pytest.raises(MaquetteError, match=r"none of the 2 pictures can be used; of 0: its 15 x"):
        examine(DataOptions((str(tmp_path / "p"),), "joined"))


def test_past_the_most_nothing_is_opened_and_all_is_counted(tmp_path) -> None:
    folder = joined_folder(tmp_path / "p", 3)
    (folder / "02.png").write_bytes(b"no picture")
    found = examine(DataOptions((str(folder),), "joined"), most=2)
    assert (found.pairs, found.unseen, found.skipped) == (3, 1, ())


def test_truncated_pixels_are_noticed_among_the_first(tmp_path) -> None:
    noise = np.random.default_rng(0).integers(0, 256, (32, 64, 3), np.uint8)
    folder = joined_folder(tmp_path / "p", 2)
    Image.fromarray(noise).save(folder / "02.png")
    data = (folder / "02.png").read_bytes()
    (folder / "02.png").write_bytes(data[: len(data) // 2])
    found = examine(DataOptions((str(folder),), "joined"))
    assert found.skipped == (Skipped("02", "it is no picture that can be read"),)
