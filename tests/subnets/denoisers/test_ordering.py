"""Dead heads, groups and units go last and can be left out without a change."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import example, outcome
from studio.subnets.denoisers.choice import Elastic, Kept, resolve
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.measuring import damages, relative_error, skip_order
from studio.subnets.denoisers.ordering import importances, orders, reordered
from studio.subnets.denoisers.slicing import view
from tests.subnets.denoisers import tiny


def _kill(network: Any, site: Any, dead: list[int]) -> None:
    """Nothing is made of these elements any more."""
    for part in site.parts:
        if part.inputs:
            weight = network.get_submodule(part.layer).weight.data
            for element in dead:
                start = part.offset + element * site.size
                weight[:, start : start + site.size] = 0


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_the_dead_go_last_and_can_go(kind: str) -> None:
    network = tiny.denoiser(kind)
    layout = find_layout(network)
    dead = {}
    for place, site in enumerate(layout.sites):
        dead[site.key] = sorted({0, (place * 7 + 1) % site.count} if site.count > 2 else {0})
        _kill(network, site, dead[site.key])
    call = example(network, **tiny.size(kind))
    found = importances(network, layout, [call])
    order = orders(found)
    counts = {}
    for site in layout.sites:
        alive = site.count - len(dead[site.key])
        assert sorted(order[site.key][alive:].tolist()) == dead[site.key]
        assert bool((found[site.key][dead[site.key]] == 0).all())
        counts[site.key] = alive
    sorted_network = reordered(network, layout, order)
    wanted = outcome(network, call)
    assert relative_error(outcome(sorted_network, call), wanted) < 1e-5
    narrow = view(sorted_network, layout, Kept(counts))
    assert relative_error(outcome(narrow, call), wanted) < 1e-5


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_ordered_full_agrees_and_half_of_it_is_better(kind: str) -> None:
    network = tiny.shared(kind)
    layout = find_layout(network)
    call = example(network, **tiny.size(kind))
    wanted = outcome(network, call)
    worst_first = {
        k: order.flip(0) for k, order in orders(importances(network, layout, [call])).items()
    }
    errors = []
    for order in (orders(importances(network, layout, [call])), worst_first):
        made = reordered(network, layout, order)
        assert relative_error(outcome(made, call), wanted) < 1e-5
        half = view(made, layout, resolve(Elastic(width=0.5), layout))
        errors.append(relative_error(outcome(half, call), wanted))
    assert errors[0] < errors[1]
    assert torch.equal(outcome(network, call), wanted)


def test_units_that_are_never_active_weigh_nothing() -> None:
    network = tiny.denoiser("dit")
    layout = find_layout(network)
    site = next(site for site in layout.sites if site.kind == "units")
    first = network.get_submodule(site.name).net[0].proj
    first.weight.data[3] = 0
    first.bias.data[3] = 0
    found = importances(network, layout, [example(network, **tiny.size("dit"))])
    assert int(found[site.key].argmin()) == 3
    assert float(found[site.key][3]) == 0


def test_importance_of_a_unit_by_hand() -> None:
    network = tiny.denoiser("dit")
    layout = find_layout(network)
    site = next(site for site in layout.sites if site.kind == "units")
    reader = network.get_submodule(site.name).net[2]
    seen = []
    handle = reader.register_forward_pre_hook(lambda module, args: seen.append(args[0]))
    call = example(network, **tiny.size("dit"))
    found = importances(network, layout, [call])
    handle.remove()
    wanted = seen[0][..., 5].square().mean() * reader.weight[:, 5].square().sum()
    torch.testing.assert_close(float(found[site.key][5]), float(wanted))


def test_only_what_is_permuted_has_memory_of_its_own() -> None:
    network = tiny.shared("sd")
    layout = find_layout(network)
    site = next(site for site in layout.sites if site.kind == "channels")
    made = reordered(network, layout, {site.key: torch.tensor([3, 1, 0, 2])})
    own = {
        name
        for name, tensor in made.named_parameters()
        if tensor.data_ptr() != network.get_parameter(name).data_ptr()
    }
    assert {name.rpartition(".")[0] for name in own} == {part.layer for part in site.parts}
    moved = made.get_parameter(f"{site.name}.conv1.bias").view(4, -1)
    assert torch.equal(moved[0], network.get_parameter(f"{site.name}.conv1.bias").view(4, -1)[3])


def test_damage_orders_blocks() -> None:
    network = tiny.denoiser("sd")
    for tensor in network.mid_block.resnets[1].conv2.parameters():
        tensor.data.zero_()
    layout = find_layout(network)
    found = damages(network, layout, [example(network, **tiny.size("sd"))])
    order = skip_order(found)
    assert order[0] == "mid_block.resnets.1"
    assert found[order[0]] == 0
    assert sorted(order) == sorted(block.name for block in layout.blocks)
    assert [found[name] for name in order] == sorted(found.values())


def test_without_a_call_nothing_is_measured() -> None:
    network = tiny.shared("dit")
    layout = find_layout(network)
    with pytest.raises(BadChoice, match="no call"):
        importances(network, layout, [])
    with pytest.raises(BadChoice, match="no call"):
        damages(network, layout, [])
