"""``maquette train gan-compression`` and ``maquette search``."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from studio.commands import app
from studio.families.translation.model import TranslationModel
from studio.runtimes.benchmark import Bounds
from studio.training.gan_compression.job import open_translation
from studio.training.gan_compression.making import mobile_student
from tests.families.small import small_model as stylegan
from tests.training.gan_compression.worlds import SIDE, joined_folder, tiny_teacher

QUICK = ("--steps", "2", "--batch", "2", "--ndf", "4", "--crop", "1", "--held", "2")


@pytest.fixture
def teacher(tmp_path: Path) -> str:
    path = tmp_path / "teacher.safetensors"
    tiny_teacher().save(path)
    return str(path)


@pytest.fixture
def data(tmp_path: Path) -> str:
    return str(joined_folder(tmp_path / "pairs", 8))


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> Result:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert result.stderr.count("\n") == 1
    return result.stderr


def train(*arguments: str) -> list[str]:
    return ["train", "gan-compression", *arguments]


def made(path: Path) -> TranslationModel:
    return open_translation(path)


def test_a_new_teacher_from_pairs(tmp_path: Path, data: str) -> None:
    out, strip = tmp_path / "t.safetensors", tmp_path / "strip.png"
    size = f"{SIDE}x{SIDE}"
    words = ["--stage", "teacher", "--teacher-ngf", "2", "--blocks", "3", "--size", size]
    line = train("new", *words, "--data", data, *QUICK, "-o", str(out), "--strip", str(strip))
    result = done(*line, "--json")
    said = json.loads(result.stdout)
    assert said["config_str"] == "2_2_2_2_2_2"
    assert said["stages"][0]["steps"] == 2
    assert said["stages"][0]["pairs"] == 8
    assert made(out).info.config.settings.width == SIDE
    with Image.open(strip) as picture:
        assert picture.size == (3 * SIDE, SIDE)  # one picture is held out of eight
    assert "teacher, step 0" in result.stderr


def test_transfer_and_export_need_no_pictures(tmp_path: Path, teacher: str) -> None:
    out = tmp_path / "narrow.safetensors"
    text = done(*train(teacher, "--stage", "transfer", "--ngf", "2", "-o", str(out))).output
    assert "2_2_2_2_2_2" in text
    assert made(out).info.history[-1].step == "transfer"
    config = ["--config-str", "4_2_4_2_2_2"]
    done(*train(teacher, "--stage", "export", *config, "-o", str(out)))
    assert made(out).info.config_string == "4_2_4_2_2_2"
    assert made(out).info.history[-1].step == "cut"
    done(*train(teacher, "--stage", "export", "--config-str", "4/8/16/8/8/8/8/4", "-o", str(out)))
    assert made(out).info.config_string == "4_4_4_2_4_4"


@pytest.mark.parametrize("stage", ["student", "distil", "supernet", "finetune"])
def test_every_other_stage_trains(tmp_path: Path, teacher: str, data: str, stage: str) -> None:
    out = tmp_path / "out.safetensors"
    more = {"distil": ["--ngf", "3"], "finetune": ["--config-str", "2_4_2_2_4_4"]}.get(stage, [])
    text = done(
        *train(teacher, "--stage", stage, *more, "--data", data, *QUICK, "-o", str(out))
    ).output
    assert "error before" in text
    model = made(out)
    assert model.info.history[-1].step == stage
    strings = {"distil": "3_3_3_3_3_3", "finetune": "2_4_2_2_4_4"}
    assert model.info.config_string == strings.get(stage, "4_4_4_4_4_4")
    assert (model.info.config.architecture == "mobile_resnet") == (stage == "student")


def test_pairs_that_are_left_out_are_named(tmp_path: Path, teacher: str, data: str) -> None:
    (Path(data) / "broken.png").write_bytes(b"?")
    out = tmp_path / "out.safetensors"
    line = train(teacher, "--stage", "supernet", "--data", data, *QUICK, "-o", str(out))
    result = done(*line)
    assert "not used: broken, for it is no picture that can be read" in result.stderr


def test_a_search_prints_what_it_found(tmp_path: Path, teacher: str, data: str) -> None:
    out = tmp_path / "sub.safetensors"
    options = ["--population", "4", "--generations", "2", "--pictures", "2", "--data", data]
    limit = tiny_teacher().cost().macs * 0.7 / 1000
    budget = ["--budget", f"{limit:.3f}kMAC"]
    said = json.loads(done("search", teacher, *budget, *options, "-o", str(out), "--json").stdout)
    assert said["best"]["macs"] <= limit * 1000
    assert made(out).info.config_string == said["best"]["name"]
    text = done("search", teacher, *budget, *options).output
    assert f"nearest: {said['best']['name']}" in text
    other = tmp_path / "again.safetensors"
    words = ["--stage", "search", *budget, *options, "-o", str(other)]
    assert "nearest" in done(*train(teacher, *words)).output
    assert other.is_file()


def test_a_search_by_latency_measures(
    teacher: str, data: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    bounds = Bounds(warm_up=1, least=3, most=3, seconds=0.0)
    monkeypatch.setattr("studio.search.latency.QUICK", bounds)
    options = ["--population", "4", "--generations", "1", "--pictures", "1", "--data", data]
    ratios = ["--ratio", "1", "--ratio", "0.5"]
    result = done("search", teacher, "--budget", "10s", *options, *ratios, "--json")
    said = json.loads(result.stdout)
    assert said["target"] == "pytorch"
    assert 0 < said["best"]["latency_ms"] < 10_000
    assert said["best"]["low_ms"] <= said["best"]["latency_ms"] <= said["best"]["high_ms"]


def test_refusals_are_one_sentence(tmp_path: Path, teacher: str, data: str) -> None:
    out = ["-o", str(tmp_path / "out.safetensors")]
    assert "name a folder with --data" in refused(*train(teacher, *out))
    assert "name a folder with --data" in refused("search", teacher, "--budget", "5ms")
    assert "needs a budget" in refused("search", teacher, "--data", data)
    assert "is no budget" in refused("search", teacher, "--data", data, "--budget", "cheap")
    text = refused("search", teacher, "--data", data, "--budget", "1kMAC")
    assert "no subnet meets 1 kMACs; the best that can be reached is" in text
    assert "needs a budget" in refused(*train("new", "--data", data, *out))
    text = refused(*train(teacher, "--stage", "finetune", "--data", data, *out))
    assert "needs the configuration string" in text
    assert "name the subnet" in refused(*train(teacher, "--stage", "export", *out))
    text = refused(*train(teacher, "--stage", "transfer", "--ngf", "9", *out))
    assert "is not within 1 and 4" in text
    text = refused(*train("new", "--stage", "distil", "--data", data, *out))
    assert "stage 'distil' needs a model" in text
    missing = refused(*train(teacher, "--stage", "student", "--data", "nowhere", *out))
    assert "nowhere is no folder" in missing
    three = ["--data", data] * 3
    assert "takes 1 or 2 folder(s)" in refused(*train(teacher, *three, *out))
    assert not (tmp_path / "out.safetensors").exists()


def test_models_of_another_family_or_form_are_refused(tmp_path: Path, data: str) -> None:
    out = ["--data", data, "-o", str(tmp_path / "out.safetensors")]
    path = tmp_path / "gan.safetensors"
    stylegan().save(path)
    text = refused(*train(str(path), "--stage", "student", *out))
    assert "does not turn pictures into pictures" in text
    mobile_student(tiny_teacher()).save(path)
    text = refused(*train(str(path), "--stage", "student", *out))
    assert "MobileNet-style already" in text
