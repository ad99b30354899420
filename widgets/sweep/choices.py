"""Which subnets a sweep makes. Pure; no Qt."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace

from studio.errors import BadChoice
from studio.families.info import ModelInfo
from studio.session.document import FULL_SUBNET, Document
from studio.session.steps import Steps
from studio.subnets.choice import SubnetChoice, WidthRule, resolve
from widgets.captions import subnet_name
from widgets.scene import DIFFUSION, TRANSLATION, normal

MOST_STEPS, MOST = 50, 200
DIGITS = 4


@dataclass(frozen=True)
class SweepPlan:
    """Widths from ``low`` to ``high`` in ``steps`` equal steps, at each of ``resolutions``; a model
    that draws at any size has none."""

    low: float
    high: float
    steps: int
    resolutions: tuple[int, ...]
    rule: WidthRule = "literal"


def widths(plan: SweepPlan) -> tuple[float, ...]:
    """The widths of a plan, narrowest first, both ends included.

    Raises:
        BadChoice: the range or the number of steps cannot be.
    """
    if not 0 < plan.low <= plan.high <= 1:
        raise BadChoice(f"widths from {plan.low:g} to {plan.high:g} are not a range within 0 and 1")
    if not 1 <= plan.steps <= MOST_STEPS:
        raise BadChoice(f"{plan.steps} steps are not within 1 and {MOST_STEPS}")
    if plan.steps == 1 or plan.low == plan.high:
        return (round(plan.high, DIGITS),)
    step = (plan.high - plan.low) / (plan.steps - 1)
    return tuple(round(plan.low + k * step, DIGITS) for k in range(plan.steps))


def sweep(plan: SweepPlan, info: ModelInfo) -> tuple[SubnetChoice, ...]:
    """The subnets of a plan, smallest resolution and width first; two widths that give the same
    channels are one, and *full* is left out, since it is measured anyway.

    Raises:
        BadChoice: the plan cannot be done with this model, or makes more than 200.
    """
    free = info.family in (TRANSLATION, DIFFUSION)
    if not plan.resolutions and not free:
        raise BadChoice("a sweep needs at least one resolution")
    config = info.config
    stops: list[int | None] = [None] if free else [*sorted(set(plan.resolutions))]
    found: dict[object, SubnetChoice] = {resolve(FULL_SUBNET, config): FULL_SUBNET}
    for resolution in stops:
        for width in widths(plan):
            choice = normal(SubnetChoice(width, plan.rule, resolution=resolution), info)
            found.setdefault(resolve(choice, config), choice)
    made = tuple(found.values())[1:]
    if len(made) > MOST:
        raise BadChoice(f"{len(made)} variants are too many; a sweep makes at most {MOST}")
    return made


def not_kept(
    choices: Iterable[SubnetChoice], document: Document, info: ModelInfo
) -> tuple[SubnetChoice, ...]:
    """Those choices that the document does not keep yet, however they are spelt there. What a
    recipe makes of a subnet is another variant."""
    kept = set()
    for variant in document.kept:
        if variant.recipe.active:
            continue
        try:
            kept.add(resolve(variant.choice, info.config))
        except BadChoice:
            continue  # of another model
    return tuple(c for c in choices if resolve(c, info.config) not in kept)


def keeping(document: Document, choices: Iterable[SubnetChoice], info: ModelInfo) -> Document:
    """``document`` with each choice kept under its usual name, as a subnet of the model itself."""
    kept = replace(document, recipe=Steps())
    for choice in choices:
        kept = replace(kept, subnet=choice).keeping(subnet_name(choice, info.config))
    return replace(kept, subnet=document.subnet, recipe=document.recipe)
