"""The embedded pipeline: found by its name, with what it is drawn from."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from studio import places
from studio.families.diffusion.shipped import CLAY_WORDS_ENGLISH, shipped
from studio.families.opening import embedded_names, open_model
from studio.subnets.describe import embedded_name
from tests.families.diffusion.tiny import shared_folder


@pytest.fixture
def embedded(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A tiny pipeline in the place of the embedded one."""
    folder = tmp_path / "assets" / "models" / "clay-words"
    shutil.copytree(shared_folder("StableDiffusionPipeline"), folder)
    monkeypatch.setattr(places, "assets_dir", lambda: tmp_path / "assets")
    monkeypatch.setattr("studio.families.opening.assets_dir", lambda: tmp_path / "assets")
    return folder


def test_it_is_found_by_name_and_asked_as_it_was_measured(embedded: Path) -> None:
    assert places.model_file("clay-words") == embedded
    assert embedded_name(embedded) == "clay-words"
    assert embedded_names() == ("clay-words",)
    info = open_model("clay-words").info
    assert (info.config.steps, info.config.guidance_scale) == (20, 4.0)
    known = shipped(info.path)
    assert known is not None
    assert known.draft_steps == 4
    assert known.prompts[0] == CLAY_WORDS_ENGLISH[0]


def test_other_pipelines_are_not_taken_for_it(embedded: Path, tmp_path: Path) -> None:
    other = tmp_path / "clay-words"
    shutil.copytree(embedded, other)
    assert shipped(other) is None
    assert open_model(other).info.config.steps == 25
