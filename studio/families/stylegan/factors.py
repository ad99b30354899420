"""What a chain of small convolutions is as one kernel. See :class:`studio.checkpoints.Factor`."""

from __future__ import annotations

import torch
from torch import Tensor


def whole_kernel(weight: Tensor, reduce: Tensor | None, expand: Tensor | None) -> Tensor:
    """The kernel (o, i, 3, 3) that a chain stands for; ``weight`` itself where there is none.

    Args:
        weight: (r2, r1, 3, 3), or (r, 1, 3, 3) where every channel is convolved by itself.
        reduce: (r1, i), or None. expand: (o, r2), or None.
    """
    if reduce is not None:
        if groups_of(weight, reduce) > 1:
            weight = weight * reduce[:, :, None, None]
        else:
            weight = torch.einsum("abhw,bi->aihw", weight, reduce)
    return weight if expand is None else torch.einsum("oa,aihw->oihw", expand, weight)


def groups_of(weight: Tensor, reduce: Tensor) -> int:
    """Groups of the middle convolution: as many as channels where each goes by itself, else 1."""
    return reduce.shape[0] // weight.shape[1]
