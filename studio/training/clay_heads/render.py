"""Draws clay busts: sphere tracing (Hart 1996) on a coarse grid, refined at two samples a pixel."""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.clay_heads.scene import Scenes
from studio.training.clay_heads.sculpture import EYE_X, EYE_Y, EYE_Z, Shape, parts, shape_of

CAMERA_Z = 7.0
FRAME_Y = 0.05
FRAME = 1.36  # half of the picture's height at the head's centre, in head units
NEAR, FAR = 5.4, 8.4
SUPERSAMPLING = 2
COARSE = 4  # samples a side that share one coarse ray
CAUTION = 0.9  # stretched distances are bounds only near the surface


def _nearest(shape: Shape, px: Tensor, py: Tensor, pz: Tensor) -> Tensor:
    return parts(shape, px, py, pz).nearest()


nearest: Callable[[Shape, Tensor, Tensor, Tensor], Tensor] = _nearest


@dataclass(frozen=True)
class Renders:
    """Pictures (n, 3, size, size) in [0, 1] and how much of each pixel is eye, brow or mouth.

    ``features`` is (n, 1, size, size) in [0, 1]; training looks harder where it is large.
    """

    pictures: Tensor
    features: Tensor


def render(scenes: Scenes, size: int) -> Renders:
    """Draw scenes at ``size`` x ``size`` pixels; ``size`` is a multiple of 2.

    Deterministic: the same scenes give the same pixels, whatever else is in the batch.
    """
    if size < 2 or size % 2:
        raise ValueError(f"size must be an even number of pixels, not {size}")
    drawn = [_render_some(scenes.part(i, i + 2), size) for i in range(0, len(scenes), 2)]
    return Renders(torch.cat([r.pictures for r in drawn]), torch.cat([r.features for r in drawn]))


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
    t = _march(shape, _directions(count), torch.full((n, count * count), NEAR), 18)
    # A fine ray starts before the nearest thing that any neighbouring coarse ray met.
    grid = -F.max_pool2d(-t.view(n, 1, count, count), 3, stride=1, padding=1)
    start = F.interpolate(grid, size=(fine, fine), mode="nearest").view(n, -1) - 0.05
    rays = _directions(fine)
    t = _march(shape, rays, start.clamp_min(NEAR), 13)
    colour, feature = shade(scenes, shape, rays, t)
    picture = torch.stack(colour, dim=1).view(n, 3, fine, fine)
    picture = F.avg_pool2d(picture, SUPERSAMPLING)
    feature = F.avg_pool2d(feature.view(n, 1, fine, fine), SUPERSAMPLING)
    return Renders(picture, feature)


def _smoothstep(low: float, high: float, x: Tensor) -> Tensor:
    u = ((x - low) / (high - low)).clamp(0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)


def _wheel(hue: Tensor, middle: float, swing: float) -> tuple[Tensor, Tensor, Tensor]:
    """A soft colour wheel: one cosine a channel, so that colour changes evenly with hue."""
    turn = 2.0 * math.pi
    return tuple(  # type: ignore[return-value]
        middle + swing * torch.cos(turn * (hue - phase)) for phase in (0.02, 0.36, 0.68)
    )


def _mix(a: Tensor | float, b: Tensor | float, share: Tensor) -> Tensor:
    return a + (b - a) * share


