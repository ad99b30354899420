"""The real window on a fake engine, with a diffusion pipeline in it."""

from __future__ import annotations

from typing import Any

import pytest

from studio.families.diffusion.config import DiffusionConfig, LayerCount
from studio.families.diffusion.info import DiffusionInfo

EVERYTHING = DiffusionConfig(
    "StableDiffusionPipeline",
    "unet",
    4,
    8,
    8,
    8,
    8,
    takes=("prompt", "negative", "picture", "mask"),
    prompt_tokens=77,
    guidance="classifier-free",
    steps=24,
    guidance_scale=7.5,
    scheduler="pndm",
    schedulers=("euler", "dpm++ 2m karras", "pndm"),
    layers=(LayerCount("conv_in", 1000, 64_000),),
)
CLASSES = DiffusionConfig(
    "DiTPipeline",
    "dit",
    4,
    8,
    8,
    8,
    8,
    fixed=True,
    takes=("label",),
    classes=1000,
    guidance="classifier-free",
    steps=24,
    guidance_scale=4.0,
    scheduler="ddim",
    schedulers=("ddim",),
    layers=(LayerCount("proj", 10, 20),),
)


def info_of(config: DiffusionConfig = EVERYTHING, key: str = "words", **fields: Any):
    """What the window knows of a pipeline of this kind."""
    values: dict[str, Any] = {
        "name": key,
        "title": key,
        "path": f"/models/{key}",
        "layout": "diffusers",
        "family": "diffusion",
        "parameters": 5000,
        "size_bytes": 20_000,
        "licence": "unknown",
        "source_sha256": "1" * 64,
        "denoiser": "unet",
    }
    return DiffusionInfo(key, config=config, **(values | fields))


@pytest.fixture
def worded(window, stage, qapp):
    """The window with a pipeline that takes everything."""
    from tests.widgets.conftest import settle, use

    use(stage, info_of())
    settle(stage, qapp)
    return window
