"""Pairs of a line drawing and the lit clay head it shows, drawn from one scene.

A drawing says nothing of light, colour and surface. So every head of the pairs has the same clay,
cloth, hair, light and backdrop, and one drawing has one answer; only shape, pose and what the head
wears vary. The drawing is black on white, as anybody can draw it on the drawing pad. For training
its pen varies: thinner or thicker lines, and a hand that is not quite steady.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import torch
import torch.nn.functional as F
from PIL import Image
from torch import Tensor

from studio.errors import NoFolder, cause_of
from studio.training.clay_heads import render as renderer
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.scene import NAMES, Scenes, scene_from_z

SIZE = 128
BLOCK = 16  # pairs drawn at a time
TRAINING_SEED = 11_000_001
HELD_OUT_SEED = 12_000_001
FIXED: dict[str, float] = {
    "hair_hue": 0.05,
    "cloth_hue": -0.28,
    "clay_hue": 0.08,
    "clay_tone": 0.70,
    "age": 0.10,
    "gloss": 0.30,
    "light": 0.60,
    "light_height": 0.50,
    "warmth": 0.62,
    "backdrop": 0.45,
}
"""What no line tells, and therefore never varies, in the units of the scene's attributes."""
WOBBLE = 0.8  # pixels that a hand strays at most
WAVE = 16  # pixels from one turn of the hand to the next

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Pairs:
    """Drawings (n, 1, size, size) and heads (n, 3, size, size), both in [0, 1]."""

    drawings: Tensor
    heads: Tensor


def plain(scenes: Scenes) -> Scenes:
    """The same heads in the one clay, cloth, light and backdrop of the pairs."""
    values = scenes.values.clone()
    for name, value in FIXED.items():
        values[:, NAMES.index(name)] = value
    return Scenes(values)


@torch.no_grad()
def drawn_pairs(z: Tensor, size: int = SIZE) -> Pairs:
    """The pairs of latents z (n, 128), drawn as exactly as the renderer can."""
    drawn = renderer.render(plain(scene_from_z(z)), size)
    return Pairs(drawn.lines, drawn.pictures)


def by_hand(drawings: Tensor, random: torch.Generator) -> Tensor:
    """Drawings (n, 1, h, w) in [0, 1] with another pen each, by a hand that strays a little."""
    n, _, height, width = drawings.shape
    ink = 1.0 - drawings
    pens = (-F.max_pool2d(F.pad(-ink, (0, 1, 0, 1)), 2, 1), ink, ink, _thick(ink))
    chosen = torch.randint(len(pens), (n,), generator=random)
    ink = torch.stack([pens[int(pen)][k] for k, pen in enumerate(chosen)])
    knots = (n, 2, max(2, height // WAVE), max(2, width // WAVE))
    stray = (torch.rand(knots, generator=random) * 2.0 - 1.0) * WOBBLE
    stray = stray * torch.rand((n, 1, 1, 1), generator=random)
    stray = F.interpolate(stray, size=(height, width), mode="bicubic", align_corners=False)
    grid = F.affine_grid(torch.eye(2, 3).expand(n, 2, 3), [n, 1, height, width], False)
    scale = torch.tensor([2.0 / width, 2.0 / height])
    grid = grid + stray.permute(0, 2, 3, 1) * scale
    return 1.0 - F.grid_sample(ink, grid, padding_mode="border", align_corners=False)


def _thick(ink: Tensor) -> Tensor:
    return F.max_pool2d(F.pad(ink, (0, 1, 0, 1)), 2, 1)


def write_pairs(
    folder: Path,
    count: int,
    size: int = SIZE,
    seed: int = TRAINING_SEED,
    *,
    fuse: bool = False,
    progress: Progress = lambda fraction, text: None,
) -> tuple[Path, Path]:
    """Write ``count`` pairs as PNG files into ``folder``/lines and ``folder``/clay, and give both.

    Pairs that are there already stay: a stopped run goes on. ``fuse`` compiles the renderer, which
    needs a C++ compiler and draws several times as fast. ``progress`` may raise to stop.

    Raises:
        NoFolder: the folder cannot be written.
    """
    lines, clay = folder / "lines", folder / "clay"
    z = latents(count, seed)
    plainly = renderer.nearest
    try:
        lines.mkdir(parents=True, exist_ok=True)
        clay.mkdir(parents=True, exist_ok=True)
        if fuse:
            renderer.nearest = torch.compile(renderer.nearest, dynamic=False)
        for start in range(0, count, BLOCK):
            stop = min(count, start + BLOCK)
            progress(start / count, f"drawing pair {start + 1} of {count}")
            if (clay / f"{stop - 1:05d}.png").is_file():
                continue
            pairs = drawn_pairs(z[start:stop], size)
            random = torch.Generator().manual_seed(seed + start)
            drawings = by_hand(pairs.drawings, random)
            for k in range(stop - start):
                name = f"{start + k:05d}.png"
                _saved(drawings[k].expand(3, -1, -1), lines / name, "L")
                _saved(pairs.heads[k], clay / name, "RGB")
    except OSError as error:
        raise NoFolder(f"{folder} cannot be written: {cause_of(error)}") from error
    finally:
        renderer.nearest = plainly
    return lines, clay


def _saved(plane: Tensor, file: Path, mode: str) -> None:
    pixels = (plane.permute(1, 2, 0).clamp(0.0, 1.0) * 255.0).round().byte().numpy()
    aside = file.with_suffix(".part")
    Image.fromarray(pixels).convert(mode).save(aside, "PNG")
    aside.replace(file)
