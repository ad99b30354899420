"""``maquette export --format diffusers``: a pipeline folder that diffusers opens alone."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from studio.commands.common import print_json, status
from studio.commands.diffusing import pipeline_of
from studio.commands.varying import found, varied
from studio.errors import BadChoice
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from studio.bundles.pipelines.plain import Storage
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.opening import OpenedModel

NAME = "diffusers"


def plain_storage(forms: Sequence[str] | None) -> Storage | None:
    """How weights are to be stored in a folder for diffusers; None where none is asked for.

    Raises:
        BadChoice: other formats are asked for as well, or there is no such storage.
    """
    asked = [text.strip().lower() for text in forms or ()]
    if not any(text.partition(":")[0] == NAME for text in asked):
        return None
    from studio.bundles.pipelines.plain import STORAGES

    if len(asked) != 1:
        raise BadChoice(f"a folder for {NAME} is a format of its own; leave the others out")
    _, colon, storage = asked[0].partition(":")
    found = next((each for each in STORAGES if each == storage), None)
    if not colon:
        return "f32"
    if found is None:
        raise BadChoice(
            f"a folder for {NAME} is not stored in '{storage[:20]}'; there are "
            f"{', '.join(STORAGES)}"
        )
    return found


def export_folder(
    model: OpenedModel,
    output: Path,
    storage: Storage,
    widths: Sequence[float] | None,
    recipe: str | None,
    others: Collection[str],
    as_json: bool,
) -> None:
    """Write the folder and say what it is and what it is not.

    Args:
        widths: of the denoiser, one at most. recipe: is applied first, instead.
        others: options that were given and mean nothing here.

    Raises:
        BadChoice: the model is no pipeline, or an option does not fit.
    """
    from studio.bundles.pipelines.plain import export_plain
    from studio.commands.compressing import named
    from studio.families.diffusion.model import DiffusionModel
    from studio.recipes.applying import cut_to

    if not isinstance(model, DiffusionModel):
        raise BadChoice(f"{model.info.name} is no diffusion pipeline; {NAME} is a format for those")
    if others:
        raise BadChoice(f"a folder for {NAME} is one pipeline; leave {', '.join(others)} out")
    if widths and (recipe is not None or len(widths) > 1):
        raise BadChoice(f"a folder for {NAME} takes one --width, or a --recipe")
    made = model
    if recipe is not None:
        read = found(recipe)
        variant = cut_to(varied(model, read))
        made = pipeline_of(named(variant.model, model, read))
    elif widths:
        made = _titled(model.cut(SubnetChoice(width=widths[0])), f"width {widths[0]:g}")
    with status(f"exporting {made.info.name}") as progress:
        done = export_plain(made, output, storage, progress)
    if as_json:
        print_json(
            {
                "folder": str(done.folder),
                "bytes": done.bytes,
                "error": done.error,
                "said": list(done.said),
            }
        )
        return
    for line in done.said:
        typer.echo(line)
    typer.echo(
        f"{done.folder}: {done.bytes / 1e6:.1f} MB; its README.md says how diffusers opens it"
    )


def _titled(model: DiffusionModel, what: str) -> DiffusionModel:
    """A cut under a name that says what it is."""
    info = model.info
    return model.described(replace(info, name=f"{info.name} {what}", title=f"{info.title}, {what}"))
