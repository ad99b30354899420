"""A parameter over a range: from ``prune.ratio=0.1:0.5:5`` to recipes. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, get_args

from studio.errors import BadRecipe
from studio.recipes.checking import place_for
from studio.recipes.recipe import Recipe, Step
from studio.recipes.registry import Registry
from studio.recipes.values import thawed

MOST = 50  # values of one sweep
DIGITS = 4  # of a value between two ends
FORM = "STEP.FIELD=FROM:TO:COUNT or STEP.FIELD=VALUE,VALUE"


@dataclass(frozen=True)
class Sweep:
    """Values of one field of one step.

    Args:
        step: the name of its technique. values: as JSON has them, each once.
    """

    step: str
    field: str
    values: tuple[Any, ...]


def spaced(low: float, high: float, count: int, *, whole: bool = False) -> tuple[float | int, ...]:
    """``count`` values from ``low`` to ``high``, both included, equally far apart, each once.

    Args:
        whole: round to whole numbers, of which fewer may be left.

    Raises:
        BadRecipe: the range or the count cannot be.
    """
    if not (math.isfinite(low) and math.isfinite(high) and low <= high):
        raise BadRecipe(f"from {low:g} to {high:g} is not a range; accepted is from less to more")
    if not 1 <= count <= MOST:
        raise BadRecipe(f"{count} values are not within 1 and {MOST}")
    step = 0.0 if count == 1 else (high - low) / (count - 1)
    found = [round(low + n * step, DIGITS) for n in range(count)]
    return tuple(dict.fromkeys(round(value) for value in found) if whole else dict.fromkeys(found))


def parsed(text: str, registry: Registry) -> Sweep:
    """A sweep as the command line writes it.

    Raises:
        BadRecipe: it is none, or names no field of a technique; the sentence says what would be
            accepted.
    """
    target, equals, said = text.partition("=")
    step, dot, field = target.strip().partition(".")
    if not (equals and dot and step and field and said.strip()):
        raise BadRecipe(f"the sweep '{text[:80]}' is not of the form {FORM}")
    known = registry.params(step).model_fields
    if field not in known:
        raise BadRecipe(f"{step} has no field {field}; accepted are {', '.join(known)}")
    parts = said.split(":")
    if len(parts) == 3:
        try:
            low, high, count = float(parts[0]), float(parts[1]), int(parts[2])
        except ValueError:
            raise BadRecipe(f"the sweep '{text[:80]}' is not of the form {FORM}") from None
        annotation: Any = known[field].annotation
        whole = annotation is int or int in get_args(annotation)
        return Sweep(step, field, spaced(low, high, count, whole=whole))
    values = tuple(dict.fromkeys(_value(part.strip()) for part in said.split(",")))
    if len(values) > MOST:
        raise BadRecipe(f"{len(values)} values are more than {MOST}")
    return Sweep(step, field, values)


def _value(text: str) -> Any:
    """A word of the command line as JSON has it."""
    plain: dict[str, Any] = {"true": True, "false": False, "null": None}
    if text in plain:
        return plain[text]
    for kind in (int, float):
        try:
            return kind(text)
        except ValueError:
            continue
    return text


def swept(recipe: Recipe, sweep: Sweep, registry: Registry) -> tuple[Recipe, ...]:
    """``recipe`` once for every value. A step that it lacks is added where the order rules allow.

    Raises:
        BadRecipe: several of its steps are of that technique, or the technique is unknown.
    """
    here = [n for n, step in enumerate(recipe.steps) if step.technique == sweep.step and step.on]
    if len(here) > 1:
        raise BadRecipe(
            f"{recipe.name} has {len(here)} steps of {sweep.step}; a sweep accepts one of them"
        )
    if not here:
        technique = registry.get(sweep.step)
        place = place_for(recipe, technique, registry)
        recipe = recipe.inserted(place, Step(technique.name, technique.version))
        here = [place]
    made = []
    for value in sweep.values:
        step = recipe.steps[here[0]]
        params = {**thawed(step.params), sweep.field: value}
        name = f"{recipe.name}, {value_name(sweep.step, sweep.field, value)}"
        changed = recipe.with_step(here[0], replace(step, params=params))
        made.append(replace(changed, name=name[:100]))
    return tuple(made)


def all_swept(
    recipes: Sequence[Recipe], sweeps: Sequence[Sweep], registry: Registry
) -> tuple[Recipe, ...]:
    """Every recipe (one without steps where there is none) with every value of every sweep."""
    found = tuple(recipes)
    for sweep in sweeps:
        base = found or (Recipe("full"),)
        found = tuple(made for recipe in base for made in swept(recipe, sweep, registry))
    return found


def value_name(step: str, field: str, value: object) -> str:
    """What a variant of a sweep is called: "prune ratio 0.3"."""
    said = f"{value:g}" if isinstance(value, float) else str(value)
    return f"{step} {field.replace('_', ' ')} {said}"
