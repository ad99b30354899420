"""Fewer steps: another number of steps, another guidance or another sampler than what is drawn
says; live. A model that was distilled for few steps (Luo et al. 2023, "Latent Consistency Models")
needs the sampler it was made for."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from plugins.fewer_steps.params import FewerStepsParams
from studio.recipes.contract import Technique
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.denoisers.choice import Denoising, Sampling

if TYPE_CHECKING:
    from studio.families.info import BaseInfo


class FewerSteps(Technique):
    """Chooses steps, guidance and sampler of a variant."""

    name = "fewer_steps"
    title = "Fewer steps"
    summary = "Draw in fewer steps, with another guidance or by another sampler."
    paper = "Lu et al. 2022, DPM-Solver++: Fast Solver for Guided Sampling"
    params = FewerStepsParams

    def applies_to(self, info: BaseInfo) -> str | None:
        if info.family != "diffusion":
            return "it draws in one go; steps are those of a pipeline"
        return None

    def select(
        self, info: BaseInfo, params: FewerStepsParams, choice: SubnetChoice
    ) -> SubnetChoice:
        sampling = Sampling(params.steps, params.guidance, params.scheduler.strip().lower())
        denoising = replace(choice.denoising or Denoising(), sampling=sampling)
        choice = replace(choice, denoising=denoising.normal())
        resolve(choice, info.config)
        return choice


TECHNIQUE = FewerSteps
