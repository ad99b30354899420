"""Leading singular vectors of a matrix, randomised or exact, by rank or by energy.

Randomised: Halko, Martinsson & Tropp 2011, "Finding Structure with Randomness", algorithms 4.4
(range finder with power iterations) and 5.1 (SVD of the projection). Where the rank is not known
beforehand the sketch is doubled until it holds the energy asked for.

Exact: the eigenvectors of ``M M^T``, much sooner than an SVD of the wide matrices that kernels are.
That halves the digits of small singular values, which float64 can spare here.

Everything runs in float64: what an approximation leaves out is the difference of two nearly equal
sums, which float32 would lose.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

OVERSAMPLING = 8
POWER_ITERATIONS = 2
FIRST_SKETCH = 16
ROUNDING = 1e-10  # share of the energy that is taken for rounding errors of float32 weights
RANDOMISED_UP_TO = 0.5  # share of all singular values beyond which the exact way is the quicker one


@dataclass(frozen=True)
class Wanted:
    """How many singular vectors: as many as ``rank``, else as few as keep ``energy``.

    Args:
        rank: at least 1, or None. energy: share of the sum of squares, above 0 and at most 1.
        exact: never sketch. generator: of the sketches.
    """

    generator: torch.Generator
    rank: int | None = None
    energy: float = 1.0
    exact: bool = False


@dataclass(frozen=True)
class Leading:
    """Truncated SVD of a matrix M (m, n): it is about ``left @ rows``.

    left (m, r): orthonormal columns; values (r,): singular, falling; rows (r, n): ``left.T @ M``,
    orthogonal and as long as the values.
    """

    left: Tensor
    values: Tensor
    rows: Tensor


def leading(matrix: Tensor, wanted: Wanted) -> Leading:
    """The leading singular triplets of a float64 matrix (m, n); r is at most min(m, n)."""
    total, most = float(matrix.square().sum()), min(matrix.shape)
    size = FIRST_SKETCH if wanted.rank is None else wanted.rank
    while not wanted.exact and size + OVERSAMPLING <= RANDOMISED_UP_TO * most:
        found = _sketched(matrix, size + OVERSAMPLING, wanted.generator)
        rank = _enough(found.values, total, wanted)
        # Outside the oversampled part a sketch's values are not to be trusted.
        if rank is not None and rank <= size:
            return _first(found, rank)
        size *= 2
    found = _exact(matrix)
    rank = _enough(found.values, total, wanted)
    return _first(found, most if rank is None else rank)


def _enough(values: Tensor, total: float, wanted: Wanted) -> int | None:
    """How many values suffice; None when even all do not."""
    if wanted.rank is not None:
        return min(wanted.rank, len(values))
    missing = total - values.square().cumsum(0)
    allowed = max(1.0 - wanted.energy, ROUNDING) * total
    enough = (missing <= allowed).nonzero()
    return int(enough[0]) + 1 if len(enough) else None


def _first(found: Leading, rank: int) -> Leading:
    return Leading(found.left[:, :rank], found.values[:rank], found.rows[:rank])


def _sketched(matrix: Tensor, size: int, generator: torch.Generator) -> Leading:
    test = torch.randn(matrix.shape[1], size, generator=generator, dtype=matrix.dtype)
    basis = torch.linalg.qr(matrix @ test).Q
    for _ in range(POWER_ITERATIONS):
        basis = torch.linalg.qr(matrix @ torch.linalg.qr(matrix.T @ basis).Q).Q
    found = _exact(basis.T @ matrix)
    return Leading(basis @ found.left, found.values, found.rows)


def _exact(matrix: Tensor) -> Leading:
    if matrix.shape[0] > matrix.shape[1]:
        left, values, right = torch.linalg.svd(matrix, full_matrices=False)
        return Leading(left, values, values[:, None] * right)
    squares, vectors = torch.linalg.eigh(matrix @ matrix.T)
    left = vectors.flip(1)
    return Leading(left, squares.flip(0).clamp(min=0).sqrt(), left.T @ matrix)
