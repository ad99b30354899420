"""Paint and light: the colour, the material and the surface that a ray meets.

One soft key light with a shadow, ambient occlusion, a warm terminator that passes for light
scattered under the surface, a rim in the colour of the backdrop, and a glaze.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from enum import IntEnum

import torch
from torch import Tensor

from studio.training.clay_heads.scene import Scenes
from studio.training.clay_heads.sculpture import (
    EYE_X,
    EYE_Y,
    EYE_Z,
    MOUTH_Y,
    Parts,
    Shape,
    dents,
    parts,
)

CAMERA_Z = 7.0
FRAME = 1.46  # half of the picture's height at the head's centre, in head units
FAR = 8.4
Nearest = Callable[[Shape, Tensor, Tensor, Tensor], Tensor]
Colour = tuple[Tensor, Tensor, Tensor]


class Label(IntEnum):
    """What a pixel shows, as in the label maps."""

    BACKDROP = 0
    CLAY = 1
    SHIRT = 2
    HAIR = 3
    BEARD = 4
    HAT = 5
    BROW = 6
    EYE = 7
    PUPIL = 8
    LID = 9
    MOUTH = 10
    GLASSES = 11


@dataclass(frozen=True)
class Surface:
    """What rays meet, per ray (n, p): colour in [0, 1], feature share, label, depth, normal."""

    colour: Colour
    feature: Tensor
    label: Tensor
    depth: Tensor
    normal: Colour


def smoothstep(low: float, high: float, x: Tensor) -> Tensor:
    """0 below ``low``, 1 above ``high``, smooth between."""
    u = ((x - low) / (high - low)).clamp(0.0, 1.0)
    return u * u * (3.0 - 2.0 * u)


def wheel(hue: Tensor, middle: float, swing: float) -> Colour:
    """A soft colour wheel: one cosine a channel, so that colour changes evenly with hue."""
    turn = 2.0 * math.pi
    red, green, blue = (middle + swing * torch.cos(turn * (hue - p)) for p in (0.02, 0.36, 0.68))
    return red, green, blue


def clay_colour(scenes: Scenes) -> Colour:
    """The colour of unworn clay in even light, each channel (n, 1)."""
    tone = scenes.column("clay_tone")
    red, green, blue = wheel(scenes.column("clay_hue"), 0.50, 0.26)
    strength, lift = 0.42 + 0.95 * tone, 0.10 * tone
    return red * strength + lift, green * strength + lift, blue * strength + lift


def _mix(a: Tensor | float, b: Tensor | float, share: Tensor) -> Tensor:
    return a + (b - a) * share


def _normal(near: Nearest, shape: Shape, px: Tensor, py: Tensor, pz: Tensor) -> Colour:
    """Unit normal from four distances on a tetrahedron."""
    e = 0.006
    nx = ny = nz = torch.zeros_like(px)
    for sx, sy, sz in ((1, -1, -1), (-1, -1, 1), (-1, 1, -1), (1, 1, 1)):
        d = near(shape, px + sx * e, py + sy * e, pz + sz * e)
        nx, ny, nz = nx + sx * d, ny + sy * d, nz + sz * d
    norm = torch.rsqrt(nx * nx + ny * ny + nz * nz + 1e-12)
    return nx * norm, ny * norm, nz * norm


@dataclass(frozen=True)
class _Paint:
    """Shares of what is painted on the clay and the eyes, (n, p) in [0, 1]."""

    mouth: Tensor
    pupil: Tensor
    iris: Tensor
    lid: Tensor


def _paint(scenes: Scenes, shape: Shape, at: Parts) -> _Paint:
    """Mouth and lids in the head's frame, with soft edges about a pixel wide."""
    smile, opening = scenes.column("smile"), scenes.column("mouth")
    wide = 0.27 + 0.06 * smile.abs()
    u = at.x / wide
    curve = at.y - MOUTH_Y - 0.15 * smile * (u * u - 0.40)
    inside = 0.052 + (0.02 + 0.10 * opening) * (1.0 - u * u).clamp_min(0.0) - curve.abs()
    inside = inside - 0.09 * (u.abs() - 0.55).clamp_min(0.0)  # rounded corners
    inside = torch.minimum(inside, (1.12 - u.abs()) * wide)
    mouth = smoothstep(-0.012, 0.012, inside) * (at.z > 0).float()

    sign = torch.where(at.x < 0, -1.0, 1.0)
    ex = (at.x - sign * EYE_X) / shape.eye_r
    ey, ez = (at.y - EYE_Y) / shape.eye_r, (at.z - EYE_Z) / shape.eye_r
    gaze = scenes.column("gaze")
    centre = ex * gaze.sin() + ez * gaze.cos()
    lid = smoothstep(-0.06, 0.06, ey + 0.15 * ez - (0.92 - 0.72 * scenes.column("lids")))
    return _Paint(mouth, smoothstep(0.84, 0.90, centre), smoothstep(0.70, 0.76, centre), lid)


