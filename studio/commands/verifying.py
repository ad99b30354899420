"""``maquette verify``: is a bundle what it says?"""

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
)

if TYPE_CHECKING:
    from studio.bundles.verifying import Verification


@sentence_on_failure
def verify(
    folder: Annotated[Path, typer.Argument(metavar="DIR", help="The folder of a bundle.")],
    as_json: JsonOption = False,
) -> None:
    """Recompute hashes and run every file that can run here against its reference."""
    from studio.bundles.verifying import verify as check

    with status(f"verifying {folder}") as progress:
        found = check(folder, progress)
    if as_json:
        print_json(_record(folder, found))
        return
    _show(folder, found)


def _record(folder: Path, found: Verification) -> dict[str, object]:
    return {
        "bundle": str(folder),
        "model": found.manifest.model.name,
        "files": len(found.manifest.files),
        "networks": [
            {
                "id": each.network.id,
                "verified": each.parity is not None,
                "runtime": each.runtime,
                "version": each.version,
                "device": each.device,
                "max_abs": None if each.parity is None else each.parity.max_abs,
                "psnr": None if each.parity is None else each.parity.psnr,
                "not_run": each.not_run,
            }
            for each in found.checked
        ],
    }


def _show(folder: Path, found: Verification) -> None:
    rows = []
    for each in found.checked:
        close = each.parity
        psnr = "-"
        if close is not None:
            psnr = "equal" if close.psnr is None else f"{close.psnr:.1f}"
        rows.append(
            [
                each.network.id,
                "-" if close is None else f"{close.max_abs:.2g}",
                psnr,
                f"{each.runtime} {each.version}, {each.device}" if close else each.not_run,
            ]
        )
    print_table(["network", "largest difference", "PSNR", "run on"], rows)
    ran = sum(each.parity is not None for each in found.checked)
    typer.echo(
        f"{folder}: {len(found.manifest.files)} files as they were written; "
        f"{ran} of {len(found.checked)} networks run here and agree with the reference"
    )
