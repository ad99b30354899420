"""How real a set of pictures is, and how well what was asked for can be read back from it."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor


def feature_distance(a: Tensor, b: Tensor) -> float:
    """Fréchet distance of two sets of features, (n, d) and (m, d): 0 for equal Gaussians.

    |mean a - mean b|^2 + tr(A + B - 2 (A B)^1/2) of the covariances A and B (Heusel et al. 2017,
    "GANs Trained by a Two Time-Scale Update Rule", section 3), in double precision. It falls as
    sets grow, so compare sets of equal size only; either needs more than d rows.
    """
    a, b = a.double(), b.double()
    dimensions = a.shape[1]
    if min(len(a), len(b)) <= dimensions:
        raise ValueError(f"sets need more than {dimensions} pictures each")
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
