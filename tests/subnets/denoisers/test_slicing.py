"""Subnets of denoisers are views of the same tensors, and a cut answers as its view does."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import example, outcome
from studio.subnets.denoisers.choice import Elastic, Kept, resolve
from studio.subnets.denoisers.cost import without_content
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.slicing import cut, view, widths_of
from tests.subnets.denoisers import tiny


def _asked(kind: str) -> tuple[Any, Any, Any]:
    network = tiny.shared(kind)
    return network, find_layout(network), example(network, **tiny.size(kind))


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_whole_is_the_denoiser_itself(kind: str) -> None:
    network, layout, _ = _asked(kind)
    assert view(network, layout, resolve(Elastic(), layout)) is network


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_a_view_copies_nothing_and_leaves_the_denoiser_alone(kind: str) -> None:
    network, layout, call = _asked(kind)
    before = outcome(network, call)
    narrow = view(network, layout, resolve(Elastic(width=0.5, depth=0.6), layout))
    assert type(narrow) is type(network)
    assert narrow.config is network.config
    spans = {}
    for tensor in network.parameters():
        store = tensor.untyped_storage()
        spans[store.data_ptr()] = store.data_ptr() + store.nbytes()
    for tensor in narrow.parameters():
        start = tensor.untyped_storage().data_ptr()
        assert start in spans
        assert start <= tensor.data_ptr() < spans[start]
    kept = sum(tensor.numel() for tensor in narrow.parameters())
    assert kept < sum(tensor.numel() for tensor in network.parameters())
    assert not torch.equal(outcome(narrow, call), before)
    assert torch.equal(outcome(network, call), before)


def test_a_view_follows_the_weights_of_its_denoiser() -> None:
    network = tiny.denoiser("sd")
    layout = find_layout(network)
    narrow: Any = view(network, layout, resolve(Elastic(width=0.5), layout))
    original = network.mid_block.resnets[0].conv1
    part = narrow.mid_block.resnets[0].conv1
    assert part.weight.shape[0] == original.weight.shape[0] // 2
    assert part.weight.data_ptr() == original.weight.data_ptr()
    original.weight.data[0].fill_(3.0)
    assert bool((part.weight[0] == 3.0).all())


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_a_cut_answers_as_its_view_on_memory_of_its_own(kind: str) -> None:
    network, layout, call = _asked(kind)
    kept = resolve(Elastic(width=0.5, depth=0.6), layout)
    narrow, made = view(network, layout, kept), cut(network, layout, kept)
    torch.testing.assert_close(outcome(made, call), outcome(narrow, call), rtol=1e-5, atol=1e-6)
    stores = {tensor.untyped_storage().data_ptr() for tensor in network.parameters()}
    for tensor in made.parameters():
        assert tensor.untyped_storage().data_ptr() not in stores
        assert tensor.untyped_storage().nbytes() == tensor.numel() * tensor.element_size()


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_a_cut_is_made_of_plain_layers_and_can_be_cut_again(kind: str) -> None:
    network, layout, call = _asked(kind)
    made = cut(network, layout, resolve(Elastic(width=0.5), layout))
    assert list(made.state_dict()) == list(network.state_dict())
    again = find_layout(made)
    halves = {site.key: max(1, site.count // 2) for site in layout.sites}
    assert {site.key: site.count for site in again.sites}.items() <= halves.items()
    twice = cut(made, again, resolve(Elastic(width=0.5), again))
    once = {site.key: max(1, halves[site.key] // 2) for site in layout.sites}
    wanted = view(network, layout, Kept(once))
    torch.testing.assert_close(outcome(twice, call), outcome(wanted, call), rtol=1e-5, atol=1e-5)


def test_tensors_of_a_cut_fit_a_cut_without_content() -> None:
    network, layout, call = _asked("flux")
    kept = resolve(Elastic(width=0.5, depth=0.6), layout)
    made = cut(network, layout, kept)
    empty = cut(without_content(network), layout, kept)
    assert {tensor.device.type for tensor in empty.parameters()} == {"meta"}
    empty.load_state_dict(made.state_dict(), assign=True)
    torch.testing.assert_close(outcome(empty, call), outcome(made, call))


def test_groups_stay_whole_so_that_what_is_kept_does_not_change() -> None:
    network, layout, _ = _asked("sd")
    site = next(site for site in layout.sites if site.kind == "channels")
    resnet = network.get_submodule(site.name)
    x = torch.randn(2, resnet.in_channels, 4, 4, generator=torch.Generator().manual_seed(1))
    temb = torch.randn(2, resnet.time_emb_proj.in_features)
    seen: dict[str, torch.Tensor] = {}

    def note(name: str) -> Any:
        return lambda module, args, out: seen.__setitem__(name, out)

    handle = resnet.norm2.register_forward_hook(note("full"))
    resnet(x, temb)
    handle.remove()
    narrow = view(network, layout, Kept({site.key: 2}))
    part: Any = narrow.get_submodule(site.name)
    handle = part.norm2.register_forward_hook(note("part"))
    part(x, temb)
    handle.remove()
    assert part.norm2.num_groups == 2
    torch.testing.assert_close(seen["part"], seen["full"][:, : 2 * site.size])


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_each_kind_of_width_narrows_its_own_sites(kind: str) -> None:
    network, layout, call = _asked(kind)
    full = outcome(network, call)
    for name in ("channels", "heads", "units"):
        if not layout.has(name):
            continue
        kept = resolve(Elastic(**{name: 0.5}), layout)
        share = {k: run / there for k, (run, there) in widths_of(layout, kept).items()}
        assert share.pop(name) < 0.7
        assert set(share.values()) <= {1.0}
        assert not torch.equal(outcome(view(network, layout, kept), call), full)


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_blocks_that_add_nothing_can_go(kind: str) -> None:
    network = tiny.denoiser(kind)
    layout = find_layout(network)
    call = example(network, **tiny.size(kind))
    last = {
        "resnet": ("conv2",),
        "transformer2d": ("proj_out",),
        "attention": ("to_out.0",),
        "basic": ("attn1.to_out.0", "attn2.to_out.0", "ff.net.2"),
        "joint": (
            *("attn.to_out.0", "attn.to_add_out", "attn2.to_out.0"),
            *("ff.net.2", "ff_context.net.2", "proj_out"),
        ),
    }
    assert layout.blocks
    for block in layout.blocks:
        modules = dict(network.get_submodule(block.name).named_modules())
        for name in last[block.kind]:
            if modules.get(name) is not None:
                modules[name].weight.data.zero_()
                modules[name].bias.data.zero_()
    without = view(network, layout, resolve(Elastic(depth=0), layout))
    torch.testing.assert_close(outcome(without, call), outcome(network, call), rtol=1e-5, atol=1e-5)


def test_a_skipped_block_still_divides_its_sum() -> None:
    network = tiny.denoiser("ddpm")
    layout = find_layout(network)
    resnet = network.mid_block.resnets[0]
    resnet.output_scale_factor = 2.0
    resnet.conv2.weight.data.zero_()
    resnet.conv2.bias.data.zero_()
    call = example(network, **tiny.size("ddpm"))
    without = view(network, layout, Kept(skipped=frozenset(["mid_block.resnets.0"])))
    torch.testing.assert_close(outcome(without, call), outcome(network, call))


def test_depth_leaves_out_what_comes_first_in_the_order() -> None:
    _, layout, _ = _asked("sd")
    names = [block.name for block in layout.blocks]
    order = list(reversed(names))
    kept = resolve(Elastic(depth=1 - 2 / len(names)), layout, order)
    assert kept.skipped == frozenset(order[:2])
    kept = resolve(Elastic(skipped=(names[0],)), layout)
    assert kept.skipped == frozenset([names[0]])


def test_what_cannot_be_chosen_is_refused() -> None:
    network, layout, _ = _asked("sd")
    for wrong in (Elastic(width=0), Elastic(width=1.5), Elastic(heads=-1), Elastic(depth=2)):
        with pytest.raises(BadChoice, match="is not"):
            resolve(wrong, layout)
    with pytest.raises(BadChoice, match="nowhere"):
        resolve(Elastic(skipped=("nowhere",)), layout)
    with pytest.raises(BadChoice, match="conv_in"):
        view(network, layout, Kept(skipped=frozenset(["conv_in"])))
    with pytest.raises(BadChoice, match="not within 1"):
        view(network, layout, Kept({layout.sites[0].key: 0}))


def test_a_schedule_spreads_over_any_number_of_steps() -> None:
    choice = Elastic(schedule=(0.25, 1.0))
    assert [choice.at(step, 4) for step in range(4)] == [0.25, 0.25, 1.0, 1.0]
    assert [choice.at(step, 3) for step in range(3)] == [0.25, 0.25, 1.0]
    assert choice.at(0, 1) == 0.25
    assert choice.widths() == (1.0, 0.25)
    assert Elastic(width=0.5).at(7, 9) == 0.5
