"""The solid: signed distances from points to the parts of a bust.

Distances are in head units (the skull's radius is about 0.8). Smooth unions follow the polynomial
minimum of Quilez, "Smooth minimum"; ellipsoids are spheres in stretched space, whose distance is
a lower bound after multiplication with the smallest stretch.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from studio.training.clay_heads.scene import Scenes

EYE_X, EYE_Y, EYE_Z = 0.31, 0.07, 0.56
SKULL_Y, SKULL_Z, SKULL_R = 0.16, -0.06, 0.80


@dataclass(frozen=True)
class Shape:
    """The numbers of a bust that its distances depend on, each (n, 1)."""

    cos_turn: Tensor
    sin_turn: Tensor
    cos_tilt: Tensor
    sin_tilt: Tensor
    stretch: Tensor
    jaw_r: Tensor
    nose_y: Tensor
    nose_z: Tensor
    nose_r: Tensor
    eye_r: Tensor
    brow_in: Tensor
    brow_out: Tensor
    cap_scale: Tensor


@dataclass(frozen=True)
class Parts:
    """Distances to each material, (n, p), and the points in the head's own frame."""

    clay: Tensor
    eye: Tensor
    cap: Tensor
    brow: Tensor
    x: Tensor
    y: Tensor
    z: Tensor

    def nearest(self) -> Tensor:
        """Distance to the bust, (n, p)."""
        return torch.minimum(torch.minimum(self.clay, self.eye), torch.minimum(self.cap, self.brow))


def shape_of(scenes: Scenes) -> Shape:
    """What the sculptor needs to know about each scene."""
    turn, tilt, brows = scenes.column("turn"), scenes.column("tilt"), scenes.column("brows")
    nose, eyes = scenes.column("nose"), scenes.column("eyes")
    eye_r = 0.20 + 0.07 * eyes
    brow = EYE_Y + 0.31 + 0.05 * eyes
    return Shape(
        cos_turn=turn.cos(),
        sin_turn=turn.sin(),
        cos_tilt=tilt.cos(),
        sin_tilt=tilt.sin(),
        stretch=0.92 + 0.16 * scenes.column("height"),
        jaw_r=0.46 + 0.16 * scenes.column("jaw"),
        nose_y=-0.07 - 0.10 * nose,
        nose_z=0.80 + 0.10 * nose,
        nose_r=0.115 + 0.035 * nose,
        eye_r=eye_r,
        brow_in=brow + 0.10 * brows,
        brow_out=brow + 0.04 - 0.08 * brows,
        cap_scale=0.62 + 0.38 * scenes.column("cap"),
    )


def _smooth_union(a: Tensor, b: Tensor, k: float) -> Tensor:
    h = (k - (a - b).abs()).clamp_min(0.0) / k
    return torch.minimum(a, b) - h * h * (k * 0.25)


def _length(x: Tensor, y: Tensor, z: Tensor) -> Tensor:
    return (x * x + y * y + z * z).sqrt()


def parts(shape: Shape, px: Tensor, py: Tensor, pz: Tensor) -> Parts:
    """Distances from points (n, p), given by coordinate in the world's frame, y up, z to us."""
    s = shape
    # Into the head's frame: undo the turn about y, the tilt about z (around the neck), the stretch.
    base = py + 0.8
    tx = s.cos_tilt * px + s.sin_tilt * base
    ty = (s.cos_tilt * base - s.sin_tilt * px - 0.8) / s.stretch
    x = s.cos_turn * tx - s.sin_turn * pz
    z = s.sin_turn * tx + s.cos_turn * pz
    y, side = ty, x.abs()

    skull = _length(x, y - SKULL_Y, z - SKULL_Z) - SKULL_R
    jaw = _length(x, y + 0.36, z - 0.08) - s.jaw_r
    head = _smooth_union(skull, jaw, 0.30)
    along = ((y - 0.14) / (s.nose_y - 0.14)).clamp(0.0, 1.0)
    nose = _length(x, y - 0.14 - along * (s.nose_y - 0.14), z - 0.68 - along * (s.nose_z - 0.68))
    head = _smooth_union(head, nose - s.nose_r * (0.45 + 0.55 * along), 0.10)
    ear = _length((side - 0.80) * 1.3, y - 0.0, z + 0.05) * 0.75 - 0.14
    head = _smooth_union(head, ear, 0.06)

    below = (-0.75 - py).clamp_min(0.0)
    neck = (px * px + (pz + 0.08).square()).sqrt() - 0.36 - 0.10 * below
    neck = torch.maximum(neck, py + 0.55)
    shoulders = _length(px * 0.42, (py + 1.72), (pz + 0.10) * 0.8) - 0.50
    clay = _smooth_union(head, _smooth_union(neck, shoulders, 0.30), 0.12)

    eye = _length(side - EYE_X, y - EYE_Y, z - EYE_Z) - s.eye_r

    # The cap: a dome above the rolled rim, leaning back a little.
    lean = y - 0.60 - 0.16 * (z - SKULL_Z)
    dome = _length(x, lean.clamp_min(0.0) / s.cap_scale, z - SKULL_Z) - 0.765
    dome = torch.maximum(dome * s.cap_scale.clamp_max(1.0), -lean)
    ring = ((x * x + (z - SKULL_Z).square()).sqrt() - 0.735).square() + lean * lean
    cap = torch.minimum(dome, ring.sqrt() - 0.115)

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
    return Parts(clay, eye, cap, brow, x, y, z)
