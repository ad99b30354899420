"""The recipes that come with Maquette, and finding one by name or path. Imports no torch."""

from __future__ import annotations

from pathlib import Path

from studio.errors import RefusedFile
from studio.places import assets_dir
from studio.recipes.recipe import MARK, Recipe, from_text, read_recipe

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
    """The recipe that ``text`` means: the one it holds in one line, as commands are copied with;
    else a file of that path, or one that comes with Maquette.

    Raises:
        BadRecipe: it begins as a recipe and is none.
        RefusedFile: it is neither, or cannot be read; the sentence lists the names.
    """
    if text.lstrip().startswith("{") and MARK in text:
        return from_text(text)
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
