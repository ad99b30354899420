"""The recipes that come with Maquette, and finding one by name or path. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from studio.errors import RefusedFile
from studio.places import assets_dir
from studio.recipes.recipe import Recipe, read_recipe

SUFFIX = ".yaml"


def shipped_names() -> tuple[str, ...]:
    """Names of the recipes that come with Maquette."""
    return tuple(sorted(file.stem for file in (assets_dir() / "recipes").glob(f"*{SUFFIX}")))


def shipped_recipe(name: str) -> Recipe:
    """The recipe of that name that comes with Maquette.

    Raises:
        RefusedFile: there is none.
    """
    if name not in shipped_names():
        raise RefusedFile(_none(name))
    return read_recipe(assets_dir() / "recipes" / f"{name}{SUFFIX}")


def find_recipe(text: str) -> Recipe:
    """The recipe that ``text`` means: a file of that path, else one that comes with Maquette.

    Raises:
        RefusedFile: it is neither, or cannot be read; the sentence lists the names.
    """
    try:
        is_file = bool(text) and Path(text).is_file()
    except (OSError, ValueError):  # a name too long, a zero byte
        is_file = False
    if is_file:
        return read_recipe(text)
    if text in shipped_names():
        return shipped_recipe(text)
    raise RefusedFile(_none(text))


def _none(text: str) -> str:
    names = ", ".join(shipped_names()) or "none"
    return f"{text} is neither a recipe file nor a recipe that comes with Maquette: {names}"
