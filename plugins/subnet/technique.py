"""Subnet slicing (Lin et al. 2021, "Anycost GANs", section 3.2): fewer channels and stages of the
same weights, live; channels can be ordered by importance before."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

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
        if params.sort and not info.sorted_channels:
            return ("prepare", "select")
        return ("select",)

    def applies_to(self, info: BaseInfo) -> str | None:
        fits = info.family == "stylegan"
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
        if params.widths is not None:
            choice = replace(choice, width=1.0, widths=params.widths)
        elif params.width != 1:
            choice = replace(choice, width=params.width, widths=None, rule=params.rule)
        if params.resolution is not None:
            choice = replace(choice, resolution=params.resolution)
        resolve(choice, info.config)
        return choice


TECHNIQUE = Subnet
