"""The conformance checks themselves: each catches a technique that breaks its rule."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest
from pydantic import Field

from studio.families.info import ModelInfo
from studio.families.model import Model
from studio.recipes import testing
from studio.recipes.contract import Baked, Context, LayerReport, Lowered, Params, Technique
from studio.recipes.testing import case, small_generator
from studio.runtimes.quantization import QuantPlan
from studio.subnets.choice import SubnetChoice
from tests.recipes.small_techniques import Scale, ScaleParams, report, scaled


def caught(check: Any, kind: type[Technique], **params: Any) -> str:
    with pytest.raises(AssertionError) as error:
        check(case(kind, params))
    return str(error.value)


def made(**attributes: Any) -> type[Technique]:
    return type("Made", (Scale,), {"__module__": Scale.__module__, **attributes})


def test_a_technique_that_keeps_every_rule_passes() -> None:
    for check in testing.CHECKS:
        if check is not testing.check_imports_no_torch:  # the tests' own module does
            check(case(Scale, {"factor": 0.5}))


def test_it_must_say_what_it_is() -> None:
    check = testing.check_says_what_it_is
    assert "ends in '.'" in caught(check, made(summary="no sentence"))
    assert "longer than 200" in caught(check, made(summary=f"{'a' * 200}."))
    assert "longer than 40" in caught(check, made(title="a" * 41))
    assert "name itself" in caught(check, made(after=("scale",)))


def test_its_module_must_not_load_torch() -> None:
    assert "import that inside functions" in caught(testing.check_imports_no_torch, Scale)


def test_its_parameters_must_be_declared_whole() -> None:
    class Bare(Params):
        factor: float = 1

    class Needed(Params):
        factor: float = Field(description="a")

    class Beyond(Params):
        factor: float = Field(1, le=1, description="a", json_schema_extra={"search": [2.0]})

    check = testing.check_declares_its_parameters
    assert "no description" in caught(check, made(params=Bare))
    assert "has no default" in caught(check, made(params=Needed), factor=1)
    assert "searched at 2" in caught(check, made(params=Beyond))


def test_wrong_values_must_be_refused() -> None:
    class Any_(Params):  # noqa: N801
        factor: Any = Field(1, description="a")

    check = testing.check_refuses_wrong_values
    assert "the field factor takes" in caught(check, made(params=Any_))


def test_it_must_fit_what_it_is_checked_with() -> None:
    check = testing.check_says_whether_it_fits
    assert "it has no eyes" in caught(check, made(applies_to=lambda s, i: "it has no eyes"))

    def empty(self: Technique, info: ModelInfo) -> str | None:
        return None if info.family == "stylegan" else ""

    assert "reason is empty" in caught(check, made(applies_to=empty))
    odd = made(needed=lambda *_: ("lower", "transform"))
    assert "needs lower and does not" in caught(check, odd)


def test_selecting_must_repeat_itself() -> None:
    widths = iter((0.5, 0.25))

    def select(self: Technique, info: ModelInfo, params: Any, choice: Any) -> SubnetChoice:
        return SubnetChoice(width=next(widths))

    assert "differ" in caught(testing.check_selects, made(select=select))


def test_the_given_model_must_stay() -> None:
    def transform(self: Technique, model: Model, params: Any, context: Context) -> Baked:
        model.network.const.add_(1)
        return Baked(model, report(model, "added"))

    check = testing.check_changes_no_input
    assert "transform changed the model" in caught(check, made(transform=transform))

    def lying(self: Technique, model: Model, params: Any, context: Context) -> Baked:
        info = replace(model.info, config=replace(model.info.config, z_dim=9))
        return Baked(Model(info, model.network), report(model, "lied"))

    assert "sizes that do not agree" in caught(check, made(transform=lying))
    assert "gave no Baked" in caught(check, made(transform=lambda *_: None))


def test_preparing_must_keep_the_picture() -> None:
    check = testing.check_prepare_keeps_the_picture
    assert "changed the picture" in caught(check, made(prepare=Scale.transform), factor=2)


def test_reports_must_be_possible() -> None:
    def reporting(**changes: Any) -> type[Technique]:
        def transform(self: Technique, model: Model, params: Any, context: Context) -> Baked:
            return Baked(scaled(model, 1), replace(report(model, "done"), **changes))

        return made(transform=transform)

    check = testing.check_reports
    assert "says nothing" in caught(check, reporting(summary=""))
    assert "no disk_after" in caught(check, reporting(disk_after=0))
    twice = (LayerReport("a"), LayerReport("a"))
    assert "twice" in caught(check, reporting(layers=twice))
    assert "below 0" in caught(check, reporting(layers=(LayerReport("a", bytes_after=-1),)))
    assert "error below 0" in caught(check, reporting(layers=(LayerReport("a", error=-1.0),)))
    large = (LayerReport("a", bytes_before=10**9),)
    assert "in a model of" in caught(check, reporting(layers=large))


def test_it_must_stop_when_asked() -> None:
    def deaf(self: Technique, model: Model, params: Any, context: Context) -> Baked:
        return Baked(scaled(model, 1), report(model, "done"))

    check = testing.check_can_be_stopped
    assert "went on although" in caught(check, made(transform=deaf))

    def beyond(self: Technique, model: Model, params: Any, context: Context) -> Baked:
        context.progress(50, "half")
        return deaf(self, model, params, context)

    assert "told 50" in caught(check, made(transform=beyond))


def test_it_must_repeat_itself() -> None:
    factors = iter((1.0, 2.0))

    def transform(self: Technique, model: Model, params: Any, context: Context) -> Baked:
        return Baked(scaled(model, next(factors)), report(model, "done"))

    assert "other weights" in caught(testing.check_repeats_itself, made(transform=transform))


def test_plans_must_name_what_is_there() -> None:
    class Lower(Technique):
        name = "lower"
        params = ScaleParams

        def lower(self, plan: QuantPlan, model: Model, params: Any, context: Context) -> Lowered:
            return Lowered(replace(plan, layers=("nowhere",)), report(model, "planned"))

    assert "['nowhere']" in caught(testing.check_plans_what_is_there, Lower)


def test_what_it_makes_must_open_again() -> None:
    def transform(self: Technique, model: Model, params: Any, context: Context) -> Baked:
        new = scaled(model, 1)
        new.network.layers[0].noise.mul_(2)  # type: ignore[union-attr,operator]
        return Baked(new, report(model, "done"))

    # The view that it draws with was made before, so that what is saved is another network.
    check = testing.check_opens_again
    assert "differs by" in caught(check, made(transform=transform))


def test_the_small_generator_is_the_same_every_time() -> None:
    first, second = small_generator(), small_generator()
    state = second.network.state_dict()
    assert all(t.equal(state[name]) for name, t in first.network.state_dict().items())
    assert first.info.key != small_generator(8).info.key
