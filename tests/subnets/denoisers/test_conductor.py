"""A run that changes its denoiser step by step."""

from __future__ import annotations

from typing import Any

import pytest
import torch
from torch import Tensor

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import Call, example, outcome
from studio.subnets.denoisers.choice import Elastic, Reuse, resolve
from studio.subnets.denoisers.conductor import Conductor
from studio.subnets.denoisers.cost import multiplies
from studio.subnets.denoisers.finding import find_layout
from studio.subnets.denoisers.guidance import half
from studio.subnets.denoisers.slicing import view
from tests.subnets.denoisers import tiny

TIMES = (900.0, 700.0, 500.0, 300.0)


def _conductor(kind: str) -> Conductor[Any]:
    network = tiny.shared(kind)
    return Conductor(network, find_layout(network))


def _calls(kind: str) -> list[Call]:
    network = tiny.shared(kind)
    return [
        example(network, **tiny.size(kind), timestep=time, seed=seed)
        for seed, time in enumerate(TIMES)
    ]


def _run(conductor: Conductor[Any], calls: list[Call], **told: Any) -> list[Tensor]:
    conductor.begin(len(calls), **told)
    return [outcome(conductor.network, call) for call in calls]


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_the_whole_and_an_interval_of_one_change_nothing(kind: str) -> None:
    conductor, calls = _conductor(kind), _calls(kind)
    wanted = [outcome(tiny.shared(kind), call) for call in calls]
    assert type(conductor.network) is type(tiny.shared(kind))
    for reuse in (None, Reuse(interval=1, branch=0)):
        conductor.choose(Elastic(), reuse)
        for made, full in zip(_run(conductor, calls), wanted, strict=True):
            assert torch.equal(made, full)


@pytest.mark.parametrize("kind", tiny.KINDS)
def test_between_full_steps_features_are_used_again(kind: str) -> None:
    conductor, calls = _conductor(kind), _calls(kind)
    wanted = [outcome(tiny.shared(kind), call) for call in calls]
    conductor.choose(reuse=Reuse(interval=2))
    same = [torch.equal(*pair) for pair in zip(_run(conductor, calls), wanted, strict=True)]
    assert same == [True, False, True, False]
    conductor.choose(reuse=Reuse(interval=3, branch=1))
    same = [torch.equal(*pair) for pair in zip(_run(conductor, calls), wanted, strict=True)]
    assert same == [True, False, False, True]


def test_a_new_run_remembers_nothing() -> None:
    conductor, calls = _conductor("sd"), _calls("sd")
    conductor.choose(reuse=Reuse(interval=4))
    first = _run(conductor, calls)
    _run(conductor, list(reversed(calls)))
    for made, again in zip(first, _run(conductor, calls), strict=True):
        assert torch.equal(made, again)
    conductor.begin(4)
    assert torch.equal(outcome(conductor.network, calls[1]), outcome(tiny.shared("sd"), calls[1]))


def test_two_calls_in_one_step_keep_apart() -> None:
    conductor, calls = _conductor("sd"), _calls("sd")
    conductor.choose(reuse=Reuse(interval=2))
    text = [
        Call((*call.args[:2], call.args[2] * scale), call.kwargs)
        for call in calls[:2]
        for scale in (0.0, 1.0)
    ]
    pairs = _run(conductor, text)
    assert conductor.step == 1
    alone = [_run(conductor, text[start::2]) for start in (0, 1)]
    for start in (0, 1):
        for made, wanted in zip(pairs[start::2], alone[start], strict=True):
            assert torch.equal(made, wanted)


def test_width_by_timestep() -> None:
    conductor, calls = _conductor("sd"), _calls("sd")
    layout, network = conductor.layout, conductor.denoiser
    choice = Elastic(schedule=(0.25, 0.5, 1.0))
    conductor.choose(choice)
    made = _run(conductor, calls)
    for answer, call, width in zip(made, calls, (0.25, 0.25, 0.5, 1.0), strict=True):
        narrow = view(network, layout, resolve(Elastic(width=width), layout))
        assert torch.equal(answer, outcome(narrow, call))


def test_a_run_that_begins_from_a_picture_has_the_widths_of_its_own_steps() -> None:
    conductor, calls = _conductor("sd"), _calls("sd")
    layout, network = conductor.layout, conductor.denoiser
    conductor.choose(Elastic(schedule=(1.0, 1.0, 0.25, 0.5)))
    conductor.begin(2, before=2)
    for call, width in zip(calls, (0.25, 0.5), strict=False):
        narrow = view(network, layout, resolve(Elastic(width=width), layout))
        assert torch.equal(outcome(conductor.network, call), outcome(narrow, call))


def test_a_choice_changes_in_the_middle_of_a_run() -> None:
    conductor, calls = _conductor("sd"), _calls("sd")
    conductor.begin(4)
    conductor.choose(Elastic(width=0.5), Reuse(interval=2))
    narrow = outcome(conductor.network, calls[0])
    conductor.choose()
    full = outcome(conductor.network, calls[1])
    assert not torch.equal(narrow, outcome(tiny.shared("sd"), calls[0]))
    assert torch.equal(full, outcome(tiny.shared("sd"), calls[1]))


