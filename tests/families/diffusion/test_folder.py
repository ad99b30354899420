"""A pipeline folder is refused for every reason there is, beside a twin that opens."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import load_file, save_file

from studio.errors import NotEnoughMemory, RefusedFile, UnsupportedModel
from studio.families.diffusion.folder import read_folder
from studio.families.diffusion.memory import BESIDE, computing_type, estimate
from studio.families.diffusion.opening import open_pipeline
from studio.families.opening import open_model
from tests.families.diffusion.sparse import header_only
from tests.families.diffusion.tiny import (
    CLASSES,
    shared_folder,
    shared_model,
    small_inputs,
    unconditional,
)
from tests.fixtures_root import FIXTURES

HOSTILE = FIXTURES / "hostile"
CAUSES = {
    "custom_pipeline": r"pipeline class “../evil”, “EvilPipeline” of a file of its own.*never run",
    "custom_component": r"“os\.system” as its unet; accepted is UNet2DModel of diffusers",
    "config_mismatch": r"unet/config\.json and its weights disagree: .* \[16\] .* and \[24\]",
    "escaping_index": r"\.index\.json points outside .*“\.\./\.\./\.\./anycost/generator",
}


@pytest.fixture(scope="module")
def twin(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What the hostile folders pretend to be."""
    from diffusers import DDIMPipeline, DDIMScheduler

    torch.manual_seed(0)
    folder = tmp_path_factory.mktemp("twin") / "ddim"
    scheduler = DDIMScheduler(num_train_timesteps=50)
    DDIMPipeline(unconditional(), scheduler).save_pretrained(folder, safe_serialization=True)
    return folder


@pytest.fixture
def copied(twin: Path, tmp_path: Path) -> Path:
    shutil.copytree(twin, tmp_path / "model")
    return tmp_path / "model"


def edit(path: Path, change: Callable[[dict[str, Any]], Any]) -> None:
    content = json.loads(path.read_text())
    change(content)
    path.write_text(json.dumps(content))


def test_every_hostile_folder_has_its_cause_here() -> None:
    entries = json.loads((HOSTILE / "index.json").read_text())["entries"]
    assert {e["file"] for e in entries if e["kind"] == "folder"} == CAUSES.keys()


@pytest.mark.parametrize("name", CAUSES)
def test_hostile_folder_is_refused_and_its_sound_twin_opens(
    name: str, twin: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    here = tmp_path / "here"
    here.mkdir()
    monkeypatch.chdir(here)
    shutil.copytree(HOSTILE / name, tmp_path / name)
    if name != "escaping_index":  # the same weights in each, kept once in a clone
        shutil.copy(HOSTILE / "config_mismatch" / UNET, tmp_path / name / UNET)
    (tmp_path / "evil.py").write_text("open('PWNED', 'w')")
    with pytest.raises(RefusedFile, match=CAUSES[name]) as refused:
        open_model(tmp_path / name)
    assert str(refused.value).startswith(f"{tmp_path / name} cannot be opened: ")
    assert "\n" not in str(refused.value)
    assert not list(here.iterdir())
    model = open_model(twin)
    assert model.info.config.pipeline == "DDPMPipeline"
    assert model.info.parameters == sum(p.numel() for p in model.network.parameters())


def test_the_twin_draws_as_its_own_class(twin: Path) -> None:
    import numpy as np
    from diffusers import DDIMPipeline

    pipeline = DDIMPipeline.from_pretrained(twin, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(3)
    expected = pipeline(num_inference_steps=2, generator=generator, output_type="np").images[0]
    drawn = open_pipeline(twin).render(small_inputs("DDPMPipeline"))
    assert np.array_equal(drawn, (expected * 255).round())


UNET = "unet/diffusion_pytorch_model.safetensors"
BROKEN: dict[str, tuple[Callable[[Path], Any], str]] = {
    "no index": (lambda f: (f / "model_index.json").unlink(), "folder without model_index.json"),
    "index is a list": (
        lambda f: (f / "model_index.json").write_text("[]"),
        "model_index.json is no JSON object",
    ),
    "no class": (
        lambda f: edit(f / "model_index.json", lambda c: c.pop("_class_name")),
        "names no pipeline class",
    ),
    "missing component": (
        lambda f: edit(f / "model_index.json", lambda c: c.pop("unet")),
        "lacks “unet”, which a DDIMPipeline needs",
    ),
    "missing folder": (lambda f: shutil.rmtree(f / "unet"), "there is no folder unet"),
    "foreign component": (
        lambda f: edit(
            f / "model_index.json", lambda c: c.update(pet=["diffusers", "UNet2DModel"])
        ),
        "has the component “pet”, which a DDIMPipeline has not",
    ),
    "foreign library": (
        lambda f: edit(f / "model_index.json", lambda c: c.update(unet=["evil", "UNet2DModel"])),
        "“evil.UNet2DModel” as its unet",
    ),
    "three words": (
        lambda f: edit(f / "model_index.json", lambda c: c.update(unet=["a", "b", "c"])),
        "neither a library and class nor a value",
    ),
    "no weights": (lambda f: (f / UNET).unlink(), "the?re is no unet/diffusion_pytorch_model"),
    "a pickle": (
        lambda f: (f / UNET).rename(f / "unet/diffusion_pytorch_model.bin"),
        "only as a pickle .*diffusion_pytorch_model.bin.*accepted is safetensors",
    ),
    "cut short": (
        lambda f: (f / UNET).write_bytes((f / UNET).read_bytes()[:-8]),
        "reaches beyond the end of the file",
    ),
    "other class": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(_class_name="AutoencoderKL")),
        "describes “AutoencoderKL”, where model_index.json names “UNet2DModel”",
    ),
    "one block more": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(layers_per_block=2)),
        "disagree|which its config.json asks for",
    ),
    "one block less": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(mid_block_type=None)),
        "disagree|asks for|makes no",
    ),
    "no network": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(down_block_types=["Evil"])),
        "unet/config.json makes no UNet2DModel",
    ),
    "absurd width": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(block_out_channels=[8, 1 << 31])),
        "“block_out_channels” is 2.14748e\\+09, which no network has",
    ),
    "absurd depth": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(layers_per_block=10**6)),
        "“layers_per_block” is 1e\\+06, which no network has",
    ),
    "absurd size": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(sample_size=1 << 16)),
        "“sample_size” is 65536",
    ),
    "remote code": (
        lambda f: edit(f / "unet/config.json", lambda c: c.update(auto_map={"AutoModel": "a.b"})),
        "that need no code",
    ),
    "another scheduler": (
        lambda f: edit(
            f / "scheduler/scheduler_config.json", lambda c: c.update(_class_name="Evil")
        ),
        "describes “Evil”",
    ),
    "an extra tensor": (
        lambda f: save_file({**load_file(f / UNET), "more": torch.zeros(1)}, f / UNET),
        "“more” belongs nowhere",
    ),
    "a link out": (
        lambda f: _linked(f / UNET),
        "is a link out of the folder",
    ),
}


