"""Scans that were made, kept in the cache folder so that a variant opened again has its own.

A scan is named by the model and by all that decides the network that was looked at: the steps up to
the scanned one, without those of its fields that only say what to make of a scan. Imports no torch.
"""

from __future__ import annotations

import logging
import secrets
from contextlib import suppress
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

from studio.places import cache_dir
from studio.processes.aside import written_aside
from studio.recipes.recipe import Recipe, Step
from studio.recipes.scan import Scan
from studio.recipes.values import Values, canonical, thawed

FOLDER = "scans"
SCANNED = "int8"
IGNORED = ("keep", "keep_last", "to_rgb", "wanted")
"""Fields of the scanned technique that decide nothing about its network."""
MOST = 1000  # scans that are kept, a few kB each
LARGEST = 1 << 20
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
    if wanted is None:
        return None
    plain = [
        {"technique": s.technique, "version": s.version, "params": thawed(s.params)}
        for s in wanted.steps
    ]
    name = sha256(f"{model}\0{canonical({'steps': plain})}".encode()).hexdigest()[:32]
    return cache_dir() / FOLDER / f"{name}.json"


def kept_scan(model: str, recipe: Recipe) -> Scan | None:
    """The scan that was made of it; None when there is none that can be read."""
    path = scan_path(model, recipe)
    if path is None:
        return None
    try:
        with path.open("rb") as file:
            return Scan.from_json(file.read(LARGEST))
    except FileNotFoundError:
        return None
    except (OSError, ValueError) as error:
        _log.warning("the scan %s cannot be read: %s", path.name, error)
        return None


def keep_scan(model: str, recipe: Recipe, scan: Scan) -> None:
    """Keep a scan; a cache that cannot be written is passed over."""
    path = scan_path(model, recipe)
    if path is None:
        return
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        with written_aside(path, secrets.token_hex(8)) as aside:
            aside.write_text(scan.to_json(), encoding="utf-8")
        _trim(path.parent)
    except OSError as error:
        _log.warning("the scan %s cannot be kept: %s", path.name, error)


def _trim(folder: Path) -> None:
    found = sorted(folder.glob("*.json"), key=lambda path: path.stat().st_mtime)
    for path in found[:-MOST]:
        with suppress(OSError):
            path.unlink()
