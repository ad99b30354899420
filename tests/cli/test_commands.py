"""The headless commands: what they write, print and refuse."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image
from typer.testing import CliRunner, Result

from studio.commands import app
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.picture_file import read_text
from studio.families.stylegan.network import StyleGan2
from studio.fidelity import measure as measuring
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model


@pytest.fixture(autouse=True)
def quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)


@pytest.fixture
def model() -> Model:
    return small_model(directions=("age", "light"))


@pytest.fixture
def file(model: Model, tmp_path: Path) -> str:
    path = tmp_path / "small.safetensors"
    model.save(path)
    return str(path)


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def refused(*arguments: str, code: int = 1) -> str:
    result = run(*arguments)
    assert result.exit_code == code, result.output
    assert result.stdout == ""
    if code == 1:
        assert len(result.stderr.strip().splitlines()) == 1
        assert "Traceback" not in result.stderr
    return " ".join(result.stderr.split())


def strict_json(text: str) -> Any:
    def never(constant: str) -> None:
        raise AssertionError(f"{constant} is not JSON")

    return json.loads(text, parse_constant=never)


def test_inspect_as_json(file: str) -> None:
    result = run("inspect", file, "--json")
    assert result.exit_code == 0
    record = strict_json(result.stdout)
    config = small_config()
    assert record["family"] == "stylegan"
    assert record["architecture"] == "anycost"
    assert record["resolution"] == 32
    assert record["channels"] == list(config.channels)
    assert record["size_bytes"] == Path(file).stat().st_size
    assert record["licence"] == "Apache-2.0"
    assert record["source_sha256"] == "0" * 64
    assert record["widths"] == [0.5, 1.0]
    assert record["resolutions"] == [4, 8, 16, 32]
    assert record["directions"] == ["age", "light"]
    assert record["conv_clamp"] is None
    assert record["macs"] < record["paper_macs"]
    assert record["parameters"] == sum(p.numel() for p in StyleGan2(config).parameters())


def test_inspect_for_people(file: str) -> None:
    result = run("inspect", file)
    assert result.exit_code == 0
    for text in ("small", "anycost", "0" * 64, "age, light", "24, 24, 24, 20, 16, 16, 12, 12"):
        assert text in result.stdout


def test_render_writes_the_picture_and_how_it_was_made(
    file: str, model: Model, tmp_path: Path
) -> None:
    out = tmp_path / "a.png"
    arguments = ("--seed", "7", "--width", "0.5", "--resolution", "16", "--truncation", "0.7")
    more = ("--noise", "0.5", "--edit", "age=1.5", "--edit", "light=-2", "--cutoff", "4")
    result = run("render", file, *arguments, *more, "-o", str(out))
    assert result.exit_code == 0, result.output
    inputs = GanInputs(
        seed=7,
        truncation=0.7,
        truncation_cutoff=4,
        noise=0.5,
        edits=(("age", 1.5), ("light", -2.0)),
    )
    choice = SubnetChoice(width=0.5, resolution=16)
    assert (np.asarray(Image.open(out)) == model.render(inputs, choice)).all()
    record = strict_json(read_text(out)["maquette"])
    assert record["model"] == "small"
    assert record["source_sha256"] == "0" * 64
    assert record["seed"] == record["inputs"]["seed"] == 7
    assert record["inputs"]["edits"] == [["age", 1.5], ["light", -2.0]]
    assert record["subnet"] == {
        "width": 0.5,
        "rule": "literal",
        "widths": None,
        "resolution": 16,
        "denoising": None,
    }


@pytest.mark.parametrize(
    ("options", "choice"),
    [
        ((), SubnetChoice()),
        (("--width", "0.5", "--width-rule", "anycost"), SubnetChoice(width=0.5, rule="anycost")),
        (("--widths", "1,0.5,0.5,0.25"), SubnetChoice(widths=(1, 0.5, 0.5, 0.25))),
        (
            ("--widths", "9,5,24,1,16,3,12,7"),
            SubnetChoice(widths=(9, 5, 24, 1, 16, 3, 12, 7)),
        ),
    ],
)
def test_render_takes_every_kind_of_width(
    file: str, model: Model, tmp_path: Path, options: tuple[str, ...], choice: SubnetChoice
) -> None:
    out = tmp_path / "a.png"
    assert run("render", file, *options, "-o", str(out)).exit_code == 0
    assert (np.asarray(Image.open(out)) == model.render(GanInputs(), choice)).all()


def test_render_of_a_class_and_a_mix(tmp_path: Path) -> None:
    model = small_model(small_config(c_dim=3))
    path, out = tmp_path / "classes.safetensors", tmp_path / "a.png"
    model.save(path)
    mix = ("--mix-seed", "5", "--mix-from", "3")
    assert run("render", str(path), "--class", "2", *mix, "-o", str(out)).exit_code == 0
    expected = model.render(GanInputs(label=2, mix_seed=5, mix_from=3))
    assert (np.asarray(Image.open(out)) == expected).all()
    assert "class 3 is not within 0 and 2" in refused(
        "render", str(path), "--class", "3", "-o", str(out)
    )


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (("--width", "1.5"), "width 1.5"),
        (("--width", "0"), "width 0"),
        (("--widths", "1,2"), "2 widths given"),
        (("--resolution", "48"), "resolution 48"),
        (("--truncation", "3"), "truncation 3"),
        (("--seed", "-1"), "seed -1"),
        (("--class", "0"), "no classes"),
        (("--edit", "smile=1"), "'smile'"),
    ],
)
def test_render_refuses_with_a_sentence(
    file: str, tmp_path: Path, options: tuple[str, ...], words: str
) -> None:
    out = tmp_path / "a.png"
    assert words in refused("render", file, *options, "-o", str(out))
    assert not out.exists()


@pytest.mark.parametrize(
    "options",
    [
        ("--width", "0.5", "--widths", "1,1,1,1"),
        ("--widths", "a,b"),
        ("--edit", "age"),
        ("--edit", "age=much"),
        ("--width", "wide"),
        ("--width-rule", "other"),
        ("--unknown",),
    ],
)
def test_wrong_usage_is_exit_2(file: str, tmp_path: Path, options: tuple[str, ...]) -> None:
    refused("render", file, *options, "-o", str(tmp_path / "a.png"), code=2)


def test_places_that_cannot_be_written(file: str, tmp_path: Path) -> None:
    missing = tmp_path / "nowhere" / "a.png"
    assert "does not exist" in refused("render", file, "-o", str(missing))
    assert not missing.parent.exists()
    assert "must end in .png" in refused("render", file, "-o", str(tmp_path / "a.jpg"))
    folder = tmp_path / "folder.png"
    folder.mkdir()
    assert "it is a folder" in refused("render", file, "-o", str(folder))
    assert "too long" in refused("render", file, "-o", "x" * 300 + ".png")
    assert "too long" in refused("convert", file, "-o", "x" * 300 + ".safetensors")
    assert "must end in .safetensors" in refused("convert", file, "-o", str(tmp_path / "a.pt"))
    assert "cannot write" in refused("demo", file, "-o", f"{file}/inside")


def test_models_that_cannot_be_opened(tmp_path: Path) -> None:
    sentence = refused("inspect", "no-such-model")
    assert "no-such-model" in sentence
    assert "clay-heads" in sentence
    text = tmp_path / "notes.pt"
    text.write_text("not a model")
    assert "notes.pt" in refused("inspect", str(text), "--json")
    refused("inspect", str(tmp_path))


def test_compare_as_json(file: str) -> None:
    arguments = ("--width", "0.5", "--width", "0.25", "--seeds", "2", "--json")
    result = run("compare", file, *arguments)
    assert result.exit_code == 0, result.output
    records = strict_json(result.stdout)
    assert [r["name"] for r in records] == ["full", "width 0.5", "width 0.25"]
    assert records[0]["psnr"] is None
    assert (records[0]["ssim"], records[0]["flip"]) == (1.0, 0.0)
    for record in records:
        assert set(record["latency_ms"]) == {"median", "p10", "p90"}
        assert record["target"] == "pytorch:cpu:f32"
        assert record["size_bytes"] > 4 * record["parameters"]  # noise maps are stored too
    macs = [r["macs"] for r in records]
    assert macs == sorted(macs, reverse=True)


def test_compare_tells_the_spread_and_what_was_run(file: str) -> None:
    result = run("compare", file, "--width", "0.5", "--seeds", "3", "--memory", "--json")
    assert result.exit_code == 0, result.output
    full, half = strict_json(result.stdout)
    assert full["spread"]["psnr"] == [None, None]
    assert half["spread"]["seeds"] == 3
    for name in ("psnr", "ssim", "flip"):
        low, high = half["spread"][name]
        assert low <= half[name] <= high
    assert [2 * c for c in half["channels"]] == full["channels"]
    assert half["resolution"] == full["resolution"]
    assert half["memory_bytes"] > 0
    assert half["realism"] is half["fid"] is half["lpips"] is None


def test_realism_is_told_of_clay_heads_alone(file: str) -> None:
    assert "knows clay heads alone" in refused("compare", file, "--realism")


def test_wrong_weights_are_refused_before_anything_is_measured(file: str, tmp_path: Path) -> None:
    bad = tmp_path / "weights.pth"
    bad.write_text("none")
    for option in ("--fid-weights", "--lpips-weights"):
        assert "weights.pth cannot be opened" in refused("compare", file, option, str(bad))


def test_compare_for_people_takes_the_trained_widths(file: str) -> None:
    result = run("compare", file, "--seeds", "1", "--resolution", "16")
    assert result.exit_code == 0, result.output
    for text in ("full", "width 0.5, 16 px", "equal", "pytorch:cpu:f32", "SSIM"):
        assert text in result.stdout
    assert "width 0.25" not in result.stdout


@pytest.mark.parametrize("target", ["onnxruntime", "openvino", "openvino:CPU:bf16"])
def test_compare_and_render_run_on_other_targets(file: str, tmp_path: Path, target: str) -> None:
    asked = ("--target", target, "--width", "0.5")
    result = run("compare", file, *asked, "--seeds", "1", "--json")
    assert result.exit_code == 0, result.output
    full, half = strict_json(result.stdout)
    assert full["target"] == half["target"] == str(Target.parse(target))
    assert half["psnr"] == pytest.approx(half_on_pytorch(file), abs=0.5)
    there, here = tmp_path / "there.png", tmp_path / "here.png"
    assert run("render", file, "-o", str(there), *asked).exit_code == 0
    assert run("render", file, "-o", str(here), *asked[2:]).exit_code == 0
    a, b = (np.asarray(Image.open(p), dtype=int) for p in (there, here))
    assert np.abs(a - b).mean() < (2.0 if "bf16" in target else 0.05)


def half_on_pytorch(file: str) -> float:
    result = run("compare", file, "--width", "0.5", "--seeds", "1", "--json")
    return float(strict_json(result.stdout)[1]["psnr"])


@pytest.mark.parametrize("target", ["tensorrt", "openvino:NPU", "onnxruntime:cuda", "pytorch:xpu"])
def test_a_target_that_is_not_here_is_refused(file: str, tmp_path: Path, target: str) -> None:
    out = tmp_path / "never.png"
    assert target.partition(":")[2] in refused("render", file, "-o", str(out), "--target", target)
    assert not out.exists()
    refused("compare", file, "--target", target)


@pytest.mark.parametrize("target", ["pytorch", "PyTorch:CPU"])
def test_compare_takes_a_target_in_short(file: str, target: str) -> None:
    result = run("compare", file, "--target", target, "--width", "0.5", "--seeds", "1", "--json")
    assert result.exit_code == 0, result.output
    assert strict_json(result.stdout)[0]["target"] == "pytorch:cpu:f32"
    for other in ("", "pytorch:", "pytorch:cpu:f32:x", "pytorch:cuda"):
        refused("compare", file, "--target", other)


def test_the_same_seed_gives_the_same_bytes(file: str, tmp_path: Path) -> None:
    written = [tmp_path / "a.png", tmp_path / "b.png"]
    assert all(run("render", file, "-o", str(out)).exit_code == 0 for out in written)
    assert written[0].read_bytes() == written[1].read_bytes()


@pytest.mark.parametrize("precision", ["f32", "f16"])
def test_convert_and_open_again(file: str, model: Model, tmp_path: Path, precision: str) -> None:
    out = tmp_path / "copy.safetensors"
    out.write_text("an older file, which is replaced")
    assert run("convert", file, "-o", str(out), "--precision", precision).exit_code == 0
    again = open_model(out)
    assert again.info.config == model.info.config
    assert again.info.widths == model.info.widths
    assert again.info.directions == model.info.directions
    assert again.info.source_sha256 == "0" * 64
    limit = 0 if precision == "f32" else 12
    difference = again.render(GanInputs(seed=1)).astype(int) - model.render(GanInputs(seed=1))
    assert abs(difference).max() <= limit
    assert [s.step for s in again.info.history] == ([] if precision == "f32" else ["store"])
    assert sorted(p.name for p in tmp_path.iterdir()) == ["copy.safetensors", "small.safetensors"]


def test_convert_can_sort(file: str, model: Model, tmp_path: Path) -> None:
    out = tmp_path / "sorted.safetensors"
    assert run("convert", file, "-o", str(out), "--sort").exit_code == 0
    again = open_model(out)
    assert again.info.sorted_channels
    assert [s.step for s in again.info.history] == ["sort_channels"]
    styles = model.styles(GanInputs())
    assert np.allclose(again.picture(styles), model.picture(styles), atol=1e-4)


def test_demo_writes_pictures_and_one_page(file: str, model: Model, tmp_path: Path) -> None:
    folder = tmp_path / "deep" / "demo"
    result = run("demo", file, "-o", str(folder), "--seeds", "1")
    assert result.exit_code == 0, result.output
    assert str(folder / "index.html") in result.stdout
    names = {"index.html", "full.png", "subnet.png", "difference.png", "sheet.png"}
    assert {p.name for p in folder.iterdir()} == names
    assert (np.asarray(Image.open(folder / "full.png")) == model.render(GanInputs())).all()
    assert strict_json(read_text(folder / "subnet.png")["maquette"])["subnet"]["width"] == 0.5
    page = (folder / "index.html").read_text("utf-8")
    assert "prefers-color-scheme: dark" in page
    assert page.count("data:image/png;base64,") == 3 + 4 * 3
    assert "http" not in page
    for text in ("width 0.5", "pytorch:cpu:f32", "torch", "0" * 64):
        assert text in page


def test_compare_writes_a_report_too(file: str, tmp_path: Path) -> None:
    out = tmp_path / "report.html"
    result = run(
        *("compare", file, "--widths", "0.5,0.5,1,1", "--seeds", "2", "--html", str(out)), "--json"
    )
    assert result.exit_code == 0, result.output
    records = strict_json(result.stdout)
    assert [r["name"] for r in records] == ["full", "widths 0.5/0.5/1/1"]
    text = out.read_text("utf-8")
    assert "seeds 0 to 1, truncation 1" in text
    assert text.count("data:image/png") == 4
    assert f"<td>{records[1]['latency_ms']['median']:.2f}</td>" in text


def test_a_report_has_an_honest_name_and_a_place(file: str, tmp_path: Path) -> None:
    assert "must end in .html" in refused("compare", file, "--html", str(tmp_path / "a.png"))
    there = str(tmp_path / "missing" / "a.html")
    assert "does not exist" in refused("compare", file, "--html", there)