def _label(at: Parts, paint: _Paint, hit: Tensor) -> Tensor:
    """The nearest part's label where something is hit, (n, p) uint8."""
    distances = (at.clay, at.cloth, at.hair, at.beard, at.hat, at.brow, at.eye, at.glasses)
    labels = (
        Label.CLAY,
        Label.SHIRT,
        Label.HAIR,
        Label.BEARD,
        Label.HAT,
        Label.BROW,
        Label.EYE,
        Label.GLASSES,
    )
    best = torch.full_like(at.clay, math.inf)
    label = torch.zeros_like(at.clay, dtype=torch.uint8)
    for distance, value in zip(distances, labels, strict=True):
        label = torch.where(distance < best, torch.tensor(value, dtype=torch.uint8), label)
        best = torch.minimum(best, distance)

    def repaint(where: Tensor, share: Tensor, value: Label) -> None:
        nonlocal label
        chosen = (label == where) & (share > 0.5)
        label = torch.where(chosen, torch.tensor(value, dtype=torch.uint8), label)

    eye, clay = torch.tensor(Label.EYE), torch.tensor(Label.CLAY)
    repaint(clay, paint.mouth, Label.MOUTH)
    repaint(eye, paint.lid, Label.LID)
    repaint(eye, paint.iris, Label.PUPIL)
    return label * hit.to(torch.uint8)


