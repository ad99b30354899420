"""Repairing full width without touching what narrower widths read.

A narrow width reads the first channels of every layer, so of each tensor a corner. What lies
outside the corner of the widest narrow width is read by full alone (and by widths between the two):
44 % of the convolution weights where that width is 0.75. Training only that brings full back to the
original at no cost to the others.
"""

from __future__ import annotations

from collections.abc import Mapping

import torch
from torch import Tensor

from studio.families.stylegan.config import StyleGanConfig
from studio.subnets.choice import SubnetChoice, resolve


def full_alone(
    taught: Mapping[str, Tensor], config: StyleGanConfig, widest: float
) -> dict[str, Tensor]:
    """For every tensor by name: 1 where only widths above ``widest`` read it, 0 elsewhere.

    Args:
        taught: the tensors of a generator that are trained, under its own names.
        widest: uniform ratio below 1 that must not change.
    """
    kept = resolve(SubnetChoice(width=widest), config).channels
    masks = {}
    for name, tensor in taught.items():
        mask = torch.ones_like(tensor)
        kind, _, rest = name.partition(".")
        number, _, part = rest.partition(".")
        if kind == "const":
            mask[: kept[0]] = 0
        elif kind == "layers" and part == "bias":
            mask[: kept[int(number) + 1]] = 0
        elif kind == "layers" and part == "weight":
            mask[: kept[int(number) + 1], : kept[int(number)]] = 0
        elif kind == "layers":
            mask[: kept[int(number)]] = 0
        elif part == "bias":
            mask.zero_()
        elif part == "weight":
            mask[:, : kept[2 * int(number) + 1]] = 0
        else:
            mask[: kept[2 * int(number) + 1]] = 0
        masks[name] = mask
    return masks


@torch.no_grad()
def spare(
    taught: Mapping[str, Tensor], masks: Mapping[str, Tensor], optimiser: torch.optim.Optimizer
) -> None:
    """Take away what would move a masked number: its gradient, and what earlier steps left."""
    for name, parameter in taught.items():
        if parameter.grad is not None:
            parameter.grad.mul_(masks[name])
        if parameter in optimiser.state:
            optimiser.state[parameter]["exp_avg"].mul_(masks[name])
