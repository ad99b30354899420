"""``maquette techniques``: what there is, whose code may run, and a new one to start from."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import JsonOption, print_json, print_table, sentence_on_failure

if TYPE_CHECKING:
    from studio.recipes.registry import Description

techniques = typer.Typer(name="techniques", help="List the techniques, or begin a new one.")


@techniques.callback(invoke_without_command=True)
@sentence_on_failure
def list_techniques(
    context: typer.Context,
    as_json: JsonOption = False,
    allow: Annotated[
        list[str] | None,
        typer.Option(
            "--allow",
            metavar="PACKAGE",
            help="Agree to run the code of an installed package (repeatable).",
        ),
    ] = None,
) -> None:
    """List the techniques that there are, with those of other packages."""
    if context.invoked_subcommand is not None:
        return
    from studio.recipes.registry import allow as agree
    from studio.recipes.registry import load_registry

    for package in allow or ():
        agree(package)
    found = load_registry().descriptions()
    if as_json:
        print_json([as_record(each) for each in found])
        return
    rows = [_row(each) for each in found]
    print_table(["technique", "verbs", "from", "what it does"], rows, numbers=False)


@techniques.command("new")
@sentence_on_failure
def new(
    name: Annotated[str, typer.Argument(metavar="NAME", help="Lower-case letters, digits, -.")],
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="DIR", help="The folder to make it in."),
    ] = Path(),
) -> None:
    """Write a small package with a working technique and its tests, to be changed from there."""
    from studio.recipes.skeleton import write_skeleton

    folder = write_skeleton(name, output)
    typer.echo(f"{folder}: the technique {name}; its README.md says how to go on")


def as_record(each: Description) -> dict[str, object]:
    """A technique as the JSON object that the command line promises."""
    return {**asdict(each), "schema": json.loads(each.schema)}


def _row(each: Description) -> list[str]:
    if each.state == "unasked":
        said = f"not asked yet; --allow {each.package} agrees to run this package's code"
    else:
        said = each.summary or f"cannot be used: {each.problem}"
    return [each.name, ", ".join(each.verbs) or "-", each.package or "Maquette", said]
