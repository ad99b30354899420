"""Baking as a job: the file that comes of it, its reports, and what is measured of it."""

from __future__ import annotations

import threading
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.engine.baked_files import baked_path, read_reports, reports_path
from studio.engine.client import JobRunner
from studio.engine.job_messages import (
    BakedFile,
    BakeJob,
    JobCancelled,
    JobDone,
    JobFailed,
    JobProgress,
    MeasureJob,
)
from studio.engine.jobs import run_job
from studio.families.inputs import GanInputs
from studio.families.opening import open_model
from studio.recipes.recipe import Recipe, Step, to_text
from studio.recipes.values import Values
from studio.subnets.choice import SubnetChoice
from tests.engine.listening import Listener
from tests.families.small import small_config, small_model

SORT = to_text(Recipe("sorted", (Step("subnet", 1, True, Values({"sort": True})),)))
HALF = to_text(Recipe("half", (Step("subnet", 1, True, Values({"width": 0.5})),)))


@pytest.fixture(scope="module")
def model_file(tmp_path_factory) -> Path:
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    # An Anycost model counts as sorted whatever its file says.
    small_model(replace(small_config(), architecture="stylegan2")).save(path)
    return path


def baked(model_file: Path, recipe: str) -> JobDone:
    out = baked_path(open_model(model_file).info.key, recipe)
    end = run_job(BakeJob(str(model_file), recipe, str(out)), "token", lambda _: None)
    assert isinstance(end, JobDone), end
    return end


def test_a_prepared_variant_draws_the_same_picture(model_file):
    end = baked(model_file, SORT)
    original, variant = open_model(model_file), open_model(end.path)
    assert end.info == variant.info
    assert variant.info.sorted_channels
    inputs = GanInputs(seed=3)
    difference = original.render(inputs).astype(int) - variant.render(inputs).astype(int)
    assert np.abs(difference).max() <= 1
    done = [(r.technique, r.verb, r.report.touched) for r in end.reports if r.verb == "prepare"]
    assert done == [("subnet", "prepare", len(original.info.config.channels) - 1)]
    assert read_reports(Path(end.path)) == end.reports
    assert sorted(p.name for p in Path(end.path).parent.iterdir()) == [
        "model.safetensors",
        "reports.json",
    ]


def test_what_is_selected_is_cut_out(model_file):
    end = baked(model_file, HALF)
    variant, original = open_model(end.path), open_model(model_file)
    assert variant.info.config.channels == tuple(c // 2 for c in original.info.config.channels)
    expected = original.render(GanInputs(seed=1), SubnetChoice(width=0.5)).astype(int)
    assert np.abs(expected - variant.render(GanInputs(seed=1)).astype(int)).max() <= 1


def test_a_variant_without_its_reports_is_made_again(model_file):
    path = Path(baked(model_file, SORT).path)
    reports_path(path).write_text("{}", "utf-8")
    assert read_reports(path) is None
    path.unlink()
    assert read_reports(path) is None


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        ("maquette_recipe: 1\nsteps:\n- technique: nonsense\n  version: 1\n", "nonsense"),
        ("[", "not a recipe"),
        (HALF.replace("0.5", "2"), "width"),
    ],
)
def test_a_recipe_that_cannot_be_applied_gets_a_sentence(model_file, tmp_path, recipe, words):
    out = tmp_path / "out" / "model.safetensors"
    end = run_job(BakeJob(str(model_file), recipe, str(out)), "token", lambda _: None)
    assert isinstance(end, JobFailed)
    assert words in end.sentence
    assert not out.exists()


def test_a_model_that_is_gone_gets_a_sentence(tmp_path):
    gone = tmp_path / "gone.safetensors"
    end = run_job(BakeJob(str(gone), SORT, str(tmp_path / "m.safetensors")), "t", lambda _: None)
    assert isinstance(end, JobFailed)
    assert str(gone) in end.sentence


def test_a_cancelled_bake_leaves_nothing(model_file, tmp_path):
    events = Listener()
    runner = JobRunner(events)
    out = tmp_path / "out" / "model.safetensors"
    try:
        handle = runner.run(BakeJob(str(model_file), SORT, str(out)))
        events.wait(lambda item: isinstance(item[1], JobProgress))
        handle.cancel()
        last = events.wait(lambda item: isinstance(item[1], JobDone | JobFailed | JobCancelled))
    finally:
        runner.stop()
    assert isinstance(last[1], JobCancelled)
    assert not out.exists()
    assert not list(out.parent.glob(".maquette-*"))
    assert threading.main_thread().is_alive()


def test_variants_are_measured_against_the_originals_full(model_file):
    sorted_, half = baked(model_file, SORT), baked(model_file, HALF)
    quarter = SubnetChoice(width=0.5)
    job = MeasureJob(
        str(model_file),
        (quarter,),
        seeds=2,
        variants=(
            BakedFile(sorted_.path, name="sorted"),
            BakedFile(half.path, name="half"),
            BakedFile(half.path, SubnetChoice(resolution=16), "small"),
        ),
    )
    end = run_job(job, "token", lambda _: None)
    assert isinstance(end, JobDone), end
    assert [m.choice for m in end.measurements] == [SubnetChoice(), quarter]
    assert [v.key for v in end.variants] == [sorted_.info.key, half.info.key, half.info.key]
    same, cut, small = (v.measurement for v in end.variants)
    # Sorting changes nothing; cutting to half is what the live half is, and no more.
    assert same.psnr is None or same.psnr > 45
    assert cut.flip == pytest.approx(end.measurements[1].flip, abs=0.002)
    assert cut.ssim == pytest.approx(end.measurements[1].ssim, abs=0.002)
    assert cut.parameters < same.parameters
    assert small.choice.resolution == 16
    assert small.macs < cut.macs
    assert {m.host for m in (same, cut, small)} == {end.measurements[0].host}


def test_a_variant_that_is_gone_gets_a_sentence(model_file, tmp_path):
    gone = BakedFile(str(tmp_path / "gone.safetensors"))
    end = run_job(MeasureJob(str(model_file), (), variants=(gone,)), "token", lambda _: None)
    assert isinstance(end, JobFailed)
    assert "gone.safetensors" in end.sentence
