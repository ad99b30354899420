"""Subnets are views: no copy, no change, several alive at once, equal in every form."""

from __future__ import annotations

import hashlib
import time

import pytest
import torch
from torch import Tensor

from studio.families.inputs import GanInputs
from studio.families.model import Model
from studio.families.stylegan.baked import bake
from studio.families.stylegan.grouped import modulated_convolution, synthesise_grouped
from studio.subnets.choice import SubnetChoice
from tests.families.small import small_config, small_model

CHOICES = (
    SubnetChoice(),
    SubnetChoice(width=0.5),
    SubnetChoice(width=0.3, resolution=16),
    SubnetChoice(widths=(9, 5, 24, 1, 16, 3, 12, 7)),
    SubnetChoice(resolution=4),
)


def digest(model: Model) -> str:
    content = hashlib.sha256()
    for name, tensor in model.network.state_dict().items():
        content.update(name.encode() + tensor.numpy().tobytes())
    return content.hexdigest()


def storages(model: Model) -> set[int]:
    return {t.untyped_storage().data_ptr() for t in model.network.state_dict().values()}


def batch(model: Model, count: int = 3) -> Tensor:
    z = torch.cat([model.latent(seed) for seed in range(count)])
    return model.styles_of(z, GanInputs())


@pytest.mark.parametrize("choice", CHOICES)
def test_a_view_shares_the_models_memory(choice: SubnetChoice) -> None:
    model = small_model()
    view = model.view(choice)
    mine = storages(model)
    for layer in view.layers:
        for tensor in (layer.weight, layer.style_weight, layer.style_bias, layer.bias):
            assert tensor.untyped_storage().data_ptr() in mine
    for rgb in view.rgb:
        assert rgb.weight.untyped_storage().data_ptr() in mine
    assert view.const.untyped_storage().data_ptr() in mine


def test_two_subnets_are_alive_at_once_and_the_model_never_changes() -> None:
    model = small_model()
    before = digest(model)
    full, half = model.view(), model.view(SubnetChoice(width=0.5))
    assert full.channels == model.info.config.channels
    assert half.channels == tuple(c // 2 for c in full.channels)
    first = model.render(GanInputs(seed=1))
    for choice in CHOICES:
        model.render(GanInputs(seed=2, truncation=0.5, noise=0.3), choice)
    assert (model.render(GanInputs(seed=1)) == first).all()
    assert full.channels == model.info.config.channels
    assert digest(model) == before


def test_choosing_a_subnet_takes_microseconds() -> None:
    model = small_model()
    started = time.perf_counter()
    for _ in range(50):
        model.view(SubnetChoice(width=0.5))
    # A copy of real weights would take a thousand times as long; the bound leaves room for a
    # machine that is busy with something else.
    assert (time.perf_counter() - started) / 50 < 0.05


@pytest.mark.parametrize("clamp", [None, 0.8])
@pytest.mark.parametrize("choice", CHOICES)
def test_every_form_draws_the_same(choice: SubnetChoice, clamp: float | None) -> None:
    model = small_model(small_config(conv_clamp=clamp))
    styles = batch(model)
    picture = model.picture(styles, choice)
    view = model.view(choice)
    assert torch.allclose(synthesise_grouped(view, styles), picture, atol=1e-4)
    baked = bake(view)
    assert torch.allclose(baked(styles), picture, atol=1e-6)
    halved = model.picture(styles, choice, noise=0.5)
    assert torch.allclose(baked(styles, torch.tensor([0.5])), halved, atol=1e-6)


def test_a_baked_subnet_owns_contiguous_memory() -> None:
    model = small_model()
    baked = bake(model.view(SubnetChoice(width=0.5)))
    mine = storages(model)
    buffers = dict(baked.named_buffers())
    assert all(b.is_contiguous() for b in buffers.values())
    assert not mine & {b.untyped_storage().data_ptr() for b in buffers.values()}
    assert not list(baked.parameters())


def test_a_baked_subnet_can_be_exported() -> None:
    model = small_model()
    styles = batch(model, 1)
    choice = SubnetChoice(width=0.5)
    program = torch.export.export(bake(model.view(choice)), (styles,))
    assert torch.allclose(program.module()(styles), model.picture(styles, choice), atol=1e-6)


def test_the_reference_convolution_equals_one_convolution_per_picture() -> None:
    generator = torch.Generator().manual_seed(1)
    x = torch.randn(3, 5, 6, 6, generator=generator)
    weight = torch.randn(4, 5, 3, 3, generator=generator)
    style = torch.randn(3, 5, generator=generator)
    together = modulated_convolution(x, weight, style)
    for n in range(3):
        scaled = weight * style[n][None, :, None, None]
        scaled = scaled / (scaled.square().sum(dim=(1, 2, 3), keepdim=True) + 1e-8).sqrt()
        alone = torch.nn.functional.conv2d(x[n : n + 1], scaled, padding=1)
        assert torch.allclose(together[n : n + 1], alone, atol=1e-5)
