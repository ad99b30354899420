"""Runs of the denoiser through whole pictures, for :mod:`tests.bench.diffusion_child`: every step
computed, or deep features used again as the technique does by default.

With features used again a denoiser is two networks, one that also gives the features and one that
takes them, each compiled for itself.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from plugins.reuse.params import ReuseParams
from studio.families.diffusion.signatures import signature_of
from studio.families.portable import Port, PortableNetwork, Quantisation
from studio.families.quantization import QuantPlan
from studio.families.traced import Signature, traced_network
from studio.subnets.denoisers.choice import Reuse
from studio.subnets.denoisers.reuse import Split, split

STEPS, EAGER_STEPS = 20, 5
GUIDANCE = 7.5
FEATURES = "features"
Arrays = Mapping[str, Any]
Run = Callable[[Arrays], Mapping[str, Any]]


def default_reuse() -> Reuse:
    """What the technique does where nothing is said."""
    params = ReuseParams()
    return Reuse(params.interval, params.branch)


@dataclass(frozen=True)
class Forms:
    """The two networks of a denoiser whose features are used again."""

    whole: PortableNetwork
    part: PortableNetwork


def forms_of(unet: nn.Module) -> Forms:
    """Both forms on the weights of ``unet``."""
    made = split(unet, default_reuse().branch)
    base = signature_of(unet)
    config: Any = unet.config
    shape = ("batch", config.block_out_channels[0], "height", "width")
    deep = _deep(made, shape)

    def whole(network: nn.Module, given: Mapping[str, Tensor]) -> Sequence[Tensor]:
        return (*base.call(network, given), made.memory.get())

    def part(network: nn.Module, given: Mapping[str, Tensor]) -> Sequence[Tensor]:
        made.memory.put(given[FEATURES])
        return base.call(network, given)

    features = Port(FEATURES, deep)
    signed = (
        replace(base, outputs=(*base.outputs, features), call=whole),
        replace(base, inputs=(*base.inputs, features), call=part),
    )
    return Forms(_network(made.whole, signed[0], "whole"), _network(made.part, signed[1], "part"))


def _deep(made: Split[Any], shape: tuple[int | str, ...]) -> tuple[int | str, ...]:
    """The shape of the features, which come up at the size of the layer that reads them."""
    reader = next(m for m in made.part.modules() if type(m).__name__ == "Recalling")
    return (shape[0], reader.deep, *shape[2:])


def _network(module: nn.Module, signature: Signature, name: str) -> PortableNetwork:
    return traced_network(module, signature, key=name, name=name)


def calibrated(
    forms: Forms, which: str, plan: QuantPlan, inputs: Arrays, names: Sequence[str]
) -> PortableNetwork:
    """One form, to be quantised over what it is called with along a run of few steps at batch 1."""

    def feeds() -> tuple[dict[str, Any], ...]:
        found: dict[str, list[dict[str, Any]]] = {"whole": [], "part": []}
        modules = {"whole": forms.whole.module(), "part": forms.part.module()}

        def step(form: str) -> Run:
            def run(fed: Arrays) -> dict[str, Any]:
                network = getattr(forms, form)
                fed = {port.name: fed[port.name] for port in network.inputs}
                found[form].append(fed)
                with torch.inference_mode():
                    made = modules[form](*(torch.from_numpy(fed[p.name]) for p in network.inputs))
                return {
                    port.name: tensor.numpy()
                    for port, tensor in zip(network.outputs, made, strict=True)
                }

            return run

        picture(step("whole"), step("part"), inputs, plan.samples)
        return tuple(found[which])

    chosen = tuple(layer.name for layer in getattr(forms, which).layers if layer.name in names)
    network: PortableNetwork = getattr(forms, which)
    return replace(network, quantisation=Quantisation(replace(plan, layers=chosen), feeds))


def picture(
    whole: Run, part: Run | None, inputs: Arrays, steps: int, most: int | None = None
) -> float:
    """Run DDIM from noise; seconds that it took.

    Args:
        whole: one step of the denoiser. part: one with features used again; None computes all.
        inputs: of the denoiser; with a batch of 2 the second half is the one with the prompt.
        steps: of the run. most: of them to take, all when None.
    """
    from diffusers import DDIMScheduler

    scheduler, reuse = DDIMScheduler(), default_reuse()
    scheduler.set_timesteps(steps)
    both = len(inputs["sample"])
    latents, features = torch.from_numpy(inputs["sample"][:1]), None
    start = time.perf_counter()
    for number, moment in enumerate(scheduler.timesteps[:most]):
        fed = {
            **inputs,
            "sample": latents.expand(both, -1, -1, -1).numpy().copy(),
            "timestep": np.array([moment], np.float32),
        }
        if part is None or reuse.computes(number):
            made = whole(fed)
            features = made.get(FEATURES)
        else:
            made = part({**fed, FEATURES: features})
        noise = torch.from_numpy(made["out_sample"])
        if both == 2:
            noise = noise[:1] + GUIDANCE * (noise[1:] - noise[:1])
        latents = scheduler.step(noise, moment, latents).prev_sample
    return time.perf_counter() - start
