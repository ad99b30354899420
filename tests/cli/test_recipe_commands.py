"""Recipes on the command line: compress, recipe check, techniques new, and --recipe elsewhere."""

from __future__ import annotations

import base64
import io
import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from studio.cli import COMMANDS
from studio.commands import app
from studio.engine import drawing
from studio.families.inputs import GanInputs
from studio.families.opening import open_model
from studio.families.picture_file import read_text
from studio.fidelity import measure as measuring
from studio.fidelity.drawing import EagerDrawer
from studio.recipes.applying import apply
from studio.recipes.recipe import Recipe, Step, read_recipe, to_line, write_recipe
from studio.recipes.registry import load_registry
from studio.recipes.scan_store import kept_scan
from studio.session.picture_record import read_record
from studio.session.recipes import brought_back
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "small.safetensors"
    small_model(directions=("age",)).save(path)
    return str(path)


@pytest.fixture
def half(tmp_path: Path) -> str:
    path = tmp_path / "half.yaml"
    params = {"width": 0.5, "resolution": 16, "sort": False}
    write_recipe(Recipe("half", (Step("subnet", params=params),)), path)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str, code: int = 1) -> str:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1
    return " ".join(result.stderr.split())


def records(*arguments: str) -> Any:
    result = run(*arguments, "--json")
    assert result.exit_code == 0, result.output
    return json.loads(result.stdout)


def picture(path: Path) -> Any:
    return np.asarray(Image.open(path))


def test_the_entry_point_knows_the_commands() -> None:
    assert {"compress", "recipe", "techniques"} <= set(COMMANDS)


def test_compress_writes_a_smaller_model_that_draws_the_variant(
    file: str, half: str, tmp_path: Path
) -> None:
    out = tmp_path / "out.safetensors"
    record = records("compress", file, "--recipe", half, "-o", str(out))
    opened = open_model(out)
    assert opened.info.config.channels == (12, 12, 12, 10, 8, 8)
    assert (opened.info.name, opened.info.title) == ("small half", "Small, half")
    assert opened.info.directions == ("age",)
    assert record["recipe"] == {
        "name": "half",
        "steps": [
            {
                "technique": "subnet",
                "version": 1,
                "params": {"resolution": 16, "sort": False, "width": 0.5},
            }
        ],
    }
    assert record["size_bytes"] == out.stat().st_size < record["size_bytes_before"]
    assert record["parameters"] == opened.info.parameters < record["parameters_before"]
    assert record["channels"] == [12, 12, 12, 10, 8, 8]
    assert [(s["step"], s["technique"], s["verb"]) for s in record["steps"]] == [
        (1, "subnet", "select"),
        (1, "subnet", "cut"),
    ]
    cut = record["steps"][1]
    assert cut["disk_after"] < cut["disk_before"]
    assert cut["touched"] == len(cut["layers"]) == 8  # seven layers, and the ToRGB left out
    assert cut["layers"][0] == {
        "name": "layers.0",
        "skipped": "",
        "detail": "24 to 12 channels",
        "bytes_before": cut["layers"][0]["bytes_before"],
        "bytes_after": cut["layers"][0]["bytes_after"],
        "error": None,
    }
    assert run("render", str(out), "-o", str(tmp_path / "a.png"), "--seed", "3").exit_code == 0
    arguments = ["--seed", "3", "--width", "0.5", "--resolution", "16"]
    assert run("render", file, "-o", str(tmp_path / "b.png"), *arguments).exit_code == 0
    assert (picture(tmp_path / "a.png") == picture(tmp_path / "b.png")).all()


def test_compress_says_what_it_did(tmp_path: Path) -> None:
    file = str(tmp_path / "unsorted.safetensors")
    small_model(replace(small_config(), architecture="stylegan2")).save(file)
    recipe, out = tmp_path / "sorted.yaml", tmp_path / "out.safetensors"
    write_recipe(Recipe("s", (Step("subnet", params={"width": 0.5, "sort": True}),)), recipe)
    done = run("compress", file, "--recipe", str(recipe), "-o", str(out), "--precision", "f16")
    assert done.exit_code == 0
    text = " ".join(done.stdout.split())
    assert "channels ordered by importance in 7 layers" in text
    assert "12/12/12/10/8/8/6/6 channels" in text
    assert [step.step for step in open_model(out).info.history] == ["sort_channels", "cut", "store"]


