"""Where baked variants lie, and what was done to make them. Imports no torch.

A baked variant is a folder of the cache: the model in Maquette's own layout (of a pipeline a
folder in that of diffusers, under the same name), and its reports. It
lies among the models that :mod:`studio.recipes.applying` keeps of every step, so that one limit
holds for both and the oldest go first.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from studio import places

if TYPE_CHECKING:
    from studio.recipes.contract import StepReport

MODEL, REPORTS = "model.safetensors", "reports.json"
FORMAT = 1
LARGEST = 16 << 20  # bytes of a file of reports


def baked_path(key: str, recipe: str) -> Path:
    """Where the variant of the model named ``key`` by a recipe's text belongs. Makes no folder."""
    return places.cache_dir() / "variants" / baked_name(key, recipe) / MODEL


def baked_name(key: str, recipe: str) -> str:
    """What names the variant of the model named ``key`` by a recipe's text."""
    return hashlib.sha256(f"baked {FORMAT}\0{key}\0{recipe}".encode()).hexdigest()[:32]


def is_baked(path: Path) -> bool:
    """Whether a file lies where baked variants do."""
    return path.name == MODEL and path.parent.parent == places.cache_dir() / "variants"


def name_of(path: Path) -> str:
    """The :func:`baked_name` of the variant at a :func:`baked_path`."""
    return path.parent.name


def reports_path(out: Path) -> Path:
    """Where the reports of the variant at ``out`` are."""
    return out.with_name(REPORTS)


def read_reports(out: Path) -> tuple[StepReport, ...] | None:
    """What was done to make the variant at ``out``, or None when there is no whole variant."""
    # Loads pydantic, which the start of a window cannot spare.
    from studio.recipes.contract import LayerReport, Report, StepReport

    try:
        if not (out.is_file() or (out / places.PIPELINE_INDEX).is_file()):
            return None
        with reports_path(out).open("rb") as stream:
            raw = json.loads(stream.read(LARGEST))
        if raw["format"] != FORMAT:
            return None
        found = []
        for each in raw["reports"]:
            report = each.pop("report")
            layers = tuple(LayerReport(**layer) for layer in report.pop("layers"))
            notes = tuple(report.pop("notes"))
            found.append(StepReport(report=Report(layers=layers, notes=notes, **report), **each))
    except (OSError, ValueError, KeyError, TypeError, AttributeError, RecursionError):
        return None
    with suppress(OSError):
        os.utime(out.parent)  # used now: among the last to go when the cache is full
    return tuple(found)


def reports_text(reports: tuple[StepReport, ...]) -> str:
    """Reports as JSON, for :func:`read_reports`."""
    return json.dumps({"format": FORMAT, "reports": [asdict(each) for each in reports]})
