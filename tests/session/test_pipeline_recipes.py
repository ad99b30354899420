"""Where a pipeline's denoiser is cut in a recipe: before what learns, live behind it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from studio.recipes.checking import problems
from studio.recipes.recipe import Recipe
from studio.recipes.registry import Registry, builtin_entries
from studio.session.document import Document, ModelRef
from studio.session.recipes import baking_recipe, taken, whole_recipe
from studio.session.steps import RecipeStep, Steps
from studio.subnets.choice import SubnetChoice, cut_part, live_part
from studio.subnets.denoisers.choice import Denoising, Elastic, Reuse
from tests.families.diffusion.tiny import shared_model

ORDER, LEARN = RecipeStep("s1", "elastic_denoiser"), RecipeStep("s2", "distil")
REUSED = Denoising(Elastic(depth=0.5), Reuse(interval=3))
CHOICE = SubnetChoice(0.5, denoising=REUSED)


@pytest.fixture(scope="module")
def registry() -> Registry:
    return Registry(builtin_entries())


def document(steps: Steps, choice: SubnetChoice) -> Document:
    plain = Document()
    ref = ModelRef("/p", "pipe", "0" * 64, "key", family="diffusion")
    return replace(plain, recipe=steps, subnet=choice, model=ref)


def said(recipe: Recipe) -> list[tuple[str, dict[str, Any]]]:
    return [(step.technique, dict(step.params)) for step in recipe.steps]


def test_what_is_cut_and_what_stays_live() -> None:
    assert cut_part(CHOICE) == SubnetChoice(0.5, denoising=Denoising(Elastic(depth=0.5)))
    assert live_part(CHOICE) == SubnetChoice(denoising=Denoising(reuse=Reuse(interval=3)))
    assert cut_part(SubnetChoice(0.5)) == SubnetChoice(0.5)
    assert live_part(SubnetChoice(0.5)) == SubnetChoice()


def test_a_cut_stands_before_what_learns_and_reads_back(registry: Registry) -> None:
    info = shared_model("StableDiffusionPipeline").info
    steps = Steps((ORDER, LEARN), 1)
    plain = whole_recipe(document(steps, SubnetChoice(0.5)), "r", registry)
    names = [name for name, _ in said(plain)]
    assert names == ["elastic_denoiser", "subnet", "distil"]
    assert said(baking_recipe(steps, SubnetChoice(0.5))) == said(plain)
    recipe = whole_recipe(document(steps, CHOICE), "r", registry)
    assert said(recipe)[1:] == [
        ("elastic_denoiser", {"width": 0.5, "depth": 0.5, "order": False}),
        ("distil", {}),
        ("reuse", {"interval": 3}),
    ]
    assert said(baking_recipe(steps, CHOICE)) == said(recipe)[:-1]
    for made, choice in ((plain, SubnetChoice(0.5)), (recipe, CHOICE)):
        assert not problems(made, registry, info)
        back = taken(made, registry, info, 1)
        assert (back.subnet, back.recipe.cut_at) == (choice, 1)
        assert [step.technique for step in back.recipe.steps] == ["elastic_denoiser", "distil"]


def test_without_a_cut_the_width_is_chosen_behind_what_learns(registry: Registry) -> None:
    info = shared_model("StableDiffusionPipeline").info
    steps = Steps((ORDER, LEARN))
    recipe = whole_recipe(document(steps, CHOICE), "r", registry)
    assert [name for name, _ in said(recipe)] == [
        *("elastic_denoiser", "distil", "elastic_denoiser", "reuse")
    ]
    back = taken(recipe, registry, info, 1)
    assert (back.subnet, back.recipe.cut_at) == (CHOICE, None)
    alone = whole_recipe(document(Steps((ORDER,)), SubnetChoice(0.5)), "r", registry)
    assert said(alone) == [("elastic_denoiser", {"width": 0.5})]