def test_compress_refuses_before_it_works(file: str, half: str, tmp_path: Path) -> None:
    out = tmp_path / "out.safetensors"
    assert "must end in .safetensors" in refused("compress", file, "--recipe", half, "-o", "a.pt")
    missing = str(tmp_path / "none" / "a.safetensors")
    assert "does not exist" in refused("compress", file, "--recipe", half, "-o", missing)
    assert "nor a recipe" in refused("compress", file, "--recipe", "none", "-o", str(out))
    none = ["--calibration", str(tmp_path / "none")]
    assert "is not a folder" in refused("compress", file, "--recipe", half, "-o", str(out), *none)
    bad = tmp_path / "bad.yaml"
    write_recipe(Recipe("bad", (Step("subnet", params={"resolution": 64}),)), bad)
    sentence = refused("compress", file, "--recipe", str(bad), "-o", str(out))
    assert sentence.startswith("step 1 (subnet): resolution 64 is not one this model can stop at")
    refused("compress", file, "-o", str(out), code=2)
    assert not out.exists()


def test_a_plan_travels_in_the_model(file: str, tmp_path: Path) -> None:
    recipe, out = tmp_path / "int8.yaml", tmp_path / "out.safetensors"
    params = {"keep": ["layer6.convolved"], "samples": 4, "smoothing": False}
    write_recipe(Recipe("int8", (Step("int8", params=params),)), recipe)
    record = records("compress", file, "--recipe", str(recipe), "-o", str(out))
    assert [each["verb"] for each in record["steps"]][-1] == "lower"
    plan = open_model(out).plan
    assert plan is not None
    assert "layer6.convolved" in [name for name, _ in plan.keep]
    assert "layer0.convolved" in plan.layers


def test_recipes_are_checked(file: str, half: str, tmp_path: Path) -> None:
    assert run("recipe", "check", "draft").stdout == "draft can be run: subnet\n"
    assert run("recipe", "check", half, file).stdout == "half can be run: subnet; it fits small\n"
    wrong = tmp_path / "wrong.yaml"
    write_recipe(Recipe("w", (Step("subnet", params={"width": 2, "wdith": 1}),)), wrong)
    sentence = refused("recipe", "check", str(wrong))
    assert "step 1 (subnet), width: 2 is not accepted" in sentence
    assert "did you mean width?" in sentence
    wrong.write_text("a: &x 1\nb: *x", "utf-8")
    assert "wrong.yaml: this is not a recipe: line 1" in refused("recipe", "check", str(wrong))
    unfit = tmp_path / "unfit.yaml"
    write_recipe(Recipe("u", (Step("subnet", params={"resolution": 128}),)), unfit)
    assert run("recipe", "check", str(unfit)).exit_code == 0
    assert "step 1 (subnet): resolution 128" in refused("recipe", "check", str(unfit), file)


def test_render_draws_the_variant_and_remembers_the_recipe(
    file: str, half: str, tmp_path: Path
) -> None:
    a, b = tmp_path / "a.png", tmp_path / "b.png"
    done = run("render", file, "--recipe", half, "-o", str(a), "--seed", "2")
    assert done.stdout == f"{a}: small, half, seed 2, 16 x 16\n"
    run("render", file, "--width", "0.5", "--resolution", "16", "-o", str(b), "--seed", "2")
    assert (picture(a) == picture(b)).all()
    written = json.loads(read_text(a)["maquette"])
    assert [step["technique"] for step in written["recipe"]] == ["subnet"]
    assert written["recipe"][0]["params"]["width"] == 0.5
    assert written["subnet"]["resolution"] == 16
    assert written["model"] == "small"
    assert json.loads(read_text(b)["maquette"])["recipe"] == []


@pytest.mark.parametrize(
    "option", [["--width", "0.5"], ["--widths", "1,1,1,1"], ["--resolution", "16"]]
)
def test_a_recipe_and_a_subnet_exclude_each_other(
    option: list[str], file: str, half: str, tmp_path: Path
) -> None:
    arguments = ["render", file, "--recipe", half, "-o", str(tmp_path / "a.png"), *option]
    assert option[0] in refused(*arguments, code=2)


