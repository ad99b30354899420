"""GIF, WebP and numbered PNG files of walks."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.families.moving_picture import (
    dithered,
    durations,
    shared_palette,
    write_gif,
    write_numbered,
    write_webp,
)
from studio.families.picture_file import read_text


def ramps(count: int = 6, side: int = 48) -> list[np.ndarray]:
    """Soft colour ramps that move."""
    y, x = np.mgrid[0:side, 0:side] / (side - 1)
    frames = []
    for i in range(count):
        t = i / count
        rgb = np.stack([x, (y + t) / 2, 0.3 + 0.4 * (1 - x) * t], axis=2)
        frames.append((rgb * 255).astype(np.uint8))
    return frames


@pytest.mark.parametrize("unit", [0.01, 0.001])
def test_durations_add_up(unit: float) -> None:
    found = durations(7, 1.0, unit)
    assert sum(found) == round(1 / unit)
    assert max(found) - min(found) <= 1


def test_a_gif_has_one_palette_and_repeats(tmp_path: Path) -> None:
    path, frames = tmp_path / "a.gif", ramps()
    write_gif(path, frames, 0.9, "made by a test")
    with Image.open(path) as gif:
        assert gif.n_frames == 6
        assert gif.info["loop"] == 0
        assert gif.info["comment"] == b"made by a test"
        times = 0
        for index, frame in enumerate(frames):
            gif.seek(index)
            times += gif.info["duration"]
            shown = np.asarray(gif.convert("RGB")).astype(float)
            # Dithered, so near on average and not too far anywhere.
            assert np.abs(shown.mean((0, 1)) - frame.mean((0, 1))).max() < 5
            assert np.abs(shown - frame).max() < 80
        assert times == 900
    # Only the global table is there: no frame brings one of its own (bit 7 of its flags).
    assert local_tables(path) == 0


def local_tables(path: Path) -> int:
    data = path.read_bytes()
    place = 13 + 3 * 2 ** ((data[10] & 7) + 1)
    found = 0
    while data[place] != 0x3B:
        if data[place] == 0x21:
            place += 2
        else:
            flags = data[place + 9]
            found += flags >> 7
            place += 10 + (3 * 2 ** ((flags & 7) + 1) if flags >> 7 else 0) + 1
        while data[place]:
            place += data[place] + 1
        place += 1
    return found


def test_dithering_stands_still_and_beats_bands() -> None:
    frame = ramps(1)[0]
    palette = shared_palette(ramps())
    first, second = (np.asarray(dithered(frame, palette)) for _ in range(2))
    assert (first == second).all()

    def blocks(pixels: np.ndarray) -> np.ndarray:
        return pixels.reshape(6, 8, 6, 8, 3).mean((1, 3))

    few = Image.fromarray(frame).quantize(16)
    with_pattern = np.asarray(dithered(frame, few).convert("RGB")).astype(float)
    without = np.asarray(
        Image.fromarray(frame).quantize(palette=few, dither=Image.Dither.NONE).convert("RGB")
    ).astype(float)
    error = [np.abs(blocks(shown) - blocks(frame)).mean() for shown in (with_pattern, without)]
    assert error[0] < error[1]


def test_one_colour_is_fine(tmp_path: Path) -> None:
    flat = [np.full((8, 8, 3), 90, np.uint8)] * 3
    write_gif(tmp_path / "flat.gif", flat, 0.3, "")
    with Image.open(tmp_path / "flat.gif") as gif:
        assert (np.asarray(gif.convert("RGB")) == 90).all()


def test_webp(tmp_path: Path) -> None:
    path, frames = tmp_path / "a.webp", ramps()
    write_webp(path, frames, 0.6, "made by a test")
    with Image.open(path) as picture:
        assert picture.n_frames == 6
        assert "made by a test" in str(picture.getexif()[0x010E])
        picture.seek(3)
        shown = np.asarray(picture.convert("RGB")).astype(float)
    assert np.abs(shown - frames[3]).mean() < 6


def test_numbered_files(tmp_path: Path) -> None:
    frames = ramps()
    write_numbered(tmp_path, iter(frames), 6, lambda i: (("number", str(i)),))
    names = sorted(p.name for p in tmp_path.iterdir())
    assert names == [f"{i:04d}.png" for i in range(1, 7)]
    for index, name in enumerate(names):
        assert (np.asarray(Image.open(tmp_path / name)) == frames[index]).all()
        assert read_text(tmp_path / name)["number"] == str(index)
