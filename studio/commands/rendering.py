"""``maquette render``: one picture."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from studio.commands.common import (
    ClassOption,
    CutoffOption,
    EditOption,
    MixFromOption,
    MixSeedOption,
    MixStagesOption,
    ModelArgument,
    NoiseOption,
    ResolutionOption,
    RuleOption,
    TargetOption,
    TruncationOption,
    WidthsOption,
    checked_output,
    mixed_stages,
    one_choice,
    open_quietly,
    parse_edits,
    sentence_on_failure,
)
from studio.commands.varying import RecipeOption, active_steps, exclusive, found, varied
from studio.families.inputs import GanInputs


@sentence_on_failure
def render(
    model: ModelArgument,
    output: Annotated[
        Path, typer.Option("--output", "-o", metavar="PNG", help="Where to write the picture.")
    ],
    seed: Annotated[int, typer.Option("--seed", metavar="N", help="0 to 4294967295.")] = 0,
    label: ClassOption = None,
    width: Annotated[
        float | None,
        typer.Option("--width", metavar="R", help="Uniform ratio, above 0 and at most 1."),
    ] = None,
    widths: WidthsOption = None,
    width_rule: RuleOption = "literal",
    resolution: ResolutionOption = None,
    truncation: TruncationOption = 1.0,
    cutoff: CutoffOption = None,
    noise: NoiseOption = 1.0,
    edit: EditOption = None,
    mix_seed: MixSeedOption = None,
    mix_from: MixFromOption = 0,
    mix_stages: MixStagesOption = None,
    target: TargetOption = "pytorch",
    recipe: RecipeOption = None,
) -> None:
    """Draw one picture and write it as PNG; how it was made is in its metadata."""
    exclusive(recipe, width=width, widths=widths, resolution=resolution)
    choice = one_choice(width, widths, width_rule, resolution)
    inputs = GanInputs(
        seed=seed,
        label=label,
        truncation=truncation,
        truncation_cutoff=cutoff,
        noise=noise,
        edits=parse_edits(edit),
        mix_seed=mix_seed,
        mix_from=mix_from,
    )
    checked_output(output, ".png")
    read = None if recipe is None else found(recipe)
    opened = open_quietly(model)
    inputs = replace(inputs, mix_stages=mixed_stages(mix_stages, opened.info.config))
    from studio.engine.drawing import drawer
    from studio.families.picture_file import write_png
    from studio.subnets.describe import picture_metadata, variant_name

    drawn, steps, variant = opened, [], variant_name(choice)
    if read is not None:
        made = varied(opened, read)
        drawn, choice, steps, variant = made.model, made.choice, active_steps(read), read.name
    picture = drawer(drawn, target).draw(inputs, choice)
    write_png(output, picture, dict(picture_metadata(opened.info, inputs, choice, steps)))
    height, wide = picture.shape[:2]
    name = f"{opened.info.name}, {variant}, seed {seed}"
    typer.echo(f"{output}: {name}, {wide} x {height}")
