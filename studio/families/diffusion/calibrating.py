"""Calibration inputs of a denoiser: what pipelines call it with while they draw.

What a denoiser reads changes from noise to picture, so inputs are taken along whole trajectories of
its own sampler, a few steps each, and not from noise alone.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from studio.families.diffusion.denoiser import arrays, named, standing_in
from studio.families.portable import Feeds
from studio.families.quantization import QuantPlan

if TYPE_CHECKING:
    from collections.abc import Collection

    from studio.families.diffusion.model import DiffusionModel

STEPS = 4  # of a trajectory


def along_trajectories(model: DiffusionModel, plan: QuantPlan, names: Collection[str]) -> Feeds:
    """``plan.samples`` calls of the denoiser, arrays by name, from as many seeds as it
    takes; where guidance runs it with and without the prompt at once, both are in a call.

    Args:
        names: of the inputs that the portable network has.

    Raises:
        MaquetteError: a picture cannot be drawn.
    """
    kind, running = model.info.config.kind, model.running_network
    found: list[dict[str, Any]] = []

    def run(tensors: dict[str, Tensor]) -> Tensor:
        if len(found) < plan.samples:
            found.append({name: each.copy() for name, each in arrays(tensors, names).items()})
        with torch.inference_mode():
            made: Tensor = named(running, tensors)(*tensors.values())[0]
        return made

    pictures = -(-plan.samples // STEPS)
    for number, inputs in enumerate(model.own_inputs(pictures)):
        before = len(found)
        seeded = replace(inputs, seed=plan.seed + number, steps=STEPS)
        model.render(seeded, denoiser=standing_in(kind, run))
        if len(found) == before:  # a sampler that runs it no more
            break
    return tuple(found)
