"""The cache of baked models: damaged entries, limits, two writers at once."""

from __future__ import annotations

import os
import time
from pathlib import Path

import pytest
import torch

from studio.recipes.contract import Baked, LayerReport, Report
from studio.recipes.variant_cache import MODEL, REPORT, VariantCache, read_report
from tests.families.small import small_model

DONE = Report("done", (LayerReport("a", "", "halved", 8, 4, 0.5), LayerReport("b", "no")), 9, 8)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "variants"


def test_an_entry_comes_back_under_its_key_with_its_report(folder: Path) -> None:
    model, cache = small_model(directions=("age",)), VariantCache(folder)
    assert cache.get("key", model.info) is None
    cache.put("key", Baked(model, DONE))
    found = cache.get("key", model.info)
    assert found is not None
    assert found.report == DONE
    assert found.model.info.key == "key"
    assert found.model.info.path == model.info.path
    assert torch.equal(found.model.directions, model.directions)
    before, after = model.network.state_dict(), found.model.network.state_dict()
    assert all(torch.equal(before[name], after[name]) for name in before)
    assert sorted(path.name for path in folder.iterdir()) == ["key"]


@pytest.mark.parametrize("name", [MODEL, REPORT])
@pytest.mark.parametrize("damage", ["cut", "gone", "other"])
def test_a_damaged_entry_is_thrown_away(folder: Path, name: str, damage: str) -> None:
    model, cache = small_model(), VariantCache(folder)
    cache.put("key", Baked(model, DONE))
    file = folder / "key" / name
    if damage == "gone":
        file.unlink()
    else:
        file.write_bytes(file.read_bytes()[:20] if damage == "cut" else b'{"format": 99}')
    assert cache.get("key", model.info) is None
    assert not (folder / "key").exists()


@pytest.mark.parametrize("text", ["5", "{}", '{"format": 1}', '{"format": 1, "layers": [5]}', "["])
def test_damaged_reports_are_told(text: str) -> None:
    with pytest.raises(ValueError, match=r"damaged|version|Expecting"):
        read_report(text.encode())


def test_what_was_used_longest_ago_goes_first(folder: Path) -> None:
    model, cache = small_model(), VariantCache(folder)
    for key, minutes in (("a", 30), ("b", 20), ("c", 10)):
        cache.put(key, Baked(model, DONE))
        then = time.time() - 60 * minutes
        os.utime(folder / key, (then, then))
    assert cache.get("a", model.info) is not None  # used again, so that b is the oldest now
    size = sum(file.stat().st_size for file in (folder / "a").iterdir())
    VariantCache(folder, limit=int(3.5 * size)).put("d", Baked(model, DONE))
    assert sorted(path.name for path in folder.iterdir()) == ["a", "c", "d"]


def test_an_entry_larger_than_the_limit_stays_until_the_next(folder: Path) -> None:
    model, cache = small_model(), VariantCache(folder, limit=1)
    cache.put("a", Baked(model, DONE))
    assert cache.get("a", model.info) is not None
    cache.put("b", Baked(model, DONE))
    assert sorted(path.name for path in folder.iterdir()) == ["b"]


def test_the_second_of_two_writers_changes_nothing(
    folder: Path, caplog: pytest.LogCaptureFixture
) -> None:
    model, cache = small_model(), VariantCache(folder)
    cache.put("a", Baked(model, DONE))
    cache.put("a", Baked(model, Report("late")))
    found = cache.get("a", model.info)
    assert found is not None
    assert found.report == DONE
    assert caplog.text == ""
