"""The widths that once-for-all training draws from and a search chooses among. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from studio.checkpoints.translation_sizes import TranslationSizes
from studio.errors import BadChoice
from studio.families.translation.stages import config_string, stages, with_widths
from studio.subnets.choice import SubnetChoice

RATIOS = (1.0, 0.75, 0.5)  # the paper's set for supernets of 32 base channels: 32, 24, 16
Widths = tuple[int, ...]


@dataclass(frozen=True)
class Space:
    """Channels that every stage may have, largest first.

    Args:
        sizes: of the supernet. options: of each of ``stages(sizes)``.
    """

    sizes: TranslationSizes
    options: tuple[Widths, ...]

    @property
    def largest(self) -> Widths:
        """Every stage as wide as it may be."""
        return tuple(max(each) for each in self.options)

    @property
    def smallest(self) -> Widths:
        """Every stage as narrow as it may be."""
        return tuple(min(each) for each in self.options)

    @property
    def count(self) -> int:
        """How many subnets there are."""
        return math.prod(len(each) for each in self.options)

    def drawn(self, pick: Callable[[int], int]) -> Widths:
        """A subnet drawn evenly, stage by stage; ``pick(n)`` gives a number below n."""
        return tuple(each[pick(len(each))] for each in self.options)

    def name(self, widths: Sequence[int]) -> str:
        """The configuration string of a subnet, or its channels where there is none."""
        sub = with_widths(self.sizes, widths)
        return config_string(sub) or "/".join(str(width) for width in widths)


def space_of(sizes: TranslationSizes, ratios: Sequence[float] = RATIOS) -> Space:
    """The space of a supernet: those shares of every stage, in whole units of its configuration
    string where it has one.

    Raises:
        BadChoice: a ratio is not above 0 and at most 1, or none is given.
    """
    if not ratios or not all(0 < r <= 1 for r in ratios):
        raise BadChoice("ratios of a search space are above 0 and at most 1, and at least one")
    options = []
    for stage in stages(sizes):
        unit = stage.multiple if stage.multiple and stage.channels % stage.multiple == 0 else 1
        units = stage.channels // unit
        found = {max(1, round(units * ratio)) * unit for ratio in ratios}
        options.append(tuple(sorted(found, reverse=True)))
    return Space(sizes, tuple(options))


def choice_of(widths: Sequence[int]) -> SubnetChoice:
    """The choice that names these channels; all ones would be read as ratios, which full is not.

    Raises:
        BadChoice: every width is 1.
    """
    if max(widths) <= 1:
        raise BadChoice("a subnet of one channel everywhere cannot be named")
    return SubnetChoice(widths=tuple(float(width) for width in widths))


def sandwich(space: Space, pick: Callable[[int], int]) -> tuple[Widths, ...]:
    """The largest, the smallest and two between (Yu & Huang 2019, section 3.1)."""
    return space.largest, space.smallest, space.drawn(pick), space.drawn(pick)
