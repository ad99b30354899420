"""The choice of a subnet, and the rules that turn it into channel counts. Imports no torch."""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from typing import Literal, TypeVar

from studio.errors import BadChoice
from studio.families.diffusion.config import DiffusionConfig
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.info import AnyConfig
from studio.families.stylegan.config import StyleGanConfig
from studio.subnets.denoisers.choice import Denoising, Sampling
from studio.subnets.denoisers.choosing import resolved

Inputs = TypeVar("Inputs")
WidthRule = Literal["literal", "anycost"]
RULES: tuple[WidthRule, ...] = ("literal", "anycost")
BASE_AT_ONE_PIXEL = 16384  # Anycost: 4096 channels at 4 px, halved at every doubling
MIN_WIDTH = 1 / 64


@dataclass(frozen=True)
class SubnetChoice:
    """Which part of a generator to run.

    Args:
        width: uniform ratio, above 0 and at most 1.
        rule: ``literal`` takes that share of every layer; ``anycost`` is the project's own rule,
            ``min(channel_max, int(base * multiplier * ratio))``, under which low resolutions often
            stay full (Lin et al. 2021, section 3.2 and its code).
        widths: free widths instead of ``width``: ratios or channel counts, one per entry of the
            channel list or one per stage. Whole numbers of which one is above 1 are counts.
        resolution: where to stop in pixels; None means the full resolution.
        denoising: of a diffusion pipeline, what else there is to choose of its denoiser and how a
            run goes; None for all of it at every step, as its inputs say.
    """

    width: float = 1.0
    rule: WidthRule = "literal"
    widths: tuple[float, ...] | None = None
    resolution: int | None = None
    denoising: Denoising | None = None

    @property
    def sampling(self) -> Sampling:
        """The steps, guidance and scheduler that it has of its own."""
        return Sampling() if self.denoising is None else self.denoising.sampling

    @property
    def unsampled(self) -> SubnetChoice:
        """The choice without steps, guidance and scheduler of its own, which are no part of a
        network."""
        if self.denoising is None:
            return self
        return replace(self, denoising=replace(self.denoising, sampling=Sampling()).normal())


@dataclass(frozen=True)
class Subnet:
    """A choice made definite for one generator.

    Args:
        channels: of every entry of a StyleGAN's channel list, or every stage of a translation
            network; of a denoiser those kept of every place where it can be narrowed, 0 where a
            block is left out.
        resolution: in pixels where it stops; of a translation network, which draws at the size of
            its input, the height of the pictures in training.
        denoising: of a denoiser the whole choice, the width in its place; None when it is full.
    """

    channels: tuple[int, ...]
    resolution: int
    denoising: Denoising | None = None


def resolve(choice: SubnetChoice, config: AnyConfig) -> Subnet:
    """Turn a choice into channel counts for ``config``.

    Raises:
        BadChoice: a width or the resolution is outside what the generator has.
    """
    if isinstance(config, DiffusionConfig):
        return Subnet(*resolved(choice, config))
    if choice.denoising is not None:
        raise BadChoice("depth and reuse of features are for diffusion pipelines; leave them out")
    if not isinstance(config, StyleGanConfig):
        from studio.subnets.stages import stage_widths

        return Subnet(stage_widths(choice, config), config.settings.height)
    resolution = config.resolution if choice.resolution is None else choice.resolution
    if resolution not in config.resolutions:
        known = ", ".join(str(r) for r in config.resolutions)
        raise BadChoice(
            f"resolution {resolution} is not one this model can stop at; it has {known}"
        )
    if choice.widths is not None:
        return Subnet(_free(choice.widths, config), resolution)
    if not 0 < choice.width <= 1:
        raise BadChoice(f"width {choice.width:g} is not above 0 and at most 1")
    if choice.rule == "anycost":
        return Subnet(_anycost(choice.width, config), resolution)
    if choice.rule != "literal":
        raise BadChoice(f"width rule '{choice.rule}' is not one of: literal, anycost")
    return Subnet(tuple(_share(c, choice.width) for c in config.channels), resolution)


def asked(inputs: Inputs, choice: SubnetChoice) -> Inputs:
    """What a run of ``choice`` is asked: ``inputs``, of a pipeline with the steps, the guidance and
    the scheduler that the choice says itself. Asking twice changes nothing."""
    if not isinstance(inputs, DiffusionInputs):
        return inputs
    own = choice.sampling
    steps = inputs.steps if own.steps is None else own.steps
    if own.steps is not None and inputs.picture is not None and inputs.strength:
        steps = max(own.steps, math.ceil(1 / inputs.strength))  # at least one must be left
    return replace(
        inputs,
        steps=steps,
        guidance=inputs.guidance if own.guidance is None else own.guidance,
        scheduler=own.scheduler or inputs.scheduler,
    )


def channels_run(subnet: Subnet, config: AnyConfig) -> tuple[int, ...]:
    """The channels of what a subnet really runs, up to where it stops."""
    if isinstance(config, StyleGanConfig):
        return subnet.channels[: config.entries_up_to(subnet.resolution)]
    return subnet.channels


def _share(count: int, ratio: float) -> int:
    # The small addend keeps 0.7 * 10 from becoming 6 through rounding of binary fractions.
    return max(1, min(count, int(count * ratio + 1e-6)))


def _anycost(ratio: float, config: StyleGanConfig) -> tuple[int, ...]:
    multiplier = config.channels[-1] / (BASE_AT_ONE_PIXEL / config.resolution)
    limit = max(config.channels)
    counts = []
    for entry, full in enumerate(config.channels):
        base = BASE_AT_ONE_PIXEL / config.layer_resolution(entry)
        counts.append(max(1, min(full, limit, int(base * multiplier * ratio + 1e-6))))
    return tuple(counts)


def _free(widths: tuple[float, ...], config: StyleGanConfig) -> tuple[int, ...]:
    entries, stages = len(config.channels), len(config.resolutions)
    if len(widths) == stages:
        widths = tuple(w for w in widths for _ in range(2))
    elif len(widths) != entries:
        raise BadChoice(
            f"{len(widths)} widths given; this model takes {entries} (one per layer) "
            f"or {stages} (one per resolution)"
        )
    if all(float(w).is_integer() for w in widths) and max(widths) > 1:
        for entry, (count, full) in enumerate(zip(widths, config.channels, strict=True)):
            if not 1 <= count <= full:
                raise BadChoice(
                    f"layer {entry} has {full} channels; {count:g} is not within 1 and {full}"
                )
        return tuple(int(w) for w in widths)
    for entry, ratio in enumerate(widths):
        if not 0 < ratio <= 1:
            raise BadChoice(f"width {ratio:g} of layer {entry} is not above 0 and at most 1")
    return tuple(_share(c, w) for c, w in zip(config.channels, widths, strict=True))
