"""Compiling a ladder in a job: the order, what cannot be, and the same cache for both sides."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from studio.engine import compiling
from studio.engine.adopting import from_cache, planned
from studio.engine.drawing import CompiledDrawer
from studio.engine.job_messages import CompileJob, JobDone, JobNear, JobProgress, JobRung
from studio.engine.jobs import run_job
from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_model

WIDTHS = tuple(SubnetChoice(width=w) for w in (0.5, 0.25, 0.75))
FAST = "onnxruntime:cpu:f32"


@pytest.fixture
def model() -> Model:
    return small_model()


@pytest.fixture
def file(model: Model, tmp_path: Path) -> str:
    model.save(tmp_path / "small.safetensors")
    return str(tmp_path / "small.safetensors")


def rungs_of(job: CompileJob, near=lambda: None) -> tuple[list[JobRung], JobDone]:
    heard: list[JobRung] = []
    last = run_job(job, "token", heard.append, near=near)
    assert isinstance(last, JobDone), last
    fractions = [e.fraction for e in heard if isinstance(e, JobProgress)]
    assert fractions == sorted(fractions)
    return [e for e in heard if isinstance(e, JobRung)], last


def test_rungs_are_compiled_in_order_into_the_cache_that_the_renderer_reads(file: str) -> None:
    found, last = rungs_of(CompileJob(file, WIDTHS, (FAST,), 1))
    assert [r.choice for r in found] == list(WIDTHS)
    assert all(r.seconds is not None and not r.sentence for r in found)
    assert last.info is not None
    from studio.families.opening import open_model

    opened = open_model(file)
    for choice in WIDTHS:
        plan = planned(opened, choice, Target.parse(FAST), 1)
        network = from_cache(plan)
        assert network is not None
        names = [p.name for p in plan.network.inputs]
        picture = opened.render_with(network.run, names, GanInputs(seed=3))
        eager = opened.render(GanInputs(seed=3), choice)
        assert np.abs(picture.astype(int) - eager).max() <= 1
    assert from_cache(planned(opened, SubnetChoice(), Target.parse(FAST), 1)) is None


def test_what_is_wanted_now_goes_first(file: str) -> None:
    later = JobNear((SubnetChoice(width=0.6), WIDTHS[2]), (FAST,))
    told: list[JobNear | None] = [None]  # nothing yet, when the first rung is chosen

    def near() -> JobNear | None:
        return told.pop() if told else later

    found, _ = rungs_of(CompileJob(file, WIDTHS, (FAST,), 1), near)
    assert [r.choice.width for r in found] == [0.5, 0.6, 0.75, 0.25]


def test_a_job_rests_while_somebody_drags(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    slept: list[float] = []
    monkeypatch.setattr(compiling.time, "sleep", slept.append)
    dragging = JobNear(WIDTHS[1:], (FAST,), resting=True)
    told = [replace(dragging, resting=False), dragging, dragging, dragging]

    def near() -> JobNear | None:
        return told.pop() if len(told) > 1 else told[0]

    found, _ = rungs_of(CompileJob(file, WIDTHS, (FAST,), 1), near)
    assert slept == [compiling.REST] * 3
    assert [r.choice for r in found] == [*WIDTHS[1:], WIDTHS[0]]


def test_what_cannot_be_compiled_is_said_and_the_rest_goes_on(file: str) -> None:
    found, _ = rungs_of(CompileJob(file, WIDTHS[:1], ("openvino:NPU", "nothing", FAST), 1))
    assert [r.seconds is None for r in found] == [True, True, False]
    assert "NPU" in found[0].sentence
    assert "'nothing' names no runtime" in found[1].sentence


def test_one_bad_choice_costs_one_line(file: str, monkeypatch: pytest.MonkeyPatch) -> None:
    def refused(model: Model, choice: SubnetChoice, target: Target, threads: int, sizes=None):
        if choice == WIDTHS[0]:
            raise BadChoice("not this one")
        return planned(model, choice, target, threads)

    monkeypatch.setattr(compiling, "planned", refused)
    found, _ = rungs_of(CompileJob(file, WIDTHS, (FAST,), 1))
    assert [r.sentence for r in found] == ["not this one", "", ""]


def test_a_compiled_drawer_draws_what_pytorch_draws_and_says_where(model: Model) -> None:
    drawer = CompiledDrawer(model, Target.parse(FAST), threads=1)
    for choice in (WIDTHS[0], SubnetChoice(resolution=16), WIDTHS[0]):
        for inputs in (GanInputs(seed=1), GanInputs(seed=2, noise=0.0), GanInputs(truncation=0.5)):
            drawn = drawer.draw(inputs, choice).astype(int)
            assert np.abs(drawn - model.render(inputs, choice)).max() <= 1
    assert drawer.made_by(WIDTHS[0]) == "ONNX Runtime f32 CPU"
    with drawer.running(GanInputs(), WIDTHS[0]) as (run, threads):
        assert run()["picture"].shape == (1, 3, 32, 32)
    assert threads == 1
