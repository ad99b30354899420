"""What can be narrowed in a denoiser, and the reason where something cannot."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from studio.errors import BadChoice
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.slicing import view
from tests.subnets.denoisers import tiny


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_every_layer_is_in_a_site_or_has_a_reason(kind: str) -> None:
    network = tiny.shared(kind)
    layout = find_layout(network)
    covered = {part.layer for site in layout.sites for part in site.parts}
    explained = {one.name for one in layout.left}
    with_weights = {n for n, m in network.named_modules() if any(True for _ in m._parameters)}
    missing = {
        name
        for name in with_weights - covered - explained
        if any(tensor is not None for tensor in network.get_submodule(name)._parameters.values())
    }
    assert missing == set()
    assert len({site.key for site in layout.sites}) == len(layout.sites)


def test_sites_of_a_stable_diffusion_block() -> None:
    layout = find_layout(tiny.shared("sd"))
    sites = {site.key: site for site in layout.sites}
    resnet = sites["mid_block.resnets.0:channels"]
    assert (resnet.count, resnet.size) == (4, 4)
    attention = "mid_block.attentions.0.transformer_blocks.0"
    assert sites[f"{attention}.attn2:heads"].count == 4
    assert sites[f"{attention}.ff:units"].count == 4 * 16
    assert sites[f"{attention}.ff:units"].block == "mid_block.attentions.0"


def test_the_first_block_of_a_dit_stays_since_its_end_reads_from_it() -> None:
    names = [block.name for block in find_layout(tiny.shared("dit")).blocks]
    assert names == ["transformer_blocks.1", "transformer_blocks.2"]


def test_blocks_that_change_the_shape_are_no_blocks_to_skip() -> None:
    network = tiny.shared("sd")
    for block in find_layout(network).blocks:
        if block.kind == "resnet":
            resnet: Any = network.get_submodule(block.name)
            assert resnet.in_channels == resnet.out_channels
    names = {block.name for block in find_layout(network).blocks}
    assert "up_blocks.0.resnets.0" not in names


def _reason(network: nn.Module, name: str) -> str:
    return next(one.reason for one in find_layout(network).left if one.name == name)


def test_reasons() -> None:
    network = tiny.denoiser("sd")
    mid = network.mid_block
    attention = "mid_block.attentions.0.transformer_blocks.0"
    mid.attentions[0].transformer_blocks[0].attn1.processor = lambda *args, **kwargs: None
    assert "does not say where its heads are" in _reason(network, f"{attention}.attn1")
    mid.attentions[0].transformer_blocks[0].attn2.heads = 1
    assert _reason(network, f"{attention}.attn2") == "it has a single head"
    mid.resnets[0].time_embedding_norm = "spatial"
    assert "acts by spatial" in _reason(network, "mid_block.resnets.0")

    class Odd(nn.Linear):
        pass

    mid.attentions[0].transformer_blocks[0].ff.net[2] = Odd(64, 16)
    assert "not a plain one" in _reason(network, f"{attention}.ff")
    conv: Any = mid.resnets[1].conv1
    conv.weight = nn.Parameter(conv.weight.to(torch.int8), requires_grad=False)
    assert "stored quantised" in _reason(network, "mid_block.resnets.1")


def test_what_runs_by_a_hook_is_left_alone() -> None:
    network = tiny.denoiser("sd")
    resnet = network.mid_block.resnets[0]
    resnet.forward = resnet.forward
    assert "in the place of" in _reason(network, "mid_block.resnets.0")
    layout = find_layout(network)
    assert "mid_block.resnets.0" not in {block.name for block in layout.blocks}
    network.forward = network.forward
    with pytest.raises(BadChoice, match="disable it"):
        view(network, layout, Kept({layout.sites[0].key: 1}))
