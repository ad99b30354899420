"""Layers as chains: what they compute, where sites lie in them, and what is refused."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import nn

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import example, outcome
from studio.subnets.denoisers.chain_shapes import ChainShape
from studio.subnets.denoisers.chains import Chain, chain_of, with_chains
from studio.subnets.denoisers.choice import Elastic, resolve
from studio.subnets.denoisers.clones import replaced
from studio.subnets.denoisers.cost import cost_table, multiplies
from studio.subnets.denoisers.finding import LINK, find_layout
from studio.subnets.denoisers.measuring import relative_error
from studio.subnets.denoisers.ordering import importances, orders, reordered
from studio.subnets.denoisers.slicing import cut, view
from tests.subnets.denoisers import tiny

SHAPES = [ChainShape("svd", (3,)), ChainShape("tucker2", (2, 3)), ChainShape("cp", (5,))]


def _random(layer: Any, shape: ChainShape) -> Chain:
    state = Chain(layer, shape).state_dict()
    tensors = {
        n.partition(".")[0]: torch.randn(t.shape) for n, t in state.items() if "bias" not in n
    }
    return chain_of(layer, shape, tensors)


@pytest.mark.parametrize("shape", SHAPES, ids=lambda shape: shape.form)
def test_a_chain_computes_what_its_kernel_does(shape: ChainShape) -> None:
    layer = nn.Conv2d(4, 6, 3, stride=2, padding=1)
    chain = _random(layer, shape)
    assert chain.shape.links == tuple(name for name, _ in chain.named_children())
    x = torch.randn(2, 4, 9, 7)
    wanted = nn.functional.conv2d(x, chain.whole().float(), layer.bias, stride=2, padding=1)
    torch.testing.assert_close(chain(x), wanted, rtol=1e-4, atol=1e-4)
    numbers = sum(t.numel() for n, t in chain.named_parameters() if not n.endswith("bias"))
    assert numbers == shape.weights(4, 6, 9)
    assert (chain.in_channels, chain.out_channels) == (4, 6)


def test_a_chain_of_a_linear_layer() -> None:
    layer = nn.Linear(5, 7)
    chain = _random(layer, ChainShape("svd", (2,)))
    x = torch.randn(3, 5)
    torch.testing.assert_close(chain(x), x @ chain.whole().float().T + layer.bias)
    assert (chain.in_features, chain.out_features) == (5, 7)


def _chained(kind: str) -> tuple[Any, dict[str, ChainShape]]:
    """A denoiser of which every second layer inside of blocks is a chain."""
    network = tiny.denoiser(kind)
    torch.manual_seed(3)
    changes: dict[str, nn.Module] = {}
    sites = {part.layer for site in find_layout(network).sites for part in site.parts}
    for number, (name, layer) in enumerate(network.named_modules()):
        if name in sites and type(layer) in (nn.Linear, nn.Conv2d) and number % 2:
            kernel = isinstance(layer, nn.Conv2d)
            changes[name] = _random(layer, SHAPES[number // 2 % 3] if kernel else SHAPES[0])
            for tensor in changes[name].parameters():
                tensor.data.mul_(0.3)
    shapes = {name: chain.shape for name, chain in changes.items()}  # type: ignore[misc]
    return replaced(network, changes), shapes  # type: ignore[return-value]


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_sites_stay_where_layers_are_chains(kind: str) -> None:
    plain, (network, shapes) = tiny.denoiser(kind), _chained(kind)
    assert shapes
    layout = find_layout(network)
    assert [site.key for site in layout.sites] == [site.key for site in find_layout(plain).sites]
    links = {each.name for each in layout.left if each.reason == LINK}
    assert all(name.rpartition(".")[0] in shapes for name in links)
    call = example(network, **tiny.size(kind))
    wanted = outcome(network, call)
    ordered = reordered(network, layout, orders(importances(network, layout, [call])))
    assert relative_error(outcome(ordered, call), wanted) < 1e-5
    kept = resolve(Elastic(width=0.5), layout)
    narrow, own = view(network, layout, kept), cut(network, layout, kept)
    assert relative_error(outcome(own, call), outcome(narrow, call)) < 1e-5
    assert multiplies(narrow, call) == cost_table(network, layout, call).of(layout, kept)
    # Cutting first and making chains then gives the same shapes.
    again = with_chains(cut(plain, find_layout(plain), kept), shapes)
    assert {n: t.shape for n, t in again.state_dict().items()} == {
        n: t.shape for n, t in own.state_dict().items()
    }


def test_what_cannot_be_a_chain() -> None:
    network = tiny.shared("sd")
    for name, shape, words in (
        ("nowhere", SHAPES[0], "'nowhere' is not a layer"),
        ("mid_block", SHAPES[0], "'mid_block' is not a layer"),
        ("mid_block.attentions.0.transformer_blocks.0.attn1.to_q", SHAPES[1], "form tucker2"),
    ):
        with pytest.raises(BadChoice, match=words):
            with_chains(network, {name: shape})
    with pytest.raises(BadChoice, match="groups"):
        Chain(nn.Conv2d(4, 4, 3, groups=2), SHAPES[0])
    for form, ranks in (("svd", (0,)), ("svd", (1, 2)), ("tucker2", (3,)), ("other", (1,))):
        with pytest.raises(BadChoice):
            ChainShape(form, ranks)  # type: ignore[arg-type]
