"""The headless commands. Every one loads torch only when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from studio import __version__
from studio.commands.comparing import compare
from studio.commands.converting import convert
from studio.commands.demonstrating import demo
from studio.commands.inspecting import inspect
from studio.commands.rendering import render

app = typer.Typer(
    name="maquette",
    help=(
        "Make generative models small and fast: cut, compare, measure. "
        "With nothing, or with a model file, the window opens."
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (inspect, render, compare, convert, demo):
    app.command()(command)


def _version(wanted: bool) -> None:
    if wanted:
        typer.echo(f"maquette {__version__}")
        raise typer.Exit


@app.callback()
def _options(
    version: Annotated[
        bool,
        typer.Option("--version", callback=_version, is_eager=True, help="Show the version."),
    ] = False,
) -> None:
    """Options before any command."""


__all__ = ["app"]
