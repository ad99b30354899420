"""Small subnets run on one thread, large ones on all."""

from __future__ import annotations

import torch

from studio.subnets.choice import SubnetChoice
from studio.subnets.threads import suited_threads, threads_for
from tests.families.small import small_config
from tests.subnets.test_cost import CONFIG_F


def test_the_number_follows_the_work() -> None:
    assert threads_for(small_config(), SubnetChoice(), 8) == 1
    assert threads_for(CONFIG_F, SubnetChoice(), 8) == 8
    assert threads_for(CONFIG_F, SubnetChoice(width=0.25, resolution=32), 8) == 1


def test_the_number_is_put_back() -> None:
    before = torch.get_num_threads()
    with suited_threads(small_config(), SubnetChoice()) as threads:
        assert torch.get_num_threads() == threads == 1
    assert torch.get_num_threads() == before
