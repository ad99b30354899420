"""From the choice of a subnet to the widths of a translation network's stages. Imports no torch."""

from __future__ import annotations

from studio.errors import BadChoice
from studio.families.translation.config import TranslationConfig
from studio.families.translation.stages import parse_config, stages, with_widths
from studio.subnets.choice import SubnetChoice


def stage_widths(choice: SubnetChoice, config: TranslationConfig) -> tuple[int, ...]:
    """Channels of every stage. ``choice.widths`` has a ratio or a channel count for each stage.

    Raises:
        BadChoice: a width is outside what the stage has, or something else was chosen that
            translation networks do not have.
    """
    if choice.resolution is not None:
        raise BadChoice("this model draws at the size of its input; it cannot stop at a resolution")
    if choice.rule != "literal":
        raise BadChoice(f"the width rule '{choice.rule}' is not for translation models")
    offered = stages(config.sizes)
    widths = choice.widths
    if widths is None:
        if not 0 < choice.width <= 1:
            raise BadChoice(f"width {choice.width:g} is not above 0 and at most 1")
        widths = (choice.width,) * len(offered)
    elif len(widths) == len(offered) and _are_counts(widths):
        counts = tuple(int(width) for width in widths)
        with_widths(config.sizes, counts)
        return counts
    if len(widths) != len(offered):
        raise BadChoice(
            f"{len(widths)} widths given; this model takes {len(offered)}, one for each of "
            + ", ".join(stage.name for stage in offered)
        )
    for stage, ratio in zip(offered, widths, strict=True):
        if not 0 < ratio <= 1:
            raise BadChoice(f"width {ratio:g} of '{stage.name}' is not above 0 and at most 1")
    # The small addend keeps 0.7 * 10 from becoming 6 through rounding of binary fractions.
    return tuple(max(1, int(s.channels * r + 1e-6)) for s, r in zip(offered, widths, strict=True))


def configuration(text: str, config: TranslationConfig) -> SubnetChoice:
    """The choice that a configuration string of GAN Compression names.

    Raises:
        BadChoice: it is none, or asks for more than the network has.
    """
    widths = parse_config(text, config.sizes)
    with_widths(config.sizes, widths)
    return SubnetChoice(widths=tuple(float(width) for width in widths))


def _are_counts(widths: tuple[float, ...]) -> bool:
    """Whole numbers of which one is above 1."""
    return all(float(w).is_integer() for w in widths) and max(widths) > 1
