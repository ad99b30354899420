"""Elastic denoiser (the idea of Lin et al. 2021, "Anycost GANs", section 3.2, in the blocks of a
diffusion pipeline's denoiser): narrower and fewer blocks of the same weights, live."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plugins.elastic_denoiser.params import ElasticDenoiserParams
from studio.errors import BadChoice
from studio.recipes.contract import Baked, Context, Report, Technique, Verb
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.denoisers.choice import Denoising, Elastic
from studio.subnets.denoisers.scheduling import schedule

if TYPE_CHECKING:
    from studio.families.info import BaseInfo


class ElasticDenoiser(Technique):
    """Chooses widths and blocks of a denoiser; orders them where that was not done yet."""

    name = "elastic_denoiser"
    title = "Elastic denoiser"
    summary = "Run a part of the channels, heads, units and blocks of a denoiser, on its weights."
    paper = "Lin et al. 2021, Anycost GANs for Interactive Image Synthesis and Editing"
    params = ElasticDenoiserParams
    after = ("prune", "lowrank")  # what is ordered is what they leave

    def applies_to(self, info: BaseInfo) -> str | None:
        if info.family != "diffusion":
            return "it has no denoiser; the step subnet cuts widths of generators"
        return None

    def needed(self, info: BaseInfo, params: ElasticDenoiserParams) -> tuple[Verb, ...]:
        ordered = getattr(info.config, "ordered", None)
        return ("prepare", "select") if params.order and ordered is None else ("select",)

    def prepare(self, model: Any, params: ElasticDenoiserParams, context: Context) -> Baked:
        from plugins.elastic_denoiser.preparing import ordered

        if not params.order or model.info.config.ordered is not None:
            return Baked(model, Report("everything stays in the order it has"))
        if packed := model.info.config.packed:
            report = Report(f"weights in {packed} stay in the order they have")
            return Baked(model, report)
        return ordered(model, params, context)

    def select(
        self, info: BaseInfo, params: ElasticDenoiserParams, choice: SubnetChoice
    ) -> SubnetChoice:
        elastic = Elastic(
            channels=params.channels, heads=params.heads, units=params.units, depth=params.depth
        )
        denoising = replace(choice.denoising or Denoising(), elastic=elastic)
        width = params.width if params.width != 1 else choice.width
        choice = replace(choice, width=width, denoising=denoising.normal())
        resolve(choice, info.config)
        if not params.by_timestep or width == 1:
            return choice
        return _by_timestep(info, params, choice)


def _by_timestep(
    info: BaseInfo, params: ElasticDenoiserParams, choice: SubnetChoice
) -> SubnetChoice:
    """The choice with its multiplies spread over the steps.

    Raises:
        BadChoice: nothing was measured that could tell how.
    """
    config: Any = info.config
    if config.ordered is None:
        if params.order:
            return choice  # it is measured once the step is applied
        raise BadChoice(
            "by_timestep needs what is measured when blocks are ordered; accepted is order: true"
        )
    from studio.subnets.cost import cost

    found = config.ordered.sensitivity
    costs = [cost(config, resolve(replace(choice, width=w), config)).macs for w in found.widths]
    target = cost(config, resolve(choice, config)).macs
    if target < min(costs):
        raise BadChoice(
            f"width {choice.width:g} is below the narrowest that was measured by timestep, "
            f"{min(found.widths):g}"
        )
    widths = schedule(found, costs, target)
    denoising = choice.denoising or Denoising()
    elastic = replace(denoising.elastic, schedule=widths)
    return replace(choice, denoising=replace(denoising, elastic=elastic))


TECHNIQUE = ElasticDenoiser
