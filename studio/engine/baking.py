"""Baking in a job: a recipe applied to a model, and the variant written as a model file."""

from __future__ import annotations

import shutil
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.baked_files import reports_path, reports_text
from studio.engine.job_messages import BakeJob, JobDone, JobLesson, JobNews
from studio.engine.messages import Picture
from studio.processes.aside import folder_written_aside, written_aside

if TYPE_CHECKING:
    from studio.engine.progress import ProgressReporter
    from studio.families.generative import AnyModel
    from studio.recipes.applying import Variant
    from studio.training.distil.options import DistilLook

OPENED, APPLIED = 0.05, 0.95  # of the progress


def bake(
    job: BakeJob,
    token: str,
    progress: ProgressReporter,
    report: Callable[[JobNews], None] = lambda news: None,
    stopped: Callable[[], bool] = lambda: False,
) -> JobDone:
    """Do a BakeJob.

    Args:
        report: receives looks at what learns. stopped: whether a step that learns is to end early.

    Raises:
        MaquetteError: the model cannot be opened, a step does not fit it, or the disk is full.
    """
    from studio.families.opening import open_model
    from studio.recipes.applying import apply, cut_to
    from studio.recipes.contract import Context
    from studio.recipes.recipe import from_text

    recipe = from_text(job.recipe)
    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, OPENED))
    progress.go_on_from(OPENED)

    def looked(look: DistilLook) -> None:
        height, width, _ = look.strip.shape
        picture = Picture(width, height, pixels=look.strip.tobytes())
        report(JobLesson(look.step, look.minutes, look.losses, look.before, look.now, picture))

    context = Context(progress=progress.part(OPENED, APPLIED), stopped=stopped, looked=looked)
    variant = cut_to(apply(model, recipe, context))
    out = Path(job.out)
    progress(APPLIED, "writing the file")
    with written_aside(reports_path(out), token) as path:
        path.write_text(reports_text(variant.reports), encoding="utf-8")
    pipeline = variant.model.info.family == "diffusion"
    if pipeline:
        shutil.rmtree(out, ignore_errors=True)  # of one that has lost its reports
    with folder_written_aside(out, token) if pipeline else written_aside(out, token) as path:
        if pipeline:
            path.rmdir()  # saving makes it whole or not at all
        carrying_plan(variant).save(path)
        progress(0.98, "checking the file")
        # Reading it again is what tells a written file from one that can be opened.
        info = replace(open_model(path).info, path=str(out))
    progress(1.0, "done")
    return JobDone(path=str(out), info=info, reports=variant.reports)


def carrying_plan(variant: Variant) -> AnyModel:
    """The model of a variant, with the plan that runtimes quantise it by."""
    return variant.model if variant.plan is None else variant.model.quantised(variant.plan)
