"""What a pipeline draws from: into inputs, sessions, commands and pictures, and back."""

from __future__ import annotations

import hashlib
import io
import json
import shlex
from dataclasses import asdict, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from click.testing import CliRunner
from PIL import Image
from typer.main import get_command

from studio.commands import app, rendering
from studio.errors import RefusedFile
from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.inputs import DiffusionInputs, settled
from studio.families.picture_file import write_png
from studio.session.as_command import Drawn, render_command
from studio.session.diffusion_source import (
    ANEW,
    KEPT,
    DiffusionSource,
    check_diffusion,
    first_words,
    inputs_of,
)
from studio.session.document import Document, ModelRef
from studio.session.file import VERSION, load, save
from studio.session.picture_record import model_files, read_record
from studio.session.source import Drawing, StoredPicture, Stroke
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic
from studio.subnets.denoisers.scheduling import Ordered, Sensitivity
from studio.subnets.describe import picture_metadata
from tests.families.diffusion.tiny import shared_model

CONFIG = DiffusionConfig(
    "StableDiffusionPipeline",
    "unet",
    4,
    8,
    8,
    8,
    8,
    takes=("prompt", "negative", "picture", "mask"),
    prompt_tokens=77,
    guidance="classifier-free",
    steps=25,
    guidance_scale=7.5,
    scheduler="pndm",
    schedulers=("euler", "pndm"),
)


def picture(value: int = 10) -> StoredPicture:
    stream = io.BytesIO()
    Image.new("RGB", (8, 8), (value,) * 3).save(stream, "PNG")
    return StoredPicture.of("in.png", 8, 8, stream.getvalue())


def test_what_is_left_to_the_model_is_filled_in() -> None:
    asked = inputs_of(DiffusionSource("a head"), 7, CONFIG)
    assert asked == DiffusionInputs(
        "a head", "", 7, 25, 7.5, "pndm", 64, 64, None, None, None, None
    )  # fmt: skip
    assert settled(asked, CONFIG).steps == 25


@pytest.mark.parametrize(
    ("steps", "draft", "wanted"),
    [(None, None, 9), (30, None, 10), (4, None, 2), (1, None, 1), (30, 12, 12), (8, 12, 8)],
)
def test_a_draft_has_a_third_of_the_steps_or_what_is_said(steps, draft, wanted) -> None:
    source = DiffusionSource(steps=steps, draft_steps=draft)
    assert inputs_of(source, 0, CONFIG, draft=True).steps == wanted
    assert inputs_of(source, 0, CONFIG).steps == (steps or 25)


def test_what_a_model_does_not_take_is_left_out_and_kept() -> None:
    source = DiffusionSource(
        "a head", "blur", guidance=3, scheduler="euler", label=5, picture=picture(), strength=0.5
    )
    plain = replace(
        CONFIG, takes=("label",), classes=3, guidance="none", fixed=True, schedulers=("pndm",)
    )
    asked = inputs_of(source, 0, plain)
    assert asked == DiffusionInputs(
        seed=0, steps=25, scheduler="pndm", height=64, width=64, label=2
    )
    settled(asked, plain)
    assert first_words(plain, source) == DiffusionSource("a head", "blur")
    assert first_words(CONFIG, source).picture == source.picture


def test_the_size_is_one_that_the_vae_divides() -> None:
    asked = inputs_of(DiffusionSource(width=101, height=3), 0, CONFIG)
    assert (asked.width, asked.height) == (104, 8)


def test_a_draft_from_a_picture_leaves_a_step_to_draw() -> None:
    source = DiffusionSource(picture=picture(), strength=0.05)
    asked = inputs_of(source, 0, CONFIG, draft=True)
    assert asked.steps == 20
    assert settled(asked, CONFIG).strength == 0.05


def test_a_mask_is_a_picture_of_what_is_drawn_anew() -> None:
    sheet = Drawing(64, 64, (Stroke("pen", ((0, 32, 1), (64, 32, 1)), 20, ANEW),), KEPT)
    asked = inputs_of(DiffusionSource(picture=picture(), mask=sheet), 0, CONFIG)
    assert asked.mask is not None
    with Image.open(io.BytesIO(asked.mask)) as image:
        plane = np.asarray(image)
    assert plane[32].min() == 255
    assert plane[5].max() == 0
    settled(asked, CONFIG)
    # It goes along to another size; an empty one is none.
    wide = DiffusionSource(picture=picture(), mask=sheet).with_size(128, 64)
    assert (wide.mask.width, wide.mask.height) == (128, 64)
    empty = DiffusionSource(picture=picture(), mask=sheet.cleared())
    assert inputs_of(empty, 0, CONFIG).mask is None