def _linked(path: Path) -> None:
    outside = path.parents[2] / "elsewhere.safetensors"
    path.rename(outside)
    path.symlink_to(outside)


@pytest.mark.parametrize("case", BROKEN)
def test_whatever_is_wrong_is_said(case: str, copied: Path) -> None:
    change, words = BROKEN[case]
    change(copied)
    with pytest.raises(RefusedFile, match=words):
        open_model(copied)


def test_another_pipeline_is_named(copied: Path) -> None:
    edit(copied / "model_index.json", lambda c: c.update(_class_name="AudioLDMPipeline"))
    with pytest.raises(UnsupportedModel, match="“AudioLDMPipeline”; accepted are StableDiffusion"):
        open_model(copied)


def test_a_snapshot_of_the_cache_opens(twin: Path, tmp_path: Path) -> None:
    """There, files are links into the blobs beside the snapshots."""
    snapshot, blobs = tmp_path / "models--a--b/snapshots/0f", tmp_path / "models--a--b/blobs"
    blobs.mkdir(parents=True)
    for number, file in enumerate(sorted(p for p in twin.rglob("*") if p.is_file())):
        blob = blobs / str(number)
        shutil.copy(file, blob)
        link = snapshot / file.relative_to(twin)
        link.parent.mkdir(parents=True, exist_ok=True)
        link.symlink_to(os.path.relpath(blob, link.parent))
    assert open_model(snapshot).info.parameters == open_model(twin).info.parameters


