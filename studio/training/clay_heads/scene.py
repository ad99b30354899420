"""What a latent means: the attributes and kinds of a clay bust, each read from one coordinate."""

from __future__ import annotations

import math
from dataclasses import dataclass

import torch
from torch import Tensor

Z_DIM = 128
EPSILON = 1e-8  # the same as in the mapping network, so that both read the same coordinates
RAMP = 0.035  # half of the share of a kind's coordinate over which one option becomes the next


@dataclass(frozen=True)
class Attribute:
    """One continuous property of a bust: its name, its range and what the two ends look like."""

    name: str
    low: float
    high: float
    meaning: str


@dataclass(frozen=True)
class Kind:
    """A property with a few options; ``ends[k]`` is the share of latents up to option k."""

    name: str
    options: tuple[str, ...]
    ends: tuple[float, ...]


ATTRIBUTES: tuple[Attribute, ...] = (
    Attribute("turn", -0.5, 0.5, "head about the vertical axis, radians; positive to our right"),
    Attribute("tilt", -0.2, 0.2, "head about the viewing axis, radians; positive to our left"),
    Attribute("nod", -0.2, 0.2, "head about the horizontal axis, radians; down to up"),
    Attribute("smile", -0.65, 1.15, "corners of the mouth: down to up"),
    Attribute("mouth", 0.0, 1.0, "closed to open"),
    Attribute("eyes", 0.0, 1.0, "small to large"),
    Attribute("gaze", -0.65, 0.65, "direction of the eyes, radians; positive to our right"),
    Attribute("lids", 0.0, 1.0, "wide open to drowsy"),
    Attribute("brows", -1.0, 1.0, "stern to surprised"),
    Attribute("nose", 0.0, 1.0, "button to long"),
    Attribute("ears", 0.0, 1.0, "small to large"),
    Attribute("jaw", 0.0, 1.0, "narrow to broad"),
    Attribute("cheeks", 0.0, 1.0, "hollow to round"),
    Attribute("height", 0.0, 1.0, "round head to tall head"),
    Attribute("hair", 0.0, 1.0, "volume of the hair, height of the cap or hat"),
    Attribute("hair_hue", -0.35, 0.45, "hair, beard, brows: turns of a soft colour wheel"),
    Attribute("cloth_hue", -0.3, 0.5, "cap, hat, shirt: turns of a soft colour wheel"),
    Attribute("clay_hue", -0.3, 0.5, "colour of the clay, turns of a soft colour wheel"),
    Attribute("clay_tone", 0.0, 1.0, "dark to pale clay"),
    Attribute("age", 0.0, 1.0, "surface of the clay: smooth to weathered"),
    Attribute("gloss", 0.0, 1.0, "matte to glazed"),
    Attribute("light", -1.0, 1.0, "azimuth of the key light, radians; positive from our right"),
    Attribute("light_height", 0.0, 1.0, "key light from the front to from above"),
    Attribute("warmth", 0.0, 1.0, "cool to warm light"),
    Attribute("backdrop", -0.3, 0.5, "colour of the backdrop, turns of a soft colour wheel"),
)
KINDS: tuple[Kind, ...] = (
    Kind("hairstyle", ("bald", "curls", "bun", "cap", "hat"), (0.16, 0.40, 0.58, 0.80, 1.0)),
    Kind("glasses", ("none", "glasses"), (0.66, 1.0)),
    Kind("beard", ("none", "beard"), (0.66, 1.0)),
)
ATTRIBUTE_NAMES: tuple[str, ...] = tuple(a.name for a in ATTRIBUTES)
KIND_NAMES: tuple[str, ...] = tuple(k.name for k in KINDS)
NAMES: tuple[str, ...] = ATTRIBUTE_NAMES + KIND_NAMES
"""The name of each coordinate of the normalised latent that means something, in order."""
SIDED = ("turn", "tilt", "gaze", "light")