def test_compare_puts_variants_beside_subnets(file: str, half: str) -> None:
    arguments = ["--width", "0.5", "--resolution", "16", "--seeds", "2"]
    full, subnet, variant = records("compare", file, "--recipe", half, *arguments)
    assert (full["name"], variant["name"]) == ("full", "half")
    for figure in ("psnr", "ssim", "flip", "macs", "size_bytes", "parameters"):
        assert variant[figure] == subnet[figure] != full[figure]
    alone = records("compare", file, "--recipe", half, "--recipe", "draft", "--seeds", "1")
    assert [each["name"] for each in alone] == ["full", "half", "draft"]


def test_bench_times_variants(file: str, half: str) -> None:
    arguments = ["--target", "pytorch", "--batch", "1"]
    (variant,) = records("bench", file, "--recipe", half, *arguments)
    assert (variant["variant"], variant["width"], variant["resolution"]) == ("half", 0.5, 16)
    both = records("bench", file, "--recipe", half, "--width", "1", *arguments)
    assert [each["variant"] for each in both] == ["full", "half"]
    assert "nor a recipe" in refused("bench", file, "--recipe", "none")


def test_a_new_technique_is_begun(tmp_path: Path) -> None:
    done = run("techniques", "new", "my-own", "-o", str(tmp_path))
    assert done.exit_code == 0
    assert (tmp_path / "maquette-my-own" / "maquette_my_own" / "technique.py").is_file()
    assert "there already" in refused("techniques", "new", "my-own", "-o", str(tmp_path))
    assert "accepted are" in refused("techniques", "new", "My", "-o", str(tmp_path))


# ---- a recipe in one line ------------------------------------------------------------------------


def test_a_recipe_may_stand_on_the_command_line(file: str, half: str, tmp_path: Path) -> None:
    line = to_line(read_recipe(half))
    for name, recipe in (("a", half), ("b", line)):
        done = run("render", file, "-o", str(tmp_path / f"{name}.png"), "--recipe", recipe)
        assert done.exit_code == 0, done.output
    assert (picture(tmp_path / "a.png") == picture(tmp_path / "b.png")).all()
    assert run("recipe", "check", line).stdout.startswith("half can be run: subnet")
    broken = refused("render", file, "-o", str(tmp_path / "c.png"), "--recipe", line[:-1])
    assert "this is not a recipe" in broken
    assert "neither a recipe file" in refused(
        "render", file, "-o", str(tmp_path / "c.png"), "--recipe", "{a: 1}"
    )


def test_a_rendered_picture_tells_its_recipe_to_the_window(
    file: str, half: str, tmp_path: Path
) -> None:
    out = tmp_path / "a.png"
    assert run("render", file, "-o", str(out), "--recipe", half).exit_code == 0
    record = read_record(out)
    assert record.current_recipe == record.recipe
    taken, why = brought_back(record, load_registry(), open_model(file).info, 1)
    assert (why, taken.subnet) == ("", SubnetChoice(width=0.5, resolution=16))


def test_a_report_shows_each_variant_and_its_recipe(file: str, half: str, tmp_path: Path) -> None:
    pruned = Recipe("pruned", (Step("prune", params={"ratio": 0.5}),))
    out = tmp_path / "r.html"
    done = run(
        "compare", file, "--width", "0.75", "--recipe", half, "--recipe", to_line(pruned),
        "--seeds", "1", "--html", str(out),
    )  # fmt: skip
    assert done.exit_code == 0, done.output
    page = out.read_text("utf-8")
    assert "<h2>Recipes</h2><h3>half</h3>" in page
    assert "<h3>pruned</h3><pre>maquette_recipe: 1\nname: pruned\n" in page
    assert page.count("data:image/png") == 4  # full, half, pruned, width 0.75
    variant = apply(open_model(file), pruned).model
    drawn = Image.fromarray(variant.render(GanInputs(), SubnetChoice()))
    buffer = io.BytesIO()
    drawn.save(buffer, format="PNG", optimize=True)
    assert base64.b64encode(buffer.getvalue()).decode() in page


