"""What the subnets of a supernet cost at least and at most, from sizes alone. Imports no torch."""

from __future__ import annotations

from dataclasses import dataclass, replace

from studio.checkpoints.translation_sizes import TranslationSizes
from studio.errors import BadChoice, MaquetteError
from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import cost
from studio.families.translation.stages import with_widths
from studio.search.budget import Budget
from studio.training.gan_compression.shapes import is_mobile, mobile_sizes, scaled_sizes
from studio.training.gan_compression.space import Space, Widths, space_of


@dataclass(frozen=True)
class Reach:
    """Multiply-accumulates of the smallest and the largest subnet, in the unit of a budget."""

    space: Space
    least: float
    most: float


def reach(config: TranslationConfig, ratios: tuple[float, ...], unit: str) -> Reach:
    """What the subnets of a supernet cost.

    Args:
        config: of the supernet. unit: ``macs`` or ``paper_macs``.

    Raises:
        BadChoice: the ratios make no space, or milliseconds are asked for, which are measured.
    """
    if unit == "ms":
        raise BadChoice("milliseconds are measured, not worked out")
    space = space_of(config.sizes, ratios)

    def price(widths: Widths) -> float:
        sizes = with_widths(config.sizes, widths)
        settings = config.settings
        found = cost(replace(config, sizes=sizes), settings.height, settings.width)
        return float(found.macs if unit == "macs" else found.paper_macs)

    return Reach(space, price(space.smallest), price(space.largest))


def supernet_sizes(teacher: TranslationSizes, ngf: int, *, fast: bool) -> TranslationSizes:
    """The supernet that the whole of GAN Compression makes for a teacher.

    Raises:
        BadChoice: the teacher has no MobileNet-style form, or fewer channels than that.
    """
    if fast:
        return teacher
    return scaled_sizes(teacher if is_mobile(teacher) else mobile_sizes(teacher), ngf)


def refuse_above(budget: Budget, space: Space, widths: Widths, price: float) -> None:
    """Let pass what the cheapest subnet there is can meet.

    Raises:
        MaquetteError: ``price``, that of ``widths``, is above the budget.
    """
    if price > budget.limit:
        raise MaquetteError(
            f"no subnet meets {budget.text(budget.limit)}; the best that can be reached is "
            f"{budget.text(price)}, by {space.name(widths)}"
        )
