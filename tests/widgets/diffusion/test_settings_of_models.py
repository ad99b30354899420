"""What a model brings to the left side: a set-up for few steps, and where its denoiser is from."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtWidgets import QFileDialog

from studio.engine.messages import OpenModel
from studio.families.diffusion.pairing import read_pair
from tests.widgets.conftest import settle, use
from tests.widgets.diffusion.conftest import CLASSES, EVERYTHING, info_of
from tests.widgets.diffusion.test_window import asked
from widgets.opening import is_session

FEW = replace(
    EVERYTHING,
    steps=4,
    guidance_scale=1.0,
    scheduler="lcm",
    own_scheduler="pndm",
    schedulers=("lcm", "pndm", "euler"),
    distilled="LCM",
    distilled_why="Its name says so.",
)


def test_a_model_for_few_steps_begins_with_its_set_up(worded, stage, qapp) -> None:
    knobs = worded.sides.diffusion.knobs
    assert not knobs.distilled.isVisible()
    use(stage, info_of(FEW, "few"))
    settle(stage, qapp)
    assert knobs.distilled.isVisible()
    assert knobs.distilled.text() == "For few steps (LCM): 4 steps, no guidance"
    full = asked(stage, "full")
    assert (full.steps, full.guidance, full.scheduler) == (4, 1.0, "lcm")
    names = [knobs.scheduler.itemText(i) for i in range(knobs.scheduler.count())]
    assert names == ["lcm (for its few steps)", "pndm (its own)", "euler"]
    # All of it is the user's to change.
    knobs.steps.set_value(8, notify=True)
    knobs.guidance.set_value(3.0, notify=True)
    knobs.scheduler.setCurrentIndex(1)
    knobs.scheduler.activated.emit(1)
    full = asked(stage, "full")
    assert (full.steps, full.guidance, full.scheduler) == (8, 3.0, "pndm")
    use(stage, info_of(replace(FEW, guidance="embedded", guidance_scale=8.0, steps=1), "told"))
    settle(stage, qapp)
    assert knobs.distilled.text() == "For few steps (LCM): 1 step, guidance 8"


@pytest.fixture
def folder(tmp_path):
    place = tmp_path / "pipe"
    place.mkdir()
    (place / "model_index.json").write_text("{}")
    return place


def _choose(row, data: str) -> None:
    index = row.box.findData(data)
    row.box.setCurrentIndex(index)
    row.box.activated.emit(index)


def test_the_denoiser_is_taken_from_a_file(
    worded, stage, qapp, qtbot, folder, tmp_path, monkeypatch
) -> None:
    row = worded.sides.diffusion.denoiser
    packed = tmp_path / "unet-Q4_0.gguf"
    packed.write_bytes(b"GGUF")
    use(stage, info_of(path=str(folder)))
    settle(stage, qapp)
    assert row.isVisible()
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: ("", ""))
    before = len(stage.client.of(OpenModel))
    _choose(row, "choose")
    assert row.box.currentData() == "own"
    assert len(stage.client.of(OpenModel)) == before
    monkeypatch.setattr(QFileDialog, "getOpenFileName", lambda *given: (str(packed), ""))
    _choose(row, "choose")
    assert row.box.currentData() == "own"  # until it is open
    qtbot.waitUntil(lambda: len(stage.client.of(OpenModel)) > before, timeout=5000)
    file = stage.client.of(OpenModel)[-1].path
    pair = read_pair(type(folder)(file))
    assert (pair.pipeline, pair.denoiser) == (folder, packed)
    assert not is_session(type(folder)(file))
    use(stage, info_of(replace(EVERYTHING, packed="Q4_0"), "packed", path=file))
    settle(stage, qapp)
    assert row.box.currentText() == "unet-Q4_0.gguf"
    wanted = []
    row.wanted.connect(wanted.append)
    _choose(row, "own")
    assert wanted == [folder]
    use(stage, info_of(CLASSES, "classes"))
    settle(stage, qapp)
    assert not row.isVisible()
