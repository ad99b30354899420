"""Curves of speed that were measured, kept in the cache folder. Imports no torch.

A curve is named by the model, by all steps of the recipe, by the runtime and device, and by the
host, since a cache folder may be shared.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from pathlib import Path

from studio.recipes.curve import SpeedCurve
from studio.recipes.kept import keep_text, kept_path, kept_text
from studio.recipes.recipe import Recipe
from studio.recipes.scan_store import name_of

FOLDER = "curves"
_log = logging.getLogger(__name__)


def curve_path(model: str, recipe: Recipe, target: str, host: str) -> Path:
    """Where the curve of a recipe on ``target`` (runtime and device) belongs. Makes no folder."""
    active = replace(recipe, steps=tuple(step for _, step in recipe.active))
    return kept_path(FOLDER, name_of(model, active, target, host))


def kept_curve(model: str, recipe: Recipe, target: str, host: str) -> SpeedCurve | None:
    """The curve that was measured; None when there is none that can be read."""
    text = kept_text(curve_path(model, recipe, target, host))
    try:
        return None if text is None else SpeedCurve.from_json(text)
    except ValueError as error:
        _log.warning("a curve of speed cannot be read: %s", error)
        return None


def keep_curve(model: str, recipe: Recipe, curve: SpeedCurve) -> None:
    """Keep a curve; a cache that cannot be written is passed over."""
    keep_text(curve_path(model, recipe, curve.target, curve.host), curve.to_json())
