"""Calibration inputs: what a pipeline calls its components with while it draws.

What a denoiser reads changes from noise to picture, so inputs are taken along whole trajectories of
its own sampler, a few steps each, and not from noise alone. The decoder reads their ends.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from studio.families.diffusion.denoiser import arrays, named, standing_in
from studio.families.diffusion.trajectories import STEPS
from studio.families.portable import Feeds
from studio.families.quantization import QuantPlan

if TYPE_CHECKING:
    from collections.abc import Collection

    from studio.families.diffusion.model import DiffusionModel

MOST_DECODED = 2  # pictures: each takes a whole trajectory
PROMPTS = (
    "a clay head on a grey table, lit from the left",
    "a photograph of a red bicycle leaning against an old brick wall",
    "an oil painting of the sea at night with a small white boat",
    "portrait of an old woman with a blue scarf, soft light, detailed",
    "two dogs",
    "a map of an imaginary city, ink on paper, many small streets and a river",
    "macro shot of a dew drop on a green leaf, shallow depth of field",
    "isometric drawing of a tiny kitchen, pastel colours",
)
"""What text encoders are calibrated on, besides the empty prompt."""


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
        if len(found) >= plan.samples:  # of samplers that run it more than once a step
            break
        before = len(found)
        seeded = replace(inputs, seed=plan.seed + number, steps=STEPS)
        model.render(seeded, denoiser=standing_in(kind, run))
        if len(found) == before:  # a sampler that runs it no more
            break
    return tuple(found)


def encoded(model: DiffusionModel, name: str, plan: QuantPlan) -> tuple[dict[str, Any], ...]:
    """At most ``plan.samples`` calls of a text encoder: numbers of tokens and their mask.

    Raises:
        MaquetteError: a prompt cannot be read.
    """
    found: list[dict[str, Any]] = []
    network: Any = model.components.running(name)

    def look(_module: Any, given: tuple[Any, ...], named: dict[str, Any]) -> None:
        ids = given[0] if given else named["input_ids"]
        mask = named.get("attention_mask")
        mask = torch.ones_like(ids) if mask is None else mask
        found.append({"input_ids": ids.numpy().copy(), "attention_mask": mask.numpy().copy()})

    hook = network.register_forward_pre_hook(look, with_kwargs=True)
    try:
        for prompt in PROMPTS[: max(1, plan.samples // 2)]:
            model.first_call(replace(model.own_inputs(1)[0], prompt=prompt))
    finally:
        hook.remove()
    return tuple(found[: plan.samples])


def decoded(model: DiffusionModel, name: str, plan: QuantPlan) -> tuple[dict[str, Any], ...]:
    """Latents that the VAE is given to decode, of at most ``MOST_DECODED`` pictures.

    Raises:
        MaquetteError: a picture cannot be drawn.
    """
    found: list[dict[str, Any]] = []
    vae: Any = model.components.running(name)
    decode = vae.decode

    def look(latents: Tensor, *args: Any, **kwargs: Any) -> Any:
        found.append({"latent_sample": latents.float().numpy().copy()})
        return decode(latents, *args, **kwargs)

    vae.decode = look
    try:
        for number, inputs in enumerate(model.own_inputs(min(plan.samples, MOST_DECODED))):
            model.render(replace(inputs, seed=plan.seed + number, steps=STEPS))
    finally:
        del vae.decode
    return tuple(found)
