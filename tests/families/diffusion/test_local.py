"""What other programs have on this computer is listed, and nothing of it opened."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file
from typer.testing import CliRunner

from studio.commands import app
from studio.families.diffusion.local import LocalModel, local_models, places
from tests.families.diffusion.sparse import header_only
from tests.families.diffusion.tiny import shared_folder


def hub(root: Path) -> Path:
    """A cache with a pipeline of two snapshots, a pipeline of sound, and a text model."""
    source = shared_folder("DDPMPipeline")
    for number, snapshot in enumerate(("old", "new")):
        target = root / "hub/models--somebody--heads/snapshots" / snapshot
        shutil.copytree(source, target)
        (target / "model_index.json").touch()
        import os

        os.utime(target, (number, number))
    sound = root / "hub/models--somebody--sound/snapshots/a"
    shutil.copytree(source, sound)
    (sound / "model_index.json").write_text('{"_class_name": "AudioLDMPipeline"}')
    words = root / "hub/models--somebody--words/snapshots/a"
    words.mkdir(parents=True)
    (words / "config.json").write_text("{}")
    return root / "hub"


def comfy(root: Path) -> Path:
    models = root / "ComfyUI/models"
    for name in ("checkpoints", "loras", "unet", "vae"):
        (models / name / "deeper").mkdir(parents=True)
    whole = {"model.diffusion_model.out.2.weight": (4, 8), "first_stage_model.x": (9,)}
    header_only(models / "checkpoints/deeper/photo.safetensors", whole)
    save_file({"lora_unet_a.lora_up.weight": torch.ones(2)}, models / "loras/style.safetensors")
    (models / "unet/flux-q4.gguf").write_bytes(b"GGUF")
    (models / "vae/broken.safetensors").write_bytes(b"no header")
    (models / "vae/notes.txt").write_text("no model")
    return models


def by_name(found: tuple[LocalModel, ...]) -> dict[str, LocalModel]:
    assert len({each.name for each in found}) == len(found)
    return {each.name: each for each in found}


def test_a_cache_of_hugging_face(tmp_path: Path) -> None:
    found = by_name(local_models([hub(tmp_path)]))
    assert found.keys() == {"somebody/heads", "somebody/sound"}
    heads = found["somebody/heads"]
    assert Path(heads.path).name == "new"
    assert (heads.pipeline, heads.what, heads.source) == (
        "DDPMPipeline",
        "pipeline",
        "hugging face",
    )
    assert heads.opens
    file = Path(heads.path) / "unet/diffusion_pytorch_model.safetensors"
    assert heads.size_bytes == file.stat().st_size
    assert not found["somebody/sound"].opens
    assert "AudioLDMPipeline are not opened" in found["somebody/sound"].why


def test_folders_of_comfyui_and_invokeai(tmp_path: Path) -> None:
    found = by_name(local_models([comfy(tmp_path)]))
    assert {name: each.what for name, each in found.items()} == {
        "photo": "checkpoint",
        "style": "lora",
        "flux-q4": "denoiser",
        "broken": "vae",
    }
    assert found["broken"].why == "its header cannot be read"
    assert found["photo"].size_bytes > 41 * 2
    invoke = tmp_path / "invokeai/models"
    shutil.copytree(shared_folder("DDPMPipeline"), invoke / "sd-1/main/heads")
    (found_there,) = local_models([invoke])
    assert (found_there.name, found_there.source, found_there.opens) == ("heads", "invokeai", True)


def test_places_are_found_by_variables_and_in_the_home(tmp_path: Path) -> None:
    cache, ui = hub(tmp_path), comfy(tmp_path)
    assert places({}, tmp_path) == [ui]
    assert places({"HF_HUB_CACHE": str(cache)}, tmp_path) == [cache, ui]
    assert places({"HF_HOME": str(tmp_path)}, tmp_path / "nobody") == [cache]
    away = {"COMFYUI_PATH": str(tmp_path / "ComfyUI")}
    assert places(away, tmp_path) == [ui]  # once
    assert places({}, tmp_path / "nobody") == []
    assert local_models([tmp_path / "nobody"]) == ()


def test_the_command(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = str(comfy(tmp_path))
    result = CliRunner().invoke(app, ["models", folder, "--json"])
    assert result.exit_code == 0, result.output
    assert [each["name"] for each in json.loads(result.stdout)] == [
        "broken",
        "flux-q4",
        "photo",
        "style",
    ]
    assert "its header cannot be read" in CliRunner().invoke(app, ["models", folder]).stdout
    for name in ("HF_HUB_CACHE", "HF_HOME", "COMFYUI_PATH", "INVOKEAI_ROOT"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HOME", str(tmp_path / "nobody"))
    monkeypatch.setenv("USERPROFILE", str(tmp_path / "nobody"))
    assert "no models in the usual places" in CliRunner().invoke(app, ["models"]).stdout
