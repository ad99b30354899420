"""What commands with ``--recipe`` share: from the option to a variant."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import asdict, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer

from studio.commands.common import status
from studio.errors import MaquetteError

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.families.model import Model
    from studio.recipes.applying import StepReport, Variant
    from studio.recipes.recipe import Recipe

RECIPE_HELP = (
    "A recipe: a YAML file, the name of one that comes with Maquette, or its text in one line"
)
RecipeOption = Annotated[str | None, typer.Option("--recipe", metavar="F", help=f"{RECIPE_HELP}.")]
RecipesOption = Annotated[
    list[str] | None, typer.Option("--recipe", metavar="F", help=f"{RECIPE_HELP} (repeatable).")
]
SweepsOption = Annotated[
    list[str] | None,
    typer.Option(
        "--sweep",
        metavar="STEP.FIELD=A:B:N",
        help="Every recipe once for each of N values from A to B, or of VALUE,VALUE (repeatable).",
    ),
]


def found(text: str) -> Recipe:
    """The recipe that an option names.

    Raises:
        BadRecipe: it is written out and is none.
        RefusedFile: there is none.
    """
    from studio.recipes.shipped import find_recipe

    return find_recipe(text)


def all_found(texts: Sequence[str] | None, sweeps: Sequence[str] | None) -> list[Recipe]:
    """The recipes that options name, each once for every value that is swept.

    Raises:
        RefusedFile: there is none. BadRecipe: a sweep names no field of a technique.
    """
    recipes = [found(each) for each in texts or ()]
    if not sweeps:
        return recipes
    from studio.recipes.registry import load_registry
    from studio.recipes.sweeping import all_swept, parsed

    registry = load_registry()
    return list(all_swept(recipes, [parsed(each, registry) for each in sweeps], registry))


def varied(
    model: AnyModel, recipe: Recipe, *, seed: int = 0, calibration: str | None = None
) -> Variant:
    """The variant of ``model`` that a recipe makes, with a progress line; ready to be run.

    Raises:
        MaquetteError: a step is wrong, does not fit, or fails.
    """
    from studio.recipes.applying import apply
    from studio.recipes.contract import Context

    with status(f"applying {recipe.name}") as progress:
        context = Context(progress=progress, seed=seed, calibration=calibration)
        return runnable(apply(model, recipe, context))


def runs_on(variant: Variant, name: str, target: str) -> str:
    """Where a variant called ``name`` is compared that was asked for on ``target``: in float32
    unless it is quantised, and in PyTorch where nothing else runs it.

    Raises:
        MaquetteError: that would be another precision than the one of full beside it.
    """
    from studio.families.diffusion.config import DiffusionConfig
    from studio.runtimes.target import PYTORCH_CPU, Target, reference_of
    from studio.subnets.denoisers.single import pytorch_alone

    info, plain = variant.model.info, reference_of(Target.parse(target))
    alone = isinstance(info.config, DiffusionConfig) and pytorch_alone(variant.choice, info.config)
    if not alone:
        return target if info.quantised else str(plain)
    if plain.precision != PYTORCH_CPU.precision:
        raise MaquetteError(
            f"PyTorch alone runs what {name} makes, in f32, which is not held "
            f"against full in {plain.precision}; compare it on a target in f32, such as "
            f"{plain.runtime}:{plain.device}:f32"
        )
    return str(PYTORCH_CPU)


def runnable(variant: Variant) -> Variant:
    """The variant with its quantisation plan in its model.

    Raises:
        BadChoice: the plan names a layer that the model does not have.
    """
    if variant.plan is None:
        return variant
    return replace(variant, model=variant.model.quantised(variant.plan), plan=None)


def stylegan_of(model: AnyModel) -> Model:
    """``model``, made by a recipe out of a StyleGAN, as the StyleGAN that it still is."""
    from studio.families.model import Model

    if not isinstance(model, Model):
        raise MaquetteError(f"{model.info.name} is no StyleGAN any more; this command needs one")
    return model


def exclusive(recipe: object, **others: object) -> None:
    """Refuse other ways to say what to run beside a recipe."""
    given = [name for name, value in others.items() if value is not None]
    if recipe and given:
        option = f"--{given[0].replace('_', '-')}"
        raise typer.BadParameter(
            f"give --recipe or {option}, not both; a recipe says what to run", param_hint=option
        )


def active_steps(recipe: Recipe) -> list[dict[str, Any]]:
    """The steps that are on, as JSON holds them."""
    from studio.recipes.recipe import plain_steps

    return [
        {"params": {}, **step}
        for step in plain_steps(replace(recipe, steps=tuple(step for _, step in recipe.active)))
    ]


def report_record(each: StepReport) -> dict[str, object]:
    """A step's report as the JSON object that the command line promises."""
    record = asdict(each.report)
    layers = record.pop("layers")
    return {
        "step": each.step,
        "technique": each.technique,
        "verb": each.verb,
        "cached": each.cached,
        **record,
        "touched": each.report.touched,
        "layers": layers,
    }
