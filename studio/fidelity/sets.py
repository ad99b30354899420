"""How real a set of pictures is, and how well what was asked for can be read back from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor

from studio.families.inputs import GanInputs
from studio.fidelity.metrics import Pixels

BATCH = 16  # pictures whose features are taken at once


@dataclass(frozen=True)
class SetMetric:
    """A distance between what a variant draws of ``seeds`` seeds and a reference.

    What is drawn is plain, seed 0 onwards at truncation 1 without edits, so that the numbers of one
    model can be compared whatever was on the sliders when they were taken.

    Args:
        field: of a ``Measurement`` that holds the distance.
        features: pictures (n, 3, h, w) in [0, 1] to features (n, d).
        reference: features of the reference; None takes what *full* draws of the same seeds.
        seeds: number of pictures.
        least: more pictures than dimensions are needed, as :func:`feature_distance` says.
    """

    field: Literal["realism", "fid"]
    features: Callable[[Tensor], Tensor]
    reference: Tensor | None
    seeds: int
    least: bool = True

    def seen(self, draw: Callable[[GanInputs], Pixels]) -> Tensor:
        """The features (seeds, d) of what ``draw`` makes."""
        found = []
        for start in range(0, self.seeds, BATCH):
            part = [draw(GanInputs(seed=s)) for s in range(start, min(start + BATCH, self.seeds))]
            found.append(self.features(torch.stack([_tensor(each) for each in part])))
        return torch.cat(found)

    def apart(self, features: Tensor, reference: Tensor) -> float:
        """The distance of two sets of features."""
        return feature_distance(features, reference, more_than_dimensions=self.least)


def _tensor(picture: Pixels) -> Tensor:
    return torch.from_numpy(picture.copy()).permute(2, 0, 1).float() / 255.0


def feature_distance(a: Tensor, b: Tensor, *, more_than_dimensions: bool = True) -> float:
    """Fréchet distance of two sets of features, (n, d) and (m, d): 0 for equal Gaussians.

    |mean a - mean b|^2 + tr(A + B - 2 (A B)^1/2) of the covariances A and B (Heusel et al. 2017,
    "GANs Trained by a Two Time-Scale Update Rule", section 3), in double precision. It falls as
    sets grow, so compare sets of equal size only; either needs more than d rows, unless
    ``more_than_dimensions`` is False, as is the custom where d is 2048. Then at least 2.
    """
    a, b = a.double(), b.double()
    dimensions = a.shape[1]
    least = dimensions if more_than_dimensions else 1
    if min(len(a), len(b)) <= least:
        raise ValueError(f"sets need more than {least} pictures each")
    shift = (a.mean(dim=0) - b.mean(dim=0)).square().sum()
    one, two = torch.cov(a.T), torch.cov(b.T)
    # tr (AB)^1/2 = tr (A^1/2 B A^1/2)^1/2, whose argument is symmetric.
    values, vectors = torch.linalg.eigh(one)
    root = vectors * values.clamp_min(0.0).sqrt() @ vectors.T
    middle = torch.linalg.eigvalsh(root @ two @ root).clamp_min(0.0).sqrt().sum()
    return max(0.0, float(shift + one.trace() + two.trace() - 2.0 * middle))


@dataclass(frozen=True)
class Explained:
    """How well one attribute was read back: share of its variance that the reading explains."""

    name: str
    r2: float


def explained(asked: Tensor, read: Tensor, seen: Tensor | None = None) -> float:
    """Coefficient of determination R2 of readings (n,) for what was asked (n,), at most 1.

    ``seen`` (n,) bool leaves out pictures that cannot show it.
    """
    if seen is not None:
        asked, read = asked[seen], read[seen]
    spread = (asked - asked.mean()).square().sum()
    return float(1.0 - (asked - read).square().sum() / spread)
