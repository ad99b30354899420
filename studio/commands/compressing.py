"""``maquette compress``: a model and a recipe into a smaller model file."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Literal

import typer

from studio.commands.common import (
    AnswerOption,
    JsonOption,
    ModelArgument,
    checked_output,
    open_answered,
    print_json,
    print_table,
    sentence_on_failure,
)
from studio.commands.varying import RECIPE_HELP, active_steps, found, report_record, varied
from studio.errors import MaquetteError
from studio.subnets.choice import SubnetChoice, resolve

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.recipes.applying import Variant
    from studio.recipes.recipe import Recipe


@sentence_on_failure
def compress(
    model: ModelArgument,
    recipe: Annotated[str, typer.Option("--recipe", metavar="F", help=f"{RECIPE_HELP}.")],
    output: Annotated[
        Path,
        typer.Option(
            "--output",
            "-o",
            metavar="OUT.safetensors",
            help="Where to write; a folder for a diffusion pipeline.",
        ),
    ],
    precision: Annotated[
        Literal["f32", "f16"], typer.Option("--precision", help="How weights are stored.")
    ] = "f32",
    seed: Annotated[
        int, typer.Option("--seed", metavar="N", help="Of every random choice of a step.")
    ] = 0,
    calibration: Annotated[
        str | None,
        typer.Option(
            "--calibration",
            metavar="DIR",
            help="A folder of calibration inputs.",
            show_default="the model's own",
        ),
    ] = None,
    answer: AnswerOption = None,
    as_json: JsonOption = False,
) -> None:
    """Apply a recipe and write the variant as a model of its own; say what every step did.

    A pipeline becomes a folder. One whose denoiser was cut opens in Maquette; diffusers alone has
    no words for widths inside of blocks, so for it there is maquette export --format diffusers.
    """
    if calibration is not None and not Path(calibration).is_dir():
        raise MaquetteError(f"--calibration: {calibration} is not a folder")
    read = found(recipe)
    opened = open_answered(model, answer)
    from studio.families.picture_file import checked_target
    from studio.recipes.applying import cut_to

    if opened.info.family == "diffusion":
        checked_folder(output)
    else:
        checked_output(output, ".safetensors")
        checked_target(output)
    variant = cut_to(varied(opened, read, seed=seed, calibration=calibration))
    named(variant.model, opened, read).save(output, precision)
    if as_json:
        print_json(_record(output, opened, read, variant))
        return
    _show(output, opened, read, variant)


def checked_folder(output: Path) -> None:
    """Whether a pipeline folder can be written there, before there is work to lose.

    Raises:
        MaquetteError: something stands there, or the name is that of a file.
    """
    if output.suffix.lower() == ".safetensors":
        raise MaquetteError(f"cannot write {output}: a pipeline is written as a folder; name one")
    if output.exists():
        raise MaquetteError(f"cannot write {output}: something stands there")
    if not output.parent.is_dir():
        raise MaquetteError(f"cannot write {output}: the folder {output.parent} does not exist")


def written_bytes(output: Path) -> int:
    """Bytes of the file or folder that was written."""
    if output.is_dir():
        return sum(file.stat().st_size for file in output.rglob("*") if file.is_file())
    return output.stat().st_size


def named(made: AnyModel, origin: AnyModel, recipe: Recipe) -> AnyModel:
    """``made`` under a name that says where it came from."""
    from studio.families.described import described_as

    info = replace(
        made.info,
        name=f"{origin.info.name} {recipe.name}",
        title=f"{origin.info.title}, {recipe.name}",
    )
    return described_as(made, info)


def _record(output: Path, opened: AnyModel, recipe: Recipe, variant: Variant) -> dict[str, object]:
    info = variant.model.info
    whole = resolve(SubnetChoice(), info.config)
    return {
        "output": str(output),
        "model": opened.info.name,
        "recipe": {"name": recipe.name, "steps": active_steps(recipe)},
        "size_bytes": written_bytes(output),
        "size_bytes_before": opened.info.size_bytes,
        "parameters": info.parameters,
        "parameters_before": opened.info.parameters,
        "resolution": whole.resolution,
        "channels": list(whole.channels),
        "steps": [report_record(each) for each in variant.reports],
    }


def _show(output: Path, opened: AnyModel, recipe: Recipe, variant: Variant) -> None:
    rows = [
        [
            f"{each.step} {each.technique}",
            each.verb,
            each.report.summary,
            f"{each.report.disk_before / 1e6:.1f} to {each.report.disk_after / 1e6:.1f}",
        ]
        for each in variant.reports
    ]
    if rows:
        title = f"{opened.info.name}, {recipe.name}"
        print_table(["step", "verb", "what was done", "MB"], rows, title=title, numbers=False)
    for each in variant.reports:
        for note in each.report.notes:
            typer.echo(f"step {each.step} ({each.technique}): {note}")
        if each.report.seconds and not each.cached:
            seconds = each.report.seconds
            said = f"{seconds:.0f} s" if seconds < 60 else f"{seconds / 60:.1f} min"
            typer.echo(f"step {each.step} ({each.technique}): it took {said}")
    before, after = opened.info.size_bytes / 1e6, written_bytes(output) / 1e6
    typer.echo(f"{output}: {recipe.name} of {opened.info.name}, {before:.1f} to {after:.1f} MB")
