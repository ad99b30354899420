"""``maquette export`` and ``maquette verify``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from studio.commands import app
from studio.recipes.recipe import Recipe, Step, to_json, write_recipe
from tests.families.quantised import tame_model


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.safetensors"
    tame_model().save(path)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert result.stdout == ""
    assert len(result.stderr.strip().splitlines()) == 1
    return result.stderr


def loaded(result: Result) -> Any:
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def test_a_ladder_is_exported_and_verified(file: str, tmp_path: Path) -> None:
    out = str(tmp_path / "out")
    ladder = ("--width", "0.5", "--width", "1", "--resolution", "16")
    result = run("export", file, *ladder, "--format", "onnx", "-o", out)
    assert result.exit_code == 0, result.output
    for text in ("width-0.5-16-px.onnx-f32", "full-width-16-px.onnx-f32", "onnxruntime"):
        assert text in result.stdout
    assert "2 networks" in result.stdout
    result = run("verify", out)
    assert result.exit_code == 0, result.output
    assert "2 of 2 networks run here and agree with the reference" in " ".join(
        result.stdout.split()
    )


def test_as_json(file: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    made = loaded(run("export", file, "--no-measure", "--supernet", "-o", str(out), "--json"))
    assert [each["id"] for each in made["networks"]] == [
        "full.onnx-f32",
        "supernet.safetensors-f32",
    ]
    assert made["networks"][0]["measurements"] == []
    assert made["networks"][0]["parity"]["max_abs"] < 1e-4
    assert made["bytes"] > made["networks"][0]["bytes"] > 0
    found = loaded(run("verify", str(out), "--json"))
    assert [each["verified"] for each in found["networks"]] == [True, True]
    assert found["networks"][0]["runtime"] == "onnxruntime"
    assert found["files"] == len(json.loads((out / "manifest.json").read_text("utf-8"))["files"])


def test_a_recipe_is_applied_and_kept(file: str, tmp_path: Path) -> None:
    steps = (
        Step("subnet", 1, True, {"width": 0.5}),
        Step("int8", 1, True, {"samples": 8}),
    )
    recipe = Recipe("half in int8", steps)
    write_recipe(recipe, tmp_path / "half.yaml")
    options = ("--recipe", str(tmp_path / "half.yaml"), "--format", "openvino:int8", "--no-measure")
    made = loaded(run("export", file, *options, "-o", str(tmp_path / "out"), "--json"))
    (network,) = made["networks"]
    assert network["precision"] == "int8"
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["recipe"] == {"name": "half in int8", "canonical": to_json(recipe)}
    assert network["quality"]["flip"] > 0.001  # to full, not to the half


def test_a_recipe_that_chooses_leaves_nothing_to_choose(file: str, tmp_path: Path) -> None:
    write_recipe(Recipe("half", (Step("subnet", 1, True, {"width": 0.5}),)), tmp_path / "half.yaml")
    options = ("--recipe", str(tmp_path / "half.yaml"), "-o", str(tmp_path / "out"))
    said = refused("export", file, *options, "--width", "0.5")
    assert "the recipe chooses a subnet by itself" in said
    made = loaded(run("export", file, *options, "--no-measure", "--json"))
    assert made["networks"][0]["id"] == "width-0.5.onnx-f32"


def test_a_limit_is_kept_unless_forced(file: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    options = ("--width", "0.5", "--limit-flip", "0.0001", "--no-measure", "-o", str(out))
    said = refused("export", file, *options)
    assert "width-0.5.onnx-f32 is beyond the limit: FLIP" in said
    assert "--force exports it all the same" in said
    assert sorted(path.name for path in tmp_path.iterdir()) == [
        "out.report.json",
        "small.safetensors",
    ]
    assert run("export", file, *options, "--force").exit_code == 0
    assert run("verify", str(out)).exit_code == 0


def test_a_plan_writes_nothing(file: str, tmp_path: Path) -> None:
    options = ("--format", "onnx:f16", "--format", "openvino:int8", "-o", str(tmp_path / "out"))
    plans = loaded(run("export", file, *options, "--plan", "--json"))
    assert [each["id"] for each in plans] == ["full.onnx-f16", "full.openvino-int8"]
    assert plans[0]["runs_here"] == ["onnxruntime:cpu:f16"]
    assert plans[0]["bytes"] > 0
    assert "int8 needs a quantised network" in plans[1]["refusals"][0]
    result = run("export", file, *options, "--plan")
    assert "cannot be made" in result.stdout
    assert "runs here" in result.stdout
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("--format", "onnx:f8"), "ONNX is not written in 'f8'"),
        (("--format", "paper"), "'paper' is no format to export to"),
        (("--width", "3"), "width 3 is not above 0 and at most 1"),
        (("--resolution", "17"), "resolution 17 is not one this model can stop at"),
        (("--limit-flip", "-1"), "a limit of FLIP -1 is not within 0 and 1"),
        (("--format", "openvino:int8"), "int8 needs a quantised network"),
        (("--recipe", "none.yaml"), "none.yaml"),
    ],
)
def test_refusals(file: str, tmp_path: Path, arguments: tuple[str, ...], words: str) -> None:
    out = tmp_path / "out"
    assert words in refused("export", file, "-o", str(out), *arguments)
    assert [path.name for path in tmp_path.iterdir()] == ["small.safetensors"]


def test_a_place_is_refused_before_the_model_is_opened(tmp_path: Path) -> None:
    (tmp_path / "a").write_text("mine")
    assert "it is not a folder" in refused("export", "no-model", "-o", str(tmp_path / "a"))


def test_verify_names_the_first_difference(file: str, tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert run("export", file, "--no-measure", "-o", str(out)).exit_code == 0
    with (out / "models" / "full.onnx-f32.onnx").open("rb+") as stream:
        stream.seek(4000)
        stream.write(b"x")
    assert "models/full.onnx-f32.onnx was changed" in refused("verify", str(out))
    assert "is not a folder" in refused("verify", str(tmp_path / "none"))
