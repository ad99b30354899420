"""Pipelines as folders that diffusers opens alone, whatever was cut and rounded."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors import SafetensorError, safe_open

from studio.bundles.pipelines import plain
from studio.bundles.pipelines.plain import PlainExported, export_plain
from studio.errors import BadChoice, MaquetteError
from studio.families.diffusion.denoiser import named
from studio.families.opening import open_model
from studio.families.quantization import QuantPlan
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic
from tests.families.diffusion.tiny import shared_model, small_inputs

HALF = SubnetChoice(width=0.5, denoising=Denoising(Elastic(depth=0.5)))
NAMES = (
    "StableDiffusionPipeline",
    "StableDiffusionXLPipeline",
    "StableDiffusion3Pipeline",
    "FluxPipeline",
    "PixArtSigmaPipeline",
    "DDPMPipeline",
)
SD = NAMES[0]
ALONE = """
import json, sys, warnings
warnings.simplefilter("ignore")
import numpy, torch
from diffusers import DiffusionPipeline
for folder, seed, arguments in json.load(sys.stdin):
    pipeline = DiffusionPipeline.from_pretrained(folder, local_files_only=True)
    pipeline.set_progress_bar_config(disable=True)
    generator = torch.Generator().manual_seed(seed)
    picture = pipeline(**arguments, generator=generator, output_type="np").images[0]
    numpy.save(folder + ".npy", picture)
