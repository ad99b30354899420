"""The plan for denoisers of diffusion pipelines: convolutions and linear layers in int8.

Ranges are found along trajectories of the pipeline's own sampler. What reads and writes the latents
and what embeds the time stay in float: few multiplies, and every step would carry their error on.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from plugins.int8.params import Int8Params
from studio.errors import BadChoice
from studio.families.quantization import QuantPlan
from studio.recipes.contract import Context, Lowered

if TYPE_CHECKING:
    from torch import Tensor

    from studio.families.diffusion.model import DiffusionModel

MOST_CALLS = 8  # of the denoiser that ranges are found over: each takes seconds
ENDS = "it reads or writes the latents"
TIMES = "it embeds the time, and few multiplies are in it"
_TIMES = ("time_", "timestep", "adaln", "norm_out", "add_embedding", "context_embedder")
_ENDS = ("conv_in", "conv_out", "proj_out", "proj_out_1", "proj_out_2", "x_embedder", "pos_embed")


@dataclass(frozen=True)
class _Part:
    name: str
    weight: Tensor


def lowered(
    plan: QuantPlan, model: DiffusionModel, params: Int8Params, context: Context
) -> Lowered:
    """Add the denoiser's layers to the plan, apart from those that stay in float.

    Raises:
        BadChoice: a layer is named that it does not have, or calibration inputs were given.
    """
    from plugins.int8.technique import FLOAT, NAMED, _notes, report_of
    from studio.families.traced import layer_modules

    if context.calibration:
        raise BadChoice("a denoiser is calibrated along its own trajectories; give no folder")
    network = model.portable(context.choice)
    names = [layer.name for layer in network.layers]
    modules = layer_modules(network.module(), names)
    parts = [_Part(name, modules[name].weight.detach()) for name in names]  # type: ignore[operator]
    keep = {name: why for name in names if (why := _reason(name))}
    for name in () if params.keep == "auto" else params.keep:
        if name not in names:
            raise BadChoice(f"keep: this denoiser has no layer {name}; {names[0]} is one")
        keep[name] = NAMED
    chosen = tuple(name for name in names if name not in keep)
    samples = min(params.samples, MOST_CALLS)
    plan = replace(
        plan,
        layers=tuple(dict.fromkeys((*plan.layers, *chosen))),
        keep=tuple((name, keep[name]) for name in names if name in keep),
        estimator=params.estimator,
        percentile=params.percentile,
        activations=params.activations,
        samples=samples,
        bias_correction=params.bias_correction,
        seed=context.seed,
    )
    notes = [f"ranges over {samples} calls along trajectories", *_notes(params)]
    if params.keep == "auto":
        notes.append("auto keeps what stands at the ends of a denoiser; no layer was scanned")
    disk = FLOAT * network.parameters
    return Lowered(plan, report_of(model, parts, keep, context, notes, disk))


def _reason(name: str) -> str:
    """Why a layer stays in float; empty where it does not."""
    if name.split(".")[0] in _ENDS:
        return ENDS
    return TIMES if any(word in name for word in _TIMES) else ""
