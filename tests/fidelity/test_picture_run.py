"""Timing pictures that take many steps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from studio.fidelity import measure as measuring
from studio.fidelity import picture_run
from studio.fidelity.drawing import whole_picture
from studio.fidelity.measure import measure
from studio.fidelity.picture_run import PictureRun
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from tests.families.diffusion.tiny import shared_model, small_inputs
from tests.families.small import small_model

SD = "StableDiffusionPipeline"


def test_the_mean_step_is_the_median_of_pictures(monkeypatch: pytest.MonkeyPatch) -> None:
    now = [0.0]
    monkeypatch.setattr(picture_run.time, "perf_counter", lambda: now[0])
    lengths = iter([0.5, 0.5, 0.1, 0.3, 0.2, 0.2])

    def step() -> None:
        now[0] += next(lengths)

    def draw(watch: object) -> str:
        run = watch(step)  # type: ignore[operator]
        for _ in range(2):
            run()
            now[0] += 10.0  # the rest of the pipeline
        return "picture"

    run = PictureRun(draw, 2)
    assert [run() for _ in range(3)] == ["picture"] * 3
    assert run.step_ms(2) == pytest.approx(1000 * 0.4 / 2)  # of 0.4 and 0.4, not the warm-up's 1.0


def test_a_choice_within_a_run_is_timed_as_it_runs() -> None:
    model, inputs = shared_model(SD), replace(small_inputs(SD), steps=4)
    reused = SubnetChoice(denoising=Denoising(reuse=Reuse(interval=2, guided=(0.0, 0.5))))
    calls: list[int] = []
    forms = []
    denoisers = model.running_network

    def watch(run):
        forms.append(run)

        def call(*args, **kwargs):
            calls.append(1)
            return run(*args, **kwargs)

        return call

    drawn = model.render(inputs, reused, watch=watch)
    assert len(calls) == 5  # the scheduler asks twice at first
    assert forms[0] is not denoisers
    assert (drawn == model.render(inputs, reused)).all()
    assert (model.render(inputs, watch=watch) == model.render(inputs)).all()
    assert forms[1] is denoisers
    assert whole_picture(small_model(), None, SubnetChoice()) is None


def test_reuse_and_width_by_timestep_are_measured(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(measuring, "SECONDS", 0.0)
    model, inputs = shared_model(SD), replace(small_inputs(SD), steps=2)
    reused = SubnetChoice(denoising=Denoising(reuse=Reuse(interval=2)))
    by_step = SubnetChoice(width=0.75, denoising=Denoising(Elastic(schedule=(1.0, 0.5))))
    found = measure(model, [reused, by_step], inputs=inputs, seeds=1)
    assert [each.name for each in found] == ["full", "reuse 2", "width 0.75, by timestep"]
    assert all(each.steps == 2 and each.step_ms is not None for each in found)
    full, other, _ = found
    assert other.macs < full.macs
    assert other.psnr is not None
