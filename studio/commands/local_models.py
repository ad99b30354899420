"""``maquette models``: what other programs have on this computer."""

from __future__ import annotations

from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from studio.checkpoints.causes import size_text
from studio.commands.common import JsonOption, print_json, print_table, sentence_on_failure

COLUMNS = ["name", "what", "size", "whose", "opens", "where"]


@sentence_on_failure
def models(
    folder: Annotated[
        list[Path] | None,
        typer.Argument(
            metavar="[FOLDER]...",
            help="Where to look.",
            show_default="the cache of Hugging Face, ComfyUI, InvokeAI",
        ),
    ] = None,
    as_json: JsonOption = False,
) -> None:
    """List the models that are on this computer already; nothing is opened or fetched."""
    from studio.families.diffusion.local import local_models, places

    looked = list(folder or places())
    found = local_models(looked)
    if as_json:
        print_json([asdict(each) for each in found])
        return
    if not found:
        typer.echo(f"no models in {', '.join(map(str, looked)) or 'the usual places'}")
        return
    rows = [
        [
            each.name,
            each.pipeline or each.what,
            size_text(each.size_bytes),
            each.source,
            "yes" if each.opens else each.why or "no",
            each.path,
        ]
        for each in found
    ]
    print_table(COLUMNS, rows, numbers=False)
