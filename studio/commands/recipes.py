"""``maquette recipe``: looking at recipes."""

from __future__ import annotations

from typing import Annotated

import typer

from studio.commands.common import open_any, sentence_on_failure
from studio.commands.varying import RECIPE_HELP, found

recipe = typer.Typer(name="recipe", help="Check recipes.", no_args_is_help=True)


@recipe.command("check")
@sentence_on_failure
def check(
    file: Annotated[str, typer.Argument(metavar="FILE", help=f"{RECIPE_HELP}.")],
    model: Annotated[
        str | None,
        typer.Argument(metavar="[MODEL]", help="A model that it should fit.", show_default=False),
    ] = None,
) -> None:
    """Say whether a recipe can be run: techniques, versions, fields, values, order, and its fit."""
    read = found(file)
    from studio.recipes.checking import checked
    from studio.recipes.registry import load_registry

    registry = load_registry()
    steps = checked(read, registry)
    fits = ""
    if model is not None:
        info = open_any(model).info
        checked(read, registry, info)
        fits = f"; it fits {info.name}"
    names = ", ".join(step.technique.name for step in steps) or "no step that is on"
    typer.echo(f"{read.name} can be run: {names}{fits}")
