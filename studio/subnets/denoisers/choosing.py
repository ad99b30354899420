"""From the choice of a subnet to what of a pipeline's denoiser runs. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TYPE_CHECKING

from studio.errors import BadChoice
from studio.subnets.denoisers.choice import Denoising, Elastic, Sampling, resolve
from studio.subnets.denoisers.costing import branch_layers, layer_parts
from studio.subnets.denoisers.scheduling import spread

if TYPE_CHECKING:
    from studio.families.diffusion.config import DiffusionConfig
    from studio.subnets.choice import SubnetChoice


def resolved(
    choice: SubnetChoice, config: DiffusionConfig
) -> tuple[tuple[int, ...], int, Denoising | None]:
    """Channels kept of every place of the denoiser's layout at the widest step, 0 where a block is
    left out; the resolution; and the whole choice, None when everything runs. What it says of the
    sampling is checked and left out: networks are the same whatever their runs are like.

    Widths by timestep become a schedule; where nothing was measured that they could follow
    (:func:`unfollowed`), the width is the same at every step.

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
    elastic = scheduled(replace(given.elastic, width=choice.width).checked(), config)
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


def unfollowed(choice: SubnetChoice, config: DiffusionConfig) -> str:
    """Why the widths of steps cannot follow what was measured of them, a sentence; empty where they
    can."""
    if config.ordered is None:
        return (
            "nothing has been measured of this denoiser by timestep; that is done when its insides "
            "are ordered by importance"
        )
    narrowest = min(config.ordered.sensitivity.widths)
    if choice.width < narrowest:
        return (
            f"width {choice.width:g} is below the narrowest that was measured by timestep, "
            f"{narrowest:g}"
        )
    return ""


def followed(choice: SubnetChoice, config: DiffusionConfig) -> SubnetChoice:
    """The same choice, without widths by timestep where they have no effect."""
    given = choice.denoising
    if given is None or not given.elastic.by_timestep:
        return choice
    if choice.width < 1 and not unfollowed(choice, config):
        return choice
    plain = replace(given, elastic=replace(given.elastic, by_timestep=0.0))
    return replace(choice, denoising=plain.normal())


def scheduled(elastic: Elastic, config: DiffusionConfig) -> Elastic:
    """A choice of its own width with a schedule in the place of ``by_timestep``."""
    if not elastic.by_timestep:
        return elastic
    plain = replace(elastic, by_timestep=0.0)
    known = config.ordered
    if elastic.width == 1 or known is None or elastic.width < min(known.sensitivity.widths):
        return plain
    return replace(plain, schedule=_widths(_Of(config), elastic))


@dataclass(frozen=True, eq=False)
class _Of:
    """A config that is compared by what it is, not by all that it holds, which takes a while."""

    config: DiffusionConfig

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Of) and other.config is self.config

    def __hash__(self) -> int:
        return id(self.config)


# Asked for several times while a slider moves.
@lru_cache(maxsize=64)
def _widths(of: _Of, elastic: Elastic) -> tuple[float, ...]:
    ordered = of.config.ordered
    assert ordered is not None
    plain = replace(elastic, width=1.0, by_timestep=0.0)

    def cost(width: float) -> float:
        return _cost(of, plain, width)

    return spread(ordered.sensitivity, cost, elastic.width, elastic.by_timestep)


@lru_cache(maxsize=512)
def _cost(of: _Of, elastic: Elastic, width: float) -> float:
    """Multiplies of one call at a width."""
    parts = layer_parts(of.config, Denoising(replace(elastic, width=width)))
    return float(sum(part.macs for part in parts))


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
