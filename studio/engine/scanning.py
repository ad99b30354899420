"""Scanning in a job: what each layer loses by a step, on the network that the step will see."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.job_messages import JobDone, ScanJob
from studio.engine.progress import ProgressReporter
from studio.errors import BadRecipe
from studio.recipes.contract import Context
from studio.recipes.scan import SCAN_SEEDS
from studio.recipes.scan_store import keep_scan

if TYPE_CHECKING:
    from studio.families.generative import AnyModel
    from studio.recipes.recipe import Recipe
    from studio.recipes.scan import Scan

Progress = Callable[[float, str], None]
BEFORE = 0.2  # of the progress: what comes before the scan is often in the cache


def scan(job: ScanJob, progress: ProgressReporter) -> JobDone:
    """Do a ScanJob.

    Raises:
        MaquetteError: the model cannot be opened, or a step does not fit it.
    """
    from studio.families.opening import open_model
    from studio.recipes.recipe import from_text

    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.1))
    found = scanned(model, from_text(job.recipe), progress.part(0.1, 1.0))
    progress(1.0, "done")
    return JobDone(info=model.info, scan=found)


def scanned(model: AnyModel, recipe: Recipe, progress: Progress, seeds: int = SCAN_SEEDS) -> Scan:
    """What each layer loses by the last step of a recipe. With the usual number of ``seeds`` it is
    kept for whoever asks for the scan of the same.

    Raises:
        BadRecipe: the last step scans nothing, or a step does not fit the model.
    """
    from studio.recipes.applying import apply
    from studio.recipes.checking import checked
    from studio.recipes.registry import load_registry

    registry = load_registry()
    steps = checked(recipe, registry, model.info)
    if not steps or not steps[-1].technique.scans():
        raise BadRecipe("the last step of this recipe has no layers to scan")
    last = steps[-1]

    def before(fraction: float, text: str) -> None:
        progress(BEFORE * fraction, text)

    def within(fraction: float, text: str) -> None:
        progress(BEFORE + (1 - BEFORE) * fraction, text)

    made = apply(model, recipe, Context(progress=before), registry=registry, before="lower")
    context = Context(progress=within, choice=made.choice)
    found = last.technique.scan(made.model, last.params, context, seeds)
    if seeds == SCAN_SEEDS:
        keep_scan(model.info.key, recipe, found)
    return found
