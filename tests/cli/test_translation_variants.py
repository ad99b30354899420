"""Comparing, timing, compressing and exporting models that turn pictures into pictures."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from studio.commands import app
from studio.families.inputs import PictureInputs
from studio.families.opening import open_model
from studio.families.picture_file import read_text
from studio.families.translation.model import TranslationModel
from studio.recipes.testing import small_translator

INT8 = "{maquette_recipe: 1, name: eight, steps: [{technique: int8, version: 1, params: %s}]}"
HALF = "{maquette_recipe: 1, name: half, steps: [{technique: subnet, version: 1, params: %s}]}"


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.safetensors"
    small_translator().save(path)
    return str(path)


@pytest.fixture
def spade(tmp_path: Path) -> str:
    path = tmp_path / "spade.safetensors"
    small_translator(labels=True).save(path)
    return str(path)


@pytest.fixture
def folder(tmp_path: Path) -> str:
    place = tmp_path / "pictures"
    place.mkdir()
    random = np.random.default_rng(1)
    for name, shape in (("a.png", (40, 52, 3)), ("b.jpg", (64, 64, 3)), ("c.png", (32, 48, 3))):
        Image.fromarray(random.integers(0, 256, shape, dtype=np.uint8)).save(place / name)
    return str(place)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def done(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 0, result.output
    return result.stdout


def refused(*arguments: str) -> str:
    result = run(*arguments)
    assert result.exit_code == 1, result.output
    assert len(result.stderr.strip().splitlines()) == 1
    return " ".join(result.stderr.split())


def _model(path: str | Path) -> TranslationModel:
    model = open_model(path)
    assert isinstance(model, TranslationModel)
    return model


def test_compare_over_test_pictures(file: str) -> None:
    found = json.loads(done("compare", file, "--width", "0.5", "--json"))
    assert [each["name"] for each in found] == ["full", "width 0.5"]
    full, half = found
    assert full["psnr"] is None
    assert half["psnr"] is not None
    assert half["spread"]["seeds"] == 8
    assert half["macs"] < full["macs"]
    model = _model(file)
    assert (full["macs"], full["parameters"]) == (model.cost().macs, model.cost().parameters)
    assert "test pictures drawn by Maquette" in done("compare", file, "--width", "0.5")


def test_compare_over_a_folder_a_recipe_and_a_report(
    file: str, folder: str, tmp_path: Path
) -> None:
    page = tmp_path / "page.html"
    recipe = HALF % "{config_str: 4_3_3_3_3_3_3_4}"
    arguments = ("compare", file, "--input", folder, "--recipe", recipe, "--html", str(page))
    said = done(*arguments)
    assert "the 3 pictures of the folder pictures, their mirror images and crops" in " ".join(
        said.split()
    )
    text = page.read_text("utf-8")
    assert "picture&nbsp;1" in text
    assert "seed&nbsp;" not in text


def test_refusals_of_compare(file: str, folder: str, tmp_path: Path) -> None:
    assert "at least 8" in refused("compare", file, "--seeds", "4")
    assert "seeds, classes" in refused("compare", file, "--seed", "3")
    assert "judge sets of pictures" in refused("compare", file, "--realism")
    plain = tmp_path / "plain.png"
    Image.new("RGB", (64, 64)).save(plain)
    assert "different inputs are wanted" in refused("compare", file, "--input", str(plain))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert "holds no pictures" in refused("compare", file, "--input", str(empty))
    assert "draws from seeds" in refused("compare", "clay-heads", "--input", folder)
    assert "config_str is for" in refused(
        "recipe", "check", HALF % "{config_str: '4_4'}", "clay-heads"
    )


def test_bench_times_every_layer(file: str) -> None:
    (found,) = json.loads(
        done("bench", file, "--target", "onnxruntime", "--batch", "1", "--layers", "--json")
    )
    names = [row["name"] for row in found["by_layer"]]
    own = [layer.name for layer in _model(file).portable().layers]
    assert names[: len(own)] == own
    assert all(row["nodes"] > 0 for row in found["by_layer"] if row["name"] in own)


def test_compress_cuts_prunes_and_factorises(file: str, tmp_path: Path) -> None:
    out = tmp_path / "out.safetensors"
    recipe = (
        "{maquette_recipe: 1, name: all, steps: [{technique: subnet, version: 1, params: "
        "{width: 0.75}}, {technique: prune, version: 1, params: {importance: l1, ratio: 0.2}}, "
        "{technique: lowrank, version: 1, params: {least_weights: 0, budget: 0.8}}]}"
    )
    record = json.loads(done("compress", file, "--recipe", recipe, "-o", str(out), "--json"))
    assert [(each["technique"], each["verb"]) for each in record["steps"]] == [
        ("subnet", "select"),
        ("prune", "cut"),
        ("prune", "transform"),
        ("lowrank", "transform"),
    ]
    made = _model(out)
    assert made.info.parameters < _model(file).info.parameters
    assert made.info.config.sizes.chains


def test_recalibration_is_told_with_the_figures_before_and_after(
    spade: str, tmp_path: Path
) -> None:
    recipe = HALF % "{width: 0.5, recalibrate: true, batches: 2}"
    out = str(tmp_path / "out.safetensors")
    record = json.loads(done("compress", spade, "--recipe", recipe, "-o", out, "--json"))
    (step,) = [each for each in record["steps"] if each["verb"] == "transform"]
    over, figures = step["notes"]
    assert "test label maps drawn by Maquette" in over
    assert " before, " in figures
    assert " after, over 4 test label maps" in figures
    plain = json.loads(
        done("compress", spade, "--recipe", HALF % "{width: 0.5}", "-o", out, "--json")
    )
    assert [each["verb"] for each in plain["steps"]] == ["select", "cut"]


def test_render_by_a_recipe(file: str, folder: str, tmp_path: Path) -> None:
    out, recipe = tmp_path / "out.png", HALF % "{width: 0.5}"
    picture = str(Path(folder) / "b.jpg")
    done("render", file, "--input", picture, "--recipe", recipe, "-o", str(out))
    record = json.loads(read_text(out)["maquette"])
    assert [each["technique"] for each in record["recipe"]] == ["subnet"]
    from studio.subnets.choice import SubnetChoice

    wanted = _model(file).render(PictureInputs(picture), SubnetChoice(width=0.5))
    assert np.array_equal(np.asarray(Image.open(out)), wanted)


@pytest.mark.parametrize("target", ["openvino:CPU:int8", "onnxruntime:cpu:int8"])
def test_int8_runs_in_int8_and_keeps_what_it_says(file: str, folder: str, target: str) -> None:
    """Calibrated over the user's folder; the compiled graph says what really ran in int8."""
    recipe = INT8 % "{samples: 4, keep: [], bias_correction: false}"
    (found,) = json.loads(
        done("bench", file, "--recipe", recipe, "--target", target, "--batch", "1", "--json")
    )
    assert found["int8"] > 0.3
    left = set(found["left"])
    assert "head" in left
    assert {name for name in left if name.endswith(".depthwise")} == {
        layer.name for layer in _model(file).portable().layers if layer.name.endswith(".depthwise")
    }
    assert not any(name.endswith(".pointwise") for name in left)


