"""``maquette workers``: the converters' own environments: what there is, making, removing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from studio.commands.common import (
    JsonOption,
    print_json,
    print_table,
    sentence_on_failure,
    status,
    stopped_by_ctrl_c,
)
from studio.errors import MaquetteError

if TYPE_CHECKING:
    from studio.bundles.workers.converters import Converter
    from studio.bundles.workers.environments import Status

COLUMNS = ["converter", "makes", "state", "on disk", "packages"]


@sentence_on_failure
def workers(
    as_json: JsonOption = False,
    make: Annotated[
        list[str] | None,
        typer.Option(
            "--make",
            metavar="NAME",
            help="Install a converter. This option is the agreement to its packages, which the "
            "list names; nothing is asked (repeatable).",
        ),
    ] = None,
    remove: Annotated[
        list[str] | None,
        typer.Option("--remove", metavar="NAME", help="Remove a converter (repeatable)."),
    ] = None,
    wheels: Annotated[
        Path | None,
        typer.Option("--wheels", metavar="DIR", help="Install from this folder, without network."),
    ] = None,
    index: Annotated[
        str | None,
        typer.Option(
            "--index",
            metavar="URL",
            help="A further package index, such as one of torch's builds for CPUs.",
        ),
    ] = None,
) -> None:
    """List the converters for Core ML, LiteRT and ExecuTorch, each in an environment of its own."""
    from studio.bundles.workers.converters import CONVERTERS, converter_named
    from studio.bundles.workers.environments import look
    from studio.bundles.workers.environments import remove as take_away

    if not make and (wheels is not None or index is not None):
        raise typer.BadParameter("they go with --make", param_hint="--wheels and --index")
    if both := set(make or ()) & set(remove or ()):
        raise typer.BadParameter(f"'{min(both)}' is to be made too", param_hint="--remove")
    removed = [converter_named(name) for name in remove or ()]
    made = [converter_named(name) for name in make or ()]
    for converter in removed:
        size = take_away(converter)
        said = f"removed, {_size(size)}" if size else "was not there"
        typer.echo(f"{converter.title}: {said}", err=True)
    for converter in made:
        _make(converter, wheels, index)
    found = [(each, look(each)) for each in CONVERTERS]
    if as_json:
        print_json([as_record(*each) for each in found])
    else:
        print_table(COLUMNS, [_row(*each) for each in found], numbers=False)


def _make(converter: Converter, wheels: Path | None, index: str | None) -> None:
    from studio.bundles.workers.environments import agreement
    from studio.bundles.workers.making import make
    from studio.bundles.workers.supervised import Cancelled

    agreed = agreement(converter)
    typer.echo(f"{agreed.sentence}.", err=True)
    with stopped_by_ctrl_c() as stopped, status(f"installing {converter.title}") as progress:
        try:
            make(
                converter, agreed, wheels=wheels, index=index, progress=progress, cancelled=stopped
            )
        except Cancelled:
            raise MaquetteError(f"{converter.title} was not installed: it was stopped") from None


def as_record(converter: Converter, status: Status) -> dict[str, object]:
    """The JSON object that the command line promises."""
    return {
        "name": converter.name,
        "title": converter.title,
        "makes": converter.suffix,
        "precisions": list(converter.precisions),
        "state": status.state,
        "why": status.why,
        "bytes": status.bytes,
        "python": status.python,
        "installed": dict(status.installed),
        "packages": {each.name: each.version for each in converter.packages},
        "download_bytes": converter.download,
        "disk_bytes": converter.disk,
        "not_run_here": converter.runs_here(),
    }


def _row(converter: Converter, status: Status) -> list[str]:
    size = f"about {_size(converter.disk)}" if status.bytes == 0 else _size(status.bytes)
    state = status.state if status.ready else f"{status.state}: {status.why}"
    # Before the agreement all of them are of interest, afterwards the converter.
    named = converter.packages[:1] if status.ready else converter.packages
    packages = ", ".join(map(str, named))
    return [converter.name, f"{converter.title} {converter.suffix}", state, size, packages]


def _size(count: int) -> str:
    return f"{count / 1e9:.1f} GB" if count >= 1e9 else f"{count / 1e6:.0f} MB"
