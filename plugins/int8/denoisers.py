"""The plan for pipelines: denoiser, text encoders and VAE decoder, each by its own choice.

Ranges are found over what the pipeline calls its components with while it draws, the denoiser along
trajectories of its own sampler. What reads and writes the latents and what embeds the time stay in
float: few multiplies, and every step would carry their error on.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from plugins.int8.params import Int8Params
from studio.errors import BadChoice
from studio.families.quantization import QuantPlan
from studio.recipes.contract import Context, LayerReport, Lowered, Report

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.diffusion.precisions import Role
    from studio.families.portable import PortableNetwork
    from studio.recipes.scan import Scan
    from studio.recipes.traced_bench import TracedBench

MOST_CALLS = 8  # of the denoiser that ranges are found over: each takes seconds
JUDGED = 3  # of them, that errors are told over
CHOSEN: Mapping[str, str] = {
    "denoiser": "denoiser",
    "text": "text_encoders",
    "vae": "vae_decoder",
}
"""The field that says how components of a role are kept."""
WORDS = {
    "int8": "int8",
    "weights-int8": "weights in int8, for memory, not speed",
    "weights-int4": "weights in int4, for memory, not speed",
    "fp8": "weights in fp8 while PyTorch runs it, for memory, not speed",
}


@dataclass(frozen=True)
class _Part:
    """A component and what is done to it."""

    name: str
    role: Role
    choice: str


def lowered(
    plan: QuantPlan, model: DiffusionModel, params: Int8Params, context: Context
) -> Lowered:
    """Add the components' choices and layers to the plan, apart from those that stay in float.

    Raises:
        BadChoice: nothing is chosen, a layer is named that the pipeline does not have, or
            calibration inputs were given.
    """
    parts, notes = _parts(model, params, context)
    plan = settings(plan, params, context)
    known = {name for part in parts if part.choice == "int8" for name in _names(model, part)}
    named = () if params.keep == "auto" else params.keep
    for name in named:
        if name not in known:
            first = next(iter(sorted(known)), "none")
            raise BadChoice(f"keep: this pipeline has no layer {name} in int8; {first} is one")
    told: list[LayerReport] = []
    saved = 0
    for part in parts:
        if part.choice == "int8":
            plan, layers = _in_int8(plan, model, part, params, context, notes)
        else:
            layers = (_kept_small(model, part, plan),)
        told += layers
        saved += sum(each.bytes_before - each.bytes_after for each in layers)
    if [part.role for part in parts] != ["denoiser"] or parts[0].choice != "int8":
        plan = replace(plan, components=tuple((part.name, part.choice) for part in parts))
    disk, whole = model.info.size_bytes, 4 * model.info.parameters
    report = Report(
        "; ".join(_summary(part, plan) for part in parts),
        tuple(told),
        disk_before=disk,
        disk_after=disk,  # the folder keeps its floats; runtimes make fewer bits of them
        resident_before=whole,
        resident_after=whole - saved,
        notes=tuple(notes),
    )
    return Lowered(plan, report)


def _summary(part: _Part, plan: QuantPlan) -> str:
    if part.choice != "int8":
        return f"{part.name}: {WORDS[part.choice]}"
    from studio.families.diffusion.precisions import plan_for

    own = plan_for(plan, part.role, part.name)
    return f"{part.name}: {len(own.layers)} of {len(own.layers) + len(own.keep)} layers in int8"


def scanned(model: DiffusionModel, params: Int8Params, context: Context, calls: int) -> Scan:
    """What each layer of the denoiser alone loses, and which to leave in float for the budget."""
    from studio.recipes.scan import Scan
    from studio.recipes.traced_bench import as_decibels, within_budget

    parts, _ = _parts(model, params.model_copy(update={"denoiser": "int8"}), context)
    part = parts[0]
    keep = _fixed(model, part)
    names = [name for name in _names(model, part) if name not in keep]
    bench = _bench(model, part, settings(QuantPlan(), params, context), names, context, calls)
    found = bench.scan()
    proposal = within_budget(bench, names, params.budget / 100, found)
    wanted = as_decibels(params.budget / 100)
    assert wanted is not None
    return Scan(found, proposal, wanted, tuple(keep.items()), by_output=True)


def settings(plan: QuantPlan, params: Int8Params, context: Context) -> QuantPlan:
    """The plan with all that says how ranges are found."""
    smoothing: tuple[tuple[str, float], ...] = ()
    if params.smoothing:
        alphas = {
            "attention": params.alpha_attention,
            "feed-forward": params.alpha_feed_forward,
            "convolution": params.alpha_convolutions,
            "other": params.alpha_feed_forward,
        }
        filled = {kind: params.alpha if a is None else a for kind, a in alphas.items()}
        smoothing = tuple((kind, alpha) for kind, alpha in filled.items() if alpha)
    return replace(
        plan,
        estimator=params.estimator,
        percentile=params.percentile,
        activations="asymmetric" if params.activations == "auto" else params.activations,
        samples=min(params.samples, MOST_CALLS),
        bias_correction=params.bias_correction,
        smoothing=smoothing,
        attention=params.attention / 100,
        seed=context.seed,
    )


def _parts(
    model: DiffusionModel, params: Int8Params, context: Context
) -> tuple[list[_Part], list[str]]:
    from studio.families.diffusion.precisions import ROLES, components_by_role

    if context.calibration:
        raise BadChoice("a pipeline is calibrated along its own trajectories; give no folder")
    if model.info.config.packed:
        raise BadChoice(
            f"the denoiser's weights are in {model.info.config.packed} already (a GGUF file); "
            "int8 starts from a denoiser in safetensors"
        )
    found, notes = [], []
    roles = components_by_role(model)
    for role in ROLES:
        choice = getattr(params, CHOSEN[role])
        if choice == "none":
            continue
        if not roles[role]:
            notes.append(f"{CHOSEN[role]}: this pipeline has none")
        found += [_Part(name, role, choice) for name in roles[role]]
    if not found:
        raise BadChoice(
            "nothing is chosen: denoiser, text_encoders and vae_decoder are all none, or missing"
        )
    return found, notes


def _names(model: DiffusionModel, part: _Part) -> list[str]:
    """The layers of a component as a plan names them, in their order."""
    from studio.families.diffusion.precisions import layer_name, layers_of

    if part.role == "denoiser":
        return [layer.name for layer in model.portable().layers]
    layers = layers_of(model.components.plain(part.name))
    return [layer_name(part.role, part.name, each) for each in layers]


def _fixed(model: DiffusionModel, part: _Part) -> dict[str, str]:
    """Layers of a component that stay in float in any case, as a plan names them: the reasons."""
    from studio.families.diffusion.precisions import BETWEEN, ENCODER, why_in_float

    found = {}
    for name in _names(model, part):
        why = why_in_float(part.role, name.partition(BETWEEN)[2] or name)
        if why and why != ENCODER:
            found[name] = why
    return found


def _in_int8(
    plan: QuantPlan,
    model: DiffusionModel,
    part: _Part,
    params: Int8Params,
    context: Context,
    notes: list[str],
) -> tuple[QuantPlan, tuple[LayerReport, ...]]:
    """The plan with a component's layers, and what becomes of them."""
    from plugins.int8.technique import FLOAT, INT8, NAMED, SENSITIVE, _rounding
    from studio.families.diffusion.precisions import BETWEEN, why_in_float
    from studio.recipes.traced_bench import as_error, within_budget

    names, keep = _names(model, part), _fixed(model, part)
    if part.role == "vae":  # its encoder is no part of what is quantised
        names = [n for n in names if n in keep or not why_in_float("vae", n.partition(BETWEEN)[2])]
    keep |= {name: NAMED for name in names if params.keep != "auto" and name in params.keep}
    candidates = [name for name in names if name not in keep]
    bench = _bench(model, part, plan, candidates, context, JUDGED)
    if params.keep == "auto":
        found = within_budget(bench, candidates, params.budget / 100)
        keep |= dict.fromkeys(found.keep, SENSITIVE)
        error = as_error(found.psnr)
        if not found.reached:
            notes.append(f"{part.name}: {params.budget:g}% is not reached even in float")
    else:
        error = bench.error(candidates)
    chosen = tuple(name for name in names if name not in keep)
    count = len(bench.tests or ())
    notes.append(
        f"{part.name}: output error {error:.1%} predicted over {count} calls with "
        f"{bench.share(chosen):.0%} of the multiplies in int8"
    )
    if not chosen:
        notes.append(f"{part.name}: no layer is left for int8, so it runs in float")
    plan = replace(
        plan,
        layers=tuple(dict.fromkeys((*plan.layers, *chosen))),
        keep=(*plan.keep, *((name, keep[name]) for name in names if name in keep)),
    )
    modules, start = bench.modules(names), f"{part.name}{BETWEEN}"
    rows = [LayerReport(part.name, detail=f"{len(chosen)} layers in int8", error=error)]
    for name in names:
        weight: Any = modules[name].weight.detach()
        size = weight.numel()
        after = FLOAT if name in keep else INT8
        rows.append(
            LayerReport(
                name if part.role == "denoiser" else f"{start}{name.removeprefix(start)}",
                keep.get(name, ""),
                "" if name in keep else "int8",
                FLOAT * size,
                after * size,
                None if name in keep else _rounding(weight),
            )
        )
    return plan, tuple(rows)


