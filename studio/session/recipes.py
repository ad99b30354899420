"""Between the document and a recipe: the live subnet and the baked steps as one list, and back.

Importing this loads YAML, and asking for rules loads pydantic; the window does so when a recipe is
first worked with.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields, replace
from typing import TYPE_CHECKING, Any

from studio.errors import BadRecipe
from studio.families.info import ModelInfo
from studio.recipes.recipe import Recipe, Step, plain_steps
from studio.recipes.values import thawed
from studio.session.document import Document
from studio.session.steps import RecipeStep, Steps, check_steps, params_text
from studio.session.technique_names import (
    BATCHES,
    ELASTIC,
    FEWER_STEPS,
    LEARNING,
    LIVE,
    ORDERING,
    RECALIBRATE,
    REUSE,
    SORT,
    SUBNET,
)
from studio.subnets.choice import SubnetChoice, cut_part, live_part
from studio.subnets.denoisers.choice import Denoising, Reuse
from studio.subnets.denoisers.sites import KINDS

if TYPE_CHECKING:
    from studio.recipes.registry import Registry
    from studio.session.picture_record import PictureRecord

DIFFUSION = "diffusion"
FULL = SubnetChoice()


def baking_recipe(steps: Steps, choice: SubnetChoice) -> Recipe:
    """What a job has to bake: the steps that are on, and the cut where some work on the cut
    network."""
    made = [_step(step) for step in steps.steps if step.on]
    if steps.cuts:
        assert steps.cut_at is not None
        place = sum(step.on for step in steps.steps[: steps.cut_at])
        made.insert(place, cutting_step(choice))
    return Recipe("baked", tuple(made))


def whole_recipe(document: Document, name: str, registry: Registry | None = None) -> Recipe:
    """All that the document does to its model, as one recipe.

    Args:
        registry: where the subnet is live, it stands as late as the rules of these techniques
            allow; without them last.
    """
    steps = document.recipe
    recipe = Recipe(name, tuple(_step(step) for step in steps.steps))
    if document.model is not None and document.model.family == DIFFUSION:
        return _pipeline(recipe, steps, document.subnet)
    place = len(steps.steps)
    if steps.cut_at is not None:
        place = steps.cut_at
    elif registry is not None and SUBNET in registry:
        from studio.recipes.checking import place_for

        place = place_for(recipe, registry.get(SUBNET), registry)
    if document.subnet == FULL:
        return recipe
    return recipe.inserted(place, cutting_step(document.subnet))


def variant_recipe(document: Document, ref: str, name: str, registry: Registry) -> Recipe:
    """All that makes ``full``, *current* or a kept variant of the model, without what is off.

    Raises:
        MaquetteError: nothing of that id is kept.
    """
    of = replace(document, subnet=document.choice_of(ref), recipe=document.recipe_of(ref))
    whole = whole_recipe(of, name, registry)
    return replace(whole, steps=tuple(step for step in whole.steps if step.on))


def made_steps(steps: Steps, choice: SubnetChoice) -> list[dict[str, Any]]:
    """What a picture says of the recipe that made it; a subnet that is taken live it says apart."""
    return plain_steps(baking_recipe(steps, choice)) if steps.active else []


def card_steps(steps: Steps, choice: SubnetChoice) -> list[dict[str, Any]]:
    """What a picture says of the cards: all steps in order, and the cut where there is one."""
    if not steps.steps:
        return []
    made = Recipe("cards", tuple(_step(step) for step in steps.steps))
    if steps.cut_at is not None and choice != FULL:
        made = made.inserted(steps.cut_at, cutting_step(choice))
    return plain_steps(made)


def subnet_step(choice: SubnetChoice) -> Step:
    """The step that selects a subnet."""
    plain = {f.name: getattr(choice, f.name) for f in fields(choice)}
    return Step(SUBNET, 1, True, {n: v for n, v in plain.items() if v != getattr(FULL, n)})


def cutting_step(choice: SubnetChoice) -> Step:
    """The step that selects what of a choice is cut; blocks of a denoiser need words of theirs."""
    cut = cut_part(choice)
    if cut.denoising is None:
        return subnet_step(cut)
    (step,) = with_denoising(Recipe("cut", ()), cut).steps
    return step


def _pipeline(recipe: Recipe, steps: Steps, choice: SubnetChoice) -> Recipe:
    """A recipe of a pipeline with the steps that select ``choice``. Where some learn, what is cut
    stands before those that work on its result, and what stays live behind them."""
    if steps.cuts and steps.cut_at is not None:
        if cut_part(choice) != FULL:
            recipe = recipe.inserted(steps.cut_at, cutting_step(choice))
        choice = live_part(choice)
    elif not any(step.technique in LEARNING for step in recipe.steps):
        return with_denoising(recipe, choice)
    live = with_denoising(Recipe("live", ()), choice).steps
    return replace(recipe, steps=(*recipe.steps, *live))


def with_denoising(recipe: Recipe, choice: SubnetChoice) -> Recipe:
    """A recipe of a pipeline with the steps that select ``choice``: in the step that orders the
    denoiser where there is one, else behind all others."""
    given = choice.denoising or Denoising()
    elastic = {
        name: value
        for name, value in (
            ("width", choice.width),
            *((name, getattr(given.elastic, name)) for name in ("depth", *KINDS)),
        )
        if value not in (1.0, None)
    }
    if given.elastic.by_timestep:
        elastic["by_timestep"] = given.elastic.by_timestep
    if elastic:
        place = next((n for n, s in enumerate(recipe.steps) if s.technique == ELASTIC), None)
        if place is None:
            plain = {**elastic, "order": False}
            recipe = recipe.inserted(len(recipe.steps), Step(ELASTIC, 1, True, plain))
        else:
            old = recipe.steps[place]
            values = {**thawed(old.params), **elastic}
            if not old.on:
                values["order"] = False
            made = replace(old, on=True, params=values)
            recipe = replace(
                recipe, steps=(*recipe.steps[:place], made, *recipe.steps[place + 1 :])
            )
    if given.reuse != Reuse():
        step = Step(REUSE, 1, True, _reuse_values(given.reuse))
        recipe = recipe.inserted(len(recipe.steps), step)
    own = {n: v for n, v in asdict(given.sampling).items() if v not in (None, "")}
    return recipe.inserted(len(recipe.steps), Step(FEWER_STEPS, 1, True, own)) if own else recipe


def live_values(choice: SubnetChoice, technique: str) -> dict[str, Any]:
    """What a step of a live technique of pipelines says that selects what ``choice`` has of it."""
    if technique == REUSE:
        return _reuse_values((choice.denoising or Denoising()).reuse)
    plain: dict[str, Any] = {"order": False} if technique == ELASTIC else {}
    made = with_denoising(Recipe("live"), choice)
    found = next((step for step in made.steps if step.technique == technique), None)
    return plain if found is None else thawed(found.params)


def live_choice(
    choice: SubnetChoice,
    technique: str,
    values: dict[str, Any],
    registry: Registry,
    info: ModelInfo,
) -> SubnetChoice:
    """``choice`` with what a live technique of pipelines selects by ``values`` instead of what it
    has of that.

    Raises:
        BadRecipe: the values do not fit the model; the sentence names the field.
    """
    from studio.recipes.checking import checked, selected

    before = replace(choice, width=1.0) if technique == ELASTIC else choice
    step = Step(technique, registry.get(technique).version, True, values)
    return selected(checked(Recipe("live", (step,)), registry, info), info, before)


def _reuse_values(reuse: Reuse) -> dict[str, Any]:
    said: dict[str, Any] = {"interval": reuse.interval}
    said |= {n: v for n, v in (("branch", reuse.branch), ("threshold", reuse.threshold)) if v}
    start, stop = reuse.guided
    said |= {"guided_from": start} if start > 0 else {}
    return said | ({"guided_until": stop} if stop < 1 else {})


@dataclass(frozen=True)
class Taken:
    """A recipe as the document holds it."""

    subnet: SubnetChoice
    recipe: Steps
    next_id: int

    def into(self, document: Document) -> Document:
        """``document`` with this in place of what it did to its model."""
        return replace(
            document, subnet=self.subnet, recipe=self.recipe, next_id=max(
                document.next_id, self.next_id
            )
        )  # fmt: skip


def taken(recipe: Recipe, registry: Registry, info: ModelInfo, next_id: int) -> Taken:
    """Take a recipe apart. The whole of it must fit the model.

    Raises:
        BadRecipe: a step is wrong, does not fit, or stands where the window cannot show it; the
            sentence names it.
    """
    from studio.recipes.checking import checked, selected

    sound = {step.number: step for step in checked(recipe, registry, info)}
    choice, cut_at = FULL, None
    steps: list[RecipeStep] = []
    for number, step in enumerate(recipe.steps, start=1):
        values: dict[str, Any] = thawed(step.params)
        if step.technique in LIVE and info.family == DIFFUSION:
            # Live, apart from what orders the denoiser.
            if step.on:
                choice = selected((sound[number],), info, choice)
            if step.technique != ELASTIC or not _orders(values, info):
                continue
            values = {n: v for n, v in values.items() if n in ORDERING}
        if step.technique in LEARNING and info.family == DIFFUSION and cut_at is None:
            cut_at = len(steps) if cut_part(choice) != FULL else None
        if step.technique == SUBNET:
            if not step.on:
                continue
            chosen = selected((sound[number],), info)
            if chosen != FULL:
                if choice != FULL:
                    raise BadRecipe(
                        f"step {number} ({SUBNET}): the network has been cut by a step before it; "
                        "one cut is accepted here"
                    )
                choice, cut_at = chosen, len(steps)
            anew = values.get(RECALIBRATE)
            if anew:
                # Of the cut network, which is what needs statistics of its own.
                values = {n: values[n] for n in (RECALIBRATE, BATCHES) if n in values}
                cut_at = len(steps) if cut_at is None else cut_at
            elif not values.get(SORT) or info.sorted_channels:
                continue
            else:
                if cut_at is not None:
                    cut_at += 1
                values = {SORT: True}
        elif any(each.technique == step.technique for each in steps):
            raise BadRecipe(
                f"step {number} ({step.technique}): there is such a step before it; one of each "
                "technique is accepted here"
            )
        text = params_text(values)
        steps.append(RecipeStep(f"s{next_id}", step.technique, step.version, text, step.on))
        next_id += 1
    if cut_at is None and SUBNET in registry and info.family != DIFFUSION:
        from studio.recipes.checking import place_for

        # Full now; what must follow a cut follows the one that the sliders will make.
        plain = Recipe(recipe.name, tuple(replace(_step(step), on=True) for step in steps))
        cut_at = place_for(plain, registry.get(SUBNET), registry)
    if cut_at is not None and not _cuts(steps[cut_at:], registry):
        cut_at = None  # what follows works on whatever subnet is taken
    return Taken(choice, Steps(tuple(steps), cut_at), next_id)


def brought_back(
    record: PictureRecord, registry: Registry, info: ModelInfo, next_id: int
) -> tuple[Taken, str]:
    """What a picture says of subnet and recipe, as the document holds them. Where its recipe cannot
    be had here, the subnet alone, and why."""
    recipe = record.cards()
    sliders = record.sliders() or FULL
    try:
        found, why = taken(recipe, registry, info, next_id), ""
        check_steps(found.recipe)
    except (BadRecipe, ValueError) as error:
        cut = tuple(step for step in recipe.steps if step.technique == SUBNET)
        try:
            found, why = taken(Recipe(recipe.name, cut), registry, info, next_id), str(error)
        except BadRecipe:
            found, why = Taken(FULL, Steps(), next_id), str(error)
    if found.subnet == FULL:  # the recipe says nothing of it: it was taken live
        found = replace(found, subnet=sliders)
    return found, why


def _orders(values: dict[str, Any], info: ModelInfo) -> bool:
    """Whether a step of an elastic denoiser has to order it first."""
    ordered = getattr(info.config, "ordered", None)
    return bool(values.get("order", True)) and ordered is None


def _cuts(steps: list[RecipeStep], registry: Registry) -> bool:
    """Whether steps change weights, and not only how these are quantised."""
    for step in steps:
        if step.technique not in registry or set(registry.get(step.technique).verbs()) - {"lower"}:
            return True
    return False


def _step(step: RecipeStep) -> Step:
    return Step(step.technique, step.version, step.on, step.values())
