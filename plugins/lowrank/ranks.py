"""Ranks of the layers of a denoiser: each by itself, or all together by a share of its multiplies.

All together, a rank of a layer is worth what the answers would change without it, by what it costs:
ranks of the least worth go first. Without activations the worth is the share of the squares of a
layer's weights.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from plugins.lowrank.canonical import largest_rank
from studio.errors import BadChoice
from studio.subnets.denoisers.chain_shapes import ChainShape

if TYPE_CHECKING:
    from plugins.lowrank.params import LowRankParams

HALVINGS = 60


@dataclass(frozen=True)
class Spectrum:
    """What a layer loses with each rank.

    Args:
        outputs: worth of each direction of its outputs, falling. inputs: likewise of its inputs;
            empty where they stay whole.
        shape: (o, i, taps). macs: that it takes in one call at batch 1, as it is.
    """

    outputs: Tensor
    inputs: Tensor
    shape: tuple[int, int, int]
    macs: float

    def chain(self, least: float) -> ChainShape | None:
        """The chain without all that is worth less than ``least`` by its multiplies; None where it
        would not be smaller."""
        o, i, taps = self.shape
        by_weight = self.macs / (o * i * taps)
        outputs = _count(self.outputs, least * by_weight * (taps * i + o))
        if len(self.inputs):
            inputs = _count(self.inputs, least * by_weight * (taps * o + i))
            made = ChainShape("tucker2", (inputs, outputs))
        else:
            made = ChainShape("svd", (outputs,))
        return made if made.weights(i, o, taps) < o * i * taps else None

    def cost(self, chain: ChainShape | None) -> float:
        """Multiplies with that chain."""
        o, i, taps = self.shape
        if chain is None:
            return self.macs
        return self.macs * chain.weights(i, o, taps) / (o * i * taps)


def _count(worth: Tensor, least: float) -> int:
    return max(1, int((worth >= least).sum()))


def together(
    spectra: Mapping[str, Spectrum], total: float, share: float
) -> dict[str, ChainShape | None]:
    """The chains with which a denoiser of ``total`` multiplies keeps ``share`` of them.

    Raises:
        BadChoice: even the shortest chains keep more.
    """
    wanted = (1 - share) * total

    def saved(least: float) -> float:
        return sum(each.macs - each.cost(each.chain(least)) for each in spectra.values())

    most = saved(float("inf"))
    if most < wanted:
        raise BadChoice(
            f"left {share:g} of the multiplies is too little: at rank 1 everywhere "
            f"{1 - most / total:.0%} of them stay; accepted is more, or more kinds of layers"
        )
    worths = torch.cat([torch.cat([s.outputs, s.inputs]) for s in spectra.values()])
    costs = min(each.macs / each.shape[0] / each.shape[1] for each in spectra.values())
    # Worths span many orders of magnitude, so their logarithms are halved.
    low, high = -60.0, float((worths.max() / costs).clamp(min=1e-50).log10()) + 1
    for _ in range(HALVINGS):
        middle = (low + high) / 2
        low, high = (low, middle) if saved(10**middle) >= wanted else (middle, high)
    return {name: each.chain(10**high) for name, each in spectra.items()}


def rule_of(params: LowRankParams) -> str:
    """By what the ranks of a denoiser's layers are found, with ``auto`` made definite."""
    if params.rank_by != "auto":
        return params.rank_by
    return "budget" if params.method == "cp" else "multiplies"


def by_budget(shape: tuple[int, int, int], params: LowRankParams) -> tuple[int, ...]:
    """The largest ranks of a layer (o, i, taps) that keep ``params.budget`` of its weights."""
    o, i, taps = shape
    form = "svd" if taps == 1 else params.method
    budget = params.budget
    if form == "cp":
        return (max(1, largest_rank(i, o, budget)),)
    if form == "svd":
        return (_whole(budget * taps * o * i / (taps * i + o)),)
    # The same share t of both axes: taps o i t^2 + (o^2 + i^2) t = budget * taps o i.
    square, linear = taps * o * i, o * o + i * i
    share = ((linear**2 + 4 * square * square * budget) ** 0.5 - linear) / (2 * square)
    return _whole(share * i), _whole(share * o)


def _whole(rank: float) -> int:
    return max(1, int(rank + 1e-9))
