"""From a pipeline folder to what the pipeline takes and draws. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from studio.checkpoints.causes import Cause, shown
from studio.errors import RefusedFile
from studio.families.diffusion.config import DiffusionConfig, Guidance, Taken
from studio.families.diffusion.distilled import read_distilled, recognised, with_distilled
from studio.families.diffusion.folder import ComponentFolder, PipelineFolder
from studio.families.diffusion.schedulers import suited, usual_name
from studio.families.diffusion.shipped import shipped

_SD3_CHANNELS = 16  # of those that its inpainting pipeline takes
NULL_CLASS = 1000
"""The number that DiTPipeline takes for "no class", so guidance needs that many."""


@dataclass(frozen=True)
class _Shape:
    channels: int
    height: int
    width: int
    multiple: int
    factor: int


def config_of(folder: PipelineFolder) -> DiffusionConfig:
    """What the pipeline takes and draws, from its components' configurations.

    Raises:
        RefusedFile: a size is missing or fits no other.
    """
    try:
        return _config(folder)
    except Cause as cause:
        raise RefusedFile(f"{folder.path} cannot be opened: {cause}") from cause


def _config(folder: PipelineFolder) -> DiffusionConfig:
    kind = folder.pipeline.kind
    scheduler = folder.scheduler
    own = usual_name(scheduler.runs, scheduler.config, kind)
    takes, needs = _taken(folder)
    shape = _SHAPES[kind](folder)
    steps, guidance, scale = _defaults(folder)
    made = DiffusionConfig(
        pipeline=folder.pipeline.name,
        kind=kind,
        latent_channels=shape.channels,
        latent_height=shape.height,
        latent_width=shape.width,
        factor=shape.factor,
        multiple=shape.multiple,
        fixed=kind in ("dit", "unconditional"),
        takes=takes,
        needs=needs,
        classes=_whole(folder.denoiser, "num_embeds_ada_norm") if kind == "dit" else 0,
        prompt_tokens=_prompt_tokens(folder) if "prompt" in takes else 0,
        guidance=guidance,
        flow=kind in ("sd3", "flux"),
        steps=steps,
        guidance_scale=scale,
        strength=0.6 if kind in ("sd3", "flux") else 0.8,
        scheduler=own,
        schedulers=suited(kind),
    )
    if shipped(folder.path) is not None:
        return made
    notes = folder.notes if folder.denoiser.gguf is None else {}
    return with_distilled(made, read_distilled(notes, kind) or recognised(folder, own))


def _taken(folder: PipelineFolder) -> tuple[tuple[Taken, ...], tuple[Taken, ...]]:
    kind = folder.pipeline.kind
    if kind == "unconditional":
        return (), ()
    if kind == "dit":
        return ("label",), ()
    if kind == "flux":
        return ("prompt", "picture", "mask"), ()
    if kind == "ldm":
        return ("prompt",), ()
    if kind == "pixart":
        return ("prompt", "negative"), ()
    everything: tuple[Taken, ...] = ("prompt", "negative", "picture", "mask")
    if kind == "sd3" and _whole(folder.denoiser, "in_channels") != _SD3_CHANNELS:
        return everything[:3], ()
    if kind == "unet" and _whole(folder.denoiser, "in_channels") == _painting(folder):
        return everything, ("picture", "mask")
    return everything, ()


def _defaults(folder: PipelineFolder) -> tuple[int, Guidance, float]:
    """Steps, kind of guidance and its strength."""
    known = shipped(folder.path)
    if known is not None:
        return known.steps, "classifier-free", known.guidance
    kind = folder.pipeline.kind
    if kind == "unconditional":
        return min(50, _train_steps(folder)), "none", 1.0
    if kind == "flux":
        if folder.denoiser.config.get("guidance_embeds"):
            return 28, "embedded", 3.5
        return 4, "none", 1.0
    if kind == "dit":
        if _whole(folder.denoiser, "num_embeds_ada_norm") < NULL_CLASS:
            return 25, "none", 1.0
        return 25, "classifier-free", 4.0
    if kind == "unet" and folder.denoiser.config.get("time_cond_proj_dim"):
        return 4, "embedded", 7.5
    strength = {"sd3": 7.0, "pixart": 4.5, "ldm": 5.0}.get(kind)
    if strength is None:
        strength = 5.0 if folder.pipeline.name.endswith("XLPipeline") else 7.5
    steps = {"sd3": 28, "pixart": 20}.get(kind, 25)
    return steps, "classifier-free", strength


def _train_steps(folder: PipelineFolder) -> int:
    return _whole(folder.scheduler, "num_train_timesteps", 1000)


def _prompt_tokens(folder: PipelineFolder) -> int:
    kind = folder.pipeline.kind
    if kind == "flux":
        return 512
    if kind == "pixart":
        return 300
    if kind == "sd3" and "text_encoder_3" in folder.components:
        return 256
    name = "bert" if kind == "ldm" else "text_encoder"
    config = folder.components[name].config
    nested = config.get("text_config")
    read = nested if isinstance(nested, Mapping) else config
    return min(77, _positive(read.get("max_position_embeddings", 77), f"{name}/config.json"))


def _factor(folder: PipelineFolder) -> int:
    vae = folder.vae
    assert vae is not None
    blocks = vae.config.get("block_out_channels")
    if not isinstance(blocks, list) or not 1 <= len(blocks) <= 8:
        raise Cause(f"{vae.name}/config.json has no list of 1 to 8 block_out_channels")
    factor = int(2 ** (len(blocks) - 1))
    return factor


def _painting(folder: PipelineFolder) -> int:
    """Inputs of a U-Net that paints inside masks: latents, the same of a picture, and the mask."""
    vae = folder.vae
    assert vae is not None
    return 2 * _whole(vae, "latent_channels", 4) + 1


def _unet(folder: PipelineFolder) -> _Shape:
    vae = folder.vae
    assert vae is not None
    channels, latents = _whole(folder.denoiser, "in_channels"), _whole(vae, "latent_channels", 4)
    if channels not in (latents, _painting(folder)):
        raise Cause(
            f"its denoiser takes {channels} channels and its VAE gives {latents}; accepted are as "
            f"many, or {_painting(folder)} for painting inside a mask"
        )
    factor = _factor(folder)
    height, width = _sample_size(folder.denoiser)
    return _Shape(latents, height, width, math.lcm(8, factor), factor)


def _ldm(folder: PipelineFolder) -> _Shape:
    shape = _unet(folder)
    if shape.factor != 8:
        raise Cause(f"its VAE halves a picture {shape.factor} times over; an LDM's makes 8 of it")
    return shape


def _patched(folder: PipelineFolder) -> _Shape:
    vae = folder.vae
    assert vae is not None
    channels, latents = _whole(folder.denoiser, "in_channels"), _whole(vae, "latent_channels", 4)
    if channels != latents:
        raise Cause(f"its denoiser takes {channels} channels and its VAE gives {latents}")
    factor = _factor(folder)
    height, width = _sample_size(folder.denoiser)
    patch = _whole(folder.denoiser, "patch_size", 2)
    multiple = math.lcm(8, factor * patch)
    return _Shape(channels, height, width, multiple, factor)


def _flux(folder: PipelineFolder) -> _Shape:
    vae = folder.vae
    assert vae is not None
    channels, latents = _whole(folder.denoiser, "in_channels"), _whole(vae, "latent_channels", 16)
    if channels != 4 * latents:
        raise Cause(
            f"its denoiser takes {channels} channels and its VAE gives {latents}, where a FLUX "
            "denoiser takes four times as many"
        )
    factor = _factor(folder)
    side = _whole(vae, "sample_size", 1024) // (2 * factor) * 2
    if side < 2:
        raise Cause("vae/config.json has a sample_size smaller than two latents")
    return _Shape(latents, side, side, math.lcm(16, 2 * factor), factor)


def _pixels(folder: PipelineFolder) -> _Shape:
    channels = _whole(folder.denoiser, "in_channels", 3)
    if channels not in (1, 3):
        raise Cause(f"it draws pictures of {channels} channels; accepted are 1 (grey) and 3 (RGB)")
    height, width = _sample_size(folder.denoiser)
    return _Shape(channels, height, width, 1, 1)


_SHAPES = {
    "unet": _unet,
    "ldm": _ldm,
    "sd3": _patched,
    "pixart": _patched,
    "dit": _patched,
    "flux": _flux,
    "unconditional": _pixels,
}


def _sample_size(component: ComponentFolder) -> tuple[int, int]:
    value = component.config.get("sample_size")
    where = f"{component.name}/config.json"
    if isinstance(value, list) and len(value) == 2:
        return _positive(value[0], where), _positive(value[1], where)
    return (_positive(value, where),) * 2


def _whole(component: ComponentFolder, key: str, default: int | None = None) -> int:
    value: Any = component.config.get(key, default)
    if type(value) is not int or value < 1:
        raise Cause(
            f"{component.name}/config.json says {key} is {shown(value)}, which is no whole number "
            "above 0"
        )
    return value


def _positive(value: Any, where: str) -> int:
    if type(value) is not int or value < 1:
        raise Cause(f"{where} has the size {shown(value)}, which is no whole number above 0")
    return value
