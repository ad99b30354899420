"""Scanning in a job: the network that the step will see, what is proposed, what is kept."""

from __future__ import annotations

from pathlib import Path

import pytest

from plugins.int8.params import Int8Params
from plugins.int8.technique import TECHNIQUE
from studio.engine.job_messages import JobDone, JobFailed, JobProgress, ScanJob
from studio.engine.jobs import run_job
from studio.recipes.applying import apply
from studio.recipes.contract import Context
from studio.recipes.recipe import Recipe, Step, to_text
from studio.recipes.scan_store import kept_scan
from tests.families.quantised import convolutions, tame_model

MODEL = tame_model()


@pytest.fixture
def file(tmp_path: Path) -> str:
    path = tmp_path / "tame.safetensors"
    MODEL.save(path)
    return str(path)


def recipe(*before: Step, **params: object) -> Recipe:
    return Recipe("r", (*before, Step("int8", params={"samples": 4, **params})))


def scanned(file: str, wanted: Recipe) -> JobDone:
    said: list[object] = []
    end = run_job(ScanJob(file, to_text(wanted)), "token", said.append)
    assert isinstance(end, JobDone), end
    fractions = [p.fraction for p in said if isinstance(p, JobProgress)]
    assert fractions == sorted(fractions)
    return end


def test_every_layer_is_told_and_the_worst_are_proposed(file: str) -> None:
    end = scanned(file, recipe(wanted=60, keep=["layer1.convolved"]))
    scan = end.scan
    assert scan is not None
    names = [layer.name for layer in scan.found.layers]
    assert names == [layer.name for layer in MODEL.portable().layers]
    assert scan.wanted == 60
    assert {name for name, _ in scan.fixed} == {f"rgb{k}.convolved" for k in range(4)}
    # The same as the technique decides by itself.
    made = apply(MODEL, recipe(wanted=60))
    assert made.plan is not None
    kept = {name for name, why in made.plan.keep if "costs the most" in why}
    assert kept == set(scan.proposal.keep)
    assert kept
    assert scan.proposal.reached
    # It looks at what smoothing has made, not at the model in the file.
    even = TECHNIQUE().prepare(MODEL, Int8Params(samples=4), Context()).model
    again = TECHNIQUE().scan(even, Int8Params(samples=4, wanted=60), Context())
    assert again.found.layers == scan.found.layers


def test_it_is_kept_for_equal_recipes(file: str) -> None:
    end = scanned(file, recipe())
    assert end.info is not None
    assert kept_scan(end.info.key, recipe(keep=["layer0.convolved"])) == end.scan
    assert kept_scan(end.info.key, recipe(alpha=0.2)) is None


def test_steps_before_it_count(file: str) -> None:
    half = Step("subnet", params={"width": 0.5, "resolution": 16})
    end = scanned(file, recipe(half))
    assert end.scan is not None
    names = [layer.name for layer in end.scan.found.layers]
    assert "layer6.convolved" not in names
    assert set(names) & set(convolutions(MODEL))


def test_a_recipe_without_such_a_step_is_refused(file: str) -> None:
    end = run_job(ScanJob(file, to_text(Recipe("r", (Step("subnet"),)))), "token", lambda p: None)
    assert isinstance(end, JobFailed)
    assert end.sentence == "the last step of this recipe has no layers to scan"
