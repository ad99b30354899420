"""Structured pruning of the denoiser of a diffusion pipeline.

Only what lies inside blocks goes, in whole elements (``studio.subnets.denoisers.sites``): groups of
channels that a GroupNorm takes together, attention heads, units of feed-forward layers. The
residual trunk, which every block reads, stays. How many go is said in multiplies or weights of the
whole denoiser; spread globally, elements of all places compete by what they matter for what they
cost.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import torch
from torch import Tensor

from plugins.prune.params import PruneParams
from studio.families.info import HistoryStep
from studio.recipes.contract import Baked, Context, LayerReport, Report
from studio.subnets.denoisers.sites import IN_WORDS
from studio.subnets.describe import size_notes

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.denoisers.sites import Site

SCORED = 0.9  # of the progress; the rest is cutting
RUN = 0.4  # of the progress, for recording short runs
FLOAT = 4  # bytes


@dataclass(frozen=True)
class Place:
    """A site with what is known of it.

    Args:
        scores: (count,) of its elements, at least 0. cost: of one of them, as the ratio counts.
        kept: why none of them may go, empty when some may.
    """

    site: Site
    scores: Tensor
    cost: float
    kept: str = ""


def pruned(model: DiffusionModel, params: PruneParams, context: Context) -> Baked:
    """The model without the elements of its denoiser that matter least.

    Raises:
        MaquetteError: the ratio is more than can go, the number of free ratios does not fit, or the
            calibration folder has no prompts.
    """
    from plugins.prune.shares import chosen
    from studio.subnets.denoisers.choice import Kept
    from studio.subnets.denoisers.ordering import reordered
    from studio.subnets.denoisers.slicing import cut

    layout = model.info.config.layout
    found, said = _scores(model, params, context)
    places = _places(model, params, found)
    counts = chosen(places, params, _total(model, params))
    context.progress(SCORED, "removing")
    order, kept = {}, {}
    for place, count in zip(places, counts, strict=True):
        if not count:
            continue
        # Of equals those go that come last; those that stay keep their order.
        falling = torch.sort(place.scores, descending=True, stable=True).indices
        stay, go = falling[: len(falling) - count], falling[len(falling) - count :]
        order[place.site.key] = torch.cat([stay.sort().values, go.sort().values])
        kept[place.site.key] = len(stay)
    result = model
    if kept:
        network = cut(reordered(model.network, layout, order), layout, Kept(kept))
        step = HistoryStep("prune", f"{params.model_dump_json()}, seed {context.seed}")
        result = model.reshaped(network, step, kept=Kept(kept))
    rows = [
        _row(model.network, place, count, params)
        for place, count in zip(places, counts, strict=True)
    ]
    left = [LayerReport(each.name, each.reason) for each in layout.left]
    sizes = size_notes(model.info.config.layers, result.info.config.layers)
    notes = (*sizes, *((f"judged over {said}",) if said else ()))
    gone = sum(counts)
    every = sum(place.site.count for place in places)
    summary = f"{gone} of {every} groups, heads and units removed ({params.importance})"
    return Baked(result, Report(summary, (*rows, *left), notes=notes))


def _scores(
    model: DiffusionModel, params: PruneParams, context: Context
) -> tuple[dict[str, Tensor], str]:
    """Scores (count,) of every site by key, at least 0, and what they were taken over in words.

    * ``l1``, ``l2``: norm of the weights that read an element, as a share of its site's.
    * ``activation``: energy of what an element adds to the trunk along short runs
      (``studio.subnets.denoisers.ordering``), as a share of its site's.
    * ``taylor``: how much the denoiser's answer would change without it, to second order; see
      :mod:`plugins.prune.curvature`.
    """
    from plugins.prune.curvature import curvatures
    from studio.families.diffusion.trajectories import short_runs
    from studio.subnets.denoisers.ordering import importances

    layout, kind = model.info.config.layout, params.importance
    if kind in ("l1", "l2"):
        context.progress(0.0, "looking at the weights")
        return {s.key: _share(_weights(model.network, s, kind)) for s in layout.sites}, ""

    def run(part: float, text: str) -> None:
        context.progress(RUN * part, text)

    calls = short_runs(model, params.samples, context.seed, context.calibration, run)
    said = f"{len(calls)} steps of its own short runs"

    def tell(part: float, text: str) -> None:
        context.progress(RUN + (SCORED - RUN) * part, text)

    if kind == "taylor":
        return curvatures(model.running_network, layout, calls, context.seed, tell), said

    def told() -> Any:
        for number, call in enumerate(calls):
            tell(number / len(calls), f"looking at step {number + 1} of {len(calls)}")
            yield call

    energies = importances(model.running_network, layout, told())
    return {key: _share(values) for key, values in energies.items()}, said


def _share(values: Tensor) -> Tensor:
    return values.double() / values.double().sum().clamp(min=1e-300)


def _weights(network: Any, site: Site, kind: str) -> Tensor:
    """Norm of all weights that read each element of a site."""
    power = 2 if kind == "l2" else 1
    total = torch.zeros(site.count, dtype=torch.float64)
    for part in site.parts:
        if part.inputs:
            read = _readers(network, site, part.layer, part.offset)
            total += read.abs().pow(power).sum(dim=(0, 2))
    return total.sqrt() if kind == "l2" else total


def _readers(network: Any, site: Site, layer: str, offset: int) -> Tensor:
    """The weights of a layer that read a site, (outputs, count, others)."""
    weight = network.get_submodule(layer).weight.detach()
    own = weight[:, offset : offset + site.count * site.size].double()
    return own.reshape(len(own), site.count, -1)


def _places(
    model: DiffusionModel, params: PruneParams, found: dict[str, Tensor]
) -> tuple[Place, ...]:
    from studio.subnets.denoisers.costing import element_costs

    config = model.info.config
    costs = element_costs(config)
    names = [layer.name for layer in config.layers]
    runs = {name: number for number, name in enumerate(names)}

    def when(site: Site) -> int:
        return min(runs.get(part.layer, len(runs)) for part in site.parts)

    ordered = sorted(config.layout.sites, key=when)
    ends = [(params.keep_first, ordered[:1], "first"), (params.keep_last, ordered[-1:], "last")]
    kept = {_block(s.name): f"it is in the {word} block" for on, at, word in ends if on for s in at}

    def reason(site: Site) -> str:
        if not getattr(params, site.kind):
            return f"{site.kind} were left out"
        return kept.get(_block(site.name), "")

    def cost(site: Site) -> float:
        own = costs[site.key]
        return own.macs if params.counted == "multiplies" else own.weights

    return tuple(Place(s, found[s.key], cost(s), reason(s)) for s in config.layout.sites)


def _block(name: str) -> str:
    """The block of the denoiser that a module is in, e.g. ``down_blocks.0``, ``mid_block``."""
    first, _, rest = name.partition(".")
    number = rest.partition(".")[0]
    return f"{first}.{number}" if number.isdigit() else first


def _total(model: DiffusionModel, params: PruneParams) -> float:
    layers = model.info.config.layers
    if params.counted == "multiplies":
        return float(sum(layer.macs for layer in layers))
    return float(sum(layer.weights for layer in layers))


def _row(network: Any, place: Place, count: int, params: PruneParams) -> LayerReport:
    """One row a site, with the bytes of what belongs to its elements, as float32."""
    from plugins.prune.shares import spare

    site = place.site
    before = FLOAT * sum(_numbers(network, site, part) for part in site.parts)
    left = site.count - count
    after = before // site.count * left
    if count:
        detail = f"{site.count} to {left} {IN_WORDS[site.kind]}"
        return LayerReport(site.key, "", detail, before, after, _lost(network, place, count))
    reason = place.kept or (
        f"it has no more than {params.least_channels} channels, or one element"
        if not spare(place, params.least_channels)
        else f"none of its {IN_WORDS[site.kind]} is among the least important"
    )
    return LayerReport(site.key, reason, "", before, before)


def _numbers(network: Any, site: Site, part: Any) -> int:
    """Weights of a layer that belong to the elements of a site."""
    layer = network.get_submodule(part.layer)
    own = site.count * site.size * part.runs
    if part.inputs:
        return int(layer.weight.numel() // layer.weight.shape[1] * own)
    bias = 0 if layer.bias is None else 1
    return int((layer.weight.numel() // layer.weight.shape[0] + bias) * own)


def _lost(network: Any, place: Place, count: int) -> float:
    """Norm of the readers' weights whose inputs went, by the norm of all of them."""
    site = place.site
    squares = _weights(network, site, "l2").square()
    falling = torch.sort(place.scores, descending=True, stable=True).indices
    total = float(squares.sum())
    return (float(squares[falling[len(falling) - count :]].sum()) / total) ** 0.5 if total else 0.0