def test_calibration_inputs_of_a_folder_travel_in_the_file(
    file: str, folder: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.safetensors"
    recipe = HALF.replace("subnet", "int8") % "{samples: 3, keep: []}"
    from studio.commands.varying import found, varied

    made = varied(_model(file), found(recipe), calibration=folder).model
    made.save(out)
    again = _model(out)
    assert again.plan == made.plan
    assert again.info.quantised
    quantisation = again.portable().quantisation
    assert quantisation is not None
    assert [feed["input"].shape for feed in quantisation.feeds()] == [(1, 3, 32, 32)] * 3
    assert again.plan is not None
    assert again.plan.calibration == "pictures"


def test_a_bundle_draws_what_the_app_draws(file: str, folder: str, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    done(
        "export", file, "-o", str(bundle), "--format", "onnx", "--format", "safetensors",
        "--input", folder, "--no-measure",
    )  # fmt: skip
    assert "2 of 2 networks run here and agree" in " ".join(done("verify", str(bundle)).split())
    picture = Path(folder) / "a.png"
    out = tmp_path / "drawn"
    _runs(bundle, "--input", str(picture), "--out", str(out))
    wanted = _model(file).render(PictureInputs(str(picture), height=32, width=32))
    drawn = np.asarray(Image.open(out / "full.onnx-f32-a.png"))
    assert np.abs(drawn.astype(int) - wanted).max() <= 1
    _runs(bundle, "--input", folder, "--out", str(out))
    assert {p.name for p in out.iterdir()} == {f"full.onnx-f32-{n}.png" for n in "abc"}
    _runs(bundle, "--verify")
    card = (bundle / "README.md").read_text("utf-8")
    assert "python run.py --input PICTURE" in card
    assert "image-to-image" in card


def test_a_bundle_of_label_maps(spade: str, tmp_path: Path) -> None:
    bundle, labels = tmp_path / "bundle", tmp_path / "labels.png"
    Image.fromarray((np.indices((40, 40)).sum(0) // 16).astype(np.uint8)).save(labels)
    done("export", spade, "-o", str(bundle), "--format", "onnx", "--no-measure")
    out = tmp_path / "drawn"
    _runs(bundle, "--input", str(labels), "--out", str(out))
    wanted = _model(spade).render(PictureInputs(str(labels), height=128, width=128))
    drawn = np.asarray(Image.open(out / "full.onnx-f32-labels.png"))
    assert np.abs(drawn.astype(int) - wanted).max() <= 1


def test_the_quality_gate_is_for_pictures_too(file: str, tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    said = refused(
        "export", file, "-o", str(bundle), "--width", "0.5", "--limit-psnr", "60", "--no-measure"
    )
    assert "is beyond the limit" in said
    assert not bundle.exists()


def _runs(bundle: Path, *arguments: str) -> None:
    made = subprocess.run(
        [sys.executable, "run.py", *arguments],
        cwd=bundle, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert made.returncode == 0, made.stderr
