"""Features used again: the whole form changes nothing, and what stands still may stand still."""

from __future__ import annotations

from typing import Any

import pytest
import torch

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import Call, example, outcome
from studio.subnets.denoisers.choice import Elastic, resolve
from studio.subnets.denoisers.cost import multiplies
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.measuring import relative_error
from studio.subnets.denoisers.reuse import branches, split
from studio.subnets.denoisers.slicing import view
from tests.subnets.denoisers import tiny

BRANCHES = {"sd": 4, "sdxl": 4, "ddpm": 4, "ldm": 4, "dit": 2, "pixart": 2, "sd3": 2, "flux": 3}


def _call(kind: str, time: float = 500.0, seed: int = 0) -> Call:
    return example(tiny.shared(kind), **tiny.size(kind), timestep=time, seed=seed)


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_the_same_call_twice_gives_the_same_from_any_branch(kind: str) -> None:
    network = tiny.shared(kind)
    assert branches(network) == BRANCHES[kind]
    call = _call(kind)
    wanted = outcome(network, call)
    for branch in range(branches(network)):
        forms = split(network, branch)
        assert torch.equal(outcome(forms.whole, call), wanted)
        torch.testing.assert_close(outcome(forms.part, call), wanted, rtol=1e-4, atol=1e-5)
        assert type(forms.part) is type(network)


@pytest.mark.parametrize("kind", ["ddpm", "flux"])
def test_deeper_branches_compute_more(kind: str) -> None:
    network = tiny.shared(kind)
    first, then = _call(kind), _call(kind, 400.0, seed=1)
    full = multiplies(network, then)
    wanted = outcome(network, then)
    costs = []
    for branch in range(branches(network)):
        forms = split(network, branch)
        outcome(forms.whole, first)
        assert not torch.equal(outcome(forms.part, then), wanted)
        counted = split(network, branch)
        assert multiplies(counted.whole, then) == full
        costs.append(multiplies(counted.part, then))
    assert costs == sorted(set(costs))
    assert costs[-1] < full


def test_the_outermost_branch_by_hand() -> None:
    network = tiny.shared("ddpm")
    call = _call("ddpm")
    forms = split(network, 0)
    multiplies(forms.whole, call)
    last = network.up_blocks[1].resnets[1]
    batch, pixels = 2, 64
    inside = 9 * (last.in_channels * 8 + 8 * 8) + last.in_channels * 8
    outside = 9 * (3 * 8 + 8 * 3)
    embedding = 8 * 32 + 32 * 32 + 32 * 8
    assert multiplies(forms.part, call) == batch * (pixels * (inside + outside) + embedding)


@pytest.mark.parametrize("kind", ["sd", "sdxl", "ddpm", "ldm"])
def test_a_deep_that_stands_still_makes_no_difference_in_unets(kind: str) -> None:
    network = tiny.denoiser(kind)
    # What comes up into the last layer is a constant: the layer before gives its bias alone.
    before: Any = network.up_blocks[1].resnets[0]
    for name in ("conv2", "conv_shortcut"):
        getattr(before, name).weight.data.zero_()
    if hasattr(network.up_blocks[1], "attentions"):
        proj = network.up_blocks[1].attentions[0].proj_out
        proj.weight.data.zero_()
    forms = split(network, 0)
    outcome(forms.whole, _call(kind, 900.0, seed=3))
    for time, seed in ((500.0, 4), (10.0, 5)):
        call = _call(kind, time, seed)
        torch.testing.assert_close(
            outcome(forms.part, call), outcome(network, call), rtol=1e-5, atol=1e-6
        )


@pytest.mark.parametrize("kind", ["dit", "pixart", "sd3", "flux"])
def test_a_span_that_adds_nothing_makes_no_difference(kind: str) -> None:
    network = tiny.denoiser(kind)
    spans = [network.transformer_blocks[1:], getattr(network, "single_transformer_blocks", [])]
    for block in [block for span in spans for block in span]:
        for name in ("attn.to_out.0", "attn.to_add_out", "attn1.to_out.0", "attn2.to_out.0"):
            _zero(block, name)
        for name in ("ff.net.2", "ff_context.net.2", "proj_out"):
            _zero(block, name)
    forms = split(network, 0)
    outcome(forms.whole, _call(kind, 900.0, seed=3))
    call = _call(kind, 100.0, seed=4)
    torch.testing.assert_close(
        outcome(forms.part, call), outcome(network, call), rtol=1e-5, atol=1e-5
    )


def _zero(block: Any, name: str) -> None:
    layer = dict(block.named_modules()).get(name)
    if layer is not None:
        for tensor in layer.parameters():
            tensor.data.zero_()


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_narrow_and_shallow_views_split_as_well(kind: str) -> None:
    network = tiny.shared(kind)
    layout = find_layout(network)
    call = _call(kind)
    narrow = view(network, layout, resolve(Elastic(width=0.5, depth=0.3), layout))
    wanted = outcome(narrow, call)
    for branch in range(branches(network)):
        forms = split(narrow, branch)
        assert torch.equal(outcome(forms.whole, call), wanted)
        assert relative_error(outcome(forms.part, call), wanted) < 1e-5


def test_features_of_one_width_serve_another() -> None:
    network = tiny.shared("sd")
    layout = find_layout(network)
    whole = split(network, 1)
    narrow = split(view(network, layout, resolve(Elastic(width=0.5), layout)), 1, whole.memory)
    outcome(whole.whole, _call("sd"))
    made = outcome(narrow.part, _call("sd", 400.0))
    assert bool(torch.isfinite(made).all())


def test_sizes_that_do_not_halve_evenly() -> None:
    network = tiny.shared("sd")
    call = example(network, batch=1, height=7, width=9, tokens=5)
    wanted = outcome(network, call)
    for branch in range(branches(network)):
        forms = split(network, branch)
        outcome(forms.whole, call)
        torch.testing.assert_close(outcome(forms.part, call), wanted, rtol=1e-4, atol=1e-5)


def test_what_has_no_branch_is_refused() -> None:
    with pytest.raises(BadChoice, match="branch 9 is not within 0 and 3"):
        split(tiny.shared("sd"), 9)
    network = tiny.denoiser("ddpm")

    class SkipUpBlock2D(torch.nn.Module):
        pass

    network.up_blocks[1] = SkipUpBlock2D()
    assert branches(network) == 0
    with pytest.raises(BadChoice, match="SkipUpBlock2D"):
        split(network, 0)
