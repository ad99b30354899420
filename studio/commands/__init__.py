"""The headless commands. Every one loads torch only when it runs."""

from __future__ import annotations

from typing import Annotated

import typer

from studio import __version__
from studio.commands.benching import bench
from studio.commands.clay_heads import train_clay_heads, train_clay_heads_judge, world
from studio.commands.clay_words import train_clay_words
from studio.commands.comparing import compare
from studio.commands.compressing import compress
from studio.commands.converting import convert
from studio.commands.demonstrating import demo
from studio.commands.devices import devices
from studio.commands.diagnosing import diagnostics
from studio.commands.directing import directions
from studio.commands.exporting import export
from studio.commands.gan_compression import train_gan_compression
from studio.commands.inspecting import inspect
from studio.commands.local_models import models
from studio.commands.recipes import recipe
from studio.commands.rendering import render
from studio.commands.searching import search
from studio.commands.sensing import sensitivity
from studio.commands.sketch import train_sketch_to_clay
from studio.commands.techniques import techniques
from studio.commands.train import train
from studio.commands.verifying import verify
from studio.commands.walking import walk
from studio.commands.workers import workers

app = typer.Typer(
    name="maquette",
    help=(
        "Make generative models small and fast: cut, compare, measure. "
        "With nothing, or with a model file, the window opens."
    ),
    add_completion=False,
    pretty_exceptions_enable=False,
)
for command in (
    inspect,
    render,
    compare,
    bench,
    compress,
    convert,
    demo,
    devices,
    diagnostics,
    directions,
    export,
    models,
    search,
    sensitivity,
    verify,
    walk,
    workers,
):
    app.command()(command)
train.command("clay-heads")(train_clay_heads)
train.command("clay-words")(train_clay_words)
train.command("gan-compression")(train_gan_compression)
train.command("clay-heads-judge")(train_clay_heads_judge)
train.command("sketch-to-clay")(train_sketch_to_clay)
app.add_typer(recipe)
app.add_typer(techniques)
app.add_typer(train)
app.add_typer(world)


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
