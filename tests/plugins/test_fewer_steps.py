"""Fewer steps: what a variant asks of its runs, from the choice to the picture."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from plugins.fewer_steps.params import FewerStepsParams
from plugins.fewer_steps.technique import FewerSteps
from studio.engine.drawing import drawer
from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.fidelity.drawing import whole_picture
from studio.fidelity.step_errors import step_errors
from studio.recipes.applying import apply, cut_to
from studio.recipes.recipe import Recipe, Step
from studio.recipes.registry import load_registry
from studio.recipes.sweeping import parsed, swept
from studio.subnets.choice import SubnetChoice, asked, resolve
from studio.subnets.denoisers.choice import Denoising, Elastic, Sampling
from studio.subnets.describe import variant_name
from tests.families.diffusion.tiny import shared_model, small_inputs

SD = "StableDiffusionPipeline"
OWN = SubnetChoice(denoising=Denoising(sampling=Sampling(3, 2.0, "euler")))


def selected(**params: object) -> SubnetChoice:
    info = shared_model(SD).info
    return FewerSteps().select(info, FewerStepsParams(**params), SubnetChoice())


def test_it_selects_and_says_what_a_model_does_not_take() -> None:
    assert selected(steps=3, guidance=2.0, scheduler="Euler ") == OWN
    assert selected() == SubnetChoice()
    with pytest.raises(BadChoice, match="the scheduler 'no' is not one"):
        selected(scheduler="no")
    with pytest.raises(BadChoice, match="takes no guidance"):
        resolve(OWN, replace(shared_model("DDPMPipeline").info.config, schedulers=("euler",)))
    with pytest.raises(BadChoice, match="1 to 1000"):
        resolve(
            SubnetChoice(denoising=Denoising(sampling=Sampling(0))), shared_model(SD).info.config
        )
    assert variant_name(OWN) == "3 steps, guidance 2, euler"
    narrow = replace(OWN, width=0.5, denoising=replace(OWN.denoising, elastic=Elastic(depth=0.5)))
    assert variant_name(narrow) == "width 0.5, depth 0.5, 3 steps, guidance 2, euler"
    assert narrow.unsampled == SubnetChoice(0.5, denoising=Denoising(Elastic(depth=0.5)))


def test_networks_are_the_same_whatever_their_runs_are_like() -> None:
    model = shared_model(SD)
    config = model.info.config
    assert resolve(OWN, config) == resolve(SubnetChoice(), config)
    assert model.portable(OWN).key == model.portable().key


def test_what_is_asked_is_changed_once() -> None:
    inputs = small_inputs(SD)
    once = asked(inputs, OWN)
    assert (once.steps, once.guidance, once.scheduler) == (3, 2.0, "euler")
    assert (once.prompt, once.seed) == (inputs.prompt, inputs.seed)
    assert asked(once, OWN) == once
    assert asked(inputs, SubnetChoice(0.5)) == inputs
    assert asked(GanInputs(3), OWN) == GanInputs(3)
    # Of what is drawn from a picture at least one step must be left.
    drawn_from = replace(inputs, picture=b"x", strength=0.1)
    assert asked(drawn_from, OWN).steps == 10


def test_the_picture_is_that_of_such_inputs() -> None:
    model, inputs = shared_model(SD), replace(small_inputs(SD), steps=6, guidance=5.0)
    expected = model.render(asked(inputs, OWN))
    assert np.array_equal(model.render(inputs, OWN), expected)
    assert not np.array_equal(model.render(inputs), expected)
    assert whole_picture(model, inputs, OWN).steps == 3
    half = replace(OWN, width=0.5)
    assert len(step_errors(model, model, inputs, half)) == 3
    assert np.array_equal(drawer(model, "pytorch").draw(inputs, OWN), expected)


def test_no_file_can_hold_it() -> None:
    model, recipe = shared_model(SD), Recipe("r", (Step("fewer_steps", params={"steps": 3}),))
    made = apply(model, recipe)
    assert made.choice.sampling.steps == 3
    assert "a way to run" in str(model.uncut(made.choice))
    with pytest.raises(BadChoice, match="no part of a network"):
        cut_to(made)


def test_its_fields_are_swept_alone() -> None:
    registry = load_registry(outside=False)
    made = swept(Recipe("r"), parsed("fewer_steps.guidance=1:4:2", registry), registry)
    assert [dict(recipe.steps[0].params) for recipe in made] == [{"guidance": 1}, {"guidance": 4}]
