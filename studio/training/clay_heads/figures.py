"""How good a generator of clay heads is, in figures, on latents that it has never seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from studio.families.stylegan.network import StyleGan2
from studio.fidelity.judge import Judge
from studio.fidelity.metrics import flip
from studio.fidelity.sets import feature_distance
from studio.training.clay_heads.data import latents
from studio.training.clay_heads.judging import ReadBack, read_back
from studio.training.clay_heads.observer import reduced
from studio.training.clay_heads.preview import HELD_OUT_SEED, WIDTHS, drawn, generated
from studio.training.clay_heads.scene import ATTRIBUTE_NAMES, NAMES

Tell = Callable[[str], None]
Pixels = npt.NDArray[np.uint8]


def to_bytes(pictures: Tensor) -> Pixels:
    """Pictures (n, 3, s, s) in [0, 1] as (n, s, s, 3) bytes."""
    return (pictures.permute(0, 2, 3, 1) * 255.0).round().byte().numpy()


def flips(reference: Tensor, candidate: Tensor) -> list[float]:
    """FLIP of every pair of pictures (n, 3, s, s) in [0, 1]."""
    pairs = zip(to_bytes(reference), to_bytes(candidate), strict=True)
    return [flip(a, b).mean for a, b in pairs]


@dataclass(frozen=True)
class WidthFigures:
    """One width at full resolution; medians over held-out latents.

    ``distance`` is the feature distance of its pictures to renders of other latents.
    """

    ratio: float
    flip_to_renderer: float
    flip_to_full: float
    reading: ReadBack
    distance: float


@dataclass(frozen=True)
class StageFigures:
    """One resolution: median FLIP to the renderer's picture mean-pooled to it, per width."""

    resolution: int
    flips: tuple[float, ...]


@dataclass(frozen=True)
class Selectivity:
    """What one edit direction moves: its own attribute, and the most moved other one."""

    name: str
    own: float
    other: float
    other_name: str

    @property
    def ratio(self) -> float:
        """How many times more its own attribute moves."""
        return self.own / max(self.other, 1e-6)


@dataclass(frozen=True)
class Figures:
    """All of them. ``between_renders`` is the feature distance of two disjoint sets of renders,
    ``resampling`` that of renders to the same ones halved and doubled again; ``walk`` the largest
    step of a walk over its median step, per width; ``ends`` the median FLIP to the renderer with
    one slider at +-2."""

    widths: tuple[WidthFigures, ...]
    stages: tuple[StageFigures, ...]
    directions: tuple[Selectivity, ...]
    between_renders: float
    resampling: float
    walk: tuple[float, ...]
    ends: float


@torch.no_grad()
def selectivity(
    model: StyleGan2, directions: Tensor, judge: Judge, count: int, size: int
) -> tuple[Selectivity, ...]:
    """Move along each attribute's direction by -1 and +1 and read what changed (shares, -1 to 1).

    Both are mean signed changes over ``count`` latents, so reading errors cancel.
    """
    w = model.map(latents(count, HELD_OUT_SEED + 5))
    found = []
    for k, name in enumerate(ATTRIBUTE_NAMES):
        low, high = (
            judge.read(generated(model, w + sign * directions[k], 1.0, size)).attributes
            for sign in (-1.0, 1.0)
        )
        moved = (high - low).mean(dim=0)
        others = moved.abs()
        others[k] = 0.0
        most = int(others.argmax())
        found.append(Selectivity(name, float(moved[k]), float(others[most]), ATTRIBUTE_NAMES[most]))
    return tuple(found)


@torch.no_grad()
def walk_steps(model: StyleGan2, ratio: float, size: int, frames: int = 25) -> float:
    """Largest step between neighbouring frames of walks in w, over the median step."""
    ends = model.map(latents(8, HELD_OUT_SEED + 6))
    share = torch.linspace(0.0, 1.0, frames)[:, None]
    worst = 0.0
    for a, b in pairwise(ends):
        pictures = generated(model, torch.lerp(a[None], b[None], share), ratio, size)
        steps = (pictures[1:] - pictures[:-1]).abs().mean(dim=(1, 2, 3))
        worst = max(worst, float(steps.max() / steps.median()))
    return worst


