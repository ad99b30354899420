"""What of a choice the sliders of a pipeline's cards change. No Qt."""

from __future__ import annotations

from dataclasses import replace

from studio.errors import BadChoice
from studio.families.diffusion.config import DiffusionConfig
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse, Sampling

USUAL_INTERVAL = 3
"""What feature reuse begins with, as in its technique."""
MOST_INTERVAL = 10
NOTHING_AGAIN = Reuse()
AS_DRAWN = Sampling()


def reuse_of(choice: SubnetChoice) -> Reuse:
    """What a choice computes less often than every step."""
    return NOTHING_AGAIN if choice.denoising is None else choice.denoising.reuse


def elastic_of(choice: SubnetChoice) -> Elastic:
    """What part of the denoiser a choice runs, apart from its width."""
    return Elastic() if choice.denoising is None else choice.denoising.elastic


def with_reuse(choice: SubnetChoice, reuse: Reuse) -> SubnetChoice:
    """``choice`` with another reuse."""
    denoising = replace(choice.denoising or Denoising(), reuse=reuse)
    return replace(choice, denoising=denoising.normal())


def with_sampling(choice: SubnetChoice, sampling: Sampling) -> SubnetChoice:
    """``choice`` with another sampling."""
    denoising = replace(choice.denoising or Denoising(), sampling=sampling)
    return replace(choice, denoising=denoising.normal())


def with_depth(choice: SubnetChoice, depth: float) -> SubnetChoice:
    """``choice`` with another share of the blocks."""
    given = choice.denoising or Denoising()
    denoising = replace(given, elastic=replace(given.elastic, depth=depth))
    return replace(choice, denoising=denoising.normal())


def with_by_timestep(choice: SubnetChoice, share: float) -> SubnetChoice:
    """``choice`` with widths that follow what was measured by timestep, that far."""
    given = choice.denoising or Denoising()
    denoising = replace(given, elastic=replace(given.elastic, by_timestep=share))
    return replace(choice, denoising=denoising.normal())


def widths_of_steps(choice: SubnetChoice, config: DiffusionConfig, steps: int) -> tuple[float, ...]:
    """The width at every step of a run; none where the choice does not fit the pipeline."""
    try:
        chosen = resolve(choice, config).denoising
    except BadChoice:
        return ()
    elastic = Elastic() if chosen is None else chosen.elastic
    return tuple(elastic.at(step, steps) for step in range(steps))


def refusal(choice: SubnetChoice, config: DiffusionConfig) -> str:
    """Why a pipeline cannot run ``choice``, a sentence; empty where it can."""
    try:
        resolve(choice, config)
    except BadChoice as error:
        return str(error)
    return ""
