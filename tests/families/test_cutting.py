"""Subnets as models of their own: the same pictures, nothing shared that would keep them large."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.opening import open_model
from studio.families.stylegan.cutting import cut, keep_channels
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from tests.families.small import small_config, small_model

CHOICES = (
    SubnetChoice(width=0.5),
    SubnetChoice(resolution=16),
    SubnetChoice(width=0.3, resolution=8),
    SubnetChoice(widths=(9, 5, 24, 1, 16, 3, 12, 7)),
)


def _pictures(model: Model, choice: SubnetChoice, noise: float = 1.0) -> torch.Tensor:
    return torch.cat(
        [model.picture(model.styles(GanInputs(seed=s)), choice, noise=noise) for s in range(3)]
    )


@pytest.mark.parametrize("choice", CHOICES)
@pytest.mark.parametrize("c_dim", [0, 3])
def test_a_cut_model_draws_what_the_view_drew(choice: SubnetChoice, c_dim: int) -> None:
    model = small_model(small_config(c_dim=c_dim, conv_clamp=0.8), directions=("age",))
    smaller = cut(model, choice)
    for noise in (1.0, 0.5):
        assert torch.allclose(
            _pictures(smaller, SubnetChoice(), noise), _pictures(model, choice, noise), atol=1e-6
        )
    inputs = GanInputs(seed=4, edits=(("age", 1.5),), truncation=0.6)
    assert (smaller.render(inputs) == model.render(inputs, choice)).all()


def test_it_is_smaller_and_says_so() -> None:
    model = small_model(directions=("age",))
    choice = SubnetChoice(width=0.5, resolution=16)
    smaller = cut(model, choice)
    info = smaller.info
    subnet = resolve(choice, model.info.config)
    assert info.config == replace(
        model.info.config, resolution=16, channels=tuple(c // 2 for c in (24, 24, 24, 20, 16, 16))
    )
    assert (info.parameters, info.size_bytes) == (
        cost(model.info.config, subnet).parameters,
        cost(model.info.config, subnet).size_bytes,
    )
    assert info.widths == (1.0,)
    assert info.resolutions == (4, 8, 16)
    assert info.key != model.info.key
    assert info.key != cut(model, SubnetChoice(width=0.5)).info.key
    assert info.key == cut(model, choice).info.key
    assert [step.step for step in info.history] == ["cut"]
    assert all(t.is_contiguous() for t in smaller.network.state_dict().values())
    held = sum(t.untyped_storage().nbytes() for t in smaller.network.state_dict().values())
    assert held == info.size_bytes


def test_nothing_cut_off_is_the_model_itself() -> None:
    model = small_model()
    assert cut(model, SubnetChoice()) is model
    assert cut(model, SubnetChoice(resolution=32)) is model


def test_it_can_be_saved_and_opened(tmp_path: Path) -> None:
    smaller = cut(small_model(), SubnetChoice(width=0.5))
    smaller.save(tmp_path / "half.safetensors")
    again = open_model(tmp_path / "half.safetensors")
    assert again.info.config == smaller.info.config
    assert again.info.widths == (1.0,)
    assert (again.render(GanInputs(seed=3)) == smaller.render(GanInputs(seed=3))).all()


def test_what_does_not_fit_is_refused() -> None:
    model = small_model()
    with pytest.raises(BadChoice, match=r"a subnet of 4 px .* accepted are 8 px and more"):
        cut(model, SubnetChoice(resolution=4))
    with pytest.raises(BadChoice, match="width 2"):
        cut(model, SubnetChoice(width=2))
    every = [torch.arange(c) for c in model.info.config.channels]
    with pytest.raises(ValueError, match="even number of 4 to 8"):
        keep_channels(model.network, every[:3])
    with pytest.raises(ValueError, match="entry 0 keeps none"):
        keep_channels(model.network, [torch.arange(0), *every[1:]])
    with pytest.raises(ValueError, match="outside 0 to 23"):
        keep_channels(model.network, [torch.tensor([24]), *every[1:]])
