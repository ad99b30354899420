"""Multiplies of denoisers against counts by hand, and of subnets against running them."""

from __future__ import annotations

import pytest
import torch
from torch import nn

from studio.subnets.denoisers.calls import Call, example
from studio.subnets.denoisers.choice import Elastic, resolve
from studio.subnets.denoisers.cost import cost_table, multiplies
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.slicing import view
from tests.subnets.denoisers import tiny


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_the_table_tells_what_a_subnet_runs(kind: str) -> None:
    network = tiny.shared(kind)
    layout = find_layout(network)
    call = example(network, **tiny.size(kind))
    table = cost_table(network, layout, call)
    assert table.of(layout, resolve(Elastic(), layout)) == table.total
    for choice in (Elastic(width=0.5, depth=0.6), Elastic(heads=0.4, units=0.3)):
        kept = resolve(choice, layout)
        assert table.of(layout, kept) == multiplies(view(network, layout, kept), call)


def test_a_resnet_by_hand() -> None:
    resnet = tiny.shared("sd").mid_block.resnets[0]
    call = Call((torch.zeros(2, 16, 6, 5), torch.zeros(2, 32)))
    wanted = 2 * (2 * 6 * 5 * 16 * 16 * 9) + 2 * 32 * 16
    assert multiplies(resnet, call) == wanted


def test_an_attention_and_a_gated_feed_forward_by_hand() -> None:
    block = tiny.shared("sd").mid_block.attentions[0].transformer_blocks[0]
    tokens, text, batch = 20, 7, 3
    call = Call(
        (torch.zeros(batch, tokens, 16),), {"encoder_hidden_states": torch.zeros(batch, text, 12)}
    )
    own = 4 * tokens * 16 * 16 + 2 * tokens * tokens * 16
    cross = 2 * tokens * 16 * 16 + 2 * text * 12 * 16 + 2 * tokens * text * 16
    feed_forward = tokens * 16 * (2 * 64) + tokens * 64 * 16
    assert multiplies(block, call) == batch * (own + cross + feed_forward)


def test_a_block_of_flux_by_hand() -> None:
    network = tiny.shared("flux")
    layout = find_layout(network)
    table = cost_table(network, layout, example(network, batch=1, height=8, width=8, tokens=5))
    tokens, width = 16 + 5, 24
    units = tokens * width * 96 * 2
    heads = 4 * tokens * width * width + 2 * tokens * tokens * width
    assert table.sites["single_transformer_blocks.0:units"] == units
    assert table.sites["single_transformer_blocks.0.attn:heads"] == heads
    modulation = width * 3 * width
    assert table.blocks["single_transformer_blocks.0"] == units + heads + modulation


def test_counting_makes_no_tensors_with_content() -> None:
    class Huge(nn.Module):
        def __init__(self) -> None:
            super().__init__()
            self.layer = nn.Linear(8, 8, bias=False)

        def forward(self, x: torch.Tensor) -> torch.Tensor:
            assert x.is_meta
            made: torch.Tensor = self.layer(x)
            return made

    assert multiplies(Huge(), Call((torch.zeros(10, 8),))) == 640
