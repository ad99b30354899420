"""A Stable Diffusion in one file draws what the same pipeline draws as a folder."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.errors import RefusedFile
from studio.families.diffusion.opening import open_pipeline
from studio.families.diffusion.tokenizers import tokens_of
from studio.families.opening import open_model
from tests.families.diffusion.one_file import pipeline_of, write_one_file
from tests.families.diffusion.test_rendering import plain
from tests.families.diffusion.tiny import clip_tokenizer, small_inputs


@pytest.fixture(autouse=True)
def nothing_elsewhere(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No tokenizer of the user's own comes into it."""
    for name in ("HF_HUB_CACHE", "HF_HOME", "COMFYUI_PATH", "INVOKEAI_ROOT"):
        monkeypatch.delenv(name, raising=False)
    for name in ("HOME", "USERPROFILE"):
        monkeypatch.setenv(name, str(tmp_path / "nobody"))


@pytest.mark.parametrize("version", ["1", "2", "xl"])
def test_a_file_draws_what_its_pipeline_draws(version: str, tmp_path: Path) -> None:
    pipeline = pipeline_of(version)
    pipeline.set_progress_bar_config(disable=True)
    file = tmp_path / "model.safetensors"
    write_one_file(pipeline, version, file)
    clip_tokenizer().save_pretrained(tmp_path / "tokenizer")
    model = open_model(file)
    assert (model.info.name, model.info.layout) == ("model", "single file")
    inputs = small_inputs("")
    guidance = model.info.config.guidance_scale
    drawn = model.render(inputs)
    assert np.array_equal(drawn, plain(pipeline, inputs, guidance))
    own = {name: tuple(t.shape) for name, t in pipeline.unet.state_dict().items()}
    assert {name: tuple(t.shape) for name, t in model.network.state_dict().items()} == own
    model.save(tmp_path / "folder")
    again = open_pipeline(tmp_path / "folder")
    assert np.array_equal(again.render(inputs), drawn)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "model.safetensors"
    write_one_file(pipeline_of("1"), "1", path)
    return path


def test_without_a_tokenizer_it_is_asked_for(
    file: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    with pytest.raises(
        RefusedFile, match=r"no tokenizer of its own, and none .* put the folder “tok"
    ):
        open_model(file)
    from tests.families.diffusion.tiny import shared_folder

    cache = tmp_path / "hub"
    snapshot = cache / "models--a--b/snapshots/0"
    shutil.copytree(shared_folder("StableDiffusionPipeline"), snapshot)
    monkeypatch.setenv("HF_HUB_CACHE", str(cache))
    model = open_model(file)
    assert model.components.folder.components["tokenizer"].folder == snapshot / "tokenizer"
    assert model.prompt_tokens("a head") == 7


def test_what_is_missing_or_does_not_fit_is_said(file: Path, tmp_path: Path) -> None:
    clip_tokenizer().save_pretrained(tmp_path / "tokenizer")
    tensors = load_file(file)

    def without(*starts: str) -> Path:
        save_file({n: t for n, t in tensors.items() if not n.startswith(starts)}, file)
        return file

    with pytest.raises(
        RefusedFile, match=r"no whole Stable Diffusion: it lacks .*cond_stage_model"
    ):
        open_model(without("cond_stage_model."))
    with pytest.raises(RefusedFile, match=r"it lacks .*first_stage_model\.post_quant_conv"):
        open_model(without("first_stage_model."))
    with pytest.raises(RefusedFile, match=r"unet has no tensor “mid_block"):
        open_model(without("model.diffusion_model.middle_block.2."))
    name = "model.diffusion_model.out.0.weight"
    save_file({**tensors, name: torch.ones(5)}, file)
    with pytest.raises(RefusedFile, match=r"disagree: “conv_norm_out.weight” is \[5\]"):
        open_model(file)


def test_tokens_of_a_tokenizer(tmp_path: Path) -> None:
    clip_tokenizer().save_pretrained(tmp_path)
    assert tokens_of(tmp_path) == len(clip_tokenizer()) == 80
    assert tokens_of(tmp_path / "nowhere") == 0
    (tmp_path / "vocab.json").write_text('{"model": 0, "<|endoftext|>": 1}')
    assert tokens_of(tmp_path) == 2
    (tmp_path / "vocab.json").write_text('{"other": 0}')
    assert tokens_of(tmp_path) == 0