def _bench(
    model: DiffusionModel,
    part: _Part,
    plan: QuantPlan,
    candidates: Sequence[str],
    context: Context,
    calls: int,
) -> TracedBench:
    from studio.families.diffusion.precisions import plan_for, quantised_component
    from studio.recipes.traced_bench import TracedBench

    whole = replace(plan, layers=tuple(candidates), keep=())
    network = _network(model, part)
    own = plan_for(whole, part.role, part.name)
    network = quantised_component(model, part.name, network, own)
    return TracedBench(network, tuple(candidates), calls, f"{part.name}/", context.progress)


def _network(model: DiffusionModel, part: _Part) -> PortableNetwork:
    if part.role == "denoiser":
        return replace(model.portable(), quantisation=None)
    from studio.families.diffusion.signatures import signature_of
    from studio.families.traced import traced_network

    network = model.components.plain(part.name)
    return traced_network(network, signature_of(network), key=part.name, name=part.name)


def _kept_small(model: DiffusionModel, part: _Part, plan: QuantPlan) -> LayerReport:
    """What it saves and costs to keep a component's weights in fewer bits."""
    import torch

    from studio.families.diffusion.precisions import calls_of, within
    from studio.families.diffusion.stored import held_bytes, stored_as
    from studio.recipes.traced_bench import apart

    plain = model.components.plain(part.name)
    network = _network(model, part)
    few = stored_as(plain, part.choice, torch.float32, within(part.role))
    feeds = calls_of(model, part.name, part.role, plan, network.inputs)[:JUDGED]
    error = apart(network, network.module(), _calling(network, few), feeds)
    return LayerReport(
        part.name,
        detail=WORDS[part.choice],
        bytes_before=held_bytes(plain),
        bytes_after=held_bytes(few),
        error=error,
    )


def _calling(network: PortableNetwork, other: Any) -> Any:
    """The module of a portable network with another in its place."""
    made: Any = network.module()
    made.network = other
    return made
