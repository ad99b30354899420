"""``maquette export`` of a diffusion pipeline."""

from __future__ import annotations

import json
from pathlib import Path

from typer.testing import CliRunner, Result

from studio.commands import app
from tests.families.diffusion.tiny import shared_folder

SD = "StableDiffusionPipeline"


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, list(arguments))


def test_a_pipeline_becomes_a_folder_that_verified_itself(tmp_path: Path) -> None:
    target = tmp_path / "out"
    done = run("export", str(shared_folder(SD)), "-o", str(target), "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["output"] == str(target)
    there = sum(p.stat().st_size for p in target.rglob("*") if p.is_file())
    assert sum(each["bytes"] for each in told["networks"]) < told["bytes"] <= there
    assert [each["role"] for each in told["networks"]] == ["component"] * 4
    assert all(each["parity"]["max_abs"] < 1e-4 for each in told["networks"])
    assert {each["main"] for each in told["networks"]} == {
        f"{name}/model.onnx" for name in ("text_encoder", "unet", "vae_decoder", "vae_encoder")
    }


def test_what_a_pipeline_has_no_use_for_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "out"
    base = ("export", str(shared_folder(SD)), "-o", str(target))
    for more, words in (
        (("--resolution", "32"), "a pipeline takes no --resolution"),
        (("--supernet",), "a pipeline takes no --supernet"),
        (("--format", "pt2"), "exported as onnx, openvino, onnx-npu, openvino-npu"),
    ):
        refused = run(*base, *more)
        assert refused.exit_code == 1
        assert words in " ".join(refused.stderr.split())
    assert not target.exists()


def test_a_folder_for_diffusers(tmp_path: Path) -> None:
    target, source = tmp_path / "plain", str(shared_folder("PixArtSigmaPipeline"))
    base = ("export", source, "-o", str(target))
    for more, words in (
        (("--format", "diffusers:int3"), "there are f32, f16, bf16, f8, q8_0"),
        (("--format", "diffusers", "--format", "onnx"), "a format of its own"),
        (("--format", "diffusers", "--supernet"), "leave --supernet out"),
        (("--format", "diffusers", "--width", "1", "--width", "0.5"), "one --width"),
    ):
        refused = run(*base, *more)
        assert refused.exit_code == 1
        assert words in " ".join(refused.stderr.split())
    gan = run("export", "clay-heads", "-o", str(target), "--format", "diffusers")
    assert "is no diffusion pipeline" in gan.stderr
    assert not target.exists()
    done = run(*base, "--format", "diffusers:f16", "--width", "0.5", "--json")
    assert done.exit_code == 0, done.output
    told = json.loads(done.stdout)
    assert told["error"] < 5e-3
    assert any("zeros for what was cut" in line for line in told["said"])
    assert json.loads((target / "maquette.json").read_text())["title"].endswith(", width 0.5")
