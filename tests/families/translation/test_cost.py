"""Counts of weights and multiplies: published ones, and one added up by hand."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from studio.checkpoints.translation_sizes import ResNetSizes, SpadeBlock, SpadeSizes, UNetSizes
from studio.families.translation.config import Settings, TranslationConfig
from studio.families.translation.cost import cost
from studio.subnets.choice import SubnetChoice
from tests.families.translation.projects import EVERY, MOBILE
from tests.families.translation.small import small_model

CYCLEGAN = ResNetSizes(3, 3, 64, (128, 256), (256,) * 9, (128, 64))
PIX2PIX = UNetSizes(
    3, 3, (64, 128, 256, 512, 512, 512, 512, 512), (512, 512, 512, 512, 256, 128, 64)
)


def _gaugan() -> SpadeSizes:
    """Cityscapes: 35 labels and edges, ngf 64."""
    fixed = (SpadeBlock(1024, 1024, 128, False),) * 3
    return SpadeSizes(
        36, 3, 1024, (*fixed, *(SpadeBlock(w, w, 128, True) for w in (512, 256, 128, 64)))
    )


def test_the_papers_figures_of_cyclegan() -> None:
    """Li et al. 2020, table 1: 11.4 M weights and 56.8 G MACs at 256 px."""
    price = cost(TranslationConfig(CYCLEGAN), 256, 256)
    assert price.parameters == 11_378_179
    assert round(price.paper_macs / 1e9, 1) == 56.8
    # A transposed convolution is charged for its output: four times what it multiplies.
    ups = 64 * 64 * 256 * 128 * 9 + 128 * 128 * 128 * 64 * 9
    convolutions = sum(layer.macs for layer in price.layers)
    assert price.paper_macs - convolutions == 3 * ups


def test_the_papers_figures_of_gaugan() -> None:
    """Li et al. 2020, table 1: 93.0 M weights and 281 G MACs at 512 x 256."""
    price = cost(TranslationConfig(_gaugan(), Settings(height=256, width=512)), 256, 512)
    assert round(price.parameters / 1e6, 1) == 93.0
    assert round(price.paper_macs / 1e9) == 281


def test_the_known_size_of_the_unet() -> None:
    """pix2pix prints 54.414 M for its U-Net of 256 px."""
    price = cost(TranslationConfig(PIX2PIX), 256, 256)
    assert round(price.parameters / 1e6, 3) == 54.414


def test_a_small_network_by_hand() -> None:
    sizes = ResNetSizes(1, 1, 2, (3,), (4,), (2,), separable=True)
    price = cost(TranslationConfig(sizes), 8, 8)
    convolutions = {
        "stem": 2 * 1 * 49 * 64,
        "down.0": 3 * 2 * 9 * 16,
        "blocks.0.0.depthwise": 3 * 9 * 16,
        "blocks.0.0.pointwise": 4 * 3 * 16,
        "blocks.0.1.depthwise": 4 * 9 * 16,
        "blocks.0.1.pointwise": 3 * 4 * 16,
        "up.0": 3 * 2 * 9 * 16,
        "head": 1 * 2 * 49 * 64,
    }
    assert {layer.name: layer.macs for layer in price.layers} == convolutions
    # Two multiplies for every value that an instance norm sees.
    norms = 2 * (2 * 64 + 3 * 16 + (3 + 4 + 4 + 3) * 16 + 2 * 64)
    assert price.macs == sum(convolutions.values()) + norms
    assert price.paper_macs == sum(convolutions.values()) + 3 * convolutions["up.0"]
    weights = 2 * 49 + 2 + 3 * 2 * 9 + 3
    weights += 3 * 9 + 3 + 4 * 3 + 4 + 4 * 9 + 4 + 3 * 4 + 3
    weights += 3 * 2 * 9 + 2 + 2 * 49 + 1
    assert price.parameters == weights
    assert price.size_bytes == 4 * weights


@pytest.mark.parametrize("sizes", EVERY)
def test_the_papers_count_is_that_of_the_convolutions_that_run(sizes: object) -> None:
    """Counted again from the shapes that PyTorch sees while it runs."""
    model = small_model(sizes)  # type: ignore[arg-type]
    counted = 0
    whole = torch.nn.functional.conv2d, torch.nn.functional.conv_transpose2d

    def conv2d(x: torch.Tensor, w: torch.Tensor, *rest: object, **named: object) -> torch.Tensor:
        nonlocal counted
        y = whole[0](x, w, *rest, **named)
        counted += y.numel() * w[0].numel()
        return y

    def transposed(x: torch.Tensor, w: torch.Tensor, *r: object, **named: object) -> torch.Tensor:
        nonlocal counted
        y = whole[1](x, w, *r, **named)
        counted += y.numel() * w.shape[0] * w[0, 0].numel()
        return y

    settings = model.info.config.settings
    x = torch.rand(1, model.info.config.sizes.inputs, settings.height, settings.width)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(nn.functional, "conv2d", conv2d)
        patch.setattr(nn.functional, "conv_transpose2d", transposed)
        model.picture(x)
    price = model.cost()
    assert price.paper_macs == counted
    weights = dict(model.network.named_parameters())
    assert price.parameters == sum(weight.numel() for weight in weights.values())


def test_narrower_costs_less_and_larger_pictures_more() -> None:
    model = small_model(MOBILE)
    whole, half = model.cost(), model.cost(SubnetChoice(width=0.5))
    assert half.macs < whole.macs
    assert half.parameters < whole.parameters
    assert half.activations < whole.activations
    assert model.cost(size=(512, 256)).paper_macs == 2 * whole.paper_macs
