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


def refusal(choice: SubnetChoice, config: DiffusionConfig) -> str:
    """Why a pipeline cannot run ``choice``, a sentence; empty where it can."""
    try:
        resolve(choice, config)
    except BadChoice as error:
        return str(error)
    return ""
