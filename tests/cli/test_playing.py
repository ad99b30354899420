"""The commands ``directions`` and ``walk``, and found directions and mixing in the others."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.stylegan.stages import stages_in
from studio.fidelity import measure as measuring
from studio.subnets.choice import SubnetChoice
from tests.cli.test_commands import refused, run, strict_json
from tests.families.small import small_model


@pytest.fixture
def model() -> Model:
    return small_model(directions=("age", "light"))


@pytest.fixture
def file(model: Model, tmp_path: Path) -> str:
    path = tmp_path / "small.safetensors"
    model.save(path)
    return str(path)


def test_directions_as_json(file: str, model: Model) -> None:
    result = run("directions", file, "--json", "--count", "3", "--stages", "middle")
    assert result.exit_code == 0, result.output
    record = strict_json(result.stdout)
    assert record["named"] == ["age", "light"]
    assert record["pixels"] == [8, 16]
    names = [each["name"] for each in record["found"]]
    assert names == ["sefa1.middle", "sefa2.middle", "sefa3.middle"]
    units = [each["unit"] for each in record["found"]]
    assert units == pytest.approx(model.found_directions("middle").deviations[:3].tolist())
    assert (record["least"], record["most"]) == (-100, 100)


def test_directions_for_people(file: str) -> None:
    result = run("directions", file)
    assert result.exit_code == 0
    for text in ("age", "light", "sefa1", "sefa8", "4, 8, 16, 32 px"):
        assert text in result.stdout
    assert "sefa9" not in result.stdout


def test_directions_that_are_not_there(file: str) -> None:
    assert "this model has 1 to 18" in refused("directions", file, "--count", "19")
    assert "coarse" in refused("directions", file, "--stages", "rough", code=2)


def test_render_along_a_found_direction(file: str, model: Model, tmp_path: Path) -> None:
    out = tmp_path / "a.png"
    edits = ("--edit", "sefa1=2.0", "--edit", "sefa2.fine=-1")
    assert run("render", file, *edits, "-o", str(out)).exit_code == 0
    expected = model.render(GanInputs(edits=(("sefa1", 2.0), ("sefa2.fine", -1.0))))
    assert (np.asarray(Image.open(out)) == expected).all()


@pytest.mark.parametrize("command", [("render", "-o", "a.png"), ("compare",)])
@pytest.mark.parametrize("value", ["1e308", "-101", "nan", "inf"])
def test_a_strength_beyond_all_reason_is_refused(
    file: str, command: tuple[str, ...], value: str
) -> None:
    name, *more = command
    words = refused(name, file, "--edit", f"age={value}", *more)
    assert "of 'age' is not within -100 and 100" in words


def test_compare_takes_edits(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    options = ("--width", "0.5", "--seeds", "1", "--json")
    plain, edited = (
        strict_json(run("compare", file, *options, *more).stdout)
        for more in ((), ("--edit", "sefa1=3"))
    )
    assert plain[1]["psnr"] != edited[1]["psnr"]


@pytest.mark.parametrize(
    ("text", "stages"),
    [("4,16", (4, 16)), ("coarse,32", (4, 32)), ("middle", (8, 16)), ("all", (4, 8, 16, 32))],
)
def test_render_mixes_stages(
    file: str, model: Model, tmp_path: Path, text: str, stages: tuple[int, ...]
) -> None:
    out = tmp_path / "a.png"
    mix = ("--mix", "5", "--mix-stages", text)
    assert run("render", file, *mix, "-o", str(out)).exit_code == 0
    expected = model.render(GanInputs(mix_seed=5, mix_stages=stages))
    assert (np.asarray(Image.open(out)) == expected).all()
    assert stages == stages_in("all", model.info.config) or len(stages) < 4


def test_stages_that_are_not_there(file: str) -> None:
    more = ("--mix", "5", "-o", "a.png")
    assert "no stage of 64 px" in refused("render", file, "--mix-stages", "64", *more)
    assert "4,8" in refused("render", file, "--mix-stages", "rough", *more, code=2)


def test_walk(file: str, model: Model, tmp_path: Path) -> None:
    out = tmp_path / "walk.gif"
    ends = ("--from-seed", "1", "--to-seed", "5", "--through-seed", "3")
    more = ("--frames", "6", "--seconds", "1", "--width", "0.5", "--loop", "--json")
    result = run("walk", file, *ends, *more, "-o", str(out))
    assert result.exit_code == 0, result.output
    record = strict_json(result.stdout)
    assert record["frames"] == 6
    assert record["format"] == "gif"
    assert record["subnet"]["width"] == 0.5
    with Image.open(out) as gif:
        assert gif.n_frames == 6


def test_a_walk_of_one_seed_along_a_direction(file: str, model: Model, tmp_path: Path) -> None:
    out = tmp_path / "frames"
    ends = ("--from-seed", "1", "--to-seed", "1", "--to-edit", "age=2", "--edit", "light=1")
    result = run("walk", file, *ends, "--frames", "3", "--ease", "-o", str(out))
    assert result.exit_code == 0, result.output
    assert "3 frames of 32 x 32" in result.stdout
    last = np.asarray(Image.open(out / "0003.png"))
    expected = model.render(GanInputs(seed=1, edits=(("light", 1.0), ("age", 2.0))), SubnetChoice())
    assert np.abs(last.astype(int) - expected).max() <= 1


def test_walks_that_are_refused(file: str, tmp_path: Path) -> None:
    ends = ("--from-seed", "1", "--to-seed", "5")
    gif = ("-o", str(tmp_path / "a.gif"))
    assert "must end in .gif" in refused("walk", file, *ends, "-o", str(tmp_path / "a.mp4"))
    assert "not both" in refused("walk", file, *ends, "--loop", "--there-and-back", *gif)
    assert "0 frames" in refused("walk", file, *ends, "--frames", "0", *gif)
    assert "seed -1" in refused("walk", file, "--from-seed", "-1", "--to-seed", "2", *gif)
    assert [p.name for p in tmp_path.iterdir()] == ["small.safetensors"]
