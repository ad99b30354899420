"""Weights carried into narrower networks: exactly what the paper's code gives."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
import torch

from studio.checkpoints import open_checkpoint
from studio.checkpoints.translation_sizes import TranslationSizes
from studio.errors import BadChoice
from studio.families.opening import open_model
from studio.families.translation.model import TranslationModel
from studio.families.translation.stages import stages, with_widths
from studio.training.gan_compression.making import narrowed
from studio.training.gan_compression.shapes import mobile_sizes
from studio.training.gan_compression.transfer import strongest, transferred
from tests.families.translation.projects import MOBILE, RESNET, SPADE, UNET, random_tensors
from tests.families.translation.small import small_model
from tests.fixtures_root import FIXTURES, folders_with

FOLDERS = folders_with("gan_compression", "source_net_G.pth")


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_fixtures_hold_the_exact_result(folder: str) -> None:
    base = FIXTURES / folder
    source = open_checkpoint(base / "source_net_G.pth")
    wanted = open_checkpoint(base / "latest_net_G.pth")
    assert source.sizes is not None
    assert wanted.sizes is not None
    made = transferred(source.tensors, source.sizes, wanted.sizes)
    assert set(made) == set(wanted.tensors)
    for name, tensor in wanted.tensors.items():
        assert torch.equal(made[name], tensor), name


@pytest.mark.parametrize("folder", FOLDERS)
def test_the_narrow_model_draws_what_the_original_code_draws(folder: str) -> None:
    base = FIXTURES / folder
    source = open_model(base / "source_net_G.pth")
    wanted = open_model(base / "latest_net_G.pth")
    assert isinstance(source, TranslationModel)
    assert isinstance(wanted, TranslationModel)
    made = narrowed(source, wanted.info.config.sizes)
    with np.load(base / "io.npz") as arrays:
        x, y = torch.from_numpy(arrays["input"]), torch.from_numpy(arrays["output"])
    assert (made.picture(x) - y).abs().max() < 1e-4
    assert made.info.history[-1].step == "transfer"
    assert made.info.key != source.info.key


def test_the_strongest_come_first_and_keep_that_order() -> None:
    kernel = torch.tensor([[1.0], [-3.0], [2.0], [0.5]]).view(4, 1, 1, 1)
    assert strongest(kernel, (1, 2, 3), 3).tolist() == [1, 2, 0]


@pytest.mark.parametrize("sizes", [RESNET, MOBILE, UNET, SPADE])
def test_as_many_channels_only_change_their_order(sizes: TranslationSizes) -> None:
    """So the network draws the same, whatever form it has: every index was carried through."""
    model = small_model(sizes)
    made = narrowed(model, sizes)
    side = model.info.config.nearest(64, 64)
    x = torch.rand(1, sizes.inputs, *side, generator=torch.Generator().manual_seed(1))
    assert (model.picture(x) - made.picture(x)).abs().max() < 1e-4
    before, after = model.network.tensors(), made.network.tensors()
    assert any(not torch.equal(before[name], after[name]) for name in before)


@pytest.mark.parametrize("sizes", [RESNET, MOBILE, UNET, SPADE])
def test_half_the_channels_fit_every_form(sizes: TranslationSizes) -> None:
    widths = [max(1, stage.channels // 2) for stage in stages(sizes)]
    made = narrowed(small_model(sizes), with_widths(sizes, widths))
    x = torch.rand(1, sizes.inputs, *made.info.config.nearest(64, 64))
    assert made.picture(x).isfinite().all()


def test_wider_or_other_networks_are_refused() -> None:
    tensors = random_tensors(RESNET)
    with pytest.raises(BadChoice, match=r"narrower networks; stem\.weight would grow"):
        transferred(tensors, RESNET, replace(RESNET, stem=RESNET.stem + 1))
    with pytest.raises(BadChoice, match="networks of one form alone"):
        transferred(tensors, RESNET, mobile_sizes(RESNET))
