"""``maquette train clay-words``: the training that the embedded pipeline came from."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

from studio.commands.clay_heads import MinutesOption, SeedOption, ThreadsOption, WorkOption
from studio.commands.common import (
    JsonOption,
    print_json,
    print_table,
    sentence_on_failure,
    stopped_by_ctrl_c,
)


@sentence_on_failure
def train_clay_words(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="A folder that does not exist.")
    ],
    work: WorkOption = Path("clay-words-work"),
    minutes: MinutesOption = 90.0,
    steps: Annotated[
        int | None,
        typer.Option(
            "--steps",
            metavar="N",
            help="Steps of each of the three stages.",
            show_default="by minutes",
        ),
    ] = None,
    seed: SeedOption = 0,
    renders: Annotated[
        int, typer.Option("--renders", metavar="N", help="Busts to learn from, a multiple of 32.")
    ] = 24576,
    threads: ThreadsOption = None,
    fuse: Annotated[
        bool, typer.Option("--fuse", help="Compile the renderer (needs a C++ compiler).")
    ] = False,
    prompts: Annotated[
        int, typer.Option("--prompts", metavar="N", help="Prompts to measure with; 0 for none.")
    ] = 500,
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on from the checkpoints in --work; more --minutes train longer."
        ),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Train clay heads from words from nothing: a Stable Diffusion pipeline folder.

    Ctrl-C ends the training early: the checkpoints in --work stay, and once its last stage has
    begun the folder is written.
    """
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from studio.training.words.job import WordsRequest, train_words

    request = WordsRequest(
        output=output,
        work=work,
        minutes=minutes,
        steps=steps,
        seed=seed,
        renders=renders,
        threads=threads,
        fuse=fuse,
        resume=resume,
        prompts=prompts,
    )
    with stopped_by_ctrl_c() as stopped:
        result = train_words(request, lambda text: typer.echo(text, err=True), stopped)
    measured = [
        {
            "preset": line.preset.name,
            "steps": line.preset.steps,
            "guidance": line.preset.guidance,
            "language": "ko" if line.korean else "en",
            "read_back": line.found.share,
        }
        for line in result.lines
    ]
    if as_json:
        print_json(
            {
                "path": str(output),
                "steps": list(result.steps),
                "decibels": result.decibels,
                "prompts": measured,
            }
        )
        return
    if measured:
        rows = [[str(m["preset"]), str(m["language"]), f"{m['read_back']:.1%}"] for m in measured]
        print_table(["preset", "language", "read back"], rows)
    taken = ", ".join(str(n) for n in result.steps)
    typer.echo(f"{output}: {taken} steps; autoencoder at {result.decibels:.2f} dB")
