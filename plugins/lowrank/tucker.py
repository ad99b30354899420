"""Tucker-2: a kernel (o, i, 3, 3) as 1x1, 3x3, 1x1, with the spatial axes left whole.

Kim et al. 2016, "Compression of Deep Convolutional Neural Networks for Fast and Low Power Mobile
Applications", section 3.1. Started by the higher-order SVD, refined by higher-order orthogonal
iteration (De Lathauwer et al. 2000, "On the Best Rank-1 and Rank-(R1,...,Rn) Approximation of
Higher-Order Tensors", section 4).
"""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor

from plugins.lowrank.singular import Wanted, leading

SETTLED = 1e-5  # of the energy kept from one sweep to the next


def tucker2(
    kernel: Tensor, inputs: Wanted, outputs: Wanted, sweeps: int
) -> tuple[Tensor, Tensor, Tensor]:
    """Decompose a float64 kernel (o, i, 3, 3).

    By energy, each of the two axes may lose half of what is not asked for: the squared error of
    the whole is at most the sum of both (De Lathauwer et al. 2000, "A Multilinear Singular Value
    Decomposition", property 10), so at least ``energy`` is kept.

    Returns:
        reduce (r1, i), core (r2, r1, 3, 3), expand (o, r2).
    """
    o, i = kernel.shape[:2]
    first = leading(kernel.transpose(0, 1).reshape(i, -1), _half(inputs)).left
    last = leading(kernel.reshape(o, -1), _half(outputs)).left
    kept = -1.0
    for _ in range(sweeps):
        read = torch.einsum("oihw,ia->oahw", kernel, first)
        last = _refined(read.reshape(o, -1), last.shape[1], outputs)
        made = torch.einsum("oihw,ob->ibhw", kernel, last)
        first = _refined(made.reshape(i, -1), first.shape[1], inputs)
        core = torch.einsum("ibhw,ia->bahw", made, first)
        energy = float(core.square().sum())
        if energy <= kept * (1 + SETTLED):
            break
        kept = energy
    return first.T, core, last


def _half(wanted: Wanted) -> Wanted:
    return replace(wanted, energy=1 - (1 - wanted.energy) / 2)


def _refined(matrix: Tensor, rank: int, wanted: Wanted) -> Tensor:
    # A rank larger than the matrix now has would come back smaller.
    return leading(matrix, replace(wanted, rank=min(rank, *matrix.shape))).left
