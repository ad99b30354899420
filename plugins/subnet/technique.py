"""Subnet slicing (Lin et al. 2021, "Anycost GANs", section 3.2): fewer channels and stages of the
same weights, live; channels can be ordered by importance before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from plugins.subnet.params import SubnetParams
from studio.recipes.contract import Baked, Context, LayerReport, Report, Technique, Verb
from studio.subnets.choice import SubnetChoice, resolve

if TYPE_CHECKING:
    from studio.families.info import BaseInfo
    from studio.families.model import Model

BYTES = 4  # of a float32


class Subnet(Technique):
    """Chooses widths and a resolution; sorts channels where that is asked for."""

    name = "subnet"
    title = "Subnet"
    summary = "Run a part of the channels and stop at a lower resolution, on the same weights."
    paper = "Lin et al. 2021, Anycost GANs for Interactive Image Synthesis and Editing"
    params = SubnetParams

    def needed(self, info: BaseInfo, params: SubnetParams) -> tuple[Verb, ...]:
        if info.family == "diffusion":  # what orders a denoiser is a step of its own
            return ("select",)
        if info.family == "translation":
            from plugins.subnet.recalibrating import has_statistics

            anew = params.recalibrate and has_statistics(info)
            return ("select", "transform") if anew else ("select",)
        if params.sort and not info.sorted_channels:
            return ("prepare", "select")
        return ("select",)

    def applies_to(self, info: BaseInfo) -> str | None:
        fits = info.family in ("stylegan", "translation", "diffusion")
        return None if fits else f"models of the family {info.family} have no widths to cut"

    def prepare(self, model: Model, params: SubnetParams, context: Context) -> Baked:
        size = BYTES * sum(tensor.numel() for tensor in model.network.state_dict().values())
        if not params.sort or model.info.sorted_channels:
            report = Report("channels stay in the order they have", (), size, size, size, size)
            return Baked(model, report)
        made = model.sorted(progress=context.progress)
        layers = tuple(
            LayerReport(f"layers.{k}", detail="channels ordered", error=0.0)
            for k in range(len(model.info.config.channels) - 1)
        )
        summary = f"channels ordered by importance in {len(layers)} layers"
        return Baked(made, Report(summary, layers, size, size, size, size))

    def select(self, info: BaseInfo, params: SubnetParams, choice: SubnetChoice) -> SubnetChoice:
        if params.config_str:
            from studio.errors import BadChoice
            from studio.families.translation.config import TranslationConfig
            from studio.subnets.stages import configuration

            if not isinstance(info.config, TranslationConfig):
                raise BadChoice(
                    "config_str is for models that turn pictures into pictures; accepted here are "
                    "width and widths"
                )
            choice = configuration(params.config_str, info.config)
        elif params.widths is not None:
            choice = replace(choice, width=1.0, widths=params.widths)
        elif params.width != 1:
            choice = replace(choice, width=params.width, widths=None, rule=params.rule)
        if params.resolution is not None:
            choice = replace(choice, resolution=params.resolution)
        resolve(choice, info.config)
        return choice

    def transform(self, model: Any, params: SubnetParams, context: Context) -> Baked:
        """Batch norms of a translation model anew; others have none and stay as they are."""
        from plugins.subnet.recalibrating import has_statistics, with_own_statistics

        if not params.recalibrate or not has_statistics(model.info):
            return Baked(model, Report("it has no batch norms whose statistics could be taken"))
        return with_own_statistics(model, params, context)


TECHNIQUE = Subnet
