"""Captions, and the drawn world as a folder of training data."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from studio.errors import BadChoice, NoFolder
from studio.training.clay_heads.captions import caption
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.scene import (
    ATTRIBUTE_NAMES,
    KINDS,
    NAMES,
    scene_from_shares,
    scene_from_z,
)
from studio.training.clay_heads.shading import Label
from studio.training.clay_heads.world import write_world


def test_a_caption_says_what_is_there_in_both_languages() -> None:
    shares = torch.full((1, len(NAMES)), 0.5)
    for name, share in (("hairstyle", 0.28), ("glasses", 0.9), ("beard", 0.9), ("smile", 0.95)):
        shares[0, NAMES.index(name)] = share
    words = caption(scene_from_shares(shares))
    for part in ("smiling", "curls", "round glasses", "beard", "clay bust"):
        assert part in words.english
    for part in ("웃는", "곱슬머리", "안경", "수염", "점토 흉상"):
        assert part in words.korean


def test_captions_differ_between_busts_and_are_the_same_again() -> None:
    scenes = scene_from_z(latents(40, 3))
    said = [caption(scenes.part(k, k + 1)) for k in range(40)]
    assert len({c.english for c in said}) > 35
    assert len({c.korean for c in said}) > 35
    assert said == [caption(scenes.part(k, k + 1)) for k in range(40)]
    assert not any(", ," in c.english or "  " in c.english + c.korean for c in said)


def _opened(file: Path) -> Image.Image:
    with Image.open(file) as picture:
        picture.load()
        return picture


def test_a_world_holds_matching_pictures_lines_labels_and_lines_of_metadata(tmp_path: Path) -> None:
    folder = tmp_path / "heads"
    seen: list[tuple[int, int]] = []
    write_world(folder, 9, 32, 4, lambda done, total: seen.append((done, total)))
    assert seen == [(8, 9), (9, 9)]
    metadata = (folder / "metadata.jsonl").read_text(encoding="utf-8")
    records = [json.loads(line) for line in metadata.splitlines()]
    assert len(records) == 9
    for record in records:
        picture, lines, labels = (
            _opened(folder / record[k]) for k in ("file_name", "lines", "labels")
        )
        assert (picture.mode, lines.mode, labels.mode) == ("RGB", "L", "P")
        assert picture.size == lines.size == labels.size == (32, 32)
        assert set(np.unique(np.asarray(labels))) <= set(Label)
        assert set(ATTRIBUTE_NAMES) <= set(record)
        assert all(record[k.name] in k.options for k in KINDS)
        assert record["text"].endswith(("left", "right", "front"))
    readme = (folder / "README.md").read_text(encoding="utf-8")
    assert "clay_hue" in readme
    assert sorted(p.name for p in tmp_path.iterdir()) == ["heads"]


def test_the_same_seed_writes_the_same_pictures(tmp_path: Path) -> None:
    for name in ("one", "two"):
        write_world(tmp_path / name, 2, 16, 7)
    one, two = (sorted((tmp_path / n / "images").iterdir()) for n in ("one", "two"))
    assert [p.read_bytes() for p in one] == [p.read_bytes() for p in two]


def test_a_stopped_world_leaves_nothing(tmp_path: Path) -> None:
    def stop(done: int, total: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        write_world(tmp_path / "heads", 2, 16, 0, stop)
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(("count", "size"), [(0, 64), (1, 33), (1, 8), (1, 2048)])
def test_worlds_that_cannot_be_drawn_are_refused(tmp_path: Path, count: int, size: int) -> None:
    with pytest.raises(BadChoice):
        write_world(tmp_path / "heads", count, size, 0)


def test_a_folder_that_holds_something_is_refused_and_kept(tmp_path: Path) -> None:
    (tmp_path / "mine.txt").write_text("mine")
    with pytest.raises(NoFolder, match="not an empty folder"):
        write_world(tmp_path, 1, 16, 0)
    assert (tmp_path / "mine.txt").read_text() == "mine"
