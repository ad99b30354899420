"""``maquette export`` for diffusion pipelines: a folder of components that draws from a prompt."""

from __future__ import annotations

from collections.abc import Collection
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import typer

from studio.commands.common import print_json, status
from studio.errors import BadChoice

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

KNOWN: tuple[Literal["onnx", "openvino"], ...] = ("onnx", "openvino")


def export_diffusion(
    model: DiffusionModel,
    output: Path,
    formats: Collection[tuple[str, str]],
    others: Collection[str],
    as_json: bool,
) -> None:
    """Write the folder and tell what it said when it verified itself.

    Args:
        formats: name and precision of each that was asked for.
        others: options that were given and mean nothing for a pipeline.

    Raises:
        BadChoice: more than one format, another one, or an option that is not for pipelines.
    """
    from studio.bundles.pipelines.exporting import export_pipeline

    if others:
        raise BadChoice(f"a pipeline is exported whole so far; leave {', '.join(others)} out")
    wanted = [name for name in KNOWN if (name, "f32") in formats]
    if len(wanted) != 1 or len(formats) != 1:
        raise BadChoice("a pipeline is exported as onnx or as openvino, in f32, one in a folder")
    with status(f"exporting {model.info.name}") as progress:
        done = export_pipeline(model, output, wanted[0], progress)
    if as_json:
        print_json({"folder": str(done.folder), "bytes": done.bytes, "verified": list(done.said)})
        return
    for line in done.said:
        typer.echo(line)
    typer.echo(f"{done.folder}: {done.bytes / 1e6:.1f} MB; 'python run.py PROMPT' in it draws")
