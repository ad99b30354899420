"""How far a picture is from the drawn one: pixels, edges, and what an observer makes of it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.training.clay_heads.observer import OBSERVED, Observer, reduced

STAGE_WEIGHTS = (1.0, 0.4, 0.25, 0.15, 0.1, 0.05)  # the last stage first
AROUND = 5  # pixels on which a local contrast is taken


@dataclass(frozen=True)
class Weights:
    """What counts how much in :func:`picture_loss`; 0 leaves a part out.

    ``features`` is the extra weight of eyes, brows, mouth and glasses, a tenth of the picture;
    ``detail`` that of a local contrast of 1, so that curls count against the wall behind them;
    ``agreement`` the share of full's own picture in what narrower widths aim at.
    """

    features: float = 2.0
    detail: float = 6.0
    edges: float = 1.0
    observer: float = 0.15
    agreement: float = 0.5


@dataclass(frozen=True)
class Target:
    """Drawn pictures and pixel weights for every stage, and what the observer makes of them."""

    pictures: tuple[Tensor, ...]
    weights: tuple[Tensor, ...]
    features: tuple[Tensor, ...] = ()
    reading: Tensor | None = None

    def towards(self, stages: Sequence[Tensor], share: float) -> Target:
        """The same with ``share`` of every stage's picture replaced by that of ``stages``."""
        pictures = zip(self.pictures, stages, strict=True)
        return replace(self, pictures=tuple(torch.lerp(a, b, share) for a, b in pictures))


def local_contrast(picture: Tensor) -> Tensor:
    """How far pixels are from their surroundings, (n, 1, s, s) in [0, 2], of pictures (n, 3, s, s)
    in [-1, 1]: 0 on the wall, about 0.1 in curls, 0.2 around an eye."""

    def around(x: Tensor) -> Tensor:
        return F.avg_pool2d(x, AROUND, stride=1, padding=AROUND // 2, count_include_pad=False)

    return around((picture - around(picture)).abs().mean(dim=1, keepdim=True))


def target_of(
    picture: Tensor,
    feature: Tensor,
    resolutions: Sequence[int],
    observer: Observer | None,
    weights: Weights,
) -> Target:
    """Prepare drawn pictures (n, 3, s, s) for stages of ``resolutions``, smallest first."""
    pictures = tuple(reduced(picture, r) for r in resolutions)
    extra = weights.features * feature
    if weights.detail:
        extra = extra + weights.detail * local_contrast(picture)
    pixels = tuple(1.0 + reduced(extra, r) for r in resolutions)
    if observer is None or resolutions[-1] < OBSERVED:
        return Target(pictures, pixels)
    with torch.no_grad():
        features, reading = observer(reduced(picture, OBSERVED))
    return Target(pictures, pixels, tuple(features), reading)


def _weighted(difference: Tensor, weight: Tensor) -> Tensor:
    return (difference.abs() * weight).mean()


def picture_loss(
    stages: Sequence[Tensor], target: Target, observer: Observer | None, weights: Weights
) -> Tensor:
    """Distance of the pictures of every stage to the target: one number."""
    total = stages[0].new_zeros(())
    for order, index in enumerate(range(len(stages) - 1, -1, -1)):
        error = stages[index] - target.pictures[index]
        weight = target.weights[index]
        loss = _weighted(error, weight)
        # Differences of the error are the error of the edges, at this stage's scale.
        across = error[..., 1:] - error[..., :-1]
        down = error[..., 1:, :] - error[..., :-1, :]
        edges = _weighted(across, weight[..., 1:]) + _weighted(down, weight[..., 1:, :])
        total = total + STAGE_WEIGHTS[order] * (loss + weights.edges * edges)
    if observer is not None and target.reading is not None:
        features, reading = observer(reduced(stages[-1], OBSERVED))
        for mine, theirs in zip(features, target.features, strict=True):
            scale = theirs.abs().mean() + 1e-4
            total = total + weights.observer * (mine - theirs).abs().mean() / scale
        total = total + weights.observer * (reading - target.reading).abs().mean()
    return total