def test_a_scan_looks_at_what_earlier_steps_leave(file: str, tmp_path: Path) -> None:
    steps = (Step("subnet", params={"resolution": 16}), Step("prune", params={"ratio": 0.5}))
    recipe = Recipe("mine", (*steps, Step("int8", params={"samples": 2})))
    few = ("--samples", "2", "--seeds", "1")
    found = records("sensitivity", file, "--recipe", to_line(recipe), *few)
    assert [s["technique"] for s in found["recipe"]["steps"]] == ["subnet", "prune"]
    out = tmp_path / "pruned.safetensors"
    alone = to_line(Recipe("mine", steps))
    assert run("compress", file, "--recipe", alone, "-o", str(out)).exit_code == 0
    same = records("sensitivity", str(out), *few)
    assert found["layers"] == same["layers"]
    whole = records("sensitivity", file, *few)
    assert "recipe" not in whole
    assert len(whole["layers"]) > len(found["layers"])


def test_a_scan_is_kept_where_the_window_looks_for_it(file: str) -> None:
    key = open_model(file).info.key
    half = Step("subnet", params={"width": 0.5})
    mine = Recipe("mine", (half, Step("int8", params={"alpha": 0.25, "samples": 2})))
    found = records("sensitivity", file, "--recipe", to_line(mine), "--wanted", "60")
    kept = kept_scan(key, replace(mine, name="baked"))
    assert kept is not None
    assert [layer.psnr for layer in kept.found.layers] == [e["psnr"] for e in found["layers"]]
    assert kept.wanted == found["wanted"] == 60
    # Another number of samples, and another of pictures, are other scans.
    records("sensitivity", file, "--samples", "3", "--seeds", "2")
    assert kept_scan(key, Recipe("r", (Step("int8", params={"samples": 3}),))) is None
    records("sensitivity", file, "--samples", "3")
    assert kept_scan(key, Recipe("r", (Step("int8", params={"samples": 3}),))) is not None


def test_int8_is_measured_beside_full_in_float(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    asked: list[tuple[bool, str]] = []

    def eager(model: Any, target: str) -> Any:
        asked.append((model.info.quantised, target))
        return EagerDrawer(model)

    monkeypatch.setattr(drawing, "drawer", eager)
    keep = {"samples": 1, "smoothing": False, "bias_correction": False, "keep": []}
    int8 = to_line(Recipe("int8", (Step("int8", params=keep),)))
    pruned = to_line(Recipe("pruned", (Step("prune"),)))
    arguments = ("--recipe", int8, "--recipe", pruned, "--target", "openvino:CPU:int8")
    assert run("compare", file, *arguments, "--seeds", "1").exit_code == 0
    assert asked == [
        (False, "openvino:CPU:f32"), (True, "openvino:CPU:int8"), (False, "openvino:CPU:f32"),
    ]  # fmt: skip


# ---- walks ---------------------------------------------------------------------------------------


def test_a_walk_of_a_variant_over_pins(file: str, half: str, tmp_path: Path) -> None:
    out = tmp_path / "walk"
    pins = ("--pin", "{seed: 1}", "--pin", "{seed: 2, truncation: 0.5, edits: {age: 2}}")
    walk = ("walk", file, "-o", str(out), "--frames", "3", "--seconds", "1", "--recipe", half)
    assert run(*walk, *pins).exit_code == 0
    frames = sorted(out.iterdir())
    last = tmp_path / "last.png"
    wanted = ("--seed", "2", "--truncation", "0.5", "--edit", "age=2", "--recipe", half)
    assert run("render", file, "-o", str(last), *wanted).exit_code == 0
    assert (picture(frames[-1]) == picture(last)).all()
    told = json.loads(read_text(frames[0])["maquette"])
    assert [step["technique"] for step in told["recipe"]] == ["subnet"]
    again = ("walk", file, "-o", str(tmp_path / "other"))
    assert "not both" in refused(*again, *pins, "--from-seed", "1", code=2)
    assert "where the walk begins" in refused(*again, "--from-seed", "1", code=2)
    assert "not both" in refused(*again, *pins, "--recipe", half, "--width", "0.5", code=2)
    assert "2 to 64 pins" in refused(*again, "--pin", "{seed: 1}")
    assert "sed is not known" in refused(*again, "--pin", "{sed: 1}", *pins)