def shade(
    scenes: Scenes, shape: Shape, rays: tuple[Tensor, Tensor, Tensor], t: Tensor
) -> tuple[list[Tensor], Tensor]:
    """Colours (three of (n, p)) and feature shares (n, p) where rays end after length t (n, p)."""
    dx, dy, dz = rays
    px, py, pz = dx * t, dy * t, CAMERA_Z + dz * t
    at = parts(shape, px, py, pz)
    distance = at.nearest()
    # A ray that has run out of steps in front of the face grazes the nose: it would hit the face.
    hit = ((distance < 0.04) & (t < FAR - 0.05)) | (t < CAMERA_Z - 0.3)

    # Normal from four distances on a tetrahedron.
    e = 0.006
    nx = ny = nz = torch.zeros_like(t)
    for sx, sy, sz in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        d = nearest(shape, px + sx * e, py + sy * e, pz + sz * e)
        nx, ny, nz = nx + sx * d, ny + sy * d, nz + sz * d
    norm = torch.rsqrt(nx * nx + ny * ny + nz * nz + 1e-12)
    nx, ny, nz = nx * norm, ny * norm, nz * norm

    azimuth = scenes.column("light")
    lx, ly, lz = azimuth.sin() * 0.8, torch.full_like(azimuth, 0.5), azimuth.cos() * 0.8
    length = torch.rsqrt(lx * lx + ly * ly + lz * lz)
    lx, ly, lz = lx * length, ly * length, lz * length

    def free(kx: Tensor, ky: Tensor, kz: Tensor, reach: float) -> Tensor:
        """How open the space is at ``reach`` along a direction, 0 to 1."""
        d = nearest(shape, px + kx * reach, py + ky * reach, pz + kz * reach)
        return d / reach

    ambient = (0.45 * free(nx, ny, nz, 0.10) + 0.55 * free(nx, ny, nz, 0.30)).clamp(0.0, 1.0)
    shadow = torch.minimum(
        (free(lx, ly, lz, 0.16) * 3.0 + 0.35).clamp(0.0, 1.0),
        (free(lx, ly, lz, 0.45) * 4.0 + 0.6).clamp(0.0, 1.0),
    )
    facing = nx * lx + ny * ly + nz * lz
    diffuse = ((facing + 0.2) / 1.2).clamp_min(0.0) * shadow
    towards = -(nx * dx + ny * dy + nz * dz)
    rim = (1.0 - towards.clamp(0.0, 1.0)).pow(3) * (0.35 + 0.65 * ambient)
    hx, hy, hz = lx - dx, ly - dy, lz - dz
    half = (nx * hx + ny * hy + nz * hz) * torch.rsqrt(hx * hx + hy * hy + hz * hz)
    half = half.clamp_min(0.0)

    # Paint: mouth and lids in the head's frame, with soft edges about a pixel wide.
    smile, opening = scenes.column("smile"), scenes.column("mouth")
    wide = 0.27 + 0.06 * smile.abs()
    u = at.x / wide
    curve = at.y + 0.46 - 0.15 * smile * (u * u - 0.40)
    inside = 0.052 + (0.02 + 0.11 * opening) * (1.0 - u * u).clamp_min(0.0) - curve.abs()
    inside = torch.minimum(inside, (1.12 - u.abs()) * wide)
    mouth = _smoothstep(-0.012, 0.012, inside) * (at.z > 0).float()

    sign = torch.where(at.x < 0, -1.0, 1.0)
    ex, ey, ez = (
        (at.x - sign * EYE_X) / shape.eye_r,
        (at.y - EYE_Y) / shape.eye_r,
        (at.z - EYE_Z) / shape.eye_r,
    )
    gaze = scenes.column("gaze")
    centre = ex * gaze.sin() + ez * gaze.cos()
    pupil = _smoothstep(0.80, 0.86, centre)
    lid = _smoothstep(-0.06, 0.06, ey + 0.15 * ez - (0.92 - 0.72 * scenes.column("lids")))
    is_eye = (at.eye < torch.minimum(at.clay, torch.minimum(at.cap, at.brow))).float()
    is_cap = (at.cap < torch.minimum(at.clay, torch.minimum(at.eye, at.brow))).float()
    is_brow = (at.brow < torch.minimum(at.clay, torch.minimum(at.eye, at.cap))).float()
    eyeball = is_eye * (1.0 - lid)

    tone = scenes.column("clay_tone")
    clay = _wheel(scenes.column("clay_hue"), 0.50, 0.26)
    cap = _wheel(scenes.column("cap_hue"), 0.30, 0.20)
    backdrop = _wheel(scenes.column("backdrop"), 0.42, 0.14)
    warmth = scenes.column("warmth")
    key = (0.90 + 0.22 * warmth, 1.0 + 0.0 * warmth, 1.14 - 0.36 * warmth)
    specular = half.pow(18) * 0.10 * (1.0 - eyeball) + half.pow(90) * 0.9 * eyeball
    # The backdrop is brighter towards the middle and the light.
    gx, gy = dx * CAMERA_Z / FRAME, dy * CAMERA_Z / FRAME
    glow = 1.12 - 0.30 * ((gx - 0.3 * azimuth).square() + (gy - 0.1).square()).clamp_max(2.0)
    shown = hit.float()
    colours = []
    for c in range(3):
        albedo = clay[c] * (0.42 + 0.95 * tone) + 0.10 * tone
        lid_colour = albedo * 0.78
        albedo = _mix(albedo.expand_as(t), (0.16, 0.02, 0.03)[c], mouth * (1.0 - is_eye))
        white = _mix(0.95, 0.015, pupil)
        albedo = _mix(albedo, _mix(white, lid_colour, lid), is_eye)
        albedo = _mix(albedo, cap[c], is_cap)
        albedo = _mix(albedo, (0.055, 0.04, 0.035)[c], is_brow)
        sky = (0.34 + 0.16 * ny) * (0.55 + 0.9 * backdrop[c]) * (0.25 + 0.75 * ambient)
        lit = albedo * (1.05 * key[c] * diffuse + sky)
        lit = lit + key[c] * specular * shadow + rim * 0.30 * backdrop[c]
        colours.append(_mix(backdrop[c] * glow, lit, shown).clamp(0.0, 1.0).sqrt())
    feature = torch.maximum(torch.maximum(mouth * (1.0 - is_cap), is_eye), is_brow) * shown
    return colours, feature
