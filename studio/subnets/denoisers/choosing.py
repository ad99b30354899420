"""From the choice of a subnet to what of a pipeline's denoiser runs. Imports no torch."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from studio.errors import BadChoice
from studio.subnets.denoisers.choice import Denoising, Sampling, resolve
from studio.subnets.denoisers.costing import branch_layers

if TYPE_CHECKING:
    from studio.families.diffusion.config import DiffusionConfig
    from studio.subnets.choice import SubnetChoice


def resolved(
    choice: SubnetChoice, config: DiffusionConfig
) -> tuple[tuple[int, ...], int, Denoising | None]:
    """Channels kept of every place of the denoiser's layout at the widest step, 0 where a block is
    left out; the resolution; and the whole choice, None when everything runs. What it says of the
    sampling is checked and left out: networks are the same whatever their runs are like.

    Raises:
        BadChoice: a value is outside what the denoiser has, or not for denoisers.
    """
    if choice.rule != "literal":
        raise BadChoice(f"the width rule '{choice.rule}' is not for diffusion pipelines")
    if choice.widths is not None:
        raise BadChoice("a denoiser takes one width; channels, heads and units can have their own")
    if choice.resolution not in (None, config.resolution):
        raise BadChoice("a pipeline does not stop at a resolution; it draws at any size it takes")
    given = choice.denoising or Denoising()
    elastic = replace(given.elastic, width=choice.width).checked()
    narrowed = [elastic.channels, elastic.heads, elastic.units, *elastic.widths()]
    if config.packed and any(each not in (None, 1) for each in narrowed):
        raise BadChoice(
            f"this denoiser's weights are those of a GGUF file in {config.packed}, which cannot be "
            "narrowed; blocks can be left out and features used again"
        )
    reuse = given.reuse.checked()
    if reuse.threshold and config.kind != "flux":
        raise BadChoice("a threshold is for FLUX, which diffusers has a cache for; use an interval")
    if reuse.threshold and (reuse.interval > 1 or elastic.depth < 1 or len(elastic.widths()) > 1):
        raise BadChoice("a threshold goes with every block, one width and no interval")
    if reuse.interval > 1:
        branch_layers(config.layers, reuse.branch)
    _fitting(given.sampling.checked(), config)
    order = () if config.ordered is None else config.ordered.skip_order
    kept = resolve(elastic, config.layout, order, max(elastic.widths()))
    channels = tuple(
        0 if site.block in kept.skipped else kept.counts.get(site.key, site.count) * site.size
        for site in config.layout.sites
    )
    return channels, config.resolution, Denoising(elastic, reuse).normal()


def _fitting(sampling: Sampling, config: DiffusionConfig) -> None:
    """Refuse what the pipeline does not take. Raises BadChoice."""
    known = dict.fromkeys((config.scheduler, *config.schedulers))
    if sampling.scheduler and sampling.scheduler not in known:
        raise BadChoice(
            f"the scheduler '{sampling.scheduler}' is not one for this model; it takes "
            f"{', '.join(known)}"
        )
    if sampling.guidance not in (None, 1) and config.guidance == "none":
        raise BadChoice("this model takes no guidance; leave it out")
