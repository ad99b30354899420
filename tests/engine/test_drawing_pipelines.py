"""A pipeline in the render process: its steps are told, prompts are read meanwhile, it stops."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from studio.engine import drawing_pipelines
from studio.engine.adopting import Adopter
from studio.engine.comparing import Comparer
from studio.engine.ledger import Ledger
from studio.engine.messages import (
    Failed,
    OpenModel,
    PromptRead,
    ReadPrompt,
    Render,
    Rendered,
    RenderSpec,
    Stepped,
)
from studio.engine.pictures import Packer, decode
from studio.engine.render_process import Inbox
from studio.engine.renderer import Renderer
from studio.engine.scheduler import Scheduler
from studio.errors import Overtaken
from studio.families.inputs import GanInputs
from studio.processes.blocks import new_prefix
from studio.subnets.choice import SubnetChoice
from tests.families.diffusion.tiny import shared_model, small_inputs

SD = "StableDiffusionPipeline"


@pytest.fixture
def model():
    return shared_model(SD)


@pytest.fixture
def renderer(model):
    made = Renderer(Packer(new_prefix()), lambda path: model)
    made.open(OpenModel(1, "a"))
    return made


def request(model, lane: str = "current", stamp: int = 1, **changes) -> Render:
    inputs = small_inputs(SD, **({"steps": 4} | changes))
    return Render(lane, stamp, RenderSpec(model.info.key, inputs, SubnetChoice()))


def test_each_step_but_the_last_is_told(model, renderer, monkeypatch) -> None:
    monkeypatch.setattr(drawing_pipelines, "PAUSE", 0.0)
    told: list[Stepped] = []
    asked = request(model, scheduler="euler")
    answer, worked = renderer.answer(asked, lambda: None, told.append)
    assert worked
    assert isinstance(answer, Rendered)
    assert [(s.index, s.count, s.lane, s.stamp) for s in told] == [
        (n, 4, "current", 1) for n in range(3)
    ]
    assert all(s.spec == asked.spec for s in told)
    assert told[0].seconds < told[1].seconds < told[2].seconds
    # What a step looks like is as large as the latents: half of 32 x 16 px.
    assert decode(told[0].picture).shape == (16, 8, 3)
    assert np.array_equal(decode(answer.picture), model.render(asked.spec.inputs))
    # Out of the cache there are no steps.
    told.clear()
    assert renderer.answer(asked, lambda: None, told.append)[1] is False
    assert told == []


def test_it_stops_between_two_layers(model, renderer) -> None:
    layers = 0

    def between() -> None:
        nonlocal layers
        layers += 1
        if layers == 30:
            raise Overtaken

    with pytest.raises(Overtaken):
        renderer.answer(request(model, seed=8), between)
    assert layers == 30


def test_inputs_of_another_family_are_refused(model, renderer) -> None:
    spec = RenderSpec(model.info.key, GanInputs(), SubnetChoice())
    answer, _ = renderer.answer(Render("current", 1, spec), lambda: None)
    assert isinstance(answer, Failed)
    assert "draws from a prompt or a seed" in answer.sentence


def test_a_prompt_is_as_long_as_its_tokens(model, renderer) -> None:
    # The tiny tokenizer has a token a letter; begin and end are not the user's.
    key = model.info.key
    read = renderer.read(ReadPrompt(key, 5, ("ab cd", "")))
    assert read == PromptRead(key, 5, (4, 0), 75)
    assert renderer.read(ReadPrompt("nobody", 6, ("a",))) is None


def test_prompts_are_read_between_layers_the_newest_only() -> None:
    read: list[ReadPrompt] = []
    packer = Packer(new_prefix())
    comparer = Comparer(lambda answer: None, packer)
    inbox = Inbox(comparer, Adopter(lambda answer: None, 1))
    inbox.read_prompts(read.append)
    inbox.put(ReadPrompt("a", 1, ("x",)))
    inbox.put(ReadPrompt("a", 2, ("xy",)))
    inbox.between()
    inbox.between()
    assert [each.stamp for each in read] == [2]
    # Also while nothing is drawn.
    inbox.put(ReadPrompt("a", 3, ("xyz",)))
    drawn = Render("current", 1, RenderSpec("a", GanInputs(), SubnetChoice()))
    inbox.put(drawn)
    assert inbox.take() == drawn
    assert [each.stamp for each in read] == [2, 3]


def test_a_newer_request_stops_one_that_is_seen_step_by_step(model) -> None:
    scheduler = Scheduler()
    scheduler.add(request(model, stamp=1))
    assert scheduler.next(0.0) is not None
    assert not scheduler.must_stop(100.0)
    scheduler.add(request(model, stamp=2, seed=9))
    # However long it took already, and though nothing is known of its pace.
    assert scheduler.must_stop(100.0)
    scheduler.stopped(100.0)
    assert scheduler.next(100.0) == request(model, stamp=2, seed=9)


def test_a_new_process_reads_the_newest_prompt_again(model) -> None:
    ledger = Ledger()
    first = ReadPrompt("a", 1, ("x",))
    ledger.sent(first)
    newest = replace(first, stamp=2, texts=("xy",))
    ledger.sent(newest)
    assert ledger.resend() == [newest]
    assert ledger.answered(PromptRead("a", 1, (1,), 75))
    assert ledger.resend() == [newest]
    assert ledger.answered(PromptRead("a", 2, (2,), 75))
    assert ledger.resend() == []