def test_an_inpainting_model_without_a_picture_still_draws() -> None:
    needing = replace(CONFIG, needs=("picture", "mask"))
    asked = inputs_of(DiffusionSource("a head"), 0, needing)
    settled(asked, needing)
    with Image.open(io.BytesIO(asked.mask)) as image:
        assert np.asarray(image.convert("L")).min() == 255


WHOLE = DiffusionSource(
    "눈, a head", "blur", 30, 5, 2.5, "euler", 96, 64, 3, picture(),
    Drawing(96, 64, (Stroke("pen", ((1, 2, 0.5),), 9, ANEW),), KEPT), 0.5,
)  # fmt: skip


def test_a_session_keeps_all_of_it_and_finds_the_folder(tmp_path: Path) -> None:
    folder = tmp_path / "pipe"
    folder.mkdir()
    (folder / "model_index.json").write_text("{}")
    ref = ModelRef("/gone/pipe", "pipe", "0" * 64, "k", family="diffusion")
    beside = replace(ref, path=str(folder))
    save(Document(model=beside, words=WHOLE), tmp_path / "a.maquette")
    back = load(tmp_path / "a.maquette")
    assert back.words == WHOLE
    moved = json.loads((tmp_path / "a.maquette").read_text("utf-8"))
    assert moved["version"] == VERSION == 9
    moved["document"]["model"]["path"] = "/gone/pipe"
    (tmp_path / "b.maquette").write_text(json.dumps(moved), "utf-8")
    assert load(tmp_path / "b.maquette").model.path == str(folder)


