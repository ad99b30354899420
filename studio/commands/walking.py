"""``maquette walk``: a moving picture between seeds."""

from __future__ import annotations

import secrets
from dataclasses import asdict, replace
from pathlib import Path
from typing import Annotated

import typer

from studio.commands.common import (
    ClassOption,
    EditOption,
    JsonOption,
    MixSeedOption,
    MixStagesOption,
    ModelArgument,
    NoiseOption,
    ResolutionOption,
    TruncationOption,
    mixed_stages,
    one_choice,
    open_quietly,
    parse_edits,
    print_json,
    sentence_on_failure,
    status,
)
from studio.families.inputs import GanInputs
from studio.families.walk import Walk, WalkRoute


@sentence_on_failure
def walk(
    model: ModelArgument,
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT",
            help="A .gif or .webp file; without an ending a folder of numbered PNG pictures.",
        ),
    ],
    from_seed: Annotated[int, typer.Option("--from-seed", metavar="N", help="Where it begins.")],
    to_seed: Annotated[int, typer.Option("--to-seed", metavar="N", help="Where it ends.")],
    through: Annotated[
        list[int] | None,
        typer.Option("--through-seed", metavar="N", help="A seed on the way (repeatable)."),
    ] = None,
    frames: Annotated[
        int, typer.Option("--frames", metavar="N", help="Pictures from begin to end, 2 to 1200.")
    ] = 48,
    seconds: Annotated[
        float, typer.Option("--seconds", metavar="S", help="How long it takes, 0.1 to 600.")
    ] = 3.0,
    loop: Annotated[
        bool, typer.Option("--loop", help="Go on to where it began, as a closed loop.")
    ] = False,
    back: Annotated[
        bool, typer.Option("--there-and-back", help="Go back the way it came.")
    ] = False,
    ease: Annotated[bool, typer.Option("--ease", help="Slow down at every seed.")] = False,
    width: Annotated[
        float | None,
        typer.Option("--width", metavar="R", help="Uniform ratio, above 0 and at most 1."),
    ] = None,
    resolution: ResolutionOption = None,
    label: ClassOption = None,
    truncation: TruncationOption = 1.0,
    noise: NoiseOption = 1.0,
    edit: EditOption = None,
    to_edit: Annotated[
        list[str] | None,
        typer.Option(
            "--to-edit",
            metavar="NAME=VALUE",
            help="An edit that the last seed has besides, reached on the way (repeatable).",
        ),
    ] = None,
    mix_seed: MixSeedOption = None,
    mix_stages: MixStagesOption = None,
    as_json: JsonOption = False,
) -> None:
    """Walk from one seed to another through w and save it as a moving picture."""
    choice = one_choice(width, None, "literal", resolution)
    start = GanInputs(
        seed=from_seed,
        label=label,
        truncation=truncation,
        noise=noise,
        edits=parse_edits(edit),
        mix_seed=mix_seed,
    )
    last = {**dict(start.edits), **dict(parse_edits(to_edit))}
    opened = open_quietly(model)
    start = replace(start, mix_stages=mixed_stages(mix_stages, opened.info.config))
    pins = (
        start,
        *(replace(start, seed=seed) for seed in through or ()),
        replace(start, seed=to_seed, edits=tuple(last.items())),
    )
    from studio.engine.walking import record_walk

    route = WalkRoute(pins, closed=loop, eased=ease)
    with status("walking") as progress:
        made = record_walk(
            opened,
            Walk(route, frames, seconds, back),
            choice,
            output,
            secrets.token_hex(8),
            progress,
        )
    if as_json:
        print_json({**asdict(made), "model": opened.info.name, "subnet": asdict(choice)})
        return
    seeds = " to ".join(str(pin.seed) for pin in pins)
    typer.echo(
        f"{output}: {opened.info.name}, seed {seeds}, {made.frames} frames of "
        f"{made.width} x {made.height}, {made.seconds:g} s"
    )
