"""How far denoisers are apart at every step of a run."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from studio.fidelity.step_errors import step_errors
from studio.subnets.choice import SubnetChoice
from studio.subnets.denoisers.choice import Denoising, Reuse
from tests.families.diffusion.tiny import shared_model, small_inputs

SD = "StableDiffusionPipeline"
HALF = SubnetChoice(width=0.5)


@pytest.mark.parametrize("name", [SD, "DiTPipeline", "FluxPipeline"])
def test_full_is_not_apart_and_a_narrow_one_is(name: str) -> None:
    model, inputs = shared_model(name), replace(small_inputs(name), steps=3)
    assert step_errors(model, model, inputs, SubnetChoice()) == (0.0, 0.0, 0.0)
    errors = step_errors(model, model, inputs, HALF)
    assert len(errors) == 3
    assert all(0 < error < 3 for error in errors)


def test_features_are_older_at_every_step_but_the_computed_ones() -> None:
    model, inputs = shared_model(SD), replace(small_inputs(SD), steps=4, scheduler="ddim")
    reused = SubnetChoice(denoising=Denoising(reuse=Reuse(interval=2)))
    errors = step_errors(model, model, inputs, reused)
    assert errors[0] == pytest.approx(0.0, abs=1e-6)
    assert errors[2] == pytest.approx(0.0, abs=1e-6)
    assert min(errors[1], errors[3]) > 1e-5


def test_the_first_step_is_what_both_say_of_the_same_noise() -> None:
    model, inputs = shared_model(SD), replace(small_inputs(SD), steps=2, scheduler="ddim")
    full, half = model.drawing(inputs)(), model.drawing(inputs, HALF)()
    expected = float((half - full).norm() / full.norm())
    assert step_errors(model, model, inputs, HALF)[0] == pytest.approx(expected, rel=1e-4)
    # The run is that of the full one, so the picture it would draw is not touched.
    assert torch.equal(torch.tensor(model.render(inputs)), torch.tensor(model.render(inputs)))


def test_it_can_be_stopped_inside_of_a_step() -> None:
    class Stopped(Exception):
        pass

    asked = 0

    def between() -> None:
        nonlocal asked
        asked += 1
        if asked == 30:
            raise Stopped

    model, inputs = shared_model(SD), replace(small_inputs(SD), steps=2)
    with pytest.raises(Stopped):
        step_errors(model, model, inputs, HALF, between=between)
    assert asked == 30
    model.render(inputs, HALF)
    assert asked == 30
