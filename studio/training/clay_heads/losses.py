"""How far a picture is from the drawn one: pixels, edges, and what an observer makes of it."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from studio.training.clay_heads.data import DrawnSet
from studio.training.clay_heads.scene import ATTRIBUTES, normalised

log = logging.getLogger(__name__)

OBSERVED = 64  # pixels
FEATURE_WEIGHT = 4.0  # extra weight of eyes, brows and mouth, a tenth of the picture
EDGE_WEIGHT = 1.0
OBSERVER_WEIGHT = 0.25
STAGE_WEIGHTS = (1.0, 0.4, 0.25, 0.15, 0.1, 0.05)  # the last stage first


class Observer(nn.Module):
    """A small network that reads the attributes from a picture; its layers compare pictures.

    Features of a network that must tell a smile from a frown notice a missing mouth, which weighs
    next to nothing in a mean over pixels (compare Johnson et al. 2016, "Perceptual Losses").
    """

    def __init__(self) -> None:
        super().__init__()
        widths = (3, 24, 48, 64, 96)
        self.convs = nn.ModuleList(
            nn.Conv2d(i, o, 3, stride=1 if k == 0 else 2, padding=1)
            for k, (i, o) in enumerate(pairwise(widths))
        )
        self.hidden = nn.Linear(96 * 8 * 8, 160)
        self.out = nn.Linear(160, len(ATTRIBUTES))

    def forward(self, picture: Tensor) -> tuple[list[Tensor], Tensor]:
        """Features per layer and attributes (n, 18) in [-1, 1] from pictures (n, 3, 64, 64)."""
        features, x = [], picture
        for conv in self.convs:
            x = F.leaky_relu(conv(x), 0.1)
            features.append(x)
        return features, self.out(F.leaky_relu(self.hidden(x.flatten(1)), 0.1))


def attribute_shares(z: Tensor) -> Tensor:
    """What the observer should read from the bust of z: each attribute in [-1, 1], (n, 18)."""
    return torch.erf(normalised(z)[:, : len(ATTRIBUTES)] / 2.0**0.5)


def train_observer(drawn: DrawnSet, steps: int, seed: int, batch: int = 32) -> Observer:
    """Fit an observer to drawn busts; frozen on return."""
    torch.manual_seed(seed)
    random = torch.Generator().manual_seed(seed)
    observer = Observer()
    optimiser = torch.optim.Adam(observer.parameters(), lr=2e-3)
    schedule = torch.optim.lr_scheduler.OneCycleLR(optimiser, 2e-3, total_steps=max(steps, 4))
    for step in range(steps):
        z, picture, _ = drawn.batch(torch.randint(len(drawn), (batch,), generator=random))
        guess = observer(reduced(picture, OBSERVED))[1]
        loss = F.smooth_l1_loss(guess, attribute_shares(z), beta=0.2)
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
        schedule.step()
        if step % 100 == 0 or step == steps - 1:
            log.info("observer step %d loss %.4f", step, loss.item())
    return observer.requires_grad_(False).eval()


def reduced(picture: Tensor, size: int) -> Tensor:
    """Mean-pool pictures (n, c, s, s) to ``size``; larger sizes than s are left as they are."""
    factor = picture.shape[-1] // size
    return picture if factor <= 1 else F.avg_pool2d(picture, factor)


@dataclass(frozen=True)
class Target:
    """Drawn pictures and pixel weights for every stage, and what the observer makes of them."""

    pictures: tuple[Tensor, ...]
    weights: tuple[Tensor, ...]
    features: tuple[Tensor, ...]
    reading: Tensor | None


def target_of(
    picture: Tensor, feature: Tensor, resolutions: Sequence[int], observer: Observer | None
) -> Target:
    """Prepare drawn pictures (n, 3, s, s) for stages of ``resolutions``, smallest first."""
    pictures = tuple(reduced(picture, r) for r in resolutions)
    # Features spread over their surroundings, so that an edge counts on both sides.
    spread = F.max_pool2d(feature, 5, stride=1, padding=2)
    weights = tuple(1.0 + FEATURE_WEIGHT * reduced(spread, r) for r in resolutions)
    if observer is None or resolutions[-1] < OBSERVED:
        return Target(pictures, weights, (), None)
    with torch.no_grad():
        features, reading = observer(reduced(picture, OBSERVED))
    return Target(pictures, weights, tuple(features), reading)


def _weighted(difference: Tensor, weight: Tensor) -> Tensor:
    return (difference.abs() * weight).mean()


def picture_loss(stages: Sequence[Tensor], target: Target, observer: Observer | None) -> Tensor:
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
        total = total + STAGE_WEIGHTS[order] * (loss + EDGE_WEIGHT * edges)
    if observer is not None and target.reading is not None:
        features, reading = observer(reduced(stages[-1], OBSERVED))
        for mine, theirs in zip(features, target.features, strict=True):
            scale = theirs.abs().mean() + 1e-4
            total = total + OBSERVER_WEIGHT * (mine - theirs).abs().mean() / scale
        total = total + OBSERVER_WEIGHT * (reading - target.reading).abs().mean()
    return total
