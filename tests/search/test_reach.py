"""What subnets cost, worked out from sizes: the same as the network itself says."""

from __future__ import annotations

import pytest

from studio.errors import BadChoice
from studio.search.reach import reach, supernet_sizes
from studio.training.gan_compression.shapes import mobile_sizes, resnet_sizes, scaled_sizes
from studio.training.gan_compression.space import choice_of
from tests.training.gan_compression.worlds import tiny_teacher


@pytest.mark.parametrize("unit", ["macs", "paper_macs"])
def test_the_ends_of_a_space_cost_what_the_network_says(unit) -> None:
    model = tiny_teacher()
    found = reach(model.info.config, (1.0, 0.5), unit)
    for widths, price in (
        (found.space.smallest, found.least),
        (found.space.largest, found.most),
    ):
        assert getattr(model.cost(choice_of(widths)), unit) == price
    assert 0 < found.least < found.most


def test_milliseconds_are_not_worked_out() -> None:
    with pytest.raises(BadChoice, match="measured"):
        reach(tiny_teacher().info.config, (1.0,), "ms")


def test_the_supernet_of_the_whole() -> None:
    wide = resnet_sizes(3, 3, 64)
    assert supernet_sizes(wide, 48, fast=True) == wide
    mobile = supernet_sizes(wide, 48, fast=False)
    assert mobile == scaled_sizes(mobile_sizes(wide), 48)
    assert supernet_sizes(mobile_sizes(wide), 48, fast=False) == mobile
