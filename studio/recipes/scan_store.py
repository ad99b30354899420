"""Scans that were made, kept in the cache folder so that a variant opened again has its own.

A scan is named by the model and by all that decides the network that was looked at: the steps up to
the scanned one, without those of its fields that only say what to make of a scan. Imports no torch.
"""

from __future__ import annotations

import logging
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from studio.recipes.kept import keep_text, kept_path, kept_text
from studio.recipes.recipe import Recipe, Step
from studio.recipes.scan import Scan
from studio.recipes.values import Values, canonical, thawed

FOLDER = "scans"
SCANNED = "int8"
IGNORED = (
    "keep",
    "keep_last",
    "to_rgb",
    "wanted",
    "denoiser",
    "text_encoders",
    "vae_decoder",
)
"""Fields of the scanned technique that decide nothing about its network."""
_log = logging.getLogger(__name__)


def scanned_recipe(recipe: Recipe) -> Recipe | None:
    """The steps that decide a scan, so that whoever has an equal recipe finds it; None where no
    step that is on can be scanned."""
    steps: list[Step] = []
    for _, step in recipe.active:
        if step.technique == SCANNED:
            kept = {n: v for n, v in thawed(step.params).items() if n not in IGNORED}
            steps.append(replace(step, params=Values(kept)))
            return Recipe("scanned", tuple(steps))
        steps.append(step)
    return None


def scan_path(model: str, recipe: Recipe) -> Path | None:
    """Where the scan of the model named ``model`` by a recipe belongs. Makes no folder."""
    wanted = scanned_recipe(recipe)
    return None if wanted is None else kept_path(FOLDER, name_of(model, wanted))


def name_of(*parts: str | Recipe) -> str:
    """A name for what the parts decide; of a recipe, its steps and nothing else."""
    plain = [canonical({"steps": _plain(p)}) if isinstance(p, Recipe) else p for p in parts]
    return sha256("\0".join(plain).encode()).hexdigest()[:32]


def _plain(recipe: Recipe) -> list[dict[str, object]]:
    return [
        {"technique": s.technique, "version": s.version, "params": thawed(s.params)}
        for s in recipe.steps
    ]


def kept_scan(model: str, recipe: Recipe) -> Scan | None:
    """The scan that was made of it; None when there is none that can be read."""
    path = scan_path(model, recipe)
    text = None if path is None else kept_text(path)
    try:
        return None if text is None else Scan.from_json(text)
    except ValueError as error:
        _log.warning("a scan cannot be read: %s", error)
        return None


def keep_scan(model: str, recipe: Recipe, scan: Scan) -> None:
    """Keep a scan; a cache that cannot be written is passed over."""
    path = scan_path(model, recipe)
    if path is not None:
        keep_text(path, scan.to_json())
