"""Models made for few steps are recognised and set up; what is asked for still counts."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import torch
from safetensors.torch import save_file

from studio.errors import RefusedFile
from studio.families.diffusion.describing import config_of
from studio.families.diffusion.distilled import recognised_lora
from studio.families.diffusion.folder import read_folder
from studio.families.diffusion.lora import with_lora
from studio.families.opening import open_model
from tests.families.diffusion.test_lora import peft_lora
from tests.families.diffusion.tiny import shared_folder, shared_model, small_inputs

SD, XL, SD3 = "StableDiffusionPipeline", "StableDiffusionXLPipeline", "StableDiffusion3Pipeline"
FLUX, PIXART = "FluxPipeline", "PixArtSigmaPipeline"
EULER = "EulerDiscreteScheduler"


def _config(
    name: str,
    called: str = "some-model",
    runs: str = "",
    scheduler: Mapping[str, Any] | None = None,
    denoiser: Mapping[str, Any] | None = None,
    named: str = "",
) -> Any:
    """The defaults of a tiny pipeline under another name, with other settings."""
    folder = read_folder(shared_folder(name))
    parts = dict(folder.components)
    own = parts["scheduler"]
    parts["scheduler"] = replace(
        own, runs=runs or own.runs, config={**own.config, **(scheduler or {})}
    )
    network = parts[folder.pipeline.denoiser]
    parts[network.name] = replace(network, config={**network.config, **(denoiser or {})})
    return config_of(
        replace(folder, path=Path("/m") / called, components=parts, named=named or folder.named)
    )


@pytest.mark.parametrize(
    ("given", "technique", "steps", "guidance", "scheduler"),
    [
        ({"denoiser": {"time_cond_proj_dim": 256}}, "LCM", 4, 8.0, "lcm"),
        ({"named": "LatentConsistencyModelPipeline"}, "LCM", 4, 1.0, "lcm"),
        ({"runs": "LCMScheduler"}, "LCM", 4, 1.0, "lcm"),
        ({"runs": "TCDScheduler"}, "TCD", 4, 1.0, "tcd"),
        ({"called": "lcm-sdxl"}, "LCM", 4, 1.0, "lcm"),
        (
            {"called": "models--stabilityai--sd-turbo/snapshots/1a2b"},
            "Turbo", 4, 1.0, "euler a trailing",
        ),
        (
            {"runs": EULER, "scheduler": {"timestep_spacing": "trailing"}},
            "Turbo", 1, 1.0, "euler trailing",
        ),
        (
            {"runs": "EulerAncestralDiscreteScheduler", "called": "sdxl-turbo",
             "scheduler": {"timestep_spacing": "trailing"}},
            "Turbo", 1, 1.0, "euler a trailing",
        ),
        ({"called": "sdxl_lightning_8step"}, "Lightning", 8, 1.0, "euler trailing"),
        ({"called": "realvisxlV40_lightning"}, "Lightning", 4, 1.0, "euler trailing"),
        ({"called": "Hyper-SD15-1step"}, "Hyper", 1, 1.0, "tcd"),
        ({"called": "Hyper-SDXL-8steps-CFG"}, "Hyper", 8, 5.0, "ddim trailing"),
        (
            {"denoiser": {"_name_or_path": "ByteDance/SDXL-Lightning 2step"}},
            "Lightning", 2, 1.0, "euler trailing",
        ),
        # Names that only look alike, and a schedule that ends in pure noise.
        ({"called": "hyperrealism-v3"}, "", 25, 7.5, "pndm"),
        ({"called": "calcmodel"}, "", 25, 7.5, "pndm"),
        (
            {"runs": EULER,
             "scheduler": {"timestep_spacing": "trailing", "rescale_betas_zero_snr": True}},
            "", 25, 7.5, "euler trailing",
        ),
    ],
)  # fmt: skip
def test_what_a_stable_diffusion_says_of_itself(
    given: dict[str, Any], technique: str, steps: int, guidance: float, scheduler: str
) -> None:
    config = _config(SD, **given)
    assert (config.distilled, config.steps, config.guidance_scale) == (technique, steps, guidance)
    assert config.scheduler == scheduler
    assert config.guidance == ("embedded" if guidance == 8.0 else "classifier-free")
    assert bool(config.distilled_why) == bool(technique)
    if technique:
        assert f"({technique})" in config.distilled_why
        assert f"{steps} step" in config.distilled_why


@pytest.mark.parametrize(
    ("name", "given", "technique", "steps", "guidance"),
    [
        (FLUX, {"denoiser": {"guidance_embeds": False}}, "schnell", 4, 1.0),
        (FLUX, {"called": "Hyper-FLUX.1-dev-8steps"}, "Hyper", 8, 3.5),
        (FLUX, {}, "", 28, 3.5),
        (SD3, {"called": "stable-diffusion-3.5-large-turbo"}, "Turbo", 4, 1.0),
        (PIXART, {"runs": "LCMScheduler"}, "LCM", 4, 1.0),
        ("DDPMPipeline", {"called": "turbo"}, "", 50, 1.0),
    ],
)
def test_other_classes(
    name: str, given: dict[str, Any], technique: str, steps: int, guidance: float
) -> None:
    config = _config(name, **given)
    assert (config.distilled, config.steps, config.guidance_scale) == (technique, steps, guidance)
    assert config.own_scheduler in ("", config.scheduler)


def test_loras_that_take_steps_away() -> None:
    config = shared_model(SD).info.config
    hub = Path("/c/models--latent-consistency--lcm-lora-sdv1-5/snapshots/ab")
    for path, metadata, found in (
        (hub / "pytorch_lora_weights.safetensors", {}, ("LCM", 4, 1.0, "lcm")),
        (Path("Hyper-SD15-8steps-lora.safetensors"), {}, ("Hyper", 8, 1.0, "ddim trailing")),
        (Path("a.safetensors"), {"ss_output_name": "my_lcm_v2"}, ("LCM", 4, 1.0, "lcm")),
        (
            Path("sdxl_lightning_2step_lora.safetensors"),
            {},
            ("Lightning", 2, 1.0, "euler trailing"),
        ),
        (Path("lcm/style.safetensors"), {}, None),
        (Path("flux-schnell-style.safetensors"), {}, None),
    ):
        made = recognised_lora(path, metadata, config)
        held = made and (made.technique, made.steps, made.guidance, made.scheduler)
        assert held == found


def test_a_fused_lora_sets_the_pipeline_up(tmp_path: Path) -> None:
    model = shared_model(SD)
    save_file(peft_lora(SD), tmp_path / "lcm-lora.safetensors")
    made = with_lora(model, tmp_path / "lcm-lora.safetensors", 0.2)
    config = made.info.config
    assert (config.distilled, config.scheduler, config.own_scheduler) == ("LCM", "lcm", "pndm")
    assert not with_lora(model, tmp_path / "lcm-lora.safetensors", 0).info.config.distilled
    left = small_inputs(SD, steps=None)
    asked = small_inputs(SD, steps=4, guidance=1.0, scheduler="lcm")
    drawn = made.render(left)
    assert np.array_equal(drawn, made.render(asked))
    other = small_inputs(SD, steps=2, guidance=3.0, scheduler="pndm")
    assert not np.array_equal(drawn, made.render(other))
    made.save(tmp_path / "saved")
    again = open_model(tmp_path / "saved")
    assert again.info.config == config
    assert np.array_equal(drawn, again.render(left))
    notes = tmp_path / "saved" / "maquette.json"
    good = json.loads(notes.read_text("utf-8"))
    said = json.loads(good["distilled"])
    for change in ({"steps": 0}, {"scheduler": "no such"}, {"more": 1}, {"technique": "Magic"}):
        notes.write_text(json.dumps(good | {"distilled": json.dumps(said | change)}), "utf-8")
        with pytest.raises(RefusedFile, match=r"distilled in maquette\.json is damaged"):
            open_model(tmp_path / "saved")


def test_trailing_schedulers_begin_at_the_noisiest_step() -> None:
    from studio.families.diffusion.sampling import made_scheduler

    model = shared_model(SD)
    for name in ("euler trailing", "euler a trailing", "ddim trailing"):
        made = made_scheduler(model, model.settled(small_inputs(SD, scheduler=name, steps=4)))
        assert [round(float(each)) for each in made.timesteps] == [999, 749, 499, 249]


def test_a_single_file_says_it_in_its_metadata(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    folder = read_folder(shared_folder(SD))
    for title, technique in (("Some Lightning merge, 6 steps", "Lightning"), ("Some merge", "")):
        save_file({"x": torch.zeros(1)}, file, {"modelspec.title": title})
        config = config_of(replace(folder, path=file))
        assert (config.distilled, config.steps) == (technique, 6 if technique else 25)
