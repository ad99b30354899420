"""Recipes: an ordered list of technique steps, as a value and as YAML text. Imports no torch.

The text form::

    maquette_recipe: 1
    name: draft
    steps:
      - technique: subnet
        version: 1
        params:
          width: 0.25

A step that is switched off carries ``on: false``. ``maquette_recipe`` is the version of this form;
older ones are brought up by :data:`MIGRATIONS`, older steps by their technique.
"""

from __future__ import annotations

import re
import textwrap
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from studio.errors import BadRecipe, RefusedFile, cause_of
from studio.recipes.values import Values, canonical, short, thawed
from studio.recipes.yaml_text import NotPlain, read_plain, write_line, write_plain

MARK = "maquette_recipe"
FORMAT = 1
LARGEST = 64 * 1024  # characters of a recipe's text
MOST_STEPS = 64
LONGEST_NAME = 100
UNNAMED = "recipe"

Migration = Callable[[dict[str, Any]], dict[str, Any]]
MIGRATIONS: Mapping[int, Migration] = {}  # from a format to the next one

# Possessive where it can be, so that no text makes it try for long.
_FENCE = re.compile(
    r"^[ \t]*+(`{3,}+|~{3,}+)[^\n]*+\n(.*?)(?:^[ \t]*+\1|\Z)", re.DOTALL | re.MULTILINE
)
_TECHNIQUE = re.compile(r"[a-z][a-z0-9_-]{0,63}")
_TOP = (MARK, "name", "steps")
_STEP = ("technique", "version", "on", "params")


@dataclass(frozen=True)
class Step:
    """One technique with its parameters.

    Args:
        technique: its name. version: of the technique that the parameters are written for.
        on: False for a step that is kept and does nothing.
        params: what differs from the technique's defaults; any mapping, kept as :class:`Values`.
    """

    technique: str
    version: int = 1
    on: bool = True
    params: Mapping[str, Any] = field(default_factory=Values)

    def __post_init__(self) -> None:
        if not isinstance(self.params, Values):
            object.__setattr__(self, "params", Values(self.params))


@dataclass(frozen=True)
class Recipe:
    """An ordered list of steps. The one without a step that is on is called *full*."""

    name: str = UNNAMED
    steps: tuple[Step, ...] = ()

    @property
    def active(self) -> tuple[tuple[int, Step], ...]:
        """The steps that are on, each with its number as people count (from 1)."""
        return tuple((n, step) for n, step in enumerate(self.steps, start=1) if step.on)

    def with_step(self, index: int, step: Step) -> Recipe:
        """This recipe with ``step`` in place of the one at ``index`` (from 0)."""
        return replace(self, steps=(*self.steps[:index], step, *self.steps[index + 1 :]))

    def inserted(self, index: int, step: Step) -> Recipe:
        """This recipe with ``step`` before the one at ``index`` (from 0)."""
        return replace(self, steps=(*self.steps[:index], step, *self.steps[index:]))

    def without(self, index: int) -> Recipe:
        """This recipe without the step at ``index`` (from 0)."""
        return replace(self, steps=(*self.steps[:index], *self.steps[index + 1 :]))

    def moved(self, index: int, to: int) -> Recipe:
        """This recipe with the step at ``index`` at ``to`` (both from 0)."""
        return self.without(index).inserted(to, self.steps[index])


def to_text(recipe: Recipe) -> str:
    """The recipe as YAML, always written the same way; :func:`from_text` reads it back."""
    return write_plain({MARK: FORMAT, "name": recipe.name, "steps": plain_steps(recipe)})


def to_line(recipe: Recipe) -> str:
    """The recipe as one line of YAML, for a command line; :func:`from_text` reads it back."""
    return write_line({MARK: FORMAT, "name": recipe.name, "steps": plain_steps(recipe)})


def to_json(recipe: Recipe) -> str:
    """The recipe as one line of JSON, equal for equal recipes; for metadata."""
    return canonical({"name": recipe.name, "steps": plain_steps(recipe)})


def plain_steps(recipe: Recipe) -> list[dict[str, Any]]:
    """The steps as JSON holds them; :func:`from_steps` reads them back."""
    return [_plain_step(step) for step in recipe.steps]


def _plain_step(step: Step) -> dict[str, Any]:
    plain: dict[str, Any] = {"technique": step.technique, "version": step.version}
    if not step.on:
        plain["on"] = False
    if step.params:
        plain["params"] = {name: thawed(step.params[name]) for name in sorted(step.params)}
    return plain


def from_text(text: str, name: str = UNNAMED) -> Recipe:
    """The recipe in ``text``: a file's content, or what was copied out of a chat, where it may
    stand between ``` fences among other words.

    Args:
        name: for a recipe that does not say its own.

    Raises:
        BadRecipe: it is no recipe; the sentence names the step and the field.
    """
    if len(text) > LARGEST:
        raise BadRecipe(f"the recipe has {len(text)} characters; at most {LARGEST} are accepted")
    fenced = [found[2] for found in _FENCE.finditer(text)]
    chosen = next((each for each in fenced if MARK in each), fenced[0] if fenced else text)
    try:
        raw = read_plain(textwrap.dedent(chosen.replace("\r\n", "\n")))
    except NotPlain as error:
        raise BadRecipe(f"this is not a recipe: {error}") from error
    return _recipe(raw, name)


