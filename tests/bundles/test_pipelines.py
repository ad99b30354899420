"""Pipelines as folders that draw without this app, and the samplers that they carry."""

from __future__ import annotations

import importlib
import json
import os
import subprocess
import sys
import types
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image

from studio.bundles.pipelines.exporting import Format, export_pipeline
from studio.errors import BadChoice, MaquetteError
from studio.families.diffusion.components import quiet
from tests.families.diffusion.tiny import shared_model, small_inputs

SD = "StableDiffusionPipeline"


@pytest.fixture(scope="module")
def template() -> Any:
    """The program of such a folder, beside latents that nobody draws."""
    sys.modules["latents"] = stub = types.ModuleType("latents")
    stub.normal = None  # type: ignore[attr-defined]
    try:
        return importlib.import_module("studio.bundles.template.draw")
    finally:
        del sys.modules["latents"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    place = tmp_path_factory.mktemp("pipelines") / "onnx"
    done = export_pipeline(shared_model(SD), place, "onnx")
    assert done.said[-1].startswith("4 steps: agree with PyTorch")
    assert [line.partition(":")[0] for line in done.said[1:4]] == [
        "text_encoder", "unet", "vae_decoder",
    ]  # fmt: skip
    return place


def ran(folder: Path, *arguments: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-B", str(folder / "run.py"), *arguments],
        cwd=folder.parent,
        env={**os.environ, "PYTHONPATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )


def test_the_folder_is_laid_out_as_programs_expect(folder: Path) -> None:
    for name in ("text_encoder", "unet", "vae_decoder"):
        assert (folder / name / "model.onnx").is_file()
        assert json.loads((folder / name / "config.json").read_text())
    for name in ("model_index.json", "tokenizer/tokenizer.json", "scheduler/scheduler_config.json"):
        assert (folder / name).is_file()


def test_it_draws_the_picture_of_diffusers(folder: Path, tmp_path: Path) -> None:
    model = shared_model(SD)
    inputs = small_inputs(SD, scheduler="ddim")
    config = model.info.config
    out = tmp_path / "drawn.png"
    done = ran(
        folder, inputs.prompt, "--seed", str(inputs.seed), "--steps", str(inputs.steps),
        "--scheduler", "ddim", "--height", str(inputs.height or config.height),
        "--width", str(inputs.width or config.width), "--out", str(out),
    )  # fmt: skip
    assert not done.returncode, done.stderr
    apart = np.asarray(Image.open(out), np.int16) - model.render(inputs).astype(np.int16)
    assert np.abs(apart).max() <= 1


def test_a_change_and_a_wrong_size_are_refused_in_a_sentence(folder: Path) -> None:
    refused = ran(folder, "a head", "--width", "13")
    assert (refused.returncode, refused.stdout) == (1, "")
    assert refused.stderr.startswith("the width 13 is no multiple of")
    config = folder / "unet" / "config.json"
    before = config.read_bytes()
    config.write_bytes(before + b" ")
    try:
        refused = ran(folder, "--verify")
        assert refused.returncode == 1
        assert refused.stderr.startswith("unet/config.json was changed")
    finally:
        config.write_bytes(before)


def test_openvino_verifies_too(tmp_path: Path) -> None:
    form: Format = "openvino"
    done = export_pipeline(shared_model(SD), tmp_path / "out", form)
    assert len(done.said) == 5
    assert (tmp_path / "out" / "unet" / "openvino_model.xml").is_file()
    requirements = (tmp_path / "out" / "requirements.txt").read_text().split("==")[0::1]
    assert "numpy" in requirements[0]


def test_other_pipelines_and_full_folders_are_refused(tmp_path: Path) -> None:
    with pytest.raises(BadChoice, match="a DDPMPipeline cannot be exported so far"):
        export_pipeline(shared_model("DDPMPipeline"), tmp_path / "x")
    (tmp_path / "kept.txt").write_text("kept")
    with pytest.raises(MaquetteError, match="it is not empty"):
        export_pipeline(shared_model(SD), tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["kept.txt"]


@pytest.mark.parametrize("prediction", ["epsilon", "v_prediction"])
@pytest.mark.parametrize("spacing", ["leading", "trailing", "linspace"])
@pytest.mark.parametrize("name", ["ddim", "euler"])
def test_samplers_step_as_those_of_diffusers(
    template: Any, name: str, spacing: str, prediction: str
) -> None:
    from diffusers import DDIMScheduler, EulerDiscreteScheduler

    kind: Any = {"ddim": DDIMScheduler, "euler": EulerDiscreteScheduler}[name]
    theirs = kind(
        beta_schedule="scaled_linear", beta_start=0.00085, beta_end=0.012, steps_offset=1,
        timestep_spacing=spacing, prediction_type=prediction,
    )  # fmt: skip
    with quiet():
        theirs.set_timesteps(5)
    ours = template.SAMPLERS[name](dict(theirs.config), 5)
    assert np.allclose(ours.times, theirs.timesteps.numpy(), atol=1e-3)
    assert ours.first == pytest.approx(float(theirs.init_noise_sigma), rel=1e-5)
    draw = torch.Generator().manual_seed(0)
    wanted = torch.randn(1, 4, 2, 2, generator=draw) * ours.first
    found = wanted.numpy()
    for index, time in enumerate(theirs.timesteps):
        with quiet():
            given = theirs.scale_model_input(wanted, time)
        assert np.allclose(ours.scaled(found, index), given.numpy(), atol=1e-4)
        output = torch.tanh(given)
        with quiet():
            wanted = theirs.step(output, time, wanted).prev_sample
        found = ours.step(output.numpy(), found, index)
    assert np.allclose(found, wanted.numpy(), atol=1e-3)


def test_a_picture_file_is_a_picture(template: Any, tmp_path: Path) -> None:
    picture = np.random.default_rng(0).random((5, 7, 3))
    (tmp_path / "a.png").write_bytes(template.png(picture))
    read = np.asarray(Image.open(tmp_path / "a.png"))
    assert np.array_equal(read, (picture * 255).round().astype(np.uint8))