def test_nothing_reaches_the_network(copied: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    import socket

    def refuse(*_: object) -> None:
        raise AssertionError("a connection was tried")

    monkeypatch.setattr(socket.socket, "connect", refuse)
    monkeypatch.delenv("HF_HUB_OFFLINE", raising=False)
    open_model(copied).render(small_inputs("DDPMPipeline"))


def test_what_is_known_of_a_pipeline() -> None:
    model = shared_model("StableDiffusionXLPipeline")
    info = model.info
    assert info.family == "diffusion"
    assert [each.name for each in info.components] == [
        "text_encoder",
        "text_encoder_2",
        "unet",
        "vae",
    ]
    assert info.size_bytes == 4 * info.parameters
    assert (info.config.width, info.config.height, info.config.factor) == (16, 16, 2)
    assert info.config.takes == ("prompt", "negative", "picture", "mask")
    assert (info.config.scheduler, info.config.prompt_tokens) == ("euler", 77)
    assert model.prompt_tokens("a head") == 7
    assert shared_model("FluxPipeline").info.config.guidance == "embedded"
    assert shared_model("DiTPipeline").info.config.classes == 1000
    assert shared_model("LDMTextToImagePipeline").info.config.schedulers[0] == "ddim"


def test_components_are_loaded_when_they_are_needed() -> None:
    model = open_pipeline(shared_folder("StableDiffusionPipeline"))
    assert not model.components._stored
    own = model.network
    assert list(model.components._stored) == ["unet"]
    # Every weight is a view on the mapped file, none a copy.
    file = {p.untyped_storage().data_ptr() for p in own.parameters()}
    assert own.dtype == torch.float32
    assert all(not p.requires_grad for p in own.parameters())
    assert len(file) <= len(list(own.parameters()))
    assert model.running_network is own


def test_the_same_content_has_the_same_key(twin: Path, copied: Path) -> None:
    key = open_model(twin).info.key
    assert open_model(copied).info.key == key
    tensors = load_file(copied / UNET)
    tensors["conv_in.bias"][0] += 1
    save_file(tensors, copied / UNET, metadata={"format": "pt"})
    assert open_model(copied).info.key != key


def test_memory_is_estimated_from_the_headers(tmp_path: Path) -> None:
    folder = read_folder(shared_folder("FluxPipeline"))
    needs = estimate(folder)
    assert needs.stored == folder.bytes == shared_model("FluxPipeline").info.size_bytes
    assert needs.computed == 0
    assert computing_type(folder, needs.own) == "float32"
    with pytest.raises(
        NotEnoughMemory, match=r"600\.\d MB of memory .* 600\.0 MB may be taken; .*GGUF"
    ):
        computing_type(folder, BESIDE)
    assert set(CLASSES) >= {folder.pipeline.name}


def test_an_sd3_without_its_largest_text_encoder(tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(shared_folder("StableDiffusion3Pipeline"), folder)
    for name in ("text_encoder_3", "tokenizer_3"):
        shutil.rmtree(folder / name)
        edit(folder / "model_index.json", lambda c, name=name: c.update({name: [None, None]}))
    model = open_model(folder)
    assert model.info.config.prompt_tokens == 77
    assert shared_model("StableDiffusion3Pipeline").info.config.prompt_tokens == 256
    inputs = small_inputs("StableDiffusion3Pipeline")
    assert model.render(inputs).shape == (32, 16, 3)
    names = [port.name for port in model.portable().inputs]
    assert model.fed(names, inputs)["encoder_hidden_states"].shape == (2, 333, 32)


def test_a_flux_in_bf16_does_not_fit_24_gb(tmp_path: Path) -> None:
    """Refused with figures before anything is loaded: 12 G weights of the denoiser, 4.8 G of T5."""
    folder = tmp_path / "flux"
    shutil.copytree(shared_folder("FluxPipeline"), folder)
    blocks = {f"blocks.{n}.weight": (12_288, 16_947) for n in range(57)}
    large = header_only(folder / "transformer/diffusion_pytorch_model.safetensors", blocks)
    layers = {f"block.{n}.weight": (10_240, 19_379) for n in range(24)}
    texts = header_only(folder / "text_encoder_2/model.safetensors", layers)
    assert (round(large / 1e9, 1), round(texts / 1e9, 1)) == (23.7, 9.5)
    with pytest.raises(NotEnoughMemory) as refused:
        open_pipeline(folder, memory_limit=24 * 10**9)
    said = str(refused.value)
    assert "needs about 33.9 GB of memory" in said
    assert "23.7 GB of it for its transformer in bfloat16" in said
    assert "24.0 GB may be taken" in said
    assert "a GGUF file of its transformer" in said
    # Where it fits as it is stored, it is not computed in float32.
    assert computing_type(read_folder(folder), 48 * 10**9) == "stored"
    assert computing_type(read_folder(folder), 128 * 10**9) == "float32"
    with pytest.raises(RefusedFile, match=r"its config\.json asks for"):
        open_pipeline(folder, memory_limit=48 * 10**9)


def test_weights_stay_in_their_file_until_they_are_touched() -> None:
    import psutil

    file = shared_folder("LDMTextToImagePipeline") / UNET
    model = open_pipeline(file.parents[1])
    mapped = getattr(psutil.Process(), "memory_maps", None)  # none on macOS
    if mapped is not None:
        assert str(file) not in {each.path for each in mapped()}
    model.components.running("unet")
    assert model.components.running("unet") is model.components.stored("unet")
    if mapped is not None:
        assert str(file) in {each.path for each in mapped()}
