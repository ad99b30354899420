"""A parameter over a range, and what recipes come of it."""

from __future__ import annotations

import pytest

from studio.errors import BadRecipe
from studio.recipes.recipe import Recipe, Step
from studio.recipes.registry import load_registry
from studio.recipes.sweeping import Sweep, all_swept, parsed, spaced, swept

REGISTRY = load_registry(outside=False)


def test_values_are_equally_far_apart_and_each_is_there_once() -> None:
    assert spaced(0.1, 0.5, 5) == (0.1, 0.2, 0.3, 0.4, 0.5)
    assert spaced(0.3, 0.3, 4) == (0.3,)
    assert spaced(0.1, 0.9, 1) == (0.1,)
    assert spaced(0, 4, 9, whole=True) == (0, 1, 2, 3, 4)
    for low, high, count in ((0.5, 0.1, 3), (0.0, float("inf"), 3), (0.0, 1.0, 0), (0, 1, 51)):
        with pytest.raises(BadRecipe, match=r"not a range|not within 1 and 50"):
            spaced(low, high, count)


@pytest.mark.parametrize(
    ("text", "sweep"),
    [
        ("prune.ratio=0.1:0.5:3", Sweep("prune", "ratio", (0.1, 0.3, 0.5))),
        ("prune.samples=4:8:3", Sweep("prune", "samples", (4, 6, 8))),
        ("prune.importance=l1, taylor,l1", Sweep("prune", "importance", ("l1", "taylor"))),
        ("prune.keep_first=true,false", Sweep("prune", "keep_first", (True, False))),
        ("subnet.width=0.25,1", Sweep("subnet", "width", (0.25, 1))),
        ("subnet.resolution=16:64:2", Sweep("subnet", "resolution", (16, 64))),
    ],
)
def test_sweeps_as_the_command_line_writes_them(text: str, sweep: Sweep) -> None:
    assert parsed(text, REGISTRY) == sweep


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("prune.ratio", "not of the form STEP.FIELD=FROM:TO:COUNT"),
        ("prune.ratio=a:b:3", "not of the form"),
        ("=1,2", "not of the form"),
        ("nothing.x=1,2", "there is no technique nothing"),
        ("prune.ration=0.1:0.5:3", "prune has no field ration; accepted are importance, ratio"),
        ("prune.ratio=0.5:0.1:3", "not a range"),
    ],
)
def test_what_is_no_sweep_is_refused_with_one_sentence(text: str, said: str) -> None:
    with pytest.raises(BadRecipe, match=said):
        parsed(text, REGISTRY)


def test_every_value_is_a_recipe_and_all_else_stays() -> None:
    recipe = Recipe("mine", (Step("prune", 1, True, {"importance": "l1"}), Step("lowrank")))
    made = swept(recipe, Sweep("prune", "ratio", (0.1, 0.3)), REGISTRY)
    assert [each.name for each in made] == ["mine, prune ratio 0.1", "mine, prune ratio 0.3"]
    assert [dict(each.steps[0].params) for each in made] == [
        {"importance": "l1", "ratio": 0.1},
        {"importance": "l1", "ratio": 0.3},
    ]
    assert all(each.steps[1] == recipe.steps[1] for each in made)


def test_a_step_that_is_not_there_is_added_where_the_rules_allow() -> None:
    recipe = Recipe("mine", (Step("int8"),))
    made = swept(recipe, Sweep("prune", "ratio", (0.25,)), REGISTRY)
    assert [step.technique for step in made[0].steps] == ["prune", "int8"]


def test_several_sweeps_give_every_pair_and_need_no_recipe() -> None:
    sweeps = [Sweep("prune", "ratio", (0.1, 0.2)), Sweep("lowrank", "budget", (0.4, 0.6, 0.8))]
    made = all_swept((), sweeps, REGISTRY)
    pairs = {(e.steps[0].params["ratio"], e.steps[1].params["budget"]) for e in made}
    assert (len(made), len(pairs)) == (6, 6)
    assert made[0].name == "full, prune ratio 0.1, lowrank budget 0.4"


def test_two_steps_of_one_technique_are_refused() -> None:
    recipe = Recipe("mine", (Step("prune"), Step("prune")))
    with pytest.raises(BadRecipe, match="2 steps of prune"):
        swept(recipe, Sweep("prune", "ratio", (0.1,)), REGISTRY)
