"""How far a drawn head is from the wanted one, as training sees it: pixels, and what a network
that reads heads makes of them."""

from __future__ import annotations

from collections.abc import Callable

import torch.nn.functional as F
from torch import Tensor

from studio.fidelity.judge import SIZE, Judge

FEATURES = 0.1  # weight beside the mean absolute difference of the pixels
_TINY = 1e-6


def layers(judge: Judge, pictures: Tensor) -> list[Tensor]:
    """The values of the judge's convolutions for pictures (n, 3, h, w) in [0, 1], one a halving."""
    if pictures.shape[-1] != SIZE:
        pictures = F.interpolate(
            pictures, size=(SIZE, SIZE), mode="bilinear", align_corners=False, antialias=True
        )
    x = F.silu(judge.stem(pictures * 2.0 - 1.0))
    found = [x]
    for block in judge.blocks:
        x = block(x)
        found.append(x)
    return found


def closeness_by(judge: Judge, weight: float = FEATURES) -> Callable[[Tensor, Tensor], Tensor]:
    """A loss of pictures and wanted pictures, both (n, 3, h, w) in [-1, 1].

    Mean absolute difference of pixels, and ``weight`` times that of the judge's convolutions, each
    layer as a share of how large its values are.
    """

    def loss(pictures: Tensor, wanted: Tensor) -> Tensor:
        total = F.l1_loss(pictures, wanted)
        mine = layers(judge, pictures * 0.5 + 0.5)
        theirs = layers(judge, wanted * 0.5 + 0.5)
        for a, b in zip(mine, theirs, strict=True):
            b = b.detach()
            total = total + weight * (a - b).abs().mean() / (b.abs().mean() + _TINY)
        return total

    return loss
