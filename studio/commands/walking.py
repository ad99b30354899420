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
    RuleOption,
    TruncationOption,
    WidthsOption,
    mixed_stages,
    one_choice,
    open_quietly,
    parse_edits,
    print_json,
    sentence_on_failure,
    status,
)
from studio.commands.varying import (
    RecipeOption,
    active_steps,
    exclusive,
    found,
    stylegan_of,
    varied,
)
from studio.families.inputs import GanInputs
from studio.families.walk import Walk, WalkRoute
from studio.session.pin_text import read_pin


def _seeds(
    start: int | None, through: list[int] | None, end: int | None, pins: list[str] | None
) -> tuple[int, ...]:
    """The seeds on the way; none where pins say it."""
    if pins:
        if (start, through, end) != (None, None, None):
            raise typer.BadParameter("give --pin or seeds, not both", param_hint="--pin")
        return ()
    if start is None or end is None:
        raise typer.BadParameter(
            "give where the walk begins and ends, or two or more --pin",
            param_hint="--from-seed" if start is None else "--to-seed",
        )
    return (start, *(through or ()), end)


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
    from_seed: Annotated[
        int | None, typer.Option("--from-seed", metavar="N", help="Where it begins.")
    ] = None,
    to_seed: Annotated[
        int | None, typer.Option("--to-seed", metavar="N", help="Where it ends.")
    ] = None,
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
    pin: Annotated[
        list[str] | None,
        typer.Option(
            "--pin",
            metavar="'{seed: N, ...}'",
            help="All that a place on the way draws, in place of seeds (twice or more).",
        ),
    ] = None,
    width: Annotated[
        float | None,
        typer.Option("--width", metavar="R", help="Uniform ratio, above 0 and at most 1."),
    ] = None,
    widths: WidthsOption = None,
    width_rule: RuleOption = "literal",
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
    recipe: RecipeOption = None,
    as_json: JsonOption = False,
) -> None:
    """Walk from one seed to another through w and save it as a moving picture."""
    exclusive(recipe, width=width, widths=widths, resolution=resolution)
    choice = one_choice(width, widths, width_rule, resolution)
    seeds = _seeds(from_seed, through, to_seed, pin)
    given = tuple(read_pin(each) for each in pin or ())
    start = GanInputs(
        seed=seeds[0] if seeds else 0,
        label=label,
        truncation=truncation,
        noise=noise,
        edits=parse_edits(edit),
        mix_seed=mix_seed,
    )
    last = {**dict(start.edits), **dict(parse_edits(to_edit))}
    read = None if recipe is None else found(recipe)
    opened = open_quietly(model)
    start = replace(start, mix_stages=mixed_stages(mix_stages, opened.info.config))
    pins = given or (
        *(replace(start, seed=seed) for seed in seeds[:-1]),
        replace(start, seed=seeds[-1], edits=tuple(last.items())),
    )
    drawn, steps = opened, []
    if read is not None:
        variant = varied(opened, read)
        drawn, choice = stylegan_of(variant.model), variant.choice
        steps = active_steps(read)
    from studio.engine.walking import record_walk

    route = WalkRoute(pins, closed=loop, eased=ease)
    with status("walking") as progress:
        made = record_walk(
            drawn,
            Walk(route, frames, seconds, back),
            choice,
            output,
            secrets.token_hex(8),
            progress,
            recipe=steps,
        )
    if as_json:
        print_json({**asdict(made), "model": opened.info.name, "subnet": asdict(choice)})
        return
    way = " to ".join(str(each.seed) for each in pins)
    typer.echo(
        f"{output}: {opened.info.name}, seed {way}, {made.frames} frames of "
        f"{made.width} x {made.height}, {made.seconds:g} s"
    )
