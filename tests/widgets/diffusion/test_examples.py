"""The embedded pipeline in the window: its first prompt, and others to choose from."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from studio import places
from studio.families.diffusion.shipped import CLAY_WORDS_ENGLISH, CLAY_WORDS_KOREAN
from studio.session.file import locate
from tests.widgets.conftest import settle, use
from tests.widgets.diffusion.conftest import info_of
from widgets.opening import reference


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    made = tmp_path / "assets" / "models" / "clay-words"
    made.mkdir(parents=True)
    (made / places.PIPELINE_INDEX).write_text("{}")
    monkeypatch.setattr(places, "assets_dir", lambda: tmp_path / "assets")
    return made


def test_it_begins_with_a_prompt_and_offers_others(window, stage, qapp, folder) -> None:
    use(stage, info_of(path=str(folder)))
    settle(stage, qapp)
    words = window.controller.document.words
    assert words.prompt == CLAY_WORDS_ENGLISH[0]
    assert words.draft_steps == 4
    panel = window.sides.diffusion
    assert not panel.samples.isHidden()
    offered = panel.samples.menu().actions()
    assert [each.text() for each in offered] == [*CLAY_WORDS_ENGLISH, *CLAY_WORDS_KOREAN]
    offered[-1].trigger()
    assert window.controller.document.words.prompt == CLAY_WORDS_KOREAN[-1]
    window.controller.undo()
    assert window.controller.document.words.prompt == CLAY_WORDS_ENGLISH[0]


def test_other_pipelines_offer_none(worded) -> None:
    assert worded.sides.diffusion.samples.isHidden()
    assert worded.controller.document.words.prompt == ""


def test_a_session_names_it_wherever_it_lies(folder: Path) -> None:
    ref = reference(info_of(path=str(folder)), folder)
    assert ref.embedded == "clay-words"
    moved = replace(ref, path="/elsewhere/clay-words")
    assert locate(moved, None, folder / "a.maquette").path == str(folder)