assert not any(name.split(".")[0] in ("studio", "plugins") for name in sys.modules)
"""


@dataclass(frozen=True)
class Made:
    """A cut pipeline, its folder, and what diffusers draws with that in a process of its own."""

    model: Any
    done: PlainExported
    picture: Any


def _arguments(name: str, model: Any) -> dict[str, Any]:
    inputs = model.settled(small_inputs(name))
    given: dict[str, Any] = {"num_inference_steps": inputs.steps}
    if name == "DDPMPipeline":
        return given
    given |= {"prompt": inputs.prompt, "height": inputs.height, "width": inputs.width}
    given |= {"guidance_scale": inputs.guidance}
    if name == "PixArtSigmaPipeline":
        given |= {"use_resolution_binning": False, "clean_caption": False}
    return given


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Made]:
    place = tmp_path_factory.mktemp("plain")
    cuts = {name: shared_model(name).cut(HALF) for name in NAMES}
    done = {name: export_plain(each, place / name) for name, each in cuts.items()}
    asked = [
        (str(place / name), small_inputs(name).seed, _arguments(name, each))
        for name, each in cuts.items()
    ]
    ran = subprocess.run(
        [sys.executable, "-c", ALONE],
        input=json.dumps(asked),
        cwd=place,
        env={**os.environ, "PYTHONPATH": "", "HF_HUB_OFFLINE": "1"},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr[-2000:]
    return {
        name: Made(each, done[name], np.load(place / f"{name}.npy")) for name, each in cuts.items()
    }


@pytest.mark.parametrize("name", NAMES)
def test_diffusers_alone_draws_the_same_picture(name: str, made: dict[str, Made]) -> None:
    each = made[name]
    drawn = each.model.render(small_inputs(name)).astype(int)
    alone = (each.picture * 255).round().clip(0, 255).astype(int)
    assert np.abs(drawn - alone).max() <= 1
    assert np.abs(drawn - shared_model(name).render(small_inputs(name))).max() > 1
    assert each.done.error < 1e-5
    again = open_model(each.done.folder)
    assert again.info.layout == "maquette"
    assert np.abs(drawn - again.render(small_inputs(name))).max() <= 1
    assert [step.step for step in again.info.history] == ["cut", "plain"]


def test_what_it_is_and_is_not(made: dict[str, Made]) -> None:
    for name, said in (
        ("PixArtSigmaPipeline", "leaves 1 block of the denoiser out"),
        ("FluxPipeline", "as large in memory and as slow as before the cut"),
    ):
        done = made[name].done
        text = " ".join(done.said)
        assert said in text
        card = (done.folder / "README.md").read_text("utf-8")
        assert all(sentence in card for sentence in done.said)
        assert "DiffusionPipeline.from_pretrained" in card
        assert done.bytes == sum(p.stat().st_size for p in done.folder.rglob("*") if p.is_file())
    whole = shared_model("PixArtSigmaPipeline").network.config.num_layers
    config = json.loads(
        (made["PixArtSigmaPipeline"].done.folder / "transformer/config.json").read_text()
    )
    assert config["num_layers"] == whole - 1
    notes = json.loads((made[SD].done.folder / "maquette.json").read_text())
    assert not {"kept", "ordered", "quantization"} & notes.keys()


def _types(folder: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for file in sorted(folder.glob("*/*.safetensors")):
        with safe_open(str(file), "pt") as held:
            kinds = {str(held.get_slice(name).get_dtype()) for name in held.keys()}  # noqa: SIM118
        found[file.parent.name] = kinds
    return found


def test_smaller_types(tmp_path: Path) -> None:
    model = shared_model(SD)
    sizes = {}
    for storage, types, error in (
        ("f32", {"F32"}, 1e-6),
        ("f16", {"F16"}, 2e-3),
        ("bf16", {"BF16"}, 2e-2),
        ("f8", {"F8_E4M3", "F16"}, 0.1),
    ):
        done = export_plain(model, tmp_path / storage, storage)
        assert done.error <= error
        assert (done.error == 0) == (storage == "f32")
        found = _types(done.folder)
        assert found["unet"] == types
        assert found["vae"] == (types - {"F8_E4M3"} or {"F16"})
        file = done.folder / "unet/diffusion_pytorch_model.safetensors"
        sizes[storage] = file.stat().st_size
        again = open_model(done.folder)
        apart = np.abs(again.render(small_inputs(SD)).astype(int) - model.render(small_inputs(SD)))
        assert apart.max() <= {"f32": 0, "f8": 60}.get(storage, 12)
    assert sizes["f16"] == pytest.approx(sizes["f32"] / 2, rel=0.1)
    assert sizes["f8"] < 0.9 * sizes["f16"]


def test_layerwise_casting_loses_nothing_more(tmp_path: Path) -> None:
    """What the README of such a folder offers."""
    from diffusers import UNet2DConditionModel

    model = shared_model(SD)
    done = export_plain(model, tmp_path / "f8", "f8")
    read = UNet2DConditionModel.from_pretrained(done.folder / "unet")
    given = model.first_call(small_inputs(SD))
    call = named(read, given)
    with torch.inference_mode():
        before = call(*given.values())[0]
        read.enable_layerwise_casting(torch.float8_e4m3fn, torch.float32)
        assert read.mid_block.resnets[0].conv1.weight.dtype == torch.float8_e4m3fn
        assert torch.equal(call(*given.values())[0], before)


def test_a_gguf_denoiser_is_read_by_diffusers_and_by_us(tmp_path: Path) -> None:
    model = shared_model("FluxPipeline").cut(SubnetChoice(width=0.5))
    done = export_plain(model, tmp_path / "flux", "q8_0")
    assert 0 < done.error < 0.02
    assert "GGUF file" in " ".join(done.said)
    assert "from_single_file" in (done.folder / "README.md").read_text("utf-8")
    again = open_model(done.folder)
    assert again.info.config.packed == "Q8_0"
    with pytest.raises(BadChoice, match="GGUF file in Q8_0"):
        export_plain(again, tmp_path / "twice")
    with pytest.raises(BadChoice, match="diffusers reads no PixArtTransformer2DModel from a GGUF"):
        export_plain(shared_model("PixArtSigmaPipeline"), tmp_path / "pixart", "q8_0")


def test_weights_of_a_plan_lie_on_their_grid(tmp_path: Path) -> None:
    model = shared_model(SD)
    layers = ("mid_block.resnets.0.conv1", "mid_block.attentions.0.proj_in")
    done = export_plain(model.quantised(QuantPlan(layers=layers)), tmp_path / "int8")
    assert "2 layers lie on their int8 grid" in " ".join(done.said)
    assert 0 < done.error < 0.05
    file = done.folder / "unet/diffusion_pytorch_model.safetensors"
    own = dict(model.network.named_parameters())
    with safe_open(str(file), "pt") as held:
        for layer in layers:
            weight = held.get_tensor(f"{layer}.weight").flatten(1)
            steps = weight / (weight.abs().amax(1, keepdim=True) / 127)
            assert torch.allclose(steps, steps.round(), atol=1e-3)
            assert not torch.equal(weight, own[f"{layer}.weight"].flatten(1))
        other = "mid_block.resnets.1.conv1.weight"
        assert torch.equal(held.get_tensor(other), own[other])
    assert not open_model(done.folder).info.quantised


def test_what_is_refused_leaves_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model, place = shared_model(SD), tmp_path / "out"
    (tmp_path / "full").mkdir()
    (tmp_path / "full" / "mine.txt").write_text("x")
    with pytest.raises(MaquetteError, match="not empty"):
        export_plain(model, tmp_path / "full")

    def refuses(*given: Any, **named: Any) -> None:
        raise SafetensorError("I/O error: No space left on device (os error 28)")

    with monkeypatch.context() as changed:
        changed.setattr("safetensors.torch.save_file", refuses)
        with pytest.raises(MaquetteError, match=r"cannot write .*out: no space left on device"):
            export_plain(model, place)
    with monkeypatch.context() as changed:
        changed.setattr(plain, "_compared", lambda *given: 0.5)
        with pytest.raises(MaquetteError, match=r"the denoiser's answer is 0\.5 off"):
            export_plain(model, place)
    with torch.no_grad():
        large = model.with_denoiser(
            _scaled(model.network, 1e6), replace(model.info.config, ordered=None)
        )
    with pytest.raises(MaquetteError, match=r"weights unet\..* do not fit 16-bit floats"):
        export_plain(large, place, "f16")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["full"]


def _scaled(network: Any, factor: float) -> Any:
    from studio.subnets.denoisers.clones import with_tensors

    return with_tensors(network, lambda tensor: tensor * factor)
