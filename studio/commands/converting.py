"""``maquette convert``: any layout into Maquette's own."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Literal

import typer

from studio.commands.common import (
    AnswerOption,
    ModelArgument,
    checked_output,
    open_any,
    parse_answers,
    sentence_on_failure,
    status,
)
from studio.commands.translating import tell_assumed
from studio.errors import MaquetteError


@sentence_on_failure
def convert(
    model: ModelArgument,
    output: Annotated[
        Path,
        typer.Option("--output", "-o", metavar="FILE.safetensors", help="Where to write."),
    ],
    precision: Annotated[
        Literal["f32", "f16"], typer.Option("--precision", help="How weights are stored.")
    ] = "f32",
    sort: Annotated[
        bool,
        typer.Option("--sort", help="Order channels by importance, so that subnets look better."),
    ] = False,
    answer: AnswerOption = None,
) -> None:
    """Write a model in Maquette's own layout: one safetensors file with all that is known."""
    checked_output(output, ".safetensors")
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.translation.model import TranslationModel

    opened = open_any(model)
    if isinstance(opened, DiffusionModel):
        raise MaquetteError(
            f"{opened.info.name} is a diffusion pipeline; accepted here are models of one file"
        )
    if isinstance(opened, TranslationModel):
        if sort:
            raise MaquetteError(
                f"{opened.info.name} turns pictures into pictures; --sort is for StyleGAN models"
            )
        opened = opened.answered(parse_answers(answer))
        tell_assumed(opened)
    elif answer:
        raise MaquetteError(f"{opened.info.name} asks no questions; --answer is not for it")
    elif sort:
        with status("ordering channels") as progress:
            opened = opened.sorted(progress=progress)
    opened.save(output, precision)
    size = output.stat().st_size / 1e6
    typer.echo(f"{output}: {opened.info.name}, {opened.info.parameters} weights, {size:.1f} MB")
