"""Scanning in a job: what each layer loses by a step, on the network that the step will see."""

from __future__ import annotations

from pathlib import Path

from studio.engine.job_messages import JobDone, ScanJob
from studio.engine.progress import ProgressReporter
from studio.errors import BadRecipe
from studio.recipes.scan_store import keep_scan

BEFORE = 0.3  # of the progress: what comes before the scan is often in the cache


def scan(job: ScanJob, progress: ProgressReporter) -> JobDone:
    """Do a ScanJob.

    Raises:
        MaquetteError: the model cannot be opened, or a step does not fit it.
    """
    from studio.families.opening import open_model
    from studio.recipes.applying import apply
    from studio.recipes.checking import checked
    from studio.recipes.contract import Context
    from studio.recipes.recipe import from_text
    from studio.recipes.registry import load_registry

    recipe, registry = from_text(job.recipe), load_registry()
    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.1))
    steps = checked(recipe, registry, model.info)
    if not steps or not steps[-1].technique.scans():
        raise BadRecipe("the last step of this recipe has no layers to scan")
    last = steps[-1]
    made = apply(
        model,
        recipe,
        Context(progress=progress.part(0.1, BEFORE)),
        registry=registry,
        before="lower",
    )
    context = Context(progress=progress.part(BEFORE, 1.0), choice=made.choice)
    found = last.technique.scan(made.model, last.params, context)
    keep_scan(model.info.key, recipe, found)
    progress(1.0, "done")
    return JobDone(info=model.info, scan=found)
