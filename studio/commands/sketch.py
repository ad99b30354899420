"""``maquette train sketch-to-clay``: the embedded models from line drawings to clay heads."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from studio.commands.clay_heads import SeedOption, ThreadsOption
from studio.commands.common import (
    JsonOption,
    print_json,
    sentence_on_failure,
    stopped_by_ctrl_c,
)


@sentence_on_failure
def train_sketch_to_clay(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="Folder for the models.")
    ],
    work: Annotated[
        Path, typer.Option("--work", metavar="DIR", help="Folder for pairs and checkpoints.")
    ] = Path("sketch-to-clay-work"),
    minutes: Annotated[
        float, typer.Option("--minutes", metavar="M", help="Of training, all models together.")
    ] = 120.0,
    steps: Annotated[
        int | None,
        typer.Option(
            "--steps", metavar="N", help="Of every part, in steps.", show_default="by minutes"
        ),
    ] = None,
    seed: SeedOption = 0,
    pairs: Annotated[
        int, typer.Option("--pairs", metavar="N", help="Drawings with heads to learn from.")
    ] = 3072,
    size: Annotated[
        int, typer.Option("--size", metavar="P", help="Pixels of a side, a multiple of 8.")
    ] = 128,
    ngf: Annotated[
        int, typer.Option("--ngf", metavar="N", help="Base channels of the teacher.")
    ] = 32,
    blocks: Annotated[
        int, typer.Option("--blocks", metavar="N", help="Residual blocks of the teacher.")
    ] = 9,
    threads: ThreadsOption = None,
    fuse: Annotated[
        bool, typer.Option("--fuse", help="Compile the renderer (needs a C++ compiler).")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Make the models that turn a line drawing into a clay head: teacher, supernet, small ones.

    What is in --work is not done again: the same command goes on where a stopped run was. Ctrl-C
    stops after the step that runs and keeps the checkpoint.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from studio.search.sketch import Request, SketchRun

    request = Request(output, work, minutes, steps, seed, pairs, size, ngf, blocks, threads, fuse)
    run = SketchRun(request, lambda text: typer.echo(text, err=True))
    with stopped_by_ctrl_c() as stopped:
        made = run.run(stopped)
    if as_json:
        print_json({"models": None if made is None else [str(file) for file in made]})
        return
    if made is None:
        typer.echo(f"stopped; the same command goes on with {work}")
        return
    for file in made:
        typer.echo(str(file))
