"""``maquette demo``: the app's main job without a window."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from studio.commands.common import open_quietly, sentence_on_failure, status

EMBEDDED = "clay-heads"


@sentence_on_failure
def demo(
    model: Annotated[
        str, typer.Argument(metavar="[MODEL]", help="A model file or an embedded model's name.")
    ] = EMBEDDED,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the results.")
    ] = Path("maquette-demo"),
    seeds: Annotated[
        int, typer.Option("--seeds", metavar="N", help="Number of seeds that are compared.")
    ] = 8,
) -> None:
    """Load a model, cut subnets, compare them with full, write pictures and a one-page report."""
    opened = open_quietly(model)
    from studio.families.inputs import GanInputs
    from studio.reporting.demo import run_demo

    with status("drawing") as progress:
        inputs = GanInputs(seed=opened.info.seed)
        page = run_demo(opened, output, seeds=seeds, inputs=inputs, progress=progress)
    typer.echo(f"The report is {page}")
