"""The solid: signed distances from points to the parts of a bust.

Distances are in head units (the skull's radius is about 0.8). Smooth unions follow the polynomial
minimum of Quilez, "Smooth minimum"; ellipsoids are spheres in stretched space, whose distance is
a lower bound after multiplication with the smallest stretch. A part that a bust lacks shrinks
into the skull, so that every picture is a continuous function of its scene.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.training.clay_heads.scene import Scenes

EYE_X, EYE_Y, EYE_Z = 0.31, 0.07, 0.56
SKULL_Y, SKULL_Z, SKULL_R = 0.16, -0.06, 0.80
MOUTH_Y = -0.53
BRIM_Y = 0.60  # height of the cap's rim and of the hat's brim
CURL = 9.5  # radians a head unit
DENT = 11.0


@dataclass(frozen=True)
class Shape:
    """The numbers of a bust that its distances depend on, each (n, 1)."""

    cos_turn: Tensor
    sin_turn: Tensor
    cos_tilt: Tensor
    sin_tilt: Tensor
    cos_nod: Tensor
    sin_nod: Tensor
    stretch: Tensor
    jaw_r: Tensor
    cheek_r: Tensor
    ear_r: Tensor
    nose_y: Tensor
    nose_z: Tensor
    nose_r: Tensor
    eye_r: Tensor
    brow_in: Tensor
    brow_out: Tensor
    dents: Tensor
    hair: Tensor
    hairline: Tensor
    curls: Tensor
    bun_y: Tensor
    bun_r: Tensor
    dome_r: Tensor
    dome_scale: Tensor
    rim_r: Tensor
    rim_tube: Tensor
    brim_r: Tensor
    rings: Tensor
    rings_z: Tensor
    beard: Tensor
    beard_r: Tensor


@dataclass(frozen=True)
class Parts:
    """Distances to each material, (n, p), and the points in the head's own frame."""

    clay: Tensor
    eye: Tensor
    brow: Tensor
    hair: Tensor
    hat: Tensor
    cloth: Tensor
    glasses: Tensor
    beard: Tensor
    x: Tensor
    y: Tensor
    z: Tensor

    def nearest(self) -> Tensor:
        """Distance to the bust, (n, p)."""
        d = torch.minimum(torch.minimum(self.clay, self.eye), torch.minimum(self.hat, self.brow))
        d = torch.minimum(d, torch.minimum(self.hair, self.cloth))
        return torch.minimum(d, torch.minimum(self.glasses, self.beard))


def shape_of(scenes: Scenes) -> Shape:
    """What the sculptor needs to know about each scene."""
    turn, tilt, nod = scenes.column("turn"), scenes.column("tilt"), scenes.column("nod")
    brows, nose, eyes = scenes.column("brows"), scenes.column("nose"), scenes.column("eyes")
    hair = scenes.column("hair")
    curls, bun = scenes.presence("hairstyle", "curls"), scenes.presence("hairstyle", "bun")
    cap, hat = scenes.presence("hairstyle", "cap"), scenes.presence("hairstyle", "hat")
    glasses, beard = scenes.presence("glasses", "glasses"), scenes.presence("beard", "beard")
    grown, covered = curls + bun, cap + hat
    brow = EYE_Y + 0.29 + 0.05 * eyes
    return Shape(
        cos_turn=turn.cos(),
        sin_turn=turn.sin(),
        cos_tilt=tilt.cos(),
        sin_tilt=tilt.sin(),
        cos_nod=nod.cos(),
        sin_nod=nod.sin(),
        stretch=0.90 + 0.18 * scenes.column("height"),
        jaw_r=0.45 + 0.15 * scenes.column("jaw"),
        cheek_r=0.04 + 0.30 * scenes.column("cheeks"),
        ear_r=0.10 + 0.14 * scenes.column("ears"),
        nose_y=-0.02 - 0.14 * nose,
        nose_z=0.78 + 0.12 * nose,
        nose_r=0.110 + 0.055 * nose,
        eye_r=0.170 + 0.095 * eyes,
        brow_in=brow + 0.09 * brows,
        brow_out=brow + 0.01 - 0.07 * brows,
        dents=0.028 * scenes.column("age"),
        hair=-0.14 * (1.0 - grown) + grown * (0.06 + 0.14 * hair),
        hairline=0.36 - 0.16 * hair,
        curls=curls * (0.05 + 0.055 * hair),
        bun_y=0.45 + bun * (0.58 + 0.10 * hair),
        bun_r=0.10 + bun * (0.06 + 0.12 * hair),
        dome_r=0.30 + 0.465 * covered,
        dome_scale=0.55 + 0.49 * hair,
        rim_r=0.35 + 0.385 * cap,
        rim_tube=0.05 + 0.065 * cap,
        brim_r=0.35 + 0.71 * hat,
        rings=0.034 * glasses,
        rings_z=0.45 + 0.40 * glasses,
        beard=-0.10 + 0.18 * beard,
        beard_r=-0.10 + 0.34 * beard,
    )


def _smooth_union(a: Tensor, b: Tensor, k: float) -> Tensor:
    h = (k - (a - b).abs()).clamp_min(0.0) / k
    return torch.minimum(a, b) - h * h * (k * 0.25)


def _smooth_cut(a: Tensor, b: Tensor, k: float) -> Tensor:
    h = (k - (a - b).abs()).clamp_min(0.0) / k
    return torch.maximum(a, b) + h * h * (k * 0.25)


