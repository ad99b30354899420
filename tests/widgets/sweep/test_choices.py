"""What a sweep makes."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from studio.errors import BadChoice
from studio.session.document import Document
from studio.subnets.choice import SubnetChoice, resolve
from tests.widgets.fakes import model_info
from widgets.sweep.choices import MOST, SweepPlan, keeping, not_kept, sweep, widths

INFO = model_info()


def test_widths_in_equal_steps_with_both_ends():
    assert widths(SweepPlan(0.25, 1.0, 4, (64,))) == (0.25, 0.5, 0.75, 1.0)
    assert widths(SweepPlan(0.2, 0.9, 3, (64,))) == (0.2, 0.55, 0.9)
    assert widths(SweepPlan(0.3, 0.6, 1, (64,))) == (0.6,)
    assert widths(SweepPlan(0.5, 0.5, 7, (64,))) == (0.5,)


def test_every_width_at_every_resolution_without_full():
    assert sweep(SweepPlan(0.5, 1.0, 2, (64, 16)), INFO) == (
        SubnetChoice(width=0.5, resolution=16),
        SubnetChoice(resolution=16),
        SubnetChoice(width=0.5),
    )


def test_widths_that_give_the_same_channels_are_one():
    # 32 channels: a width of 0.5 to 0.53 is 16 of them.
    made = sweep(SweepPlan(0.5, 0.53, 4, (64,)), INFO)
    assert made == (SubnetChoice(width=0.5),)


@given(st.floats(0.02, 1), st.floats(0.02, 1), st.integers(1, 50))
def test_a_sweep_is_of_different_subnets_within_its_range(one, other, steps):
    low, high = sorted((one, other))
    made = sweep(SweepPlan(low, high, steps, (32, 64)), INFO)
    resolved = [resolve(c, INFO.config) for c in made]
    assert len(set(resolved)) == len(resolved) <= 2 * steps
    assert all(low - 1e-4 <= c.width <= high + 1e-4 for c in made)
    assert resolve(SubnetChoice(), INFO.config) not in resolved


@pytest.mark.parametrize(
    ("plan", "words"),
    [
        (SweepPlan(0.0, 1.0, 4, (64,)), "range within 0 and 1"),
        (SweepPlan(0.9, 0.5, 4, (64,)), "range within 0 and 1"),
        (SweepPlan(0.5, 1.5, 4, (64,)), "range within 0 and 1"),
        (SweepPlan(0.5, 1.0, 0, (64,)), "within 1 and 50"),
        (SweepPlan(0.5, 1.0, 51, (64,)), "within 1 and 50"),
        (SweepPlan(0.5, 1.0, 4, ()), "at least one resolution"),
        (SweepPlan(0.5, 1.0, 4, (63,)), "resolution 63"),
    ],
)
def test_what_cannot_be_swept_is_said(plan, words):
    with pytest.raises(BadChoice, match=words):
        sweep(plan, INFO)


def test_a_sweep_has_a_limit():
    config = replace(INFO.config, channels=(512,) * 10)
    wide = model_info(config=config)
    pixels = (4, 8, 16, 32, 64)
    assert len(sweep(SweepPlan(0.1, 0.9, 40, pixels), wide)) == MOST
    with pytest.raises(BadChoice, match="250 variants are too many"):
        sweep(SweepPlan(0.1, 0.9, 50, pixels), wide)


def test_what_is_kept_already_is_not_kept_again():
    before = replace(Document(), subnet=SubnetChoice(widths=(0.5,) * 5)).keeping("mine")
    before = replace(before, subnet=SubnetChoice(width=0.9))
    made = sweep(SweepPlan(0.25, 0.75, 3, (64,)), INFO)
    new = not_kept(made, before, INFO)
    assert new == (SubnetChoice(width=0.25), SubnetChoice(width=0.75))
    after = keeping(before, new, INFO)
    assert [(v.id, v.name) for v in after.kept] == [
        ("k1", "mine"), ("k2", "width 0.25, 64 px"), ("k3", "width 0.75, 64 px")
    ]  # fmt: skip
    assert [v.choice for v in after.kept[1:]] == list(new)
    assert after.subnet == before.subnet
    assert not_kept(made, after, INFO) == ()


def test_a_kept_subnet_of_another_model_is_in_nobodys_way():
    odd = replace(Document(), subnet=SubnetChoice(resolution=4096)).keeping("odd")
    assert not_kept((SubnetChoice(width=0.5),), odd, INFO) == (SubnetChoice(width=0.5),)


def test_a_sweep_of_widths_keeps_subnets_of_the_model_whatever_the_recipe():
    from studio.session.steps import RecipeStep, Steps

    steps = Steps((RecipeStep("s1", "prune", 1, '{"ratio":0.5}'),))
    half = SubnetChoice(width=0.5)
    pruned = replace(Document(), subnet=half, recipe=steps).keeping("pruned")
    assert not_kept((half,), pruned, INFO) == (half,)  # the recipe made another variant of it
    after = keeping(pruned, (half,), INFO)
    assert [variant.recipe for variant in after.kept] == [steps, Steps()]
    assert (after.subnet, after.recipe) == (half, steps)
    assert not_kept((half,), after, INFO) == ()
