"""What a latent means: eighteen attributes of a clay bust, each read from one coordinate of z."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

Z_DIM = 128
EPSILON = 1e-8  # the same as in the mapping network, so that both read the same coordinates


@dataclass(frozen=True)
class Attribute:
    """One continuous property of a bust: its name, its range and what the two ends look like."""

    name: str
    low: float
    high: float
    meaning: str


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("turn", -0.5, 0.5, "head about the vertical axis, radians; positive to our right"),
    Attribute("tilt", -0.2, 0.2, "head about the viewing axis, radians; positive to our left"),
    Attribute("smile", -0.7, 1.0, "corners of the mouth: down to up"),
    Attribute("mouth", 0.0, 1.0, "closed to open"),
    Attribute("eyes", 0.0, 1.0, "small to large"),
    Attribute("gaze", -0.65, 0.65, "direction of the eyes, radians; positive to our right"),
    Attribute("lids", 0.0, 1.0, "wide open to drowsy"),
    Attribute("brows", -1.0, 1.0, "stern to surprised"),
    Attribute("nose", 0.0, 1.0, "short to long"),
    Attribute("jaw", 0.0, 1.0, "narrow to broad"),
    Attribute("height", 0.0, 1.0, "round head to tall head"),
    Attribute("cap", 0.0, 1.0, "flat cap to tall cap"),
    Attribute("cap_hue", 0.0, 0.8, "colour of the cap, turns of a soft colour wheel"),
    Attribute("clay_hue", 0.0, 0.8, "colour of the clay, turns of a soft colour wheel"),
    Attribute("clay_tone", 0.0, 1.0, "dark to pale clay"),
    Attribute("light", -1.0, 1.0, "azimuth of the key light, radians; positive from our right"),
    Attribute("warmth", 0.0, 1.0, "cool to warm light"),
    Attribute("backdrop", 0.0, 0.8, "colour of the backdrop, turns of a soft colour wheel"),
)
NAMES: tuple[str, ...] = tuple(a.name for a in ATTRIBUTES)


@dataclass(frozen=True)
class Scenes:
    """A batch of busts: ``values`` (n, 18) holds the attributes in the order of ``ATTRIBUTES``."""

    values: Tensor

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(ATTRIBUTES):
            raise ValueError(f"scenes need {len(ATTRIBUTES)} values each")

    def __len__(self) -> int:
        return self.values.shape[0]

    def column(self, name: str) -> Tensor:
        """One attribute of every scene, (n, 1), in the attribute's own unit."""
        index = NAMES.index(name)
        return self.values[:, index : index + 1]

    def part(self, start: int, stop: int) -> Scenes:
        """Scenes ``start`` up to ``stop``."""
        return Scenes(self.values[start:stop])


def normalised(z: Tensor) -> Tensor:
    """Rows of z (n, 128) divided by their root mean square, as the mapping network does."""
    return z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + EPSILON)


def scene_from_z(z: Tensor) -> Scenes:
    """The busts that latents z (n, 128) stand for.

    Coordinate i of the normalised latent sets attribute i through the normal distribution function,
    so a normal z gives every attribute a uniform distribution over its range. The coordinates after
    the last attribute do nothing.
    """
    if z.ndim != 2 or z.shape[1] != Z_DIM:
        raise ValueError(f"a latent has {Z_DIM} numbers")
    share = 0.5 * (1.0 + torch.erf(normalised(z)[:, : len(ATTRIBUTES)] / math.sqrt(2.0)))
    low = torch.tensor([a.low for a in ATTRIBUTES], dtype=z.dtype, device=z.device)
    high = torch.tensor([a.high for a in ATTRIBUTES], dtype=z.dtype, device=z.device)
    return Scenes(low + (high - low) * share)
