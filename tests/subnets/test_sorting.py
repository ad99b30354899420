"""Channel sorting: the original project's order, an unchanged picture, better subnets."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from studio.families.inputs import GanInputs
from studio.subnets.sorting import channel_orders, permuted, sort_channels
from tests.families.reference import assert_close, case_id, folders, opened, read
from tests.families.small import small_config, small_model


@pytest.mark.parametrize("folder", folders("anycost"), ids=case_id)
def test_the_order_is_that_of_the_original_code(folder: Path) -> None:
    reference = read(folder)
    model = opened(folder / "generator.pt")
    orders = channel_orders(model.network, latents=reference.arrays["sort_z"])
    names = reference.names("sort_order_")
    assert len(orders) == len(names)
    for name, order in zip(names, orders, strict=True):
        assert torch.equal(order, reference.arrays[name]), name


@pytest.mark.parametrize("c_dim", [0, 3])
def test_sorting_leaves_the_full_picture_and_the_given_model_alone(c_dim: int) -> None:
    model = small_model(small_config(c_dim=c_dim))
    inputs = GanInputs(seed=1)
    before = {k: v.clone() for k, v in model.network.state_dict().items()}
    result = model.sorted()
    assert_close(result.picture(result.styles(inputs)), model.picture(model.styles(inputs)))
    assert all(torch.equal(v, before[k]) for k, v in model.network.state_dict().items())
    assert not torch.equal(result.network.const, model.network.const)


def test_sorting_says_so() -> None:
    model = small_model(directions=("age",))
    result = model.sorted()
    assert result.info.sorted_channels
    assert [step.step for step in result.info.history] == ["sort_channels"]
    assert result.info.key != model.info.key
    assert result.info.directions == ("age",)
    assert not model.info.sorted_channels


def test_sorting_twice_changes_nothing_more() -> None:
    once = sort_channels(small_model().network)
    again = channel_orders(once.network)
    for order in again:
        assert torch.equal(order, torch.arange(len(order)))


def test_what_does_not_move_is_shared() -> None:
    network = small_model().network
    result = permuted(network, channel_orders(network))
    for name in ("mapping.0.weight", "layers.2.noise", "rgb.1.bias", "w_avg"):
        mine, other = network.state_dict()[name], result.state_dict()[name]
        assert mine.data_ptr() == other.data_ptr()


def test_a_subnet_keeps_the_channels_that_matter() -> None:
    # Scaling channels up by hand makes them matter; sorted, they come first and survive a cut.
    model = small_model()
    network = small_model().network
    with torch.no_grad():
        network.layers[3].get_parameter("weight")[:, ::2] *= 50.0
    orders = channel_orders(network)
    half = len(orders[3]) // 2
    assert set(orders[3][:half].tolist()) == set(range(0, 2 * half, 2))
    assert orders[3].numel() == model.info.config.channels[3]


def test_progress_is_told() -> None:
    seen: list[float] = []
    small_model().sorted(progress=lambda fraction, text: seen.append(fraction))
    assert seen == sorted(seen)
    assert len(seen) == 8