def shade(
    scenes: Scenes, shape: Shape, rays: Colour, t: Tensor, grazed: float, near: Nearest
) -> Surface:
    """What rays from the camera show after length t (n, p).

    Rays shorter than ``grazed`` hit something even if they ran out of steps before they met it.
    """
    dx, dy, dz = rays
    px, py, pz = dx * t, dy * t, CAMERA_Z + dz * t
    at = parts(shape, px, py, pz)
    distance = at.nearest()
    hit = ((distance < 0.04) & (t < FAR - 0.05)) | (t < grazed)
    nx, ny, nz = _normal(near, shape, px, py, pz)

    azimuth, height = scenes.column("light"), scenes.column("light_height")
    ly = 0.12 + 0.80 * height
    flat = (1.0 - 0.45 * height) * 0.85
    lx, lz = azimuth.sin() * flat, azimuth.cos() * flat
    length = torch.rsqrt(lx * lx + ly * ly + lz * lz)
    lx, ly, lz = lx * length, ly * length, lz * length

    def free(kx: Tensor, ky: Tensor, kz: Tensor, reach: float) -> Tensor:
        """How open the space is at ``reach`` along a direction, 0 to 1."""
        return near(shape, px + kx * reach, py + ky * reach, pz + kz * reach) / reach

    ambient = (0.45 * free(nx, ny, nz, 0.10) + 0.55 * free(nx, ny, nz, 0.30)).clamp(0.0, 1.0)
    shadow = torch.minimum(
        (free(lx, ly, lz, 0.16) * 3.0 + 0.35).clamp(0.0, 1.0),
        (free(lx, ly, lz, 0.45) * 4.0 + 0.6).clamp(0.0, 1.0),
    )
    facing = nx * lx + ny * ly + nz * lz
    towards = -(nx * dx + ny * dy + nz * dz)
    rim = (1.0 - towards.clamp(0.0, 1.0)).pow(3) * (0.35 + 0.65 * ambient)
    hx, hy, hz = lx - dx, ly - dy, lz - dz
    half = (nx * hx + ny * hy + nz * hz) * torch.rsqrt(hx * hx + hy * hy + hz * hz)
    half = half.clamp_min(0.0)

    paint = _paint(scenes, shape, at)
    label = _label(at, paint, hit)

    def is_part(*values: Label) -> Tensor:
        return torch.stack([label == int(v) for v in values]).any(dim=0).float()

    eye = is_part(Label.EYE, Label.PUPIL, Label.LID)
    eyeball = eye * (1.0 - paint.lid)
    brow, hair, beard = is_part(Label.BROW), is_part(Label.HAIR), is_part(Label.BEARD)
    hat, shirt, glasses = is_part(Label.HAT), is_part(Label.SHIRT), is_part(Label.GLASSES)
    skin = is_part(Label.CLAY, Label.MOUTH)
    band = smoothstep(0.16, 0.14, at.y - 0.60 - 0.16 * (at.z + 0.06))
    band = band * scenes.presence("hairstyle", "hat") * (at.y > 0.62).float()

    age, gloss = scenes.column("age"), scenes.column("gloss")
    clay = clay_colour(scenes)
    cloth = wheel(scenes.column("cloth_hue"), 0.30, 0.20)
    dark = wheel(scenes.column("hair_hue"), 0.20, 0.15)
    backdrop = wheel(scenes.column("backdrop"), 0.42, 0.14)
    warmth = scenes.column("warmth")
    key = (0.80 + 0.40 * warmth, 0.97 + 0.03 * warmth, 1.30 - 0.66 * warmth)
    # Worn clay is darker in its hollows.
    worn = 1.0 - 0.34 * age * smoothstep(-0.4, 1.2, -dents(at.x, at.y, at.z))
    glaze = half.pow(14.0 + 12.0 * gloss) * (0.02 + 0.90 * gloss)
    specular = glaze * (1.0 - eyeball) * (1.0 - 0.7 * (hair + beard + brow))
    specular = specular + half.pow(90) * 0.9 * eyeball
    # The backdrop is brighter towards the middle and the light.
    gx, gy = dx * CAMERA_Z / FRAME, dy * CAMERA_Z / FRAME
    glow = 1.12 - 0.30 * ((gx - 0.3 * azimuth).square() + (gy - 0.1).square()).clamp_max(2.0)
    shown = hit.float()
    colours = []
    for c in range(3):
        body = clay[c] * worn
        lid_colour = body * 0.78
        albedo = _mix(body, (0.16, 0.02, 0.03)[c], paint.mouth * skin)
        iris = _mix(0.95, dark[c] * 0.9 + (0.10, 0.07, 0.05)[c], paint.iris)
        white = _mix(iris, 0.012, paint.pupil)
        albedo = _mix(albedo, _mix(white, lid_colour, paint.lid), eye)
        albedo = _mix(albedo, cloth[c] * (1.0 - 0.6 * band), hat)
        albedo = _mix(albedo, cloth[c] * 0.9, shirt)
        albedo = _mix(albedo, dark[c], torch.maximum(hair, beard))
        albedo = _mix(albedo, dark[c] * 0.45, brow)
        albedo = _mix(albedo, (0.05, 0.045, 0.04)[c], glasses)
        # Light that scattered under the surface comes out a little beyond the terminator, and red.
        wrap = 0.15 + (0.20, 0.06, 0.0)[c] * skin
        diffuse = ((facing + wrap) / (1.0 + wrap)).clamp_min(0.0) * shadow
        sky = (0.34 + 0.16 * ny) * (0.55 + 0.9 * backdrop[c]) * (0.25 + 0.75 * ambient)
        lit = albedo * (1.05 * key[c] * diffuse + sky)
        lit = lit + key[c] * specular * shadow + rim * 0.30 * backdrop[c]
        wall = backdrop[c] * glow
        colours.append(_mix(wall, lit, shown).clamp(0.0, 1.0).sqrt())
    feature = is_part(Label.MOUTH, Label.EYE, Label.PUPIL, Label.LID, Label.BROW, Label.GLASSES)
    red, green, blue = colours
    return Surface((red, green, blue), feature, label, t, (nx, ny, nz))
