"""``maquette diagnostics``: what a report of a mistake needs, as a zip."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.commands.common import checked_output, sentence_on_failure, status


@sentence_on_failure
def diagnostics(
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE.zip", help="Where the zip goes."),
    ] = Path("maquette-diagnostics.zip"),
) -> None:
    """Write versions, system, devices, preferences and logs to a zip, without private paths."""
    from studio.reporting.diagnostics import SUFFIX, gather, write

    path = checked_output(output, SUFFIX)
    with status("looking around"):
        parts = gather()
        write(parts, path)
    for part in parts:
        typer.echo(f"{part.size:>9,} bytes  {part.name}")
    typer.echo(f"The diagnostics are {path}")
