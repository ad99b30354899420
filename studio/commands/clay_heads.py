"""``maquette world clay-heads`` and ``maquette train clay-heads``: the embedded model's own world,
as data for anyone, and the training that the embedded model came from."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from studio.commands.common import (
    JsonOption,
    checked_output,
    print_json,
    print_table,
    sentence_on_failure,
    status,
    stopped_by_ctrl_c,
)

world = typer.Typer(
    name="world",
    help="Write a drawn world as training data.",
    no_args_is_help=True,
    add_completion=False,
)
SeedOption = Annotated[int, typer.Option("--seed", metavar="N", help="The same seed, the same.")]
MinutesOption = Annotated[float, typer.Option("--minutes", metavar="M", help="How long.")]
ThreadsOption = Annotated[
    int | None, typer.Option("--threads", metavar="N", show_default="all", help="CPU threads.")
]
WorkOption = Annotated[
    Path, typer.Option("--work", metavar="DIR", help="Folder for renders and checkpoints.")
]


class Part(StrEnum):
    """A part of the training that can be left out."""

    FEATURES = "features"
    DETAIL = "detail"
    EDGES = "edges"
    OBSERVER = "observer"
    AGREEMENT = "agreement"
    GROWTH = "growth"
    WIDTHS = "widths"
    MUON = "muon"
    MAPPING = "mapping"


@world.callback()
def _world() -> None:
    """Write a drawn world as training data."""


@world.command("clay-heads")
@sentence_on_failure
def world_clay_heads(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="DIR", help="A folder that does not exist.")
    ],
    count: Annotated[int, typer.Option("--number", "-n", metavar="N", help="How many.")] = 1000,
    size: Annotated[int, typer.Option("--size", metavar="P", help="Pixels, 16 to 1024.")] = 128,
    seed: SeedOption = 0,
    as_json: JsonOption = False,
) -> None:
    """Draw clay heads: pictures, line drawings, label maps, attributes, captions."""
    with status(f"drawing {count} clay heads") as line:
        from studio.training.clay_heads.world import write_world

        write_world(
            output,
            count,
            size,
            seed,
            lambda done, total: line(done / total, f"drawing {total} clay heads"),
        )
    if as_json:
        print_json({"path": str(output), "count": count, "size": size, "seed": seed})
    else:
        typer.echo(f"{output}: {count} clay heads at {size} px")


@sentence_on_failure
def train_clay_heads_judge(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.safetensors", help="Where to write.")
    ],
    work: Annotated[Path, typer.Option("--work", metavar="DIR", help="Folder for renders.")] = Path(
        "clay-heads-work"
    ),
    steps: Annotated[int, typer.Option("--steps", metavar="N", help="How long, in steps.")] = 3000,
    renders: Annotated[
        int, typer.Option("--renders", metavar="N", help="Busts to learn from, a multiple of 16.")
    ] = 8192,
    seed: SeedOption = 77,
    fuse: Annotated[
        bool, typer.Option("--fuse", help="Compile renderer and network (needs a C++ compiler).")
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Train the network that judges clay heads, which never teaches them."""
    checked_output(output, ".safetensors")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from studio.training.clay_heads.job import JudgeRequest, make_judge

    request = JudgeRequest(output, work, steps, renders, seed, fuse)
    back = make_judge(request, lambda text: typer.echo(text, err=True))
    if as_json:
        attributes = {each.name: each.r2 for each in back.attributes}
        print_json({"path": str(output), "r2": attributes, "kinds": list(back.kinds)})
        return
    rows = [[each.name, f"{each.r2:.3f}"] for each in back.attributes]
    print_table(["attribute", "R2 on held-out renders"], rows)
    typer.echo(f"{output}: kinds read right {', '.join(f'{k:.1%}' for k in back.kinds)}")


@sentence_on_failure
def train_clay_heads(
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="FILE.safetensors", help="Where to write.")
    ],
    work: WorkOption = Path("clay-heads-work"),
    minutes: MinutesOption = 90.0,
    steps: Annotated[
        int | None,
        typer.Option("--steps", metavar="N", help="How long, in steps.", show_default="by minutes"),
    ] = None,
    seed: SeedOption = 0,
    renders: Annotated[
        int, typer.Option("--renders", metavar="N", help="Busts to learn from, a multiple of 16.")
    ] = 16384,
    without: Annotated[
        list[Part] | None,
        typer.Option("--without", help="Leave a part of the training out (repeatable)."),
    ] = None,
    threads: ThreadsOption = None,
    fuse: Annotated[
        bool, typer.Option("--fuse", help="Compile renderer and network (needs a C++ compiler).")
    ] = False,
    adversarial: Annotated[
        float,
        typer.Option(
            "--adversarial",
            metavar="W",
            help="Weight of the adversarial part at the last size, e.g. 0.05; 0 for none.",
        ),
    ] = 0.0,
    resume: Annotated[
        bool, typer.Option("--resume", help="Go on from the last checkpoint in --work.")
    ] = False,
    longer: Annotated[
        bool,
        typer.Option("--longer", help="Go on from before the rate fell, for a longer run."),
    ] = False,
    as_json: JsonOption = False,
) -> None:
    """Train the embedded model from nothing: 256 px on CUDA, else 128 px.

    Ctrl-C ends the training early: the checkpoint in --work stays, the model file is written.
    """
    checked_output(output, ".safetensors")
    os.environ.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    from studio.training.clay_heads.job import Request, train

    request = Request(
        output=output,
        work=work,
        minutes=minutes,
        steps=steps,
        seed=seed,
        renders=renders,
        without=tuple(str(part) for part in without or ()),
        threads=threads,
        fuse=fuse,
        adversarial=adversarial,
        resume=resume,
        longer=longer,
    )
    with stopped_by_ctrl_c() as stopped:
        result = train(request, lambda text: typer.echo(text, err=True), stopped)
    if as_json:
        print_json(
            {
                "path": str(output),
                "steps": result.steps,
                "minutes": result.minutes,
                "resolution": result.resolution,
                "decibels": list(result.decibels),
            }
        )
        return
    figures = ", ".join(f"{value:.2f}" for value in result.decibels)
    typer.echo(f"{output}: {result.steps} steps, widths 1, 0.75, 0.5, 0.25 at {figures} dB")
