"""Copies of the pictures of the gallery, written beside the window's thread."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path

from studio.errors import MaquetteError, cause_of
from widgets.choosers import unused


def copy_to(source: Path, target: Path) -> None:
    """Copy a file, aside and renamed. Onto itself does nothing.

    Raises:
        MaquetteError: it cannot be read or written there.
    """
    if source.absolute() == target.absolute():
        return
    aside = target.with_name(f"{target.name}.part")
    try:
        shutil.copyfile(source, aside)
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise MaquetteError(
            f"{source.name} cannot be copied to {target.parent}: {cause_of(error)}"
        ) from error


def copy_into(sources: Sequence[Path], folder: Path) -> list[Path]:
    """Copy files into a folder under names that are not taken there.

    Raises:
        MaquetteError: one cannot be read or written.
    """
    made = []
    for source in sources:
        target = unused(folder / source.name)
        copy_to(source, target)
        made.append(target)
    return made
