"""The embedded model clay-heads, as it ships."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
import torch
from safetensors import safe_open

from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.generator import run
from studio.training.clay_heads.preview import HELD_OUT_SEED, decibels, rows
from studio.training.clay_heads.render import render
from studio.training.clay_heads.scene import NAMES, scene_from_z

# Decibels against the renderer at widths 1, 0.75, 0.5 and 0.25; about 1.5 below what was measured.
FLOORS_64 = (28.1, 27.5, 26.8, 25.8)
FLOORS_128 = (27.3, 26.7, 25.9, 24.9)
FILE = Path(__file__).parents[2] / "assets" / "models" / "clay-heads.safetensors"


@pytest.fixture(scope="module")
def model() -> StyleGan2:
    with safe_open(FILE, "pt") as opened:
        config = json.loads(opened.metadata()["config"])
        tensors = {k: opened.get_tensor(k).float() for k in opened.keys() if k != "directions"}  # noqa: SIM118
    made = StyleGan2(StyleGanConfig(**{**config, "channels": tuple(config["channels"])}))
    made.load_state_dict(tensors)
    return made.freeze()


@pytest.fixture(scope="module")
def directions() -> torch.Tensor:
    with safe_open(FILE, "pt") as opened:
        return opened.get_tensor("directions").float()


def test_the_file_is_small_and_says_what_it_is(directions: torch.Tensor) -> None:
    assert FILE.stat().st_size < 16_000_000
    with safe_open(FILE, "pt") as opened:
        metadata = opened.metadata()
    assert (metadata["format"], metadata["family"]) == ("maquette", "stylegan")
    assert metadata["licence"] == "Apache-2.0"
    assert json.loads(metadata["directions"]) == list(NAMES)
    assert directions.shape[0] == len(NAMES)


@pytest.mark.parametrize(("resolution", "floors"), [(64, FLOORS_64), (128, FLOORS_128)])
def test_held_out_busts_are_recognisable(
    model: StyleGan2, resolution: int, floors: tuple[float, ...]
) -> None:
    drawn, *made = rows(model, resolution, count=8, seed=HELD_OUT_SEED + 1)
    for row, floor in zip(made, floors, strict=True):
        assert decibels(drawn, row) > floor


def test_every_stage_is_a_picture(model: StyleGan2) -> None:
    z = latents(4, HELD_OUT_SEED + 2)
    drawn = render(scene_from_z(z), 128).pictures
    stages = run(model, model.map(z), 1.0, 128)
    for stage in stages[2:]:
        small = torch.nn.functional.avg_pool2d(drawn, 128 // stage.shape[-1])
        assert decibels(small, (stage * 0.5 + 0.5).clamp(0.0, 1.0)) > 15.0


@torch.no_grad()
def test_clay_hue_direction_moves_colour_as_the_renderer_does(
    model: StyleGan2, directions: torch.Tensor
) -> None:
    w = model.w_avg[None]
    step = 1.2 * directions[NAMES.index("clay_hue")][None]
    low, high = (
        run(model, w + sign * step, 1.0, 64)[-1][0, :, 36:44, 16:22].mean(dim=(1, 2))
        for sign in (-1.0, 1.0)
    )
    assert float((high - low).abs().max()) > 0.1
