"""The gallery on disk: what it keeps, what leaves, and what it makes of damage."""

from __future__ import annotations

import json
import os
import time
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio import places
from studio.families.inputs import GanInputs
from studio.families.picture_file import write_png
from studio.session import gallery
from studio.session.picture_record import read_record
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import picture_metadata
from tests.families.small import small_model

HALF = SubnetChoice(width=0.5, resolution=16)


def saved(path: Path, *, told: bool = True) -> Path:
    text = dict(picture_metadata(small_model().info, GanInputs(seed=421), HALF)) if told else {}
    write_png(path, np.zeros((4, 6, 3), np.uint8), text)
    return path


def put(path: Path, thumbnail: bytes = b"small") -> gallery.GalleryItem:
    item = gallery.described(path, 6, 4)
    gallery.add(item, thumbnail)
    return item


def test_what_a_picture_says_is_kept_across_starts(tmp_path):
    path = saved(tmp_path / "그림.png")
    item = put(path)
    (found,) = gallery.load()
    assert found == item
    assert (found.path, found.name) == (str(path), "그림.png")
    assert (found.model, found.seed, found.subnet) == (small_model().info.name, 421, HALF)
    assert (found.width, found.height, found.known, found.techniques) == (6, 4, True, ())
    assert found.made == pytest.approx(path.stat().st_mtime)
    assert gallery.thumbnail(found).read_bytes() == b"small"
    assert gallery.thumbnail(found).is_relative_to(places.data_dir())


def test_a_picture_that_says_nothing_is_kept_as_such(tmp_path):
    put(saved(tmp_path / "plain.png", told=False))
    (found,) = gallery.load()
    assert (found.known, found.seed, found.subnet, found.model) == (False, None, None, "")


def test_the_techniques_of_a_recipe_are_named(tmp_path, monkeypatch):
    path = saved(tmp_path / "a.png")
    steps = ({"technique": "prune"}, {"technique": "int8", "on": False}, {"technique": 3}, "x")
    told = replace(read_record(path), recipe=steps)
    monkeypatch.setattr(gallery, "read_record", lambda _: told)
    put(path)
    assert gallery.load()[0].techniques == ("prune",)


def test_newest_first_and_one_item_a_file(tmp_path):
    first, second = saved(tmp_path / "a.png"), saved(tmp_path / "b.png")
    put(first)
    time.sleep(0.002)
    put(second)
    time.sleep(0.002)
    assert [item.name for item in gallery.load()] == ["b.png", "a.png"]
    put(first, b"drawn again")
    found = gallery.load()
    assert [item.name for item in found] == ["a.png", "b.png"]
    assert gallery.thumbnail(found[0]).read_bytes() == b"drawn again"


def test_the_oldest_leave_beyond_so_many_pictures_or_bytes(tmp_path, monkeypatch):
    monkeypatch.setattr(gallery, "MOST", 3)
    for number in range(5):
        put(saved(tmp_path / f"{number}.png"))
        time.sleep(0.002)
    assert [item.name for item in gallery.load()] == ["4.png", "3.png", "2.png"]
    monkeypatch.setattr(gallery, "BYTES", 30_000)
    for name in ("x.png", "y.png", "z.png"):
        put(saved(tmp_path / name), b"x" * 10_000)
        time.sleep(0.002)
    assert [item.name for item in gallery.load()] == ["z.png", "y.png"]  # and their item.json
    put(saved(tmp_path / "larger.png"), b"x" * 50_000)
    assert [item.name for item in gallery.load()] == ["larger.png"]
    assert (tmp_path / "0.png").exists()  # the user's own files stay


def test_removing_can_be_undone_and_leaves_the_file(tmp_path):
    items = [put(saved(tmp_path / f"{number}.png")) for number in range(3)]
    gone = [items[0].id, items[2].id]
    gallery.remove(gone)
    assert [item.id for item in gallery.load()] == [items[1].id]
    assert (tmp_path / "0.png").exists()
    gallery.restore(gone)
    assert {item.id for item in gallery.load()} == {item.id for item in items}


def test_what_was_removed_a_day_ago_is_deleted(tmp_path):
    item = put(saved(tmp_path / "a.png"))
    gallery.remove([item.id])
    (folder,) = (places.data_dir() / "gallery").iterdir()
    gallery.load()
    assert folder.exists()
    os.utime(folder, (time.time() - 90_000,) * 2)
    gallery.load()
    assert not folder.exists()


@pytest.mark.parametrize(
    "text",
    [
        "",
        "[]",
        '{"id": "x"}',
        json.dumps({"id": "ID", "path": "relative.png", "made": 1.0, "width": 4, "height": 4}),
        json.dumps({"id": "ID", "path": "/a.png", "made": 1.0, "width": -4, "height": 4}),
        json.dumps({"id": "ID", "path": "/item.json", "made": 1.0, "width": 4, "height": 4}),
        json.dumps({"id": "other", "path": "/a.png", "made": 1.0, "width": 4, "height": 4}),
        json.dumps({"id": "ID", "path": "/a.png", "made": 1e300, "width": 4, "height": 4}),
        "[" * 40_000,
        " " * 70_000,
    ],
)
def test_a_damaged_item_harms_no_other(tmp_path, text):
    item = put(saved(tmp_path / "a.png"))
    folder = places.data_dir() / "gallery" / "0000000000001-00000000"
    folder.mkdir()
    (folder / "item.json").write_text(text.replace("ID", folder.name), "utf-8")
    assert gallery.load() == [item]
