"""The order of a denoiser, baked into a pipeline folder of its own in a job."""

from __future__ import annotations

from pathlib import Path

import numpy as np

from studio.engine.baked_files import baked_path, read_reports
from studio.engine.baking import bake
from studio.engine.job_messages import BakeJob
from studio.engine.progress import ProgressReporter
from studio.families.opening import open_model
from studio.recipes.recipe import Recipe, Step, to_text
from tests.families.diffusion.tiny import shared_folder, shared_model, small_inputs

SD = "StableDiffusionPipeline"


def test_an_ordered_denoiser_is_a_folder_that_draws_the_same() -> None:
    model = shared_model(SD)
    params = {"runs": 1, "calls": 1}
    text = to_text(Recipe("baked", (Step("elastic_denoiser", 1, True, params),)))
    out = baked_path(model.info.key, text)
    assert read_reports(out) is None
    quiet = ProgressReporter(lambda news: None)
    job = BakeJob(str(shared_folder(SD)), text, str(out))
    done = bake(job, "token", quiet)
    assert done.info.path == str(out)
    assert done.info.config.ordered is not None
    reports = read_reports(out)
    assert reports == done.reports
    assert [report.verb for report in reports] == ["prepare", "select"]
    again = open_model(out)
    assert again.info.config.ordered == done.info.config.ordered
    near = again.render(small_inputs(SD)).astype(int) - model.render(small_inputs(SD))
    assert np.abs(near).max() <= 1
    assert not list(Path(out).parent.glob(".maquette-*"))
    # Without reports it is made anew, over what is left.
    (out.parent / "reports.json").unlink()
    assert read_reports(out) is None
    assert bake(job, "token", quiet).info.key == done.info.key
