"""CP: a kernel (o, i, 9) as a sum of r products of three vectors, by alternating least squares.

Lebedev et al. 2015, "Speeding-up Convolutional Neural Networks Using Fine-tuned CP-Decomposition",
section 3, with the nine taps of a kernel as one axis (Astrid & Lee 2017, "CP-decomposition with
Tensor Power Method for Convolutional Neural Networks Compression"): each channel in the middle is
then one 3x3 pass instead of a column and a row.

Where the rank is at most that of both channel axes, the start is the answer for a kernel that is of
that rank: after compression of both axes to r, two mixtures of the nine slices share their
eigenvectors (Leurgans, Ross & Abel 1993, "A Decomposition for Three-Way Arrays"). Otherwise, and
where those are complex, the start is made of leading singular vectors and random ones.
"""

from __future__ import annotations

import torch
from torch import Tensor

from plugins.lowrank.singular import Wanted, leading
from studio.checkpoints.factor import TAPS

SETTLED = 5e-4  # of the relative error from one sweep to the next
GOOD = 1e-5  # relative error after which no other start is tried
EXACT = 1e-7  # relative error that is as good as none
RIDGE = 1e-12  # of the largest number of a normal matrix; keeps collinear terms apart
Terms = tuple[Tensor, Tensor, Tensor]


def cp(kernel: Tensor, rank: int, sweeps: int, generator: torch.Generator) -> Terms:
    """Decompose a float64 kernel (o, i, 9).

    Returns:
        (o, r), (i, r), (9, r): the kernel is about ``sum_r a[:, r] b[:, r] c[:, r]``.
    """
    starts = [_singular_start(kernel, rank, generator)]
    shared = _shared_start(kernel, rank, generator)
    if shared is not None:
        starts.insert(0, shared)
    made: list[Terms] = []
    for start in starts:
        made.append(_alternate(kernel, start, sweeps))
        if relative_error(kernel, made[-1]) < GOOD:
            break
    return min(made, key=lambda terms: relative_error(kernel, terms))


def whole(terms: Terms) -> Tensor:
    """The kernel (o, i, 9) that terms stand for."""
    a, b, c = terms
    return torch.einsum("or,kir->oik", a, c[:, None] * b[None])


def relative_error(kernel: Tensor, terms: Terms) -> float:
    """Norm of what is missing by the norm of the kernel."""
    return float((kernel - whole(terms)).norm() / kernel.norm().clamp(min=1e-300))


def _alternate(kernel: Tensor, start: Terms, sweeps: int) -> Terms:
    a, b, c = _balanced(start)
    best, error, energy = start, float("inf"), float(kernel.square().sum())
    for _ in range(sweeps):
        a = _solved(torch.einsum("oik,ir,kr->or", kernel, b, c), b, c)
        read = torch.einsum("oik,or->ikr", kernel, a)
        b = _solved(torch.einsum("ikr,kr->ir", read, c), a, c)
        products = torch.einsum("ikr,ir->kr", read, b)
        c = _solved(products, a, b)
        # |K - T|^2 from what is at hand: building T costs more than a sweep.
        square = float(((a.T @ a) * (b.T @ b) * (c.T @ c)).sum())
        missing = energy - 2 * float((products * c).sum()) + square
        now = (max(missing, 0.0) / max(energy, 1e-300)) ** 0.5
        a, b, c = _balanced((a, b, c))
        improved, error = error - now, min(error, now)
        if improved > 0:
            best = (a, b, c)
        if improved < SETTLED * error or error < EXACT:
            break
    return best


def _solved(products: Tensor, x: Tensor, y: Tensor) -> Tensor:
    """The least-squares factor against the other two."""
    normal = (x.T @ x) * (y.T @ y)
    ridge = RIDGE * normal.diagonal().max().clamp(min=1e-300)
    normal = normal + ridge * torch.eye(len(normal), dtype=normal.dtype)
    return torch.linalg.solve(normal, products.T).T


def _singular_start(kernel: Tensor, rank: int, generator: torch.Generator) -> Terms:
    o, i, taps = kernel.shape
    unfolded = (
        kernel.reshape(o, -1),
        kernel.transpose(0, 1).reshape(i, -1),
        kernel.permute(2, 0, 1).reshape(taps, -1),
    )
    a, b, c = (_padded(matrix, rank, generator) for matrix in unfolded)
    return a, b, c


def _padded(matrix: Tensor, rank: int, generator: torch.Generator) -> Tensor:
    """Leading left vectors (m, rank), random ones after the last."""
    left = leading(matrix, Wanted(generator, rank=min(rank, *matrix.shape))).left
    more = torch.randn(len(left), rank - left.shape[1], generator=generator, dtype=left.dtype)
    return torch.cat([left, more / len(left) ** 0.5], dim=1)


def _shared_start(kernel: Tensor, rank: int, generator: torch.Generator) -> Terms | None:
    o, i, taps = kernel.shape
    if rank > min(o, i) or rank < 2:
        return None
    outer = leading(kernel.reshape(o, -1), Wanted(generator, rank=rank)).left
    inner = leading(kernel.transpose(0, 1).reshape(i, -1), Wanted(generator, rank=rank)).left
    if min(outer.shape[1], inner.shape[1]) < rank:
        return None
    small = torch.einsum("oik,oa,ib->kab", kernel, outer, inner)
    mixtures = torch.randn(2, taps, generator=generator, dtype=kernel.dtype)
    one, two = torch.einsum("mk,kab->mab", mixtures, small)
    if float(torch.linalg.cond(two)) > 1e12:
        return None
    values, vectors = torch.linalg.eig(torch.linalg.solve(two, one, left=False))
    if float(values.imag.abs().max()) > 1e-6 * float(values.abs().max()):
        return None
    a = outer @ vectors.real
    # With the outputs known, each remaining (i, 9) slice is of rank one.
    rest = torch.einsum("ro,oik->rik", torch.linalg.pinv(a), kernel)
    left, scales, right = torch.linalg.svd(rest, full_matrices=False)
    return a, left[:, :, 0].T, (scales[:, :1] * right[:, 0]).T


def _balanced(terms: Terms) -> Terms:
    """The same sum with the length of each term spread evenly, so that float32 holds all three."""
    norms = [factor.norm(dim=0).clamp(min=1e-150) for factor in terms]
    even = (norms[0] * norms[1] * norms[2]) ** (1 / 3)
    a, b, c = (factor * (even / norm) for factor, norm in zip(terms, norms, strict=True))
    return a, b, c


def largest_rank(inputs: int, outputs: int, share: float) -> int:
    """The largest rank whose chain has at most ``share`` of the kernel's weights; may be 0."""
    return int(share * TAPS * inputs * outputs / (inputs + outputs + TAPS) + 1e-9)