@torch.no_grad()
def ends_of_sliders(
    model: StyleGan2, directions: Tensor, count: int, size: int, end: float = 2.0
) -> float:
    """Median FLIP to the renderer when a random slider is moved by +-``end`` standard deviations.

    The renderer draws the latent whose own coordinate has been moved as far.
    """
    z = latents(count, HELD_OUT_SEED + 7)
    z = z * torch.rsqrt(z.square().mean(dim=1, keepdim=True))
    which = torch.arange(count) % len(ATTRIBUTE_NAMES)
    sign = torch.where(torch.arange(count) // len(ATTRIBUTE_NAMES) % 2 == 0, end, -end)
    moved = z.clone()
    moved[torch.arange(count), which] = moved[torch.arange(count), which] + sign
    # The renderer normalises; without this the other coordinates would shrink.
    target = drawn(_renormalised(moved), size)
    w = model.map(z) + sign[:, None] * directions[which]
    return float(np.median(flips(target, generated(model, w, 1.0, size))))


def _renormalised(z: Tensor) -> Tensor:
    """Latents whose normalised named coordinates are those of z: the spare ones pay the length."""
    spare = z[:, len(NAMES) :]
    named = z[:, : len(NAMES)].square().sum(dim=1, keepdim=True)
    wanted = (z.shape[1] - named).clamp_min(1e-3)
    scale = (wanted / spare.square().sum(dim=1, keepdim=True)).sqrt()
    return torch.cat([z[:, : len(NAMES)], spare * scale], dim=1)


def measure(
    model: StyleGan2,
    directions: Tensor,
    judge: Judge,
    count: int = 500,
    tell: Tell = lambda text: None,
) -> Figures:
    """Take all figures over ``count`` held-out latents, more than 128.

    ``directions`` (28, w_dim) are the edit directions that come with the model.
    """
    size = model.config.resolution
    z, other = latents(count, HELD_OUT_SEED + 3), latents(count, HELD_OUT_SEED + 4)
    tell("drawing")
    own, second = drawn(z, size), drawn(other, size)
    tell("reading")
    renders = judge.read(second).features
    w = model.map(z).detach()
    full = generated(model, w, 1.0, size)
    widths = []
    for ratio in WIDTHS:
        tell(f"width {ratio:g}")
        made = full if ratio == 1.0 else generated(model, w, ratio, size)
        reading = judge.read(made)
        widths.append(
            WidthFigures(
                ratio,
                float(np.median(flips(own, made))),
                float(np.median(flips(full, made))),
                read_back(reading, z),
                feature_distance(reading.features, renders),
            )
        )
    tell("resolutions")
    stages = tuple(
        StageFigures(r, tuple(_stage(model, w[:100], own[:100], ratio, r) for ratio in WIDTHS))
        for r in model.config.resolutions[-4:]
    )
    tell("directions and walks")
    halved = torch.nn.functional.interpolate(
        reduced(own, size // 2), scale_factor=2.0, mode="bilinear", align_corners=False
    )
    return Figures(
        tuple(widths),
        stages,
        selectivity(model, directions, judge, 96, size),
        feature_distance(judge.read(own).features, renders),
        feature_distance(judge.read(own).features, judge.read(halved).features),
        tuple(walk_steps(model, ratio, size) for ratio in WIDTHS),
        ends_of_sliders(model, directions, 100, size),
    )


def _stage(model: StyleGan2, w: Tensor, own: Tensor, ratio: float, resolution: int) -> float:
    made = generated(model, w, ratio, resolution)
    return float(np.median(flips(reduced(own, resolution), made)))
