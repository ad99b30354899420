"""The commands for models that turn pictures into pictures, and those that refuse them."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image
from typer.testing import CliRunner, Result

from studio.commands import app
from studio.families.inputs import PictureInputs
from studio.families.opening import open_model
from studio.families.picture_file import read_text
from studio.families.translation.model import TranslationModel
from studio.subnets.stages import configuration
from tests.families.small import small_model as stylegan
from tests.families.translation.projects import MOBILE, SPADE, project_state, random_tensors


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "mobile.pth"
    torch.save(project_state(MOBILE, random_tensors(MOBILE), dropout=True), path)
    return str(path)


@pytest.fixture
def spade(tmp_path: Path) -> str:
    path = tmp_path / "spade.pth"
    torch.save(project_state(SPADE, random_tensors(SPADE)), path)
    return str(path)


@pytest.fixture
def picture(tmp_path: Path) -> str:
    return _picture(tmp_path / "a.png", 32, 48)


def _picture(path: Path, height: int, width: int) -> str:
    pixels = np.random.default_rng(2).integers(0, 256, (height, width, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(path)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> Result:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def refused(*arguments: str, code: int = 1) -> str:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1
        assert "Traceback" not in result.stderr
    return " ".join(result.stderr.split())


def _model(path: str) -> TranslationModel:
    model = open_model(path)
    assert isinstance(model, TranslationModel)
    return model


def test_inspect_says_what_was_taken_for_granted(spade: str) -> None:
    record = json.loads(done("inspect", spade, "--json").stdout)
    assert record["family"] == "translation"
    assert record["architecture"] == "mobile_spade"
    assert (record["inputs"], record["outputs"], record["labels"]) == (5, 3, 5)
    assert record["config_str"] == "2_2_2_2_2_2_2_2"
    assert record["stages"]["up 1"] == 16
    assert (record["multiple_of"], record["smallest"]) == (64, 128)
    assert record["cost_at"] == [256, 256]
    assert record["macs"] == _model(spade).cost().macs
    questions = {question["name"]: question for question in record["questions"]}
    assert list(questions) == ["last_channel", "upsampling", "inner_norm", "size"]
    assert questions["inner_norm"]["answer"] == questions["inner_norm"]["likely"] == "instance"
    assert questions["inner_norm"]["options"] == ["instance", "none"]
    assert all(question["assumed"] for question in questions.values())
    table = done("inspect", spade).stdout
    assert "inner_norm=instance" in table
    assert "up 1 16" in table


def test_render_draws_from_a_picture(file: str, picture: str, tmp_path: Path) -> None:
    out = tmp_path / "out.png"
    result = done("render", file, "--input", picture, "--output", str(out))
    assert result.stdout.strip() == f"{out}: mobile, 48 x 32"
    assert result.stderr == ""  # what it was not told does not show in pictures
    expected = _model(file).render(PictureInputs(picture))
    assert np.array_equal(np.asarray(Image.open(out)), expected)
    record = json.loads(read_text(out)["maquette"])
    assert record["family"] == "translation"
    assert record["picture_name"] == "a.png"
    assert record["answers"] == {"clamp_input": "yes", "size": "256x256"}
    assert record["source_sha256"] == _model(file).info.source_sha256


@pytest.mark.parametrize("target", ["pytorch", "onnxruntime:CPU:f32", "openvino:CPU:f32"])
def test_render_a_subnet_at_a_size_on_a_target(
    file: str, picture: str, tmp_path: Path, target: str
) -> None:
    out, text = tmp_path / "out.png", "2_2_4_3_4_1_2_3"
    options = ["--config-str", text, "--size", "64x40", "--target", target]
    done("render", file, "--input", picture, "-o", str(out), *options)
    model = _model(file)
    inputs = PictureInputs(picture, height=40, width=64)
    expected = model.render(inputs, configuration(text, model.info.config))
    apart = np.asarray(Image.open(out)).astype(int) - expected
    assert expected.shape == (40, 64, 3)
    assert np.abs(apart).max() <= 1


@pytest.mark.parametrize("target", ["pytorch", "openvino:CPU:f32"])
def test_render_a_folder(file: str, tmp_path: Path, target: str) -> None:
    """Pictures of several sizes, one of them unreadable: the others are drawn all the same."""
    folder, out = tmp_path / "in", tmp_path / "out"
    folder.mkdir()
    sizes = {"a.png": (32, 48), "b.jpg": (16, 16), "c.png": (40, 24), "d.png": (16, 16)}
    for name, (height, width) in sizes.items():
        _picture(folder / name, height, width)
    (folder / "notes.txt").write_text("not a picture")
    common = ("--input", str(folder), "--output", str(out), "--target", target)
    result = done("render", file, *common)
    assert result.stdout.strip() == f"{out}: 4 of 4 pictures drawn"
    assert sorted(path.name for path in out.iterdir()) == ["a.png", "b.png", "c.png", "d.png"]
    model = _model(file)
    for name in sizes:
        drawn = np.asarray(Image.open(out / f"{Path(name).stem}.png")).astype(int)
        assert np.abs(drawn - model.render(PictureInputs(str(folder / name)))).max() <= 1
    (folder / "e.png").write_bytes(b"broken")
    result = run("render", file, *common)
    assert result.exit_code == 1
    assert result.stderr.strip() == "1 of 5 pictures could not be drawn"
    assert "e.png was not drawn: " in result.stdout
    assert "4 of 5 pictures drawn" in result.stdout


def test_render_label_maps_and_answers(spade: str, tmp_path: Path) -> None:
    labels, out = tmp_path / "labels.png", str(tmp_path / "out.png")
    Image.fromarray(np.tile(np.arange(4, dtype=np.uint8), (128, 32))).save(labels)
    result = done("render", spade, "--input", str(labels), "-o", out)
    assert result.stderr.startswith(
        "taken for granted: last_channel=label, upsampling=more, inner_norm=instance"
    )
    first = np.asarray(Image.open(out))
    answers = ["--answer", "last_channel=edges", "--answer", "inner_norm=none"]
    result = done("render", spade, "--input", str(labels), "-o", out, *answers)
    assert result.stderr.startswith("taken for granted: upsampling=more (")
    assert not np.array_equal(np.asarray(Image.open(out)), first)
    own = str(tmp_path / "own.safetensors")
    done("convert", spade, "-o", own, *answers, "--answer", "upsampling=more")
    result = done("render", own, "--input", str(labels), "-o", str(tmp_path / "b.png"))
    assert result.stderr == ""
    assert np.array_equal(np.asarray(Image.open(tmp_path / "b.png")), np.asarray(Image.open(out)))


def test_convert_writes_what_opens_again(file: str, tmp_path: Path) -> None:
    out = tmp_path / "own.safetensors"
    result = done("convert", file, "--output", str(out), "--precision", "f16")
    assert result.stdout.startswith(f"{out}: mobile, {_model(file).info.parameters} weights")
    record = json.loads(done("inspect", str(out), "--json").stdout)
    assert (record["layout"], record["config_str"]) == ("maquette", "4_4_4_3_4_2_4_4")
    assert [step["step"] for step in record["history"]] == ["read", "store"]


def test_refusals_of_render(file: str, picture: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out.png")
    assert "give one, or a folder, with --input" in refused("render", file, "-o", out)
    common = ("render", file, "--input", picture)
    assert "seeds, classes" in refused(*common, "-o", out, "--seed", "3")
    assert "cannot stop at a resolution" in refused(*common, "-o", out, "--resolution", "8")
    assert "does not fit this model" in refused(*common, "-o", out, "--size", "33x40")
    assert "must end in .png" in refused(*common, "-o", str(tmp_path / "out.jpg"))
    assert "no configuration string" in refused(*common, "-o", out, "--config-str", "big")
    assert "'maybe' is no answer" in refused(*common, "-o", out, "--answer", "clamp_input=maybe")
    assert "no such file" in refused("render", file, "--input", "gone.png", "-o", out)
    assert "mean nothing to it" in refused(*common, "-o", out, "--instances", picture)
    refused(*common, "-o", out, "--size", "large", code=2)
    refused(*common, "-o", out, "--answer", "clamp_input", code=2)
    refused(*common, "-o", out, "--config-str", "4_4_4_4_4_4", "--width", "0.5", code=2)
    assert not Path(out).exists()


def test_refusals_of_folders(file: str, picture: str, tmp_path: Path) -> None:
    folder = tmp_path / "in"
    folder.mkdir()
    common = ("render", file, "--input", str(folder), "-o")
    assert "holds no pictures" in refused(*common, str(tmp_path / "out"))
    _picture(folder / "a.png", 16, 16)
    assert "would be written over itself" in refused(*common, str(folder))
    assert "many pictures go into a folder" in refused(*common, picture)
    assert "cannot make the folder" in refused(*common, str(tmp_path / "no" / "where"))
    _picture(folder / "a.jpg", 16, 16)
    assert "would both become a.png" in refused(*common, str(tmp_path / "out"))
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    "arguments",
    [
        ("directions",),
        ("walk", "--from-seed", "1", "--to-seed", "2", "-o"),
        ("sensitivity",),
    ],
)
def test_other_commands_refuse_in_one_sentence(
    file: str, tmp_path: Path, arguments: tuple[str, ...]
) -> None:
    command, *options = arguments
    if options and options[-1] == "-o":
        options.append(str(tmp_path / "out.gif"))
    result = run(command, file, *options)
    assert "mobile.pth turns pictures into pictures" in result.stderr, result.output
    assert result.exit_code == 1
    assert len(result.stderr.strip().splitlines()) == 1


def test_options_for_pictures_are_not_for_stylegan(tmp_path: Path, picture: str) -> None:
    path = tmp_path / "small.safetensors"
    stylegan().save(path)
    out = str(tmp_path / "out.png")
    said = refused("render", str(path), "--input", picture, "-o", out)
    assert "draws from seeds; --input" in said
    assert "asks no questions" in refused(
        "convert", str(path), "-o", str(tmp_path / "b.safetensors"), "--answer", "size=1x1"
    )


def test_a_picture_of_this_family_says_what_it_was_drawn_from(
    file: str, picture: str, tmp_path: Path
) -> None:
    from studio.session.picture_record import drawn_from, drawn_from_picture, read_record

    out = tmp_path / "out.png"
    done("render", file, "--input", picture, "-o", str(out))
    assert drawn_from_picture(out)
    assert not drawn_from_picture(Path(picture))
    record = read_record(out)
    assert record.family == "translation"
    assert record.picture is not None
    found = drawn_from(record.picture, [out, tmp_path / "gone.png", Path(picture)])
    assert found == (Path(picture).name, Path(picture).read_bytes())