def from_steps(steps: object, name: str = UNNAMED) -> Recipe:
    """The recipe of a list of steps, as strictly read as a file's.

    Raises:
        BadRecipe: one is no step; the sentence names it and the field.
    """
    return _recipe({MARK: FORMAT, "steps": steps}, _one_line(name)[:LONGEST_NAME] or UNNAMED)


def read_recipe(path: str | Path) -> Recipe:
    """The recipe in a file.

    Raises:
        RefusedFile: the file cannot be read, or is no recipe; the sentence names it.
    """
    file = Path(path)
    try:
        with file.open("rb") as stream:
            data = stream.read(4 * LARGEST + 1)
        return from_text(data.decode("utf-8-sig"), _one_line(file.stem) or UNNAMED)
    except OSError as error:
        raise RefusedFile(f"cannot read {file}: {cause_of(error)}") from error
    except UnicodeDecodeError as error:
        raise RefusedFile(f"{file} is not a recipe: it is not UTF-8 text") from error
    except BadRecipe as error:
        raise RefusedFile(f"{file}: {error}") from error


def write_recipe(recipe: Recipe, path: str | Path) -> None:
    """Write a recipe, aside and then renamed.

    Raises:
        MaquetteError: the file cannot be written.
    """
    from studio.families.picture_file import replacing

    with replacing(path) as aside:
        aside.write_text(to_text(recipe), encoding="utf-8")


def migrated(
    raw: dict[str, Any], migrations: Mapping[int, Migration] = MIGRATIONS, newest: int = FORMAT
) -> dict[str, Any]:
    """The content of a recipe in the newest form.

    Raises:
        BadRecipe: it is of a form that is not known here.
    """
    version = raw.get(MARK)
    while type(version) is not int or version != newest:
        if type(version) is not int or version not in migrations:
            known = sorted({*migrations, newest})
            raise BadRecipe(
                f"the field {MARK} is {short(version)}; this version of Maquette reads "
                f"{', '.join(map(str, known))}"
            )
        raw = {**migrations[version](raw), MARK: version + 1}
        version = version + 1
    return raw


def _recipe(raw: Any, name: str) -> Recipe:
    if not isinstance(raw, dict) or MARK not in raw:
        raise BadRecipe(f"this is not a recipe: it has no line “{MARK}: {FORMAT}”")
    raw = migrated(raw)
    _only("the recipe", raw, _TOP)
    given = raw.get("name", name)
    if not isinstance(given, str) or not _one_line(given) or len(given) > LONGEST_NAME:
        raise BadRecipe(f"the field name is not a text of 1 to {LONGEST_NAME} characters")
    steps = raw.get("steps") or []
    if not isinstance(steps, list | tuple) or len(steps) > MOST_STEPS:
        raise BadRecipe(f"the field steps is not a list of at most {MOST_STEPS} steps")
    made = tuple(_step(number, step) for number, step in enumerate(steps, start=1))
    return Recipe(_one_line(given), made)


def _step(number: int, raw: Any) -> Step:
    here = f"step {number}"
    if not isinstance(raw, dict):
        raise BadRecipe(f"{here} is not a step; accepted are the fields {', '.join(_STEP)}")
    technique = raw.get("technique")
    if not isinstance(technique, str) or not _TECHNIQUE.fullmatch(technique):
        raise BadRecipe(
            f"{here}: the field technique is not the name of one, such as subnet "
            "(lower-case letters, digits, - and _)"
        )
    here = f"{here} ({technique})"
    _only(here, raw, _STEP)
    version, on, params = raw.get("version"), raw.get("on", True), raw.get("params")
    if type(version) is not int or not 1 <= version < 1_000_000:
        raise BadRecipe(f"{here}: the field version is not a whole number from 1, such as 1")
    if not isinstance(on, bool):
        raise BadRecipe(f"{here}: the field on is neither true nor false")
    if not isinstance(params, dict | None):
        raise BadRecipe(f"{here}: the field params is not a list of names with values")
    try:
        return Step(technique, version, on, Values(params))
    except ValueError as error:
        raise BadRecipe(f"{here}: in the field params, {error}") from error


def _only(where: str, raw: dict[Any, Any], accepted: tuple[str, ...]) -> None:
    odd = [key for key in raw if key not in accepted]
    if odd:
        raise BadRecipe(
            f"{where}: the field {short(odd[0])} is not known; it has {', '.join(accepted)}"
        )


def _one_line(text: str) -> str:
    return "".join(c if c.isprintable() else " " for c in text).strip()
