"""Cuts in sizes that a configuration of diffusers can say: answers stay, and nothing too much."""

from __future__ import annotations

import random
from typing import Any

import pytest
import torch

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import example, outcome
from studio.subnets.denoisers.choice import Elastic, Kept, resolve
from studio.subnets.denoisers.cost import without_content
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.padding import padded
from studio.subnets.denoisers.sayable import Said, said
from studio.subnets.denoisers.slicing import cut
from tests.subnets.denoisers.tiny import denoiser, shared, size

TALL: dict[str, dict[str, Any]] = {
    "sd": {"layers_per_block": 2},
    "sdxl": {"layers_per_block": 2, "transformer_layers_per_block": [1, 3]},
    "ddpm": {"layers_per_block": 2},
    "dit": {"num_layers": 3},
    "pixart": {"num_layers": 4},
    "sd3": {"num_layers": 4, "dual_attention_layers": [1, 2]},
    "flux": {"num_layers": 3, "num_single_layers": 3},
}


@pytest.fixture(scope="module")
def tall() -> dict[str, Any]:
    """Denoisers with more blocks than the smallest have, with random weights."""
    made = {}
    for kind, more in TALL.items():
        small = shared(kind)
        config = {k: v for k, v in small.config.items() if k != "_use_default_values"}
        network = type(small).from_config({**config, **more}).eval().requires_grad_(False)
        generator = torch.Generator().manual_seed(3)
        for tensor in network.parameters():
            fan = tensor[0].numel() if tensor.dim() > 1 else 16
            tensor.copy_(torch.randn(tensor.shape, generator=generator) * fan**-0.5)
        made[kind] = network
    return made


def _plain(network: Any, kept: Kept) -> tuple[Any, Said, int]:
    """A cut as the network that diffusers makes of its smaller configuration, and its zeros."""
    layout = find_layout(network)
    narrow = cut(network, layout, kept)
    names = [name for name, _ in network.named_modules()]
    smaller = said(type(network).__name__, network.config, kept.skipped, names)
    made = padded(narrow, without_content(network), layout, kept, smaller.gone)
    config = {**network.config, **smaller.config}
    config.pop("_use_default_values", None)  # no file has it, and it would undo what is said
    read = type(network).from_config(config).eval()
    tensors = {smaller.renamed(name): tensor for name, tensor in made.tensors.items()}
    read.load_state_dict(tensors, strict=True)
    return read, smaller, made.zeros


@pytest.mark.parametrize("kind", TALL)
def test_any_cut_answers_the_same_in_plain_sizes(kind: str, tall: dict[str, Any]) -> None:
    network = tall[kind]
    layout = find_layout(network)
    blocks = [block.name for block in layout.blocks]
    call = example(network, **size(kind))
    drawn = random.Random(kind)
    fewer = 0
    for share in (0.0, 0.2, 0.5, 0.8, 1.0):
        skipped = tuple(name for name in blocks if drawn.random() < share)
        chosen = Elastic(drawn.choice((1.0, 0.5)), heads=0.5, units=0.3, skipped=skipped)
        kept = resolve(chosen, layout)
        read, smaller, zeros = _plain(network, kept)
        assert smaller.gone <= kept.skipped
        wanted = outcome(cut(network, layout, kept), call)
        found = outcome(read, call)
        assert float((found - wanted).norm()) <= 1e-5 * float(wanted.norm())
        left = sum(tensor.numel() for tensor in read.parameters())
        held = sum(tensor.numel() for tensor in cut(network, layout, kept).parameters())
        assert left == held + zeros
        fewer += len(smaller.gone)
    assert fewer > 0