def _length(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    return (x * x + y * y + z * z).sqrt()


def dents(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    """The worn surface of old clay at points of the head's frame: (n, p) in [-3, 3]."""
    a, b, c = DENT * x, DENT * y, DENT * z
    return (
        (a + 1.3).sin() * (b + 0.7).sin()
        + (b + 2.1).sin() * (c + 0.4).sin()
        + (c + 0.9).sin() * (a + 2.6).sin()
    )


def parts(shape: Shape, px: Tensor, py: Tensor, pz: Tensor) -> Parts:
    """Distances from points (n, p), given by coordinate in the world's frame, y up, z to us."""
    s = shape
    # Into the head's frame: undo the tilt about z and the nod about x (around the neck), the turn
    # about y, the stretch.
    base = py + 0.8
    tx = s.cos_tilt * px + s.sin_tilt * base
    ty = s.cos_tilt * base - s.sin_tilt * px - 0.35
    ny = s.cos_nod * ty - s.sin_nod * pz - 0.45
    nz = s.sin_nod * ty + s.cos_nod * pz
    x = s.cos_turn * tx - s.sin_turn * nz
    z = s.sin_turn * tx + s.cos_turn * nz
    y, side = ny / s.stretch, x.abs()
    fore = z - SKULL_Z

    from_skull = _length(x, y - SKULL_Y, fore) - SKULL_R
    from_jaw = _length(x, y + 0.36, z - 0.08) - s.jaw_r
    head = _smooth_union(from_skull, from_jaw, 0.30)
    cheek = _length(side - 0.34, y + 0.18, z - 0.44) - s.cheek_r
    head = _smooth_union(head, cheek, 0.16)
    along = ((y - 0.14) / (s.nose_y - 0.14)).clamp(0.0, 1.0)
    nose = _length(x, y - 0.14 - along * (s.nose_y - 0.14), z - 0.68 - along * (s.nose_z - 0.68))
    head = _smooth_union(head, nose - s.nose_r * (0.45 + 0.55 * along), 0.10)
    ear = _length((side - 0.80) * 1.3, y - 0.02, z + 0.05) * 0.75 - s.ear_r
    head = _smooth_union(head, ear, 0.06)

    below = (-0.75 - py).clamp_min(0.0)
    neck = (px * px + (pz + 0.08).square()).sqrt() - 0.36 - 0.10 * below
    neck = torch.maximum(neck, py + 0.55)
    clay = _smooth_union(head, neck, 0.12) - s.dents * dents(x, y, z)

    shoulders = _length(px * 0.42, py + 1.74, (pz + 0.10) * 0.8) - 0.52
    around = (px * px + (pz + 0.08).square()).sqrt() - 0.42
    collar = (around * around + (py + 1.02).square()).sqrt() - 0.10
    cloth = _smooth_union(shoulders, collar, 0.10)

    eye = _length(side - EYE_X, y - EYE_Y, z - EYE_Z) - s.eye_r
    t = ((side - 0.14) / 0.36).clamp(0.0, 1.0)
    brow = (
        _length(
            side - 0.14 - 0.36 * t,
            y - s.brow_in - (s.brow_out - s.brow_in) * t,
            z - 0.765 + 0.17 * t * t,
        )
        - 0.068
        + 0.02 * t
    )

    # Hair: a shell above a line that falls from the forehead to the nape, curled or with a bun.
    curl = (CURL * x).cos() * (CURL * y).cos() * (CURL * z).cos()
    shell = from_skull - s.hair - s.curls * curl
    hair = _smooth_cut(shell, (s.hairline + 0.55 * z - y) * 0.85, 0.12)
    bun = _length(x, y - s.bun_y, z + 0.20) - s.bun_r
    hair = _smooth_union(hair, bun, 0.05)

    # Cap and hat share a dome, leaning back a little; one has a rolled rim, one a brim and no more.
    lean = y - BRIM_Y - 0.16 * fore
    across = (x * x + fore * fore).sqrt()
    dome = _length(x, lean.clamp_min(0.0) / s.dome_scale, fore) - s.dome_r
    dome = torch.maximum(dome * s.dome_scale, -lean)
    rim = ((across - s.rim_r).square() + lean * lean).sqrt() - s.rim_tube
    over = (across - s.brim_r).clamp_min(0.0)
    brim = (over * over + lean * lean).sqrt() - 0.045
    hat = torch.minimum(torch.minimum(dome, rim), brim)

    # Glasses: two rings, a bridge, and temples that reach the ears.
    rx, rz = side - EYE_X, z - s.rings_z
    ring = ((rx * rx + (y - EYE_Y).square()).sqrt() - 0.275).square() + rz * rz
    bridge = (side - 0.05).clamp_min(0.0).square() + (y - 0.13).square() + rz * rz
    r = ((s.rings_z - z) / (s.rings_z + 0.05)).clamp(0.0, 1.0)
    temple = (
        (side - 0.58 - 0.24 * r).square()
        + (y - 0.10).square()
        + (z - s.rings_z + r * (s.rings_z + 0.05)).square()
    )
    glasses = torch.minimum(torch.minimum(ring, bridge), temple).sqrt() - s.rings

    # A beard: a shell on the jaw below a curve from ear to ear, with a tuft on the chin.
    beard = _smooth_cut(from_jaw - s.beard, (y + 0.70 - 1.0 * side * side) * 0.7, 0.08)
    tuft = _length(x, (y + 0.84) * 0.8, z - 0.36) - s.beard_r
    beard = _smooth_union(beard, tuft, 0.12)
    return Parts(clay, eye, brow, hair, hat, cloth, glasses, beard, x, y, z)
