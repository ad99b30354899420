"""Style mixing by stages: each stage owns two rows of w+."""

from __future__ import annotations

import numpy as np
import pytest
import torch

from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.families.stylegan.stages import mixed_stages, rows_of
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model


def test_the_chosen_stages_come_from_the_second_seed() -> None:
    model = small_model()
    first, second = (model.styles(GanInputs(seed=s)) for s in (1, 2))
    mixed = model.styles(GanInputs(seed=1, mix_seed=2, mix_stages=(32, 8)))
    rows = list(rows_of((8, 32), model.info.config))
    assert rows == [2, 3, 6, 7]
    expected = first.clone()
    expected[:, rows] = second[:, rows]
    assert torch.equal(mixed, expected)


def test_no_stage_is_the_first_seed_and_every_stage_the_second() -> None:
    model = small_model()
    none = model.styles(GanInputs(seed=1, mix_seed=2, mix_stages=()))
    every = model.styles(GanInputs(seed=1, mix_seed=2, mix_stages=model.info.config.resolutions))
    assert torch.equal(none, model.styles(GanInputs(seed=1)))
    assert torch.equal(every, model.styles(GanInputs(seed=2)))


def test_later_stages_do_not_touch_a_picture_that_stops_before_them() -> None:
    model = small_model()
    small = SubnetChoice(resolution=8)
    plain = model.render(GanInputs(seed=1), small)
    assert (model.render(GanInputs(seed=1, mix_seed=2, mix_stages=(16, 32)), small) == plain).all()
    mixed = model.render(GanInputs(seed=1, mix_seed=2, mix_stages=(8,)), small)
    assert not np.array_equal(mixed, plain)


def test_stages_win_over_the_first_row() -> None:
    config = small_config()
    assert mixed_stages(GanInputs(mix_seed=2, mix_from=3), config) == (16, 32)
    assert mixed_stages(GanInputs(mix_seed=2, mix_from=0, mix_stages=(8,)), config) == (8,)
    assert mixed_stages(GanInputs(mix_from=0, mix_stages=(8,)), config) == ()


def test_a_stage_that_is_not_there_is_refused() -> None:
    with pytest.raises(BadChoice, match="no stage of 64 px; this model has 4, 8, 16, 32"):
        small_model().render(GanInputs(mix_seed=1, mix_stages=(8, 64)))
