"""Ordering a denoiser along real runs of its pipeline."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from studio.recipes.contract import Baked, Context, LayerReport, Report
from studio.subnets.denoisers.sites import IN_WORDS

if TYPE_CHECKING:
    from plugins.elastic_denoiser.params import ElasticDenoiserParams
    from studio.families.diffusion.inputs import DiffusionInputs
    from studio.families.diffusion.model import DiffusionModel
    from studio.subnets.denoisers.calls import Call

WIDTHS = (1.0, 0.75, 0.5, 0.25)
"""Those that are measured by step."""
DAMAGED = 4  # calls that the damage of leaving out a block is measured on: one takes every block


def ordered(model: DiffusionModel, params: ElasticDenoiserParams, context: Context) -> Baked:
    """The model with the insides of its denoiser's blocks in the order of their importance, and
    what was found out of blocks and steps in its config.

    Raises:
        MaquetteError: the calibration folder has no prompts, or a run fails.
    """
    from dataclasses import replace

    from studio.subnets.denoisers.measuring import damages, sensitivity, skip_order
    from studio.subnets.denoisers.ordering import importances, orders, reordered
    from studio.subnets.denoisers.scheduling import Ordered

    config = model.info.config
    layout = config.layout
    runs = _runs(model, params, context)
    calls = [call for run in runs for call in run]

    def told(begin: float, end: float) -> Any:
        return lambda part, text: context.progress(begin + (end - begin) * part, text)

    context.progress(0.4, "measuring importance")
    order = orders(importances(model.running_network, layout, calls))
    sorted_network = reordered(model.running_network, layout, order)
    few = calls[:: max(1, len(calls) // DAMAGED)][:DAMAGED]
    found = damages(sorted_network, layout, few, told(0.5, 0.8))
    blocks = skip_order(found)
    by_step = sensitivity(sorted_network, layout, runs[0], WIDTHS, None, blocks, told(0.8, 1.0))
    made = model.with_denoiser(
        reordered(model.network, layout, order),
        replace(config, ordered=Ordered(blocks, by_step)),
    )
    layers = tuple(
        LayerReport(site.key, detail=f"{site.count} {IN_WORDS[site.kind]} ordered", error=0.0)
        for site in layout.sites
    )
    left = tuple(LayerReport(each.name, skipped=each.reason) for each in layout.left)
    notes = [
        f"importance over {len(calls)} steps of {len(runs)} runs",
        *(
            f"{block}: leaving it out changes what the denoiser says by {found[block]:.1%}"
            for block in blocks
        ),
        *(
            f"width {width:g}: {sum(row[n] for row in by_step.errors) / by_step.steps:.1%} from "
            "full in the mean of steps"
            for n, width in enumerate(by_step.widths)
            if width != 1
        ),
    ]
    summary = f"{len(layers)} places and {len(blocks)} blocks ordered by importance"
    return Baked(made, Report(summary, layers + left, notes=tuple(notes)))


def _runs(
    model: DiffusionModel, params: ElasticDenoiserParams, context: Context
) -> list[list[Call]]:
    """Calls of the denoiser along real runs, spread over each."""
    from studio.subnets.denoisers.calls import recording

    inputs = _inputs(model, params.runs, context)
    runs = []
    for place, each in enumerate(inputs):
        context.progress(0.4 * place / len(inputs), f"run {place + 1} of {len(inputs)}")
        steps = model.settled(each).steps
        every = max(1, steps // params.calls)
        with recording(model.running_network, every, params.calls) as calls:
            model.render(each)
        runs.append(calls)
    return runs


def _inputs(model: DiffusionModel, runs: int, context: Context) -> tuple[DiffusionInputs, ...]:
    """Prompts of the calibration folder's text files, or the model's own inputs; seeds differ."""
    from dataclasses import replace

    from studio.families.diffusion.prompt_files import prompts_in

    own = model.own_inputs(runs)
    if context.calibration is not None and "prompt" in model.info.config.takes:
        prompts = prompts_in(context.calibration)
        own = tuple(
            replace(each, prompt=prompts[place % len(prompts)]) for place, each in enumerate(own)
        )
    return tuple(replace(each, seed=(each.seed + context.seed) % 2**32) for each in own)
