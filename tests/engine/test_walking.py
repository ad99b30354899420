"""A walk is written whole or not at all, by a job that can be cancelled."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.engine.client import JobRunner
from studio.engine.job_messages import JobCancelled, JobDone, JobFailed, JobProgress, WalkJob
from studio.engine.jobs import run_job
from studio.engine.walking import record_walk
from studio.errors import MaquetteError
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.picture_file import read_text
from studio.families.walk import Walk, WalkRoute
from studio.subnets.choice import SubnetChoice
from tests.engine.listening import Listener
from tests.families.small import small_model

ROUTE = WalkRoute((GanInputs(seed=1), GanInputs(seed=2)))
HALF = SubnetChoice(width=0.5, resolution=16)


@pytest.fixture
def model() -> Model:
    return small_model()


def test_numbered_pictures_are_those_of_the_walk(model: Model, tmp_path: Path) -> None:
    out, walk = tmp_path / "frames", Walk(ROUTE, frames=5, seconds=1)
    told: list[float] = []
    made = record_walk(model, walk, HALF, out, "token", lambda share, text: told.append(share))
    assert (made.format, made.frames, made.drawn, made.width) == ("png", 5, 5, 16)
    assert sorted(p.name for p in tmp_path.iterdir()) == ["frames"]
    for point, file in zip(walk.points(), sorted(out.iterdir()), strict=True):
        assert (np.asarray(Image.open(file)) == model.render(point, HALF)).all()
    record = json.loads(read_text(out / "0001.png")["maquette"])
    assert record["walk"]["route"]["pins"][1]["seed"] == 2
    assert record["subnet"]["width"] == 0.5
    assert told == sorted(told)
    assert told[-1] == 1.0


@pytest.mark.parametrize("name", ["a.gif", "a.webp"])
def test_the_way_back_is_not_drawn_again(model: Model, tmp_path: Path, name: str) -> None:
    out = tmp_path / name
    made = record_walk(model, Walk(ROUTE, frames=8, seconds=1, back=True), HALF, out, "token")
    assert (made.frames, made.drawn) == (8, 5)
    with Image.open(out) as picture:
        assert picture.n_frames == 8
        assert picture.size == (16, 16)
    assert [p.name for p in tmp_path.iterdir()] == [name]


def test_an_empty_folder_may_be_filled(model: Model, tmp_path: Path) -> None:
    (tmp_path / "frames").mkdir()
    record_walk(model, Walk(ROUTE, frames=2), HALF, tmp_path / "frames", "token")
    assert len(list((tmp_path / "frames").iterdir())) == 2


@pytest.mark.parametrize(
    ("out", "walk", "words"),
    [
        ("a.png", Walk(ROUTE), "must end in .gif or .webp"),
        ("a.gif", Walk(ROUTE, frames=1), "1 frames are not within 2 and 1200"),
        ("a.gif", Walk(ROUTE, frames=200, seconds=1), "hold 50 frames, not 200"),
        ("none/a.gif", Walk(ROUTE), "does not exist"),
        ("none/frames", Walk(ROUTE), "does not exist"),
        (".", Walk(ROUTE), "exists already"),
    ],
)
def test_what_cannot_be_written_is_refused_at_once(
    model: Model, tmp_path: Path, out: str, walk: Walk, words: str
) -> None:
    (tmp_path / "kept.txt").write_text("mine")
    with pytest.raises(MaquetteError, match=words):
        record_walk(model, walk, HALF, tmp_path / out, "token")
    assert [p.name for p in tmp_path.iterdir()] == ["kept.txt"]


def test_too_many_large_frames_are_refused_for_one_file(
    model: Model, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("studio.engine.walking.MOST_PIXELS", 20 * 16 * 16)
    with pytest.raises(MaquetteError, match="up to 20 go in"):
        record_walk(model, Walk(ROUTE, frames=24), HALF, tmp_path / "a.webp", "token")
    record_walk(model, Walk(ROUTE, frames=24), HALF, tmp_path / "frames", "token")


def test_a_stop_in_the_middle_leaves_nothing(model: Model, tmp_path: Path) -> None:
    class Enough(Exception):
        pass

    def stop(share: float, text: str) -> None:
        if share > 0.4:
            raise Enough

    for name in ("frames", "a.gif"):
        with pytest.raises(Enough):
            record_walk(model, Walk(ROUTE, frames=8), HALF, tmp_path / name, "token", stop)
    assert list(tmp_path.iterdir()) == []


def test_the_job_says_where_it_wrote_or_why_not(model: Model, tmp_path: Path) -> None:
    file, out = tmp_path / "small.safetensors", tmp_path / "a.gif"
    model.save(file)
    walk = Walk(ROUTE, frames=4, seconds=0.5)
    done = run_job(WalkJob(str(file), str(out), walk, HALF), "token", lambda progress: None)
    assert isinstance(done, JobDone)
    assert done.path == str(out)
    bad = WalkJob(str(file), str(tmp_path / "b.mp4"), walk)
    failed = run_job(bad, "token", lambda progress: None)
    assert isinstance(failed, JobFailed)
    assert "must end in .gif" in failed.sentence


def test_cancelling_the_job_leaves_nothing(model: Model, tmp_path: Path) -> None:
    file, out = tmp_path / "small.safetensors", tmp_path / "out" / "frames"
    model.save(file)
    out.parent.mkdir()
    events = Listener()
    runner = JobRunner(events)
    try:
        walk = Walk(ROUTE, frames=1200, seconds=60)
        handle = runner.run(WalkJob(str(file), str(out), walk, SubnetChoice()))
        events.wait(lambda item: isinstance(item[1], JobProgress) and "frame" in item[1].text)
        handle.cancel()
        last = events.wait(lambda item: isinstance(item[1], JobDone | JobFailed | JobCancelled))
        assert last == (handle.id, JobCancelled())
    finally:
        runner.stop()
    assert list(out.parent.iterdir()) == []
