"""Which subnets are compiled, and in which order."""

from __future__ import annotations

from dataclasses import replace

from studio.families.info import ModelInfo
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.rungs import MOST, rungs
from tests.families.small import small_model


def described() -> ModelInfo:
    info = small_model().info
    return replace(info, widths=(0.25, 0.5, 1.0), resolutions=(16, 32))


def test_the_sliders_come_first_then_what_is_shown_then_what_is_near() -> None:
    info = described()
    near = SubnetChoice(width=0.4, resolution=16)
    order = rungs(info, near, (SubnetChoice(),))
    assert order[:2] == (near, SubnetChoice())
    grid = {(w, r) for w in (0.25, 0.5, 1.0) for r in (16, 32)}
    assert {(c.width, c.resolution or 32) for c in order[1:]} == grid
    costs = [cost(info.config, resolve(c, info.config)).macs for c in order]
    ratios = [max(costs[0] / c, c / costs[0]) for c in costs[2:]]
    assert ratios == sorted(ratios)


def test_every_subnet_is_there_once_however_it_is_spelt() -> None:
    info = described()
    order = rungs(info, SubnetChoice(resolution=32), (SubnetChoice(), SubnetChoice(width=1.0)))
    assert len({resolve(c, info.config) for c in order}) == len(order) == 6


def test_a_ladder_stays_within_its_limit_but_never_leaves_out_the_sliders() -> None:
    info = described()
    size = cost(info.config, resolve(SubnetChoice(), info.config)).size_bytes
    assert rungs(info, SubnetChoice(), limit=1) == (SubnetChoice(),)
    some = rungs(info, SubnetChoice(), limit=2 * size)
    sizes = [cost(info.config, resolve(c, info.config)).size_bytes for c in some]
    assert 1 < len(some) < 6
    assert sum(sizes) <= 2 * size


def test_a_model_without_trained_widths_has_the_usual_ones() -> None:
    info = replace(described(), widths=(1.0,), resolutions=())
    assert {c.width for c in rungs(info, SubnetChoice())} == {1.0, 0.75, 0.5, 0.25}
    many = replace(info, widths=tuple(n / 40 for n in range(4, 41)))
    assert len(rungs(many, SubnetChoice())) == MOST