@pytest.mark.parametrize(
    ("kind", "skipped", "config"),
    [
        ("pixart", ("transformer_blocks.1", "transformer_blocks.2"), {"num_layers": 2}),
        ("sd3", ("transformer_blocks.1",), {"num_layers": 3, "dual_attention_layers": [1]}),
        ("sd3", ("transformer_blocks.3",), {}),  # the last one is made differently
        (
            "flux",
            ("transformer_blocks.0", "single_transformer_blocks.2"),
            {"num_layers": 2, "num_single_layers": 2},
        ),
        (
            "sd",
            ("mid_block.attentions.0", "mid_block.resnets.0"),
            {"mid_block_type": "UNetMidBlock2D"},
        ),
        (
            "sd",
            ("mid_block.resnets.0", "mid_block.attentions.0", "mid_block.resnets.1"),
            {"mid_block_type": None},
        ),
        ("sd", ("mid_block.attentions.0",), {}),
        (
            "sd",
            ("down_blocks.0.attentions.0", "down_blocks.0.attentions.1"),
            {"down_block_types": ["DownBlock2D", "DownBlock2D"]},
        ),
        ("sd", ("down_blocks.0.attentions.0",), {}),
        (
            "sdxl",
            ("up_blocks.0.attentions.1.transformer_blocks.2",),
            {
                "transformer_layers_per_block": [1, 3],
                "reverse_transformer_layers_per_block": [[3, 2, 3], 1],
            },
        ),
        ("ddpm", ("mid_block.attentions.0",), {"add_attention": False}),
    ],
)
def test_what_a_configuration_says(
    kind: str, skipped: tuple[str, ...], config: dict[str, Any], tall: dict[str, Any]
) -> None:
    network = tall[kind]
    names = [name for name, _ in network.named_modules()]
    smaller = said(type(network).__name__, network.config, frozenset(skipped), names)
    assert dict(smaller.config) == config
    assert smaller.gone == (frozenset(skipped) if config else frozenset())


def test_one_block_always_stays(tall: dict[str, Any]) -> None:
    network = tall["flux"]
    every = frozenset(block.name for block in find_layout(network).blocks)
    smaller = said("FluxTransformer2DModel", network.config, every, dict(network.named_modules()))
    assert dict(smaller.config) == {"num_layers": 1, "num_single_layers": 1}
    assert every - smaller.gone == {"transformer_blocks.0", "single_transformer_blocks.0"}


def test_a_network_that_is_no_cut_is_refused() -> None:
    network = denoiser("sd")
    layout = find_layout(network)
    half, kept = Elastic(0.5), Kept()
    narrow = cut(network, layout, resolve(half, layout))
    with pytest.raises(BadChoice, match="which is no cut of"):
        padded(narrow, without_content(network), layout, kept)
    gone = resolve(Elastic(skipped=("mid_block.resnets.0",)), layout)
    with pytest.raises(BadChoice, match=r"no tensor mid_block\.resnets\.0"):
        padded(cut(network, layout, gone), without_content(network), layout, kept)


class Chain(torch.nn.Module):
    """Two layers in the place of one."""

    def __init__(self, layer: Any) -> None:
        super().__init__()
        left, sizes, right = torch.linalg.svd(layer.weight, full_matrices=False)
        self.core = torch.nn.Linear(layer.in_features, len(sizes), bias=False)
        self.expand = torch.nn.Linear(len(sizes), layer.out_features, bias=layer.bias is not None)
        self.core.weight.data = right
        self.expand.weight.data = left * sizes
        if layer.bias is not None:
            self.expand.bias.data = layer.bias.data

    def forward(self, x: Any) -> Any:
        return self.expand(self.core(x))

    def whole(self) -> Any:
        return self.expand.weight @ self.core.weight


def test_chains_become_the_layers_they_stand_for() -> None:
    network = denoiser("pixart")
    layout = find_layout(network)
    kept = resolve(Elastic(0.5), layout)
    narrow = cut(network, layout, kept)
    name = "transformer_blocks.1.ff.net.2"
    before = outcome(narrow, example(network, **size("pixart")))
    narrow.transformer_blocks[1].ff.net[2] = Chain(narrow.get_submodule(name))
    made = padded(narrow, without_content(network), layout, kept)
    assert made.multiplied == 1
    network.load_state_dict(made.tensors, strict=True)
    found = outcome(network, example(network, **size("pixart")))
    assert float((found - before).norm()) <= 1e-4 * float(before.norm())
