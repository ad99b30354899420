"""Subnet slicing as a technique: the same subnets as the sliders choose, sorted where asked."""

from __future__ import annotations

import pytest
import torch

from plugins.subnet.params import SubnetParams
from plugins.subnet.technique import TECHNIQUE
from studio.errors import BadChoice
from studio.recipes.contract import Context
from studio.subnets.choice import SubnetChoice, resolve
from tests.families.small import small_model

FULL = SubnetChoice()


def selected(choice: SubnetChoice = FULL, **params: object) -> SubnetChoice:
    made = SubnetParams.model_validate(params)
    return TECHNIQUE().select(small_model().info, made, choice)


def test_parameters_are_the_choice() -> None:
    assert selected() == FULL
    assert selected(width=0.5) == SubnetChoice(width=0.5)
    assert selected(width=0.5, rule="anycost").rule == "anycost"
    assert selected(resolution=8) == SubnetChoice(resolution=8)
    free = (0.5, 1.0, 0.25, 1.0)
    assert selected(widths=free, width=0.5) == SubnetChoice(widths=free)
    config = small_model().info.config
    assert resolve(selected(widths=free), config).channels == (12, 12, 24, 20, 4, 4, 12, 12)


def test_what_stands_at_its_default_leaves_earlier_choices() -> None:
    before = SubnetChoice(width=0.5, rule="anycost", resolution=16)
    assert selected(before) == before
    assert selected(before, resolution=8) == SubnetChoice(width=0.5, rule="anycost", resolution=8)
    assert selected(before, width=0.25) == SubnetChoice(width=0.25, resolution=16)
    assert selected(SubnetChoice(widths=(1, 1, 1, 1)), width=0.5) == SubnetChoice(width=0.5)


@pytest.mark.parametrize("params", [{"resolution": 64}, {"widths": (1.0,)}, {"widths": (25,) * 8}])
def test_what_the_model_has_not_is_refused(params: dict[str, object]) -> None:
    with pytest.raises(BadChoice):
        selected(**params)


def test_sorting_orders_the_channels_as_the_command_does() -> None:
    model, technique = small_model(), TECHNIQUE()
    baked = technique.prepare(model, SubnetParams(sort=True), Context())
    sorted_ = model.sorted()
    state = baked.model.network.state_dict()
    assert all(torch.equal(state[n], t) for n, t in sorted_.network.state_dict().items())
    assert baked.model.info.sorted_channels
    assert baked.report.touched == 7
    again = technique.prepare(baked.model, SubnetParams(sort=True), Context())
    assert again.model is baked.model
    assert technique.needed(model.info, SubnetParams(sort=True)) == ("prepare", "select")
    assert technique.needed(baked.model.info, SubnetParams(sort=True)) == ("select",)
    assert technique.needed(model.info, SubnetParams()) == ("select",)
