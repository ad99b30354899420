"""Draws clay busts: sphere tracing (Hart 1996) on a coarse grid, refined at two samples a pixel."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.clay_heads.scene import Scenes
from studio.training.clay_heads.sculpture import Shape, parts, shape_of
from studio.training.clay_heads.shading import CAMERA_Z, FAR, FRAME, Label, Nearest, Surface, shade

FRAME_Y = 0.05
NEAR = 5.2
GRAZED = CAMERA_Z - 0.3
SUPERSAMPLING = 2
COARSE = 4  # samples a side that share one coarse ray
CAUTION = 0.85  # stretched and dented distances are bounds only near the surface
COARSE_STEPS, FINE_STEPS = 18, 14


def _nearest(shape: Shape, px: Tensor, py: Tensor, pz: Tensor) -> Tensor:
    return parts(shape, px, py, pz).nearest()


nearest: Nearest = _nearest


@dataclass(frozen=True)
class Renders:
    """Pictures (n, 3, size, size) in [0, 1] and what each pixel shows.

    ``features`` (n, 1, size, size) in [0, 1] is how much of a pixel is eye, brow, mouth or
    glasses; ``labels`` (n, size, size) uint8 are of :class:`Label`; ``lines`` (n, 1, size, size)
    in [0, 1] is a drawing, dark on white, of outlines and folds.
    """

    pictures: Tensor
    features: Tensor
    labels: Tensor
    lines: Tensor


def render(scenes: Scenes, size: int) -> Renders:
    """Draw scenes at ``size`` x ``size`` pixels; ``size`` is a multiple of 2.

    Deterministic: the same scenes give the same pixels, whatever else is in the batch.
    """
    if size < 2 or size % 2:
        raise ValueError(f"size must be an even number of pixels, not {size}")
    drawn = [_render_some(scenes.part(i, i + 2), size) for i in range(0, len(scenes), 2)]
    return Renders(
        torch.cat([r.pictures for r in drawn]),
        torch.cat([r.features for r in drawn]),
        torch.cat([r.labels for r in drawn]),
        torch.cat([r.lines for r in drawn]),
    )


def _directions(count: int) -> tuple[Tensor, Tensor, Tensor]:
    """Unit ray directions of a count x count grid, each (1, count * count)."""
    line = (torch.arange(count, dtype=torch.float32) + 0.5) / count * 2.0 - 1.0
    y, x = torch.meshgrid(-line * FRAME, line * FRAME, indexing="ij")
    y, x = (y + FRAME_Y).reshape(1, -1), x.reshape(1, -1)
    norm = torch.rsqrt(x * x + y * y + CAMERA_Z**2)
    return x * norm, y * norm, -CAMERA_Z * norm


def _march(shape: Shape, rays: tuple[Tensor, Tensor, Tensor], t: Tensor, steps: int) -> Tensor:
    dx, dy, dz = rays
    for _ in range(steps):
        d = nearest(shape, dx * t, dy * t, CAMERA_Z + dz * t)
        t = (t + CAUTION * d).clamp_max(FAR)
    return t


def _render_some(scenes: Scenes, size: int) -> Renders:
    shape = shape_of(scenes)
    fine = size * SUPERSAMPLING
    count = max(fine // COARSE, 1)
    n = len(scenes)
    t = _march(shape, _directions(count), torch.full((n, count * count), NEAR), COARSE_STEPS)
    # A fine ray starts before the nearest thing that any neighbouring coarse ray met.
    grid = -F.max_pool2d(-t.view(n, 1, count, count), 3, stride=1, padding=1)
    start = F.interpolate(grid, size=(fine, fine), mode="nearest").view(n, -1) - 0.05
    rays = _directions(fine)
    t = _march(shape, rays, start.clamp_min(NEAR), FINE_STEPS)
    seen = shade(scenes, shape, rays, t, GRAZED, nearest)
    picture = torch.stack(seen.colour, dim=1).view(n, 3, fine, fine)
    labels = seen.label.view(n, fine, fine)
    return Renders(
        F.avg_pool2d(picture, SUPERSAMPLING),
        F.avg_pool2d(seen.feature.view(n, 1, fine, fine), SUPERSAMPLING),
        labels[:, ::SUPERSAMPLING, ::SUPERSAMPLING].contiguous(),
        _lines(seen, labels, fine),
    )


def _lines(seen: Surface, labels: Tensor, fine: int) -> Tensor:
    """Dark lines on white where the material, the depth or the slope jumps."""
    n = labels.shape[0]

    def jumps(a: Tensor) -> Tensor:
        """Largest difference to the right and lower neighbour, (n, fine, fine)."""
        across = F.pad((a[..., :, 1:] - a[..., :, :-1]).abs(), (0, 1))
        down = F.pad((a[..., 1:, :] - a[..., :-1, :]).abs(), (0, 0, 0, 1))
        return torch.maximum(across, down)

    depth = seen.depth.view(n, fine, fine)
    slope = sum(jumps(c.view(n, fine, fine)) for c in seen.normal)
    assert isinstance(slope, Tensor)
    scale = fine / 256.0  # slopes change less from sample to sample in larger pictures
    shown = labels != Label.BACKDROP
    folds = (slope * scale > 1.1) & shown
    ink = ((jumps(labels.float()) > 0) | (jumps(depth) > 0.12) | folds).float()[:, None]
    thick = max(1, round(fine / 128.0))
    ink = F.max_pool2d(ink, thick + (thick + 1) % 2, stride=1, padding=(thick - thick % 2) // 2)
    return 1.0 - F.avg_pool2d(ink[..., :fine, :fine], SUPERSAMPLING)
