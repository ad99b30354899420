"""Elastic training from file to file: what is written, what is left behind, what is refused."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import psutil
import pytest
import torch
from PIL import Image

from studio.errors import MaquetteError, NotEnoughMemory
from studio.families.model import Model
from studio.families.opening import open_model
from studio.training.elastic import job as jobs
from studio.training.elastic import trainer as training
from studio.training.elastic.data import read_folder
from studio.training.elastic.job import ElasticResult, ElasticRun
from studio.training.elastic.options import ElasticOptions
from studio.training.elastic.report import flip_at
from tests.families.small import factorised_config, small_config, small_model
from tests.fixtures_root import FIXTURES
from tests.training.test_elastic import tame

OPTIONS = ElasticOptions(steps=6, batch=2, threads=1, widths=(0.5, 1.0))


@pytest.fixture(autouse=True)
def one_thread():
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    config = replace(small_config((8,) * 8), architecture="stylegan2")
    model = small_model(config, directions=("age", "light"))
    path = tmp_path / "small.safetensors"
    Model(model.info, tame(model.network), model.directions).save(path)
    return path


@pytest.fixture
def out(tmp_path: Path) -> Path:
    folder = tmp_path / "results"
    folder.mkdir()
    return folder / "elastic.safetensors"


def made(run: ElasticRun, **watch: object) -> ElasticResult:
    return run.run(lambda fraction, text: None, **watch)


def names(folder: Path) -> list[str]:
    return sorted(p.name for p in folder.iterdir())


def pictures(folder: Path, count: int = 3) -> Path:
    folder.mkdir()
    random = np.random.default_rng(0)
    for k in range(count):
        pixels = random.integers(0, 256, (40 + k, 50, 3), dtype=np.uint8)
        Image.fromarray(pixels).save(folder / f"{k}.png")
    return folder


def test_a_file_becomes_an_elastic_one(file: Path, out: Path) -> None:
    result = made(ElasticRun(file, out, OPTIONS))
    assert names(out.parent) == ["elastic.safetensors"]
    model = open_model(out)
    assert model.info.widths == (0.5, 1.0)
    assert model.info.resolutions == (16, 32)
    assert model.info.sorted_channels
    assert model.info.directions == ("age", "light")
    assert torch.equal(model.directions, open_model(file).directions)
    assert [step.step for step in model.info.history] == ["sort_channels", "elastic"]
    detail = model.info.history[-1].detail
    assert "widths 0.5, 1 taught to draw what full drew; 6 steps of 2" in detail
    assert "full held to the original; the file has no discriminator" in detail
    assert result.info == model.info
    report = result.report
    assert (report.steps, report.stopped, report.pictures) == (6, False, 0)
    assert [each.width for each in report.before] == [0.5, 1.0]
    assert flip_at(report.before, 1.0) < 0.01
    with pytest.raises(KeyError):
        flip_at(report.after, 0.3)


def test_an_elastic_model_is_not_sorted_again(file: Path, out: Path) -> None:
    made(ElasticRun(file, out, OPTIONS))
    again = out.with_name("again.safetensors")
    made(ElasticRun(out, again, OPTIONS))
    steps = [step.step for step in open_model(again).info.history]
    assert steps == ["sort_channels", "elastic", "elastic"]


def test_stop_writes_the_best_and_leaves_a_checkpoint_to_go_on_from(file: Path, out: Path) -> None:
    asked = iter([False, False, False, True])
    result = made(ElasticRun(file, out, OPTIONS), stopped=lambda: next(asked))
    assert result.report.stopped
    assert result.report.steps == 3
    assert names(out.parent) == ["elastic.safetensors", "elastic.safetensors.checkpoint"]
    on = made(ElasticRun(file, out, OPTIONS, resume=True))
    assert not on.report.stopped
    assert on.report.steps == 6
    assert names(out.parent) == ["elastic.safetensors"]
    through = out.with_name("through.safetensors")
    made(ElasticRun(file, through, OPTIONS))
    mine, theirs = open_model(out).network.state_dict(), open_model(through).network.state_dict()
    assert all(torch.equal(mine[name], theirs[name]) for name in theirs)


def test_a_run_that_is_ended_keeps_the_old_file_and_its_checkpoint(file: Path, out: Path) -> None:
    out.write_bytes(b"old")

    class Ended(Exception):
        pass

    def progress(fraction: float, text: str) -> None:
        if "step 4" in text:
            raise Ended

    with pytest.raises(Ended):
        ElasticRun(file, out, OPTIONS).run(progress)
    assert out.read_bytes() == b"old"
    assert names(out.parent) == ["elastic.safetensors", "elastic.safetensors.checkpoint"]
    assert made(ElasticRun(file, out, OPTIONS, resume=True)).report.steps == 6


def test_a_full_disk_leaves_what_was_there(
    file: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out.write_bytes(b"old")

    def full(self: Model, path: Path) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Model, "save", full)
    with pytest.raises(MaquetteError, match=f"cannot write {out}: no space left on device"):
        made(ElasticRun(file, out, OPTIONS))
    assert out.read_bytes() == b"old"
    assert names(out.parent) == ["elastic.safetensors", "elastic.safetensors.checkpoint"]


def test_a_checkpoint_that_cannot_be_written_leaves_the_last_one(
    file: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    asked = iter([False, True])
    made(ElasticRun(file, out, OPTIONS), stopped=lambda: next(asked))
    checkpoint = ElasticRun(file, out, OPTIONS).checkpoint
    before = checkpoint.read_bytes()

    def full(tensors: object, path: Path, metadata: object) -> None:
        path.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("studio.training.run_state.save_file", full)
    with pytest.raises(MaquetteError, match=r"cannot write the checkpoint .* no space left"):
        made(ElasticRun(file, out, OPTIONS, resume=True))
    assert checkpoint.read_bytes() == before
    assert names(out.parent) == ["elastic.safetensors", "elastic.safetensors.checkpoint"]


def test_checkpoints_come_with_time_too(
    file: Path, out: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    saved = []
    real = jobs.save_checkpoint
    monkeypatch.setattr(jobs, "SAVE_SECONDS", 0.0)
    monkeypatch.setattr(jobs, "save_checkpoint", lambda *a: saved.append(a) or real(*a))
    made(ElasticRun(file, out, ElasticOptions(steps=30, batch=1, threads=1)))
    assert len(saved) >= 30


def test_what_cannot_begin_is_refused_in_one_sentence(
    file: Path, out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refusal(**fields: object) -> str:
        with pytest.raises(MaquetteError) as refused:
            made(ElasticRun(file, out, OPTIONS, **fields))
        return str(refused.value)

    assert refusal(resume=True) == f"there is no checkpoint {out}.checkpoint to go on from"
    with pytest.raises(MaquetteError, match="does not exist"):
        ElasticRun(file, tmp_path / "none" / "a.safetensors", OPTIONS)
    memory = type("Memory", (), {"available": 1e6})
    monkeypatch.setattr(psutil, "virtual_memory", lambda: memory)
    monkeypatch.setattr(jobs, "open_stylegan", lambda path: small_model())
    with pytest.raises(NotEnoughMemory, match=r"training small needs 0\.4 GB of memory, and 0\.0"):
        made(ElasticRun(file, out, OPTIONS))
    assert names(out.parent) == []


def test_minutes_end_a_run(file: Path, out: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    clock = iter(range(0, 100_000, 1))
    monkeypatch.setattr(training.time, "monotonic", lambda: float(next(clock)))
    result = made(ElasticRun(file, out, ElasticOptions(minutes=0.5, batch=1, threads=1)))
    assert not result.report.stopped
    assert 1 <= result.report.steps <= 30
    assert result.report.minutes == pytest.approx(0.5, abs=0.1)


def test_a_discriminator_in_the_file_is_used(tmp_path: Path, out: Path) -> None:
    file = FIXTURES / "stylegan2_ada" / "unconditional" / "network-snapshot.pkl"
    if not file.exists():
        pytest.fail(f"{file} is missing")
    options = ElasticOptions(steps=1, batch=2, threads=1, widths=(0.5,))
    result = made(ElasticRun(file, out, options))
    assert result.report.critic == "discriminator of the file, 64 px"
    assert "discriminator of the file, 64 px" in open_model(out).info.history[-1].detail


# ---- pictures of one's own -----------------------------------------------------------------------


def test_pictures_add_the_adversarial_part(file: Path, out: Path, tmp_path: Path) -> None:
    folder = pictures(tmp_path / "data")
    (folder / "broken.png").write_bytes(b"no picture")
    (folder / "notes.txt").write_text("not looked at")
    options = ElasticOptions(steps=2, batch=2, threads=1, widths=(0.5,), data=str(folder))
    report = made(ElasticRun(file, out, options)).report
    assert report.pictures == 3
    assert report.unread == ("broken.png",)
    assert "adversarial part on 3 pictures" in open_model(out).info.history[-1].detail


def test_pictures_are_cropped_resized_and_kept(tmp_path: Path, own_folders: Path) -> None:
    folder = pictures(tmp_path / "data")
    wide = np.zeros((20, 60, 3), np.uint8)
    wide[:, 20:40] = (255, 128, 0)
    Image.fromarray(wide).save(folder / "a-wide.png")
    told: list[str] = []
    first = read_folder(folder, 16, lambda fraction, text: told.append(text))
    assert first.pictures.shape == (4, 16, 16, 3)
    assert told[0] == "reading picture 1 of 4"
    middle = first.pictures[3]
    assert abs(middle.astype(int) - (255, 128, 0)).max() <= 10  # a sharp filter rings a little
    told.clear()
    again = read_folder(folder, 16, lambda fraction, text: told.append(text))
    assert told == []
    assert (again.pictures == first.pictures).all()
    batch = again.batch(5, 8, torch.Generator().manual_seed(0))
    assert batch.shape == (5, 3, 8, 8)
    assert float(batch.min()) >= -1
    assert float(batch.max()) <= 1


def test_folders_without_pictures_are_refused(tmp_path: Path) -> None:
    def refusal(folder: Path) -> str:
        with pytest.raises(MaquetteError) as refused:
            read_folder(folder, 16, lambda fraction, text: None)
        return str(refused.value)

    empty = tmp_path / "empty"
    empty.mkdir()
    assert refusal(empty).startswith(f"there is no picture in {empty}; accepted are .bmp, .jpeg")
    assert "is no folder" in refusal(tmp_path / "none")
    (empty / "a.jpg").write_bytes(b"no picture")
    assert refusal(empty) == f"none of the 1 pictures in {empty} can be read, a.jpg for one"


def test_pictures_that_do_not_fit_the_disk_are_refused(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = pictures(tmp_path / "data")
    usage = type("Usage", (), {"free": 1_000_000_100})
    monkeypatch.setattr("studio.training.picture_files.shutil.disk_usage", lambda path: usage)
    with pytest.raises(MaquetteError, match=r"the pictures would take 0\.0 GB"):
        read_folder(folder, 16, lambda fraction, text: None)


def test_the_history_can_be_read_from_the_file(file: Path, out: Path) -> None:
    from safetensors import safe_open

    made(ElasticRun(file, out, OPTIONS))
    with safe_open(out, framework="pt") as stored:
        metadata = stored.metadata()
    assert json.loads(metadata["widths"]) == [0.5, 1.0]
    assert json.loads(metadata["history"])[-1]["step"] == "elastic"


def test_a_model_with_factorised_layers_is_refused(tmp_path: Path, out: Path) -> None:
    small_model(factorised_config()).save(tmp_path / "chains.safetensors")
    with pytest.raises(MaquetteError, match=r"has factorised layers, .* kernels are whole"):
        made(ElasticRun(tmp_path / "chains.safetensors", out, OPTIONS))
    assert not list(out.parent.iterdir())
