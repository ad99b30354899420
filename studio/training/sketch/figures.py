"""How near models draw to the renderer, on drawings that no training has seen."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
from torch import Tensor

from studio.fidelity.judge import Judge
from studio.fidelity.sets import feature_distance
from studio.training.clay_heads.data import latents
from studio.training.sketch.pairs import HELD_OUT_SEED, SIZE, Pairs, drawn_pairs

BATCH = 16
Draw = Callable[[Tensor], Tensor]
"""Drawings (n, 1, h, w) to pictures (n, 3, h, w), all in [-1, 1]."""


@dataclass(frozen=True)
class Nearness:
    """What a model draws of n held-out drawings, beside the renderer's pictures of the same heads.

    Args:
        distance: Fréchet distance of the two sets in the features of the judge of clay heads; 0 for
            equal ones. each: mean distance of the features of the two pictures of a head.
        error: mean absolute difference in [0, 1]. decibels: PSNR over all pixels.
    """

    distance: float
    each: float
    error: float
    decibels: float


def held_out(count: int, size: int = SIZE) -> Pairs:
    """Pairs as the renderer draws them, with its own pen; the first ``count`` of a fixed row."""
    return drawn_pairs(latents(count, HELD_OUT_SEED), size)


@torch.no_grad()
def pictures_of(draw: Draw, drawings: Tensor) -> Tensor:
    """What ``draw`` makes of drawings (n, 1, h, w) in [0, 1], (n, 3, h, w) in [0, 1]."""
    parts = [draw(part * 2.0 - 1.0) for part in torch.split(drawings, BATCH)]
    return (torch.cat(parts) * 0.5 + 0.5).clamp(0.0, 1.0)


@torch.no_grad()
def nearness(pictures: Tensor, heads: Tensor, judge: Judge) -> Nearness:
    """Compare pictures with heads, both (n, 3, h, w) in [0, 1] with n above 128."""
    mine = torch.cat([judge.features(part) for part in torch.split(pictures, BATCH)])
    theirs = torch.cat([judge.features(part) for part in torch.split(heads, BATCH)])
    apart = pictures - heads
    return Nearness(
        distance=feature_distance(mine, theirs),
        each=float((mine - theirs).square().sum(dim=1).sqrt().mean()),
        error=float(apart.abs().mean()),
        decibels=float(-10.0 * apart.square().mean().log10()),
    )
