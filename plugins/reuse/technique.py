"""Feature reuse (Ma et al. 2023, "DeepCache"): deep features of one step serve the next ones,
guidance is computed on a part of the steps; live."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plugins.reuse.params import ReuseParams
from studio.recipes.contract import Technique
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.denoisers.choice import Denoising, Reuse

if TYPE_CHECKING:
    from studio.families.info import BaseInfo


class FeatureReuse(Technique):
    """Chooses what of a denoiser is computed on some steps only."""

    name = "reuse"
    title = "Feature reuse"
    summary = "Compute the deep part of a denoiser on some steps only, and use its features again."
    paper = "Ma et al. 2023, DeepCache: Accelerating Diffusion Models for Free"
    params = ReuseParams

    def applies_to(self, info: BaseInfo) -> str | None:
        if info.family != "diffusion":
            return "it draws in one go; features are used again between the steps of a pipeline"
        return None

    def select(self, info: BaseInfo, params: ReuseParams, choice: SubnetChoice) -> SubnetChoice:
        reuse = Reuse(
            # A threshold takes the place of the interval, whatever that says.
            interval=1 if params.threshold else params.interval,
            branch=params.branch,
            threshold=params.threshold,
            guided=(params.guided_from, params.guided_until),
        )
        denoising = replace(choice.denoising or Denoising(), reuse=reuse)
        choice = replace(choice, denoising=denoising.normal())
        resolve(choice, info.config)
        return choice


TECHNIQUE = FeatureReuse
