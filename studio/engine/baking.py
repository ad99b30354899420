"""Baking in a job: a recipe applied to a model, and the variant written as a model file.

A baked variant is a folder of the cache: the model in Maquette's own layout, and what was done to
make it. It lies among the models that :mod:`studio.recipes.applying` keeps of every step, so that
one limit holds for both and the oldest go first.
"""

from __future__ import annotations

import hashlib
import json
import os
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio import places
from studio.engine.job_messages import BakeJob, JobDone
from studio.processes.aside import written_aside

if TYPE_CHECKING:
    from studio.engine.progress import ProgressReporter
    from studio.families.model import Model
    from studio.recipes.applying import StepReport, Variant

MODEL, REPORTS = "model.safetensors", "reports.json"
FORMAT = 1
LARGEST = 16 << 20  # bytes of a file of reports


def baked_path(key: str, recipe: str) -> Path:
    """Where the variant of the model named ``key`` by a recipe's text belongs. Makes no folder."""
    digest = hashlib.sha256(f"baked {FORMAT}\0{key}\0{recipe}".encode()).hexdigest()[:32]
    return places.cache_dir() / "variants" / digest / MODEL


def reports_path(out: Path) -> Path:
    """Where the reports of the variant at ``out`` are."""
    return out.with_name(REPORTS)


def read_reports(out: Path) -> tuple[StepReport, ...] | None:
    """What was done to make the variant at ``out``, or None when there is no whole variant."""
    from studio.recipes.applying import StepReport
    from studio.recipes.contract import LayerReport, Report

    try:
        if not out.is_file():
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


def bake(job: BakeJob, token: str, progress: ProgressReporter) -> JobDone:
    """Do a BakeJob.

    Raises:
        MaquetteError: the model cannot be opened, a step does not fit it, or the disk is full.
    """
    from studio.families.opening import open_model
    from studio.recipes.applying import apply, cut_to
    from studio.recipes.contract import Context
    from studio.recipes.recipe import from_text

    recipe = from_text(job.recipe)
    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.1))
    variant = cut_to(apply(model, recipe, Context(progress=progress.part(0.1, 0.9))))
    out = Path(job.out)
    progress(0.9, "writing the file")
    with written_aside(reports_path(out), token) as path:
        path.write_text(reports_text(variant.reports), encoding="utf-8")
    with written_aside(out, token) as path:
        carrying_plan(variant).save(path)
        progress(0.95, "checking the file")
        # Reading it again is what tells a written file from one that can be opened.
        info = replace(open_model(path).info, path=str(out))
    progress(1.0, "done")
    return JobDone(path=str(out), info=info, reports=variant.reports)


def carrying_plan(variant: Variant) -> Model:
    """The model of a variant, with the plan that runtimes quantise it by."""
    return variant.model if variant.plan is None else variant.model.quantised(variant.plan)


def reports_text(reports: tuple[StepReport, ...]) -> str:
    """Reports as JSON, for :func:`read_reports`."""
    return json.dumps({"format": FORMAT, "reports": [asdict(each) for each in reports]})