@dataclass(frozen=True)
class Scenes:
    """A batch of busts: ``values`` (n, 28), columns in the order of ``NAMES``.

    Attributes are in their own units; kinds are shares in [0, 1], which their options divide.
    """

    values: Tensor

    def __post_init__(self) -> None:
        if self.values.ndim != 2 or self.values.shape[1] != len(NAMES):
            raise ValueError(f"scenes need {len(NAMES)} values each")

    def __len__(self) -> int:
        return self.values.shape[0]

    def column(self, name: str) -> Tensor:
        """One attribute of every scene, (n, 1), in the attribute's own unit."""
        index = NAMES.index(name)
        return self.values[:, index : index + 1]

    def part(self, start: int, stop: int) -> Scenes:
        """Scenes ``start`` up to ``stop``."""
        return Scenes(self.values[start:stop])

    def presence(self, kind: str, option: str) -> Tensor:
        """How much of an option a scene has, (n, 1) in [0, 1].

        Options grow and shrink over a narrow band around their ends instead of appearing, so that
        a walk between two latents is smooth; over all options the presences sum to 1.
        """
        described = KINDS[KIND_NAMES.index(kind)]
        share, index = self.column(kind), described.options.index(option)

        def beyond(end: float) -> Tensor:
            u = ((share - end) / (2.0 * RAMP) + 0.5).clamp(0.0, 1.0)
            return u * u * (3.0 - 2.0 * u)

        begun = beyond(described.ends[index - 1]) if index else torch.ones_like(share)
        last = index == len(described.options) - 1
        return begun - (torch.zeros_like(share) if last else beyond(described.ends[index]))

    def option(self, kind: str) -> Tensor:
        """Index of the option of every scene, (n,) int64."""
        described = KINDS[KIND_NAMES.index(kind)]
        ends = torch.tensor(described.ends[:-1], dtype=self.values.dtype)
        return torch.bucketize(self.column(kind)[:, 0].contiguous(), ends)

    def visible(self, name: str) -> Tensor:
        """Whether a person could read the attribute from the picture, (n,) bool."""
        seen = torch.ones(len(self), dtype=torch.bool)
        if name == "hair":
            seen = self.option("hairstyle") > 0
        return seen


def normalised(z: Tensor) -> Tensor:
    """Rows of z (n, 128) divided by their root mean square, as the mapping network does."""
    return z * torch.rsqrt(z.square().mean(dim=1, keepdim=True) + EPSILON)


def mirrored(z: Tensor) -> Tensor:
    """The latents (n, 128) of the busts in a mirror: what has a side has the other one.

    Only the dents of worn clay do not follow.
    """
    signs = torch.ones(Z_DIM)
    signs[[NAMES.index(name) for name in SIDED]] = -1.0
    return z * signs


def shares_from_z(z: Tensor) -> Tensor:
    """Where each latent stands in the range of every coordinate, (n, 28) in [0, 1].

    The normal distribution function of the coordinates: a normal z gives uniform shares.
    """
    if z.ndim != 2 or z.shape[1] != Z_DIM:
        raise ValueError(f"a latent has {Z_DIM} numbers")
    return 0.5 * (1.0 + torch.erf(normalised(z)[:, : len(NAMES)] / math.sqrt(2.0)))


def scene_from_shares(shares: Tensor) -> Scenes:
    """Busts from shares (n, 28) in [0, 1] of each coordinate's range."""
    lows = [a.low for a in ATTRIBUTES] + [0.0] * len(KINDS)
    highs = [a.high for a in ATTRIBUTES] + [1.0] * len(KINDS)
    low = torch.tensor(lows, dtype=shares.dtype, device=shares.device)
    high = torch.tensor(highs, dtype=shares.dtype, device=shares.device)
    return Scenes(low + (high - low) * shares)


def scene_from_z(z: Tensor) -> Scenes:
    """The busts that latents z (n, 128) stand for.

    Coordinate i of the normalised latent sets coordinate i of ``NAMES``, monotonically; those
    after the last do nothing, so that one slider barely moves the others.
    """
    return scene_from_shares(shares_from_z(z))
