"""Statistics of norms for a subnet, from the card of the window to the report of the job."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from studio.engine.job_messages import BakeJob
from studio.recipes.recipe import Recipe, Step, from_text
from studio.recipes.registry import load_registry
from studio.recipes.values import Values, thawed
from studio.runtimes.target import PYTORCH_CPU
from studio.session.recipes import baking_recipe, taken, whole_recipe
from studio.session.steps import RecipeStep
from studio.subnets.choice import SubnetChoice
from tests.families.translation.projects import SPADE
from tests.families.translation.small import small_model
from tests.widgets.real import opened
from tests.widgets.translation.conftest import info_of

HALF = SubnetChoice(0.5)


def offers(window, qtbot):
    window.stack.add.setChecked(True)
    palette = window.stack.palette_
    qtbot.waitUntil(lambda: bool(palette.shown()), timeout=30_000)
    return {offer.name: offer for offer in palette.shown()}


def test_a_model_without_statistics_needs_none(pictured, qtbot):
    assert not pictured.right.statistics.isVisible()
    offer = offers(pictured, qtbot)["subnet"]
    assert offer.title == "Recalibrate norms"
    assert offer.refused == "The norms of this model keep no statistics."


def test_the_button_adds_the_step_behind_the_cut_and_applies_it(labelled, stage, qtbot):
    window, controller = labelled, labelled.controller
    assert window.right.statistics.isVisible()
    controller.set_subnet(HALF, None)
    assert offers(window, qtbot)["subnet"].refused == ""
    window.right.recalibrate.click()
    qtbot.waitUntil(lambda: bool(controller.document.recipe.steps), timeout=30_000)
    recipe = controller.document.recipe
    assert [(s.technique, s.values()) for s in recipe.steps] == [("subnet", {"recalibrate": True})]
    assert recipe.cut_at == 0
    card = next(iter(window.stack.cards.values()))
    assert card.handle.accessibleName() == "Move Recalibrate norms"

    def baked() -> list[BakeJob]:
        return [h.job for h in stage.runner.handles if isinstance(h.job, BakeJob)]

    qtbot.waitUntil(lambda: bool(baked()), timeout=30_000)
    made = from_text(baked()[0].recipe)
    assert [thawed(step.params) for step in made.steps] == [{"width": 0.5}, {"recalibrate": True}]
    # Once more has nothing to add; one that is off is switched on again.
    window.stack.cards[recipe.steps[0].id].switched.emit(False)
    window.right.recalibrate.click()
    again = controller.document.recipe
    assert [step.on for step in again.steps] == [True]


@pytest.mark.parametrize("choice", [HALF, SubnetChoice()])
def test_a_recipe_that_recalibrates_comes_back_as_it_was(choice):
    registry, info = load_registry(), info_of(replace(SPADE, inputs=8), "labels")
    params: dict[str, object] = {"recalibrate": True, "batches": 2}
    if choice.width != 1:
        params["width"] = choice.width
    found = taken(Recipe("r", (Step("subnet", 1, True, Values(params)),)), registry, info, 1)
    assert found.subnet == choice
    step = RecipeStep("s1", "subnet", 1, '{"batches": 2, "recalibrate": true}')
    assert (found.recipe.steps, found.recipe.cut_at) == ((step,), 0)
    baked = baking_recipe(found.recipe, found.subnet)
    last = thawed(baked.steps[-1].params)
    assert last == {"batches": 2, "recalibrate": True}
    from studio.session.document import Document

    document = found.into(Document())
    assert taken(whole_recipe(document, "r", registry), registry, info, 1) == found


def test_figures_before_and_after_stand_on_the_card(qapp, qtbot, tmp_path):
    model = tmp_path / "labels.safetensors"
    small_model(replace(SPADE, inputs=8)).save(model)
    with opened(qtbot, model, str(PYTORCH_CPU)) as window:
        window.controller.set_subnet(HALF, None)
        window.right.recalibrate.click()
        qtbot.waitUntil(lambda: bool(window.stack.cards), timeout=30_000)
        card = next(iter(window.stack.cards.values()))
        pattern = r"to full: (-?[\d.]+) dB before, (-?[\d.]+) dB after"
        qtbot.waitUntil(lambda: bool(re.search(pattern, card.state.text())), timeout=120_000)
        before, after = map(float, re.search(pattern, card.state.text()).groups())
        assert before != after
        recipe = window.controller.document
        variant = window.app.baking.find(recipe.recipe, recipe.subnet)
        assert variant.info.config.sizes.first == SPADE.first // 2
