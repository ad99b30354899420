"""``maquette train``: what it writes, prints and refuses."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch

from studio.families.model import Model
from studio.families.opening import open_model
from tests.cli.test_commands import refused, run, strict_json
from tests.families.small import small_config, small_model

QUICK = ("--steps", "3", "--batch", "2", "--threads", "1", "--width", "0.5")


@pytest.fixture(autouse=True)
def threads() -> Any:
    before = torch.get_num_threads()
    yield
    torch.set_num_threads(before)


@pytest.fixture
def file(tmp_path: Path) -> str:
    config = replace(small_config((8,) * 8), architecture="stylegan2")
    path = tmp_path / "small.safetensors"
    small_model(config, directions=("age",)).save(path)
    return str(path)


def test_elastic_writes_a_model_and_reports_in_json(file: str, tmp_path: Path) -> None:
    out, strip = tmp_path / "elastic.safetensors", tmp_path / "strip.png"
    result = run("train", "elastic", file, "-o", str(out), *QUICK, "--strip", str(strip), "--json")
    assert result.exit_code == 0, result.output
    record = strict_json(result.stdout)
    assert record["path"] == str(out)
    assert record["widths"] == [0.5, 1.0]
    assert record["resolutions"] == [16, 32]
    assert record["steps"] == 3
    assert record["stopped"] is False
    assert record["checkpoint"] is None
    assert record["discriminator"] == "the file has no discriminator"
    assert [each["width"] for each in record["before"]] == [0.5, 1.0]
    assert [each["width"] for each in record["after"]] == [0.5, 1.0]
    assert 0 < record["before"][0]["flip"] < 1
    assert record["before"][0]["psnr"] > 0
    assert record["unread"] == []
    assert "step 3, " in result.stderr
    assert "FLIP 0.5: " in result.stderr
    assert strip.stat().st_size > 0
    assert open_model(out).info.directions == ("age",)


def test_elastic_prints_a_table(file: str, tmp_path: Path) -> None:
    out = tmp_path / "elastic.safetensors"
    result = run("train", "elastic", file, "-o", str(out), *QUICK)
    assert result.exit_code == 0, result.output
    assert "FLIP before" in result.stdout
    assert f"{out}: complete after 3 steps" in " ".join(result.stdout.split())


def test_elastic_with_pictures_names_what_it_cannot_read(file: str, tmp_path: Path) -> None:
    from PIL import Image

    folder = tmp_path / "data"
    folder.mkdir()
    Image.new("RGB", (50, 40), "red").save(folder / "a.png")
    (folder / "b.png").write_bytes(b"no picture")
    out = str(tmp_path / "elastic.safetensors")
    result = run("train", "elastic", file, "-o", out, *QUICK, "--data", str(folder))
    assert result.exit_code == 0, result.output
    assert "1 of 2 pictures cannot be read: b.png" in result.stdout


def test_what_elastic_refuses(file: str, tmp_path: Path) -> None:
    out = str(tmp_path / "elastic.safetensors")

    def refusal(*options: str, target: str = out) -> str:
        return refused("train", "elastic", file, "-o", target, *options)

    assert refusal("--minutes", "0") == "minutes 0 is not within 0.05 and 100000"
    assert refusal("--width", "1") == "widths name full alone; at least one below 1 is needed"
    assert refusal("--width", "2") == "width 2 is not within 0.015625 and 1"
    assert refusal("--resume") == f"there is no checkpoint {out}.checkpoint to go on from"
    assert "must end in .safetensors" in refusal(target=str(tmp_path / "a.pt"))
    assert "must end in .png" in refusal("--strip", "a.jpg")
    assert "does not exist" in refusal(target=str(tmp_path / "none" / "a.safetensors"))
    empty = tmp_path / "empty"
    empty.mkdir()
    assert refusal(*QUICK, "--data", str(empty)).startswith(f"there is no picture in {empty}")
    assert "neither a file nor" in refused("train", "elastic", "nothing", "-o", out)
    refused("train", "elastic", file, code=2)
    assert run("train").exit_code == 2
    assert sorted(p.name for p in tmp_path.iterdir()) == ["empty", "small.safetensors"]


@pytest.mark.skipif(sys.platform == "win32", reason="sends SIGINT to one process")
def test_ctrl_c_stops_keeps_the_best_and_resume_goes_on(file: str, tmp_path: Path) -> None:
    out = tmp_path / "elastic.safetensors"
    options = ["train", "elastic", file, "-o", str(out), "--batch", "2", "--threads", "1", "--json"]
    process = subprocess.Popen(
        [sys.executable, "-m", "studio.cli", *options, "--steps", "100000"],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
        env={**os.environ, "OMP_NUM_THREADS": "1"},
    )
    try:
        assert process.stderr is not None
        assert "step 0" in process.stderr.readline()
        process.send_signal(signal.SIGINT)
        stdout, stderr = process.communicate(timeout=120)
    finally:
        process.kill()
        process.communicate()
    assert process.returncode == 0, stderr
    record = strict_json(stdout)
    assert record["stopped"] is True
    assert record["checkpoint"] == f"{out}.checkpoint"
    assert Path(record["checkpoint"]).is_file()
    assert isinstance(open_model(out), Model)
    more = str(record["steps"] + 2)
    result = run(*options, "--resume", "--steps", more)
    assert result.exit_code == 0, result.output
    assert strict_json(result.stdout)["steps"] == record["steps"] + 2
    assert not Path(record["checkpoint"]).exists()
