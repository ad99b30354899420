"""What is wrong with a recipe: every sentence names the step, the field, and what is accepted."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from dataclasses import replace
from typing import Any, Literal

import pytest
from pydantic import Field, ValidationError, field_validator, model_validator

from plugins.subnet.params import SubnetParams
from plugins.subnet.technique import Subnet
from studio.errors import BadChoice, BadRecipe
from studio.families.info import ModelInfo
from studio.recipes.checking import (
    checked,
    checked_params,
    live_choice,
    order_problems,
    place_for,
    problems,
    step_of,
    step_problems,
)
from studio.recipes.contract import Params, Technique
from studio.recipes.problem import Problem, accepted, parameter_problems
from studio.recipes.recipe import Recipe, Step
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_model
from tests.recipes.small_techniques import Every, Scale, Twice, registry

EVERY = registry(Subnet, Scale, Twice, Every)


def sentences(*steps: Step, info: ModelInfo | None = None) -> list[str]:
    return [each.sentence for each in problems(Recipe("r", steps), EVERY, info)]


def subnet(**params: Any) -> Step:
    return Step("subnet", params=params)


@pytest.mark.parametrize(
    ("step", "sentence"),
    [
        (
            subnet(width=3),
            "step 1 (subnet), width: 3 is not accepted; accepted is a number above 0 and at most 1",
        ),
        (
            subnet(width=None),
            "step 1 (subnet), width: null is not accepted; "
            "accepted is a number above 0 and at most 1",
        ),
        (
            subnet(wdith=1),
            "step 1 (subnet), wdith: there is no such field; accepted are width, rule, widths, "
            "config_str, resolution, sort, recalibrate, batches; did you mean width?",
        ),
        (
            subnet(rule="half"),
            "step 1 (subnet), rule: half is not accepted; accepted is one of: literal, anycost",
        ),
        (
            subnet(widths=[0.5, "x"]),
            "step 1 (subnet), widths: x (entry 2) is not accepted; "
            "accepted is a list of 1 to 64, each a number or null",
        ),
        (
            subnet(resolution=3.5),
            "step 1 (subnet), resolution: 3.5 is not accepted; "
            "accepted is a whole number from 4 to 16384 or null",
        ),
        (
            subnet(sort=[]),
            "step 1 (subnet), sort: [] is not accepted; accepted is true or false",
        ),
        (
            Step("subnet", 9),
            "step 1 (subnet), version: 9 is newer than the technique here; accepted is 1 and what "
            "it can bring up",
        ),
        (
            Step("shrink"),
            "step 1 (shrink): there is no technique shrink; there are subnet, scale, twice, every",
        ),
    ],
)
def test_a_wrong_step_is_told_in_words(step: Step, sentence: str) -> None:
    assert sentences(step) == [sentence]
    with pytest.raises(BadRecipe) as caught:
        checked(Recipe("r", (step,)), EVERY)
    assert str(caught.value) == sentence


def test_every_wrong_field_is_told_and_numbers_are_of_all_steps() -> None:
    off = Step("subnet", on=False, params={"width": 7})
    found = problems(Recipe("r", (off, subnet(width=2, rule="x"), Step("none"))), EVERY)
    assert [(each.step, each.field) for each in found] == [(2, "width"), (2, "rule"), (3, "")]
    assert step_problems(1, off, EVERY)[0].field == "width"
    many = Recipe("r", tuple(subnet(width=2) for _ in range(5)))
    with pytest.raises(BadRecipe, match=r"step 1 .*; step 2 .*; step 3 .*; and 2 more$"):
        checked(many, EVERY)


def test_what_can_be_run_comes_back_with_every_default() -> None:
    (off, two) = (Step("none", on=False), Step("subnet", params={"widths": [1, 0.5]}))
    (step,) = checked(Recipe("r", (off, two)), EVERY)
    assert (step.number, step.technique.name) == (2, "subnet")
    assert step.params == SubnetParams(widths=(1.0, 0.5))
    assert step_of(Subnet(), SubnetParams(width=0.25)) == Step("subnet", params={"width": 0.25})


def test_canonical_text_is_equal_for_equal_steps() -> None:
    def text(**params: Any) -> str:
        return checked(Recipe("r", (subnet(**params),)), EVERY)[0].canonical

    assert text() == text(width=1) == text(width=1.0, sort=False)
    assert text(width=0.5) != text()


class Kinds(Params):
    """One field of every kind."""

    some: int = Field(default=1, ge=1, description="a")
    below: float = Field(default=0, lt=1, ge=0, description="b")
    text: str = Field(default="", description="c")
    form: str = Field(default="a", pattern="^[a-z]+$", description="d")
    pair: tuple[int, float] = Field(default=(1, 2.0), description="e")
    words: tuple[Literal["x", "y"], ...] = Field(default=(), description="f")
    named: dict[str, int] = Field(default_factory=dict, description="g")
    must: bool
    checked: int = 0

    @field_validator("checked")
    @classmethod
    def _even(cls, value: int) -> int:
        if value % 2:
            raise ValueError(f"{value} is odd; accepted is an even number")
        return value

    @model_validator(mode="after")
    def _both(self) -> Kinds:
        if self.text and self.words:
            raise ValueError("text and words exclude each other; accepted is one of them")
        return self


def test_what_a_field_accepts_is_said_from_its_declaration() -> None:
    schema = Kinds.model_json_schema()
    words = {name: accepted(each, schema) for name, each in schema["properties"].items()}
    assert words == {
        "some": "a whole number of at least 1",
        "below": "a number of at least 0 and below 1",
        "text": "a text",
        "form": "a text of the form ^[a-z]+$",
        "pair": "a list of 2 entries (a whole number; a number)",
        "words": "a list, each one of: x, y",
        "named": "names with values",
        "must": "true or false",
        "checked": "a whole number",
    }


@pytest.mark.parametrize(
    ("values", "field", "text"),
    [
        ({}, "must", "it is missing; accepted is true or false"),
        ({"must": True, "checked": 3}, "checked", "3 is odd; accepted is an even number"),
        (
            {"must": True, "text": "a", "words": ["x"]},
            "",
            "text and words exclude each other; accepted is one of them",
        ),
        (
            {"must": True, "pair": [1, "x" * 100]},
            "pair",
            f"{'x' * 57}... (entry 2) is not accepted; "
            "accepted is a list of 2 entries (a whole number; a number)",
        ),
        (
            {"must": True, "named": {"a": {"b": 1}}},
            "named",
            "{b: 1} is not accepted; accepted is names with values",
        ),
    ],
)
def test_messages_of_a_declaration_become_problems(
    values: Mapping[str, Any], field: str, text: str
) -> None:
    with pytest.raises(ValidationError) as caught:
        Kinds.model_validate(values)
    assert parameter_problems(2, "k", Kinds, caught.value) == (Problem(2, "k", field, text),)


class Older(Technique):
    """Its first version called the factor ``by``."""

    name = "older"
    version = 3
    params = Scale.params

    def migrate(self, params: Mapping[str, Any], version: int) -> dict[str, Any]:
        if version == 1:
            params = {"factor": params["by"]}
        if version == 2 and not params:
            raise BadChoice("2 had no default for the factor; accepted is a step with one")
        return dict(params)


def test_steps_of_older_versions_are_brought_up_by_their_technique() -> None:
    def factor(version: int, **params: Any) -> Any:
        return checked_params(Step("older", version, params=params), Older()).model_dump()

    assert factor(1, by=0.5) == factor(2, factor=0.5) == factor(3, factor=0.5) == {"factor": 0.5}
    known = registry(Older)
    (problem,) = step_problems(4, Step("older", 2), known)
    assert problem.sentence.startswith("step 4 (older), version: 2 had no default")
    (problem,) = step_problems(4, Step("older", 1), known)
    assert problem.sentence == "step 4 (older), version: 1 cannot be brought up ('by')"
    (problem,) = step_problems(4, Step("older", 1, params={"by": 9}), known)
    assert problem.field == "factor"


def test_the_order_that_techniques_ask_for_is_kept() -> None:
    assert sentences(Step("scale"), Step("twice")) == []
    assert sentences(Step("twice"), Step("scale")) == [
        "step 1 (twice): it must come after step 2 (scale)"
    ]
    assert sentences(Step("twice"), Step("scale", on=False)) == []
    assert sentences(Step("every"), Step("scale")) == [
        "step 2 (scale): it changes the network that step 1 (every) makes a plan for, so it must "
        "come before that"
    ]

    class First(Scale):
        name = "first"
        before = ("scale",)

    known = registry(Scale, First)
    (problem,) = order_problems(Recipe("r", (Step("scale"), Step("first"))), known)
    assert problem.sentence == "step 1 (scale): it must come after step 2 (first)"


def test_a_new_step_is_put_where_the_rules_allow() -> None:
    recipe = Recipe("r", (Step("subnet"), Step("twice"), Step("every")))
    assert place_for(recipe, Scale(), EVERY) == 1
    assert place_for(recipe, Twice(), EVERY) == 2
    assert place_for(Recipe(), Scale(), EVERY) == 0
    assert place_for(Recipe("r", (Step("unknown"),)), Scale(), EVERY) == 1


def test_a_step_that_does_not_fit_the_model_says_why() -> None:
    info = small_model().info
    assert sentences(subnet(width=0.5, resolution=16), info=info) == []
    assert sentences(subnet(resolution=64), info=info) == [
        "step 1 (subnet): resolution 64 is not one this model can stop at; it has 4, 8, 16, 32"
    ]
    assert sentences(subnet(width=0.5), subnet(widths=[1, 1, 1]), info=info) == [
        "step 2 (subnet): 3 widths given; this model takes 8 (one per layer) or "
        "4 (one per resolution)"
    ]
    other = replace(info, family="another")
    (sentence,) = sentences(subnet(), info=other)
    assert sentence.startswith("step 1 (subnet): it does not fit small: ")

    class Strange(Scale):
        name = "strange"

        def applies_to(self, info: ModelInfo) -> str | None:
            raise RuntimeError("no idea")

    (problem,) = problems(Recipe("r", (Step("strange"),)), registry(Strange), info)
    assert "RuntimeError: no idea" in problem.sentence


def test_a_recipe_is_live_while_nothing_has_to_be_baked() -> None:
    info = small_model().info

    def live(*steps: Step, of: ModelInfo = info) -> SubnetChoice | None:
        return live_choice(checked(Recipe("r", steps), EVERY, of), of)

    assert live() == SubnetChoice()
    assert live(subnet(width=0.5)) == SubnetChoice(width=0.5)
    assert live(subnet(width=0.5), subnet(resolution=8)) == SubnetChoice(width=0.5, resolution=8)
    assert live(subnet(width=0.5, sort=True)) is None
    ordered = replace(info, sorted_channels=True)
    assert live(subnet(width=0.5, sort=True), of=ordered) == SubnetChoice(width=0.5)
    assert live(subnet(width=0.5), Step("scale")) is None


def test_all_of_this_works_without_torch() -> None:
    code = (
        "import sys\n"
        "from studio.recipes import checking, recipe, registry, shipped\n"
        "known = registry.load_registry()\n"
        "read = shipped.find_recipe('draft')\n"
        "assert recipe.from_text(recipe.to_text(read)) == read\n"
        "assert [s.technique.name for s in checking.checked(read, known)] == ['subnet']\n"
        "assert all(each.schema != '{}' for each in known.descriptions())\n"
        "assert known.params('subnet')().width == 1\n"
        "print(sorted({'torch', 'numpy', 'onnxruntime', 'openvino'} & set(sys.modules)))\n"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "[]\n"), done.stderr
