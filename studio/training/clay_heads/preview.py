"""Sheets to look at: the drawn busts, then what the generator makes of them at every width."""

from __future__ import annotations

import logging
from pathlib import Path

import torch
from PIL import Image
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.generator import run
from studio.training.clay_heads.render import render
from studio.training.clay_heads.scene import scene_from_z

log = logging.getLogger(__name__)

HELD_OUT_SEED = 900_001
WIDTHS = (1.0, 0.75, 0.5, 0.25)


@torch.no_grad()
def drawn(z: Tensor, size: int, batch: int = 32) -> Tensor:
    """The renderer's own pictures of latents, (n, 3, size, size) in [0, 1]."""
    parts = torch.split(z, batch)
    return torch.cat([render(scene_from_z(part), size).pictures for part in parts])


@torch.no_grad()
def generated(model: StyleGan2, w: Tensor, ratio: float, resolution: int) -> Tensor:
    """Pictures of one width, (n, 3, r, r) in [0, 1] on the CPU, from w (n, w_dim)."""
    made = [run(model, part, ratio, resolution)[-1].cpu() for part in torch.split(w, 16)]
    return (torch.cat(made) * 0.5 + 0.5).clamp(0.0, 1.0)


@torch.no_grad()
def rows(model: StyleGan2, resolution: int, count: int, seed: int = HELD_OUT_SEED) -> list[Tensor]:
    """Drawn busts, then widths 1, 0.75, 0.5 and 0.25, each (count, 3, r, r) in [0, 1]."""
    z = latents(count, seed)
    w = model.map(z.to(model.w_avg.device))
    made = (generated(model, w, ratio, resolution) for ratio in WIDTHS)
    return [drawn(z, resolution), *made]


def decibels(a: Tensor, b: Tensor) -> float:
    """Peak signal-to-noise ratio of pictures in [0, 1], over the whole batch."""
    return float(-10.0 * torch.log10((a - b).square().mean()))


def held_out_decibels(model: StyleGan2, resolution: int, count: int = 64) -> tuple[float, ...]:
    """Peak signal-to-noise ratio to the renderer over held-out latents, one per width."""
    sheet = rows(model, resolution, count)
    return tuple(decibels(sheet[0], row) for row in sheet[1:])


def write_sheet(model: StyleGan2, resolution: int, file: Path, count: int = 10) -> None:
    """Write the sheet as PNG and log the ratio of each width in decibels."""
    sheet = rows(model, resolution, count)
    ratios = " ".join(f"{decibels(sheet[0], row):.2f}" for row in sheet[1:])
    log.info("held out, %d px, widths 1 0.75 0.5 0.25: %s dB", resolution, ratios)
    picture = torch.cat([torch.cat(list(row), dim=2) for row in sheet], dim=1)
    Image.fromarray((picture.permute(1, 2, 0) * 255).round().byte().numpy()).save(file)