def test_an_older_session_has_none_of_it(tmp_path: Path) -> None:
    save(Document(), tmp_path / "a.maquette")
    old = json.loads((tmp_path / "a.maquette").read_text("utf-8")) | {"version": 7}
    del old["document"]["words"]
    (tmp_path / "old.maquette").write_text(json.dumps(old), "utf-8")
    assert load(tmp_path / "old.maquette").words == DiffusionSource()


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"steps": 0}, "0 steps are not within 1 and 1000"),
        ({"draft_steps": 2000}, "2000 steps"),
        ({"guidance": 101.0}, "a guidance of 101 is not within"),
        ({"guidance": float("nan")}, "a guidance of nan"),
        ({"strength": 0.0}, "a strength of 0 is not above 0"),
        ({"width": 64}, "a size has a width and a height"),
        ({"width": 64, "height": 0}, "a size of 0 px"),
        ({"prompt": "x" * 20_001}, "a prompt has at most 20000"),
        ({"label": -1}, "class -1"),
        ({"picture": StoredPicture("a", 8, 8, "not base64!")}, "is damaged"),
        ({"mask": Drawing(0, 8)}, "a drawing has sides"),
    ],
)
def test_what_no_model_draws_from_is_refused(fields: dict[str, Any], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        check_diffusion(DiffusionSource(**fields))


@pytest.mark.parametrize(
    "inputs",
    [
        DiffusionInputs("a green head", "", 4, 25, 7.5, "dpm++ 2m karras", 64, 96),
        DiffusionInputs(
            '-- it\'s "quoted" $HOME\nnext 눈', "--bad", 2**32 - 1, 1, 0.1, "ddim", 8, 8
        ),
        DiffusionInputs(seed=3, steps=2, scheduler="ddim", height=16, width=16, label=7),
    ],
)
def test_the_program_reads_back_what_it_was_told(inputs, monkeypatch, tmp_path) -> None:
    heard: list[Any] = []
    opened = shared_model("StableDiffusionPipeline")
    monkeypatch.setattr(rendering, "open_any", lambda name, *files: opened)
    monkeypatch.setattr(
        rendering, "draw_diffusion", lambda model, asked, output, frames, **_: heard.append(asked)
    )
    monkeypatch.chdir(tmp_path)
    ref = ModelRef("/models/a pipe", "pipe", "0" * 64, "k", family="diffusion")
    line = render_command(ref, inputs, Drawn(SubnetChoice()), "out.png")
    words = shlex.split(line)
    assert words[:3] == ["maquette", "render", "/models/a pipe"]
    result = CliRunner().invoke(get_command(app), words[1:])
    assert result.exit_code == 0, result.output
    assert heard == [inputs]


@pytest.fixture
def ordered(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> tuple[Any, list[Any]]:
    """A pipeline that was measured by timestep, opened by every command, and what it is to draw."""
    heard: list[Any] = []
    model = shared_model("StableDiffusionPipeline")
    found = Ordered((), Sensitivity(1, (1.0, 0.5), ((0.0, 0.2),)))
    config = replace(model.info.config, ordered=found)
    made = model.described(replace(model.info, config=config))
    monkeypatch.setattr(rendering, "open_any", lambda name, *files: made)
    monkeypatch.setattr(rendering, "draw_diffusion", lambda *_, choice, **__: heard.append(choice))
    monkeypatch.chdir(tmp_path)
    return model, heard


def test_the_program_takes_widths_by_timestep(ordered) -> None:
    choice = SubnetChoice(0.75, denoising=Denoising(Elastic(by_timestep=0.5)))
    line = ["render", "pipe", "-o", "a.png", "--prompt", "x", "--width", "0.75"]
    result = CliRunner().invoke(get_command(app), [*line, "--by-timestep", "0.5"])
    assert result.exit_code == 0, result.output
    assert ordered[1] == [choice]


@pytest.mark.parametrize(
    ("words", "sentence"),
    [
        (["--width", "0.75", "--by-timestep", "2"], "by timestep 2 is not within 0 and 1"),
        (["--width", "0.25", "--by-timestep", "1"], "accepted is a wider --width"),
    ],
)
def test_widths_by_timestep_that_cannot_be_are_refused(words, sentence, ordered) -> None:
    line = ["render", "pipe", "-o", "a.png", "--prompt", "x", *words]
    result = CliRunner().invoke(get_command(app), line)
    assert result.exit_code == 1
    assert sentence in result.stderr
    assert not ordered[1]


def test_a_pipeline_that_was_not_measured_says_what_to_do(ordered, monkeypatch) -> None:
    monkeypatch.setattr(rendering, "open_any", lambda name, *files: ordered[0])
    line = ["render", "pipe", "-o", "a.png", "--width", "0.5", "--by-timestep", "1"]
    result = CliRunner().invoke(get_command(app), line)
    assert result.exit_code == 1
    assert "maquette compress has applied elastic_denoiser to" in result.stderr


def saved(path: Path, inputs: DiffusionInputs, **changes: Any) -> Path:
    info = shared_model("StableDiffusionPipeline").info
    (_, (key, text)) = picture_metadata(info, inputs, SubnetChoice())
    record = json.loads(text)
    record["inputs"] |= changes
    write_png(path, np.zeros((4, 4, 3), np.uint8), {key: json.dumps(record)})
    return path


def test_a_picture_brings_back_what_it_was_drawn_from(tmp_path: Path) -> None:
    info = shared_model("StableDiffusionPipeline").info
    source = replace(WHOLE, scheduler="euler", width=32, height=16, label=None, mask=None)
    asked = inputs_of(source, 421, info.config)
    record = read_record(saved(tmp_path / "a.png", asked))
    assert record.inputs.seed == 421
    assert record.is_of(info)
    record.check_fit(info)
    assert record.words is not None
    back = record.words.into(DiffusionSource(picture=WHOLE.picture), info.config)
    assert inputs_of(back, 421, info.config) == asked
    # Where the document has another picture, the words come back without one.
    other = record.words.into(DiffusionSource(picture=picture(99)), info.config)
    assert other.picture is None
    assert other.prompt == source.prompt
    folder = Path(info.path)
    beside = ModelRef(str(folder.parent / "x"), "x", "", "")
    assert folder in model_files(record, tmp_path / "a.png", beside)


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"steps": 0}, "0 steps are not within"),
        ({"steps": "many"}, "does not say soundly what made it"),
        ({"prompt": 5}, "does not say soundly what made it"),
        ({"seed": -1}, "seed"),
    ],
)
def test_a_picture_that_says_nonsense_is_refused(changes, words, tmp_path: Path) -> None:
    path = saved(tmp_path / "a.png", DiffusionInputs("a head", steps=2), **changes)
    with pytest.raises(RefusedFile, match=words):
        read_record(path)


def test_the_picture_is_known_by_its_hash(tmp_path: Path) -> None:
    stored = picture()
    asked = DiffusionInputs("a", steps=2, picture=stored.data, strength=0.5)
    record = read_record(saved(tmp_path / "a.png", asked))
    assert record.words.picture == hashlib.sha256(stored.data).hexdigest()
    assert record.words.drew_from(stored)
    assert not record.words.drew_from(picture(99))
    assert asdict(record.words)["strength"] == 0.5