@pytest.mark.parametrize("kind", ["sd", "sdxl", "pixart", "sd3", "dit"])
def test_outside_its_part_guidance_leaves_the_answer_for_the_prompt(kind: str) -> None:
    conductor, calls = _conductor(kind), _calls(kind)
    conductor.choose(reuse=Reuse(guided=(0.0, 0.5)))
    first = kind == "dit"
    made = _run(conductor, calls, guided=True, prompt_first=first)
    for step, (answer, call) in enumerate(zip(made, calls, strict=True)):
        wanted = outcome(conductor.denoiser, call)
        if step < 2:
            assert torch.equal(answer, wanted)
            continue
        one = wanted[:1] if first else wanted[1:]
        torch.testing.assert_close(answer, torch.cat([one, one]), rtol=1e-4, atol=1e-5)
    for answer, call in zip(_run(conductor, calls), calls, strict=True):
        assert torch.equal(answer, outcome(conductor.denoiser, call))


def test_guidance_and_features_together() -> None:
    conductor, calls = _conductor("sd"), _calls("sd")
    conductor.choose(reuse=Reuse(interval=4, guided=(0.0, 0.5)))
    made = _run(conductor, calls, guided=True)
    # The first step with the prompt alone has no features of its own size, so it computes them.
    one = outcome(conductor.denoiser, Call(*half(calls[2].args, calls[2].kwargs, False)))
    torch.testing.assert_close(made[2], torch.cat([one, one]), rtol=1e-4, atol=1e-5)


def test_records_and_tuples_come_back_as_they_were_asked_for() -> None:
    conductor, call = _conductor("sd"), _calls("sd")[0]
    conductor.choose(reuse=Reuse(interval=2, guided=(0.0, 0.0)))
    conductor.begin(1, guided=True)
    record = conductor.network(*call.args, **call.kwargs)
    plain = conductor.network(*call.args, **call.kwargs, return_dict=False)
    assert isinstance(plain, tuple)
    assert torch.equal(record.sample, plain[0])


def test_hooks_of_the_network_run_once_and_those_of_blocks_in_every_form() -> None:
    network = tiny.denoiser("sd")
    conductor = Conductor(network, find_layout(network))
    seen: list[str] = []

    def note(name: str) -> Any:
        return lambda module, args: seen.append(name)

    handles = [
        conductor.network.register_forward_pre_hook(note("network")),
        conductor.network.conv_in.register_forward_pre_hook(note("conv_in")),
        conductor.network.up_blocks[1].register_forward_pre_hook(note("up")),
    ]
    conductor.choose(Elastic(width=0.5), Reuse(interval=2))
    _run(conductor, _calls("sd")[:2])
    assert seen == ["network", "conv_in", "up"] * 2
    for handle in handles:
        handle.remove()
    _run(conductor, _calls("sd")[:2])
    assert len(seen) == 6


def test_flux_takes_the_cache_of_diffusers_and_leaves_the_denoiser_without() -> None:
    conductor = _conductor("flux")
    calls = [example(conductor.denoiser, **tiny.size("flux"), timestep=time) for time in TIMES]
    wanted = [outcome(conductor.denoiser, call) for call in calls]
    conductor.choose(reuse=Reuse(threshold=1.0))
    made = _run(conductor, calls)
    assert torch.equal(made[0], wanted[0])
    assert any(not torch.equal(*pair) for pair in zip(made[1:], wanted[1:], strict=True))
    for again, before in zip(_run(conductor, calls), made, strict=True):
        assert torch.equal(again, before)
    for call, full in zip(calls, wanted, strict=True):
        assert torch.equal(outcome(conductor.denoiser, call), full)
    assert not conductor.denoiser.is_cache_enabled


def test_choices_that_do_not_fit_are_refused_and_the_last_one_stays() -> None:
    conductor = _conductor("sd")
    conductor.choose(Elastic(width=0.5))
    for reuse, words in (
        (Reuse(interval=0), "1 or more"),
        (Reuse(branch=-1), "0 or more"),
        (Reuse(interval=2, branch=9), "branch 9"),
        (Reuse(guided=(0.5, 0.2)), "0.5 to 0.2"),
        (Reuse(threshold=2.0), "threshold 2"),
        (Reuse(threshold=0.1), "no cache for a UNet2DConditionModel"),
    ):
        with pytest.raises(BadChoice, match=words):
            conductor.choose(reuse=reuse)
    with pytest.raises(BadChoice, match="width 3"):
        conductor.choose(Elastic(schedule=(1.0, 3.0)))
    assert conductor.elastic == Elastic(width=0.5)
    flux = _conductor("flux")
    with pytest.raises(BadChoice, match="go together"):
        flux.choose(reuse=Reuse(threshold=0.1, interval=2))
    with pytest.raises(BadChoice, match="every block"):
        flux.choose(Elastic(depth=0.5), Reuse(threshold=0.1))
    flux.choose(reuse=Reuse(threshold=0.1))
    with pytest.raises(BadChoice, match="depends on what is drawn"):
        flux.multiplies(_calls("flux")[0], 4)


def test_mean_multiplies_of_a_run() -> None:
    conductor, call = _conductor("sd"), _calls("sd")[0]
    full = multiplies(conductor.denoiser, call)
    assert conductor.multiplies(call, 10) == full
    conductor.choose(reuse=Reuse(guided=(0.0, 0.5)))
    single = multiplies(conductor.denoiser, Call(*half(call.args, call.kwargs, False)))
    assert single * 2 == full
    assert conductor.multiplies(call, 10, guided=True) == full * 0.75
    conductor.choose(Elastic(schedule=(0.5, 1.0)), Reuse(interval=5))
    mean = conductor.multiplies(call, 10)
    assert 0.2 * full < mean < 0.6 * full
