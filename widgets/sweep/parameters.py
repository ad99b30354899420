"""What can be swept beside the width, and the variants that come of it. No Qt.

Importing this loads YAML and pydantic; the dialog does so when a parameter is chosen.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from studio.errors import BadChoice, MaquetteError
from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import ModelInfo
from studio.families.translation.config import TranslationConfig
from studio.families.translation.stages import stages
from studio.session.document import FULL_SUBNET, Document, Variant
from studio.session.steps import Steps
from studio.subnets.choice import MIN_WIDTH, SubnetChoice
from studio.subnets.denoisers.choice import Reuse
from studio.subnets.stages import stage_widths
from widgets.captions import subnet_name, with_steps
from widgets.diffusion.reusing import refusal, with_reuse
from widgets.recipes.fields import FieldSpec, fields_of
from widgets.scene import normal

if TYPE_CHECKING:
    from studio.recipes.registry import Registry

SWEPT = ("number", "integer", "choice", "switch")
NOT_ALONE = ("width", "by_timestep", "order")
"""The width has a form of its own, and the others say how it is ordered."""
DIGITS = 4


@dataclass(frozen=True)
class Swept:
    """What a sweep makes: a name, a subnet and baked steps."""

    name: str
    choice: SubnetChoice
    recipe: Steps


@dataclass(frozen=True)
class StepField:
    """A field of a step of the recipe that is on.

    Args:
        step: its id; empty where ``live`` names a technique of a pipeline that selects at once.
    """

    step: str
    title: str
    spec: FieldSpec
    live: str = ""

    @property
    def counted(self) -> bool:
        """Whether it takes numbers, so that there is a range; else every value of it is taken."""
        return self.spec.kind in ("number", "integer")

    @property
    def options(self) -> tuple[Any, ...]:
        """All values of a choice or a switch."""
        return (False, True) if self.spec.kind == "switch" else self.spec.choices

    def range(self, value: object) -> tuple[float, float]:
        """Where a sweep begins and ends unless told: what its declaration says is worth searching,
        else its bounds, else half and twice of ``value``."""
        found = [s for s in self.spec.search if isinstance(s, int | float)]
        if len(found) >= 2:
            return float(min(found)), float(max(found))
        here = float(value) if isinstance(value, int | float) else 1.0
        low = self.spec.low if self.spec.low is not None else here / 2
        high = self.spec.high if self.spec.high is not None else here * 2
        return low, max(low, high)


@dataclass(frozen=True)
class Stage:
    """The width at one resolution, in pixels; of a model that draws at the size of its input, of
    the stage of that ``name``."""

    pixels: int
    name: str = ""


def live_fields(schema: str, config: DiffusionConfig) -> tuple[FieldSpec, ...]:
    """What of a live technique of pipelines can be swept, from the schema of its parameters."""
    found = []
    for spec in fields_of(schema):
        if spec.advanced or spec.name in NOT_ALONE or _pointless(spec.name, config):
            continue
        if spec.name == "scheduler":
            known = dict.fromkeys((config.scheduler, *config.schedulers))
            spec = replace(spec, kind="choice", choices=tuple(known))
        if spec.kind in SWEPT:
            found.append(spec)
    return tuple(found)


def _pointless(name: str, config: DiffusionConfig) -> bool:
    """Whether a pipeline has nothing that a field changes."""
    if name == "depth":
        return not config.layout.blocks
    if name == "guidance":
        return config.guidance == "none"
    if name == "guided_until":
        return config.guidance != "classifier-free"
    if name in ("interval", "branch"):
        return bool(refusal(with_reuse(FULL_SUBNET, Reuse(interval=2)), config))
    return False


def spread_over(
    document: Document,
    info: ModelInfo,
    field: StepField,
    values: Sequence[Any],
    registry: Registry | None = None,
) -> tuple[Swept, ...]:
    """The current variant once for every value of a field.

    Args:
        registry: of the techniques, for what is live.

    Raises:
        BadChoice: the step is no longer in the recipe. BadRecipe: a value does not fit the model.
    """
    from studio.recipes.sweeping import value_name

    if field.live and registry is not None:
        return _spread_live(document, info, field, values, registry)
    step = document.recipe.find(field.step)
    if step is None or not step.on:
        raise BadChoice("that step is no longer in the recipe")
    made = []
    for value in dict.fromkeys(values):
        given = {**step.values(), field.spec.name: value}
        if value == field.spec.default:
            del given[field.spec.name]  # as the panel writes it: what differs from the defaults
        steps = document.recipe.replaced(step.with_values(given))
        name = value_name(step.technique, field.spec.name, value)
        if document.subnet != FULL_SUBNET:
            name = f"{name}, {subnet_name(document.subnet, info.config)}"
        made.append(Swept(name, document.subnet, steps))
    return tuple(made)


def _spread_live(
    document: Document,
    info: ModelInfo,
    field: StepField,
    values: Sequence[Any],
    registry: Registry,
) -> tuple[Swept, ...]:
    from studio.session.recipes import live_choice, live_values

    made = {}
    now = live_values(document.subnet, field.live)
    for value in dict.fromkeys(values):
        given = {**now, field.spec.name: value}
        choice = normal(live_choice(document.subnet, field.live, given, registry, info), info)
        made.setdefault(choice, Swept(_named(choice, document, info), choice, document.recipe))
    return tuple(each for each in made.values() if each.recipe.active or each.choice != FULL_SUBNET)


def _named(choice: SubnetChoice, document: Document, info: ModelInfo) -> str:
    name = subnet_name(choice, info.config)
    return with_steps(name, document.recipe) if document.recipe.active else name


def spread_at(
    document: Document, info: ModelInfo, stage: Stage, values: Sequence[float]
) -> tuple[Swept, ...]:
    """The current variant once for every width at one resolution or stage; all others stay.

    Raises:
        BadChoice: a width is not above 1/64 and at most 1.
    """
    choice = document.subnet
    if isinstance(info.config, TranslationConfig):
        offered = stages(info.config.sizes)
        here = [each.name for each in offered].index(stage.name)
        counts = stage_widths(choice, info.config)
        shares = [n / each.channels for n, each in zip(counts, offered, strict=True)]
        return _spread(document, info, stage, values, shares, here)
    every = info.config.resolutions
    here = every.index(stage.pixels)
    if choice.widths is None:
        widths = [choice.width] * len(every)
    elif len(choice.widths) == len(every):
        widths = list(choice.widths)
    else:  # one a layer: two layers a resolution
        pairs = zip(choice.widths[::2], choice.widths[1::2], strict=True)
        widths = [(a + b) / 2 for a, b in pairs]
    full = info.config.channels[::2]
    if any(w > 1 for w in widths):  # counts of channels
        widths = [w / c for w, c in zip(widths, full, strict=True)]
    return _spread(document, info, stage, values, widths, here)


def _spread(
    document: Document,
    info: ModelInfo,
    stage: Stage,
    values: Sequence[float],
    widths: Sequence[float],
    here: int,
) -> tuple[Swept, ...]:
    """``widths`` with each of ``values`` at ``here``."""
    choice, said = document.subnet, stage.name or f"{stage.pixels} px"
    made = {}
    for value in values:
        if not MIN_WIDTH <= value <= 1:
            raise BadChoice(f"width {value:g} is not within {MIN_WIDTH:.3g} and 1")
        now = [*widths[:here], round(value, DIGITS), *widths[here + 1 :]]
        found = normal(replace(choice, width=1.0, rule="literal", widths=tuple(now)), info)
        name = f"{said} {value:g}: {subnet_name(found, info.config)}"
        if document.recipe.active:
            name = with_steps(name, document.recipe)
        made.setdefault(found, Swept(name, found, document.recipe))
    return tuple(each for each in made.values() if each.recipe.active or each.choice != FULL_SUBNET)


def check(made: Sequence[Swept], registry: Registry, info: ModelInfo) -> None:
    """Refuse what cannot be baked.

    Raises:
        MaquetteError: names the step, the field and what would be accepted.
    """
    from studio.recipes.checking import checked
    from studio.session.recipes import baking_recipe

    for each in made:
        normal(each.choice, info)
        if each.recipe.active:
            checked(baking_recipe(each.recipe, each.choice), registry, info)


def not_kept(made: Sequence[Swept], document: Document, info: ModelInfo) -> tuple[Swept, ...]:
    """Those that the document does not keep yet."""

    def of(each: Swept | Variant) -> object:
        try:
            choice = normal(each.choice, info)
        except MaquetteError:
            return None
        return choice, tuple(s.content for s in each.recipe.active), each.recipe.cuts

    kept = {of(variant) for variant in document.kept}
    return tuple(each for each in made if of(each) not in kept)


def keeping(document: Document, made: Sequence[Swept]) -> Document:
    """``document`` with each of them kept."""
    kept = document
    for each in made:
        now = replace(kept, subnet=each.choice, recipe=each.recipe)
        kept = now.keeping(each.name)
    return replace(kept, subnet=document.subnet, recipe=document.recipe)
