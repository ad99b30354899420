"""The hot swap with real processes: PyTorch first, compiled networks as they appear."""

from __future__ import annotations

import os
import signal
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from studio.engine.client import EngineClient, EngineState, JobRunner, decode
from studio.engine.job_messages import CompileJob, JobDone, JobRung
from studio.engine.messages import (
    Adopt,
    Adopted,
    Opened,
    OpenModel,
    Render,
    Rendered,
    RenderSpec,
    Unusable,
)
from studio.families.info import ModelInfo
from studio.families.inputs import GanInputs
from studio.families.opening import open_model
from studio.places import cache_dir
from studio.subnets.choice import SubnetChoice
from studio.subnets.rungs import rungs
from tests.engine.listening import Listener
from tests.families.small import small_model

TARGET = "openvino:CPU:f32"


class Stage:
    """An engine with a model open, and compile jobs beside it."""

    def __init__(self, file: Path) -> None:
        self.file = file
        self.answers, self.states, self.events = Listener(), Listener(), Listener()
        self.client = EngineClient(self.answers, self.states)
        self.runner = JobRunner(self.events)
        self.client.start()
        self.client.send(OpenModel(1, str(file)))
        self.info: ModelInfo = self.answers.wait_for(Opened).info
        self.stamp = 0

    def compile(self, choices: tuple[SubnetChoice, ...]) -> None:
        """Compile in a job, and offer every rung as the window does."""
        start = len(self.events.heard)
        self.runner.run(CompileJob(str(self.file), choices, (TARGET,), 1))
        self.events.wait(lambda item: isinstance(item[1], JobDone), start)
        rungs_ = [e for _, e in self.events.heard[start:] if isinstance(e, JobRung)]
        assert [r.choice for r in rungs_] == list(choices)
        assert not [r.sentence for r in rungs_ if r.sentence]

    def adopt(self, choices: tuple[SubnetChoice, ...], waiting: tuple[SubnetChoice, ...]) -> None:
        start = len(self.answers.heard)
        self.client.send(Adopt(self.info.key, choices, (TARGET,)))
        for choice in waiting:
            self.answers.wait_for(Adopted, start, subnet=choice, target=TARGET)

    def draw(self, choice: SubnetChoice, seed: int = 3) -> Rendered:
        self.stamp += 1
        spec = RenderSpec(self.info.key, GanInputs(seed=seed), choice, TARGET)
        self.client.send(Render("current", self.stamp, spec))
        answer = self.answers.wait_for(Rendered, stamp=self.stamp)
        assert isinstance(answer, Rendered)
        return answer

    def close(self) -> None:
        self.runner.stop()
        self.client.stop()


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[Stage]:
    file = tmp_path / "small.safetensors"
    small_model().save(file)
    stage = Stage(file)
    yield stage
    stage.close()


def test_a_drag_over_every_rung_shows_what_pytorch_shows(stage: Stage) -> None:
    model = open_model(stage.file)
    ladder = rungs(stage.info, SubnetChoice(width=0.5))
    assert len(ladder) >= 8
    before = {c: stage.draw(c) for c in ladder[:2]}
    assert {a.made_by for a in before.values()} == {"PyTorch f32 CPU"}
    stage.compile(ladder)
    stage.adopt(ladder, ladder)
    off = SubnetChoice(width=0.61)
    for choice in (*ladder, off, *reversed(ladder)):
        answer = stage.draw(choice)
        compiled = choice is not off
        assert answer.made_by == ("OpenVINO f32 CPU" if compiled else "PyTorch f32 CPU")
        eager = model.render(GanInputs(seed=3), choice)
        # Not a level of brightness, not a grain of noise may move when the network is swapped.
        assert np.abs(decode(answer.picture).astype(int) - eager).max() <= 1


def test_networks_come_back_after_the_renderer_died(stage: Stage) -> None:
    half = SubnetChoice(width=0.5)
    stage.compile((half,))
    stage.adopt((half,), (half,))
    assert stage.draw(half).made_by == "OpenVINO f32 CPU"
    start, heard = len(stage.answers.heard), len(stage.states.heard)
    assert stage.client.pid is not None
    os.kill(stage.client.pid, signal.SIGKILL)
    stage.states.wait(lambda state: state is EngineState.READY, heard)
    stage.answers.wait_for(Adopted, start, subnet=half)
    assert stage.draw(half, seed=4).made_by == "OpenVINO f32 CPU"


def test_a_damaged_cache_costs_a_sentence_and_no_picture(stage: Stage) -> None:
    half, full = SubnetChoice(width=0.5), SubnetChoice()
    stage.compile((half, full))
    blobs = sorted((cache_dir() / "compiled").rglob("*.blob"))
    assert len(blobs) == 2
    for blob in blobs[:1]:
        blob.write_bytes(blob.read_bytes()[:-100])
    stage.client.send(Adopt(stage.info.key, (half, full), (TARGET,)))
    notice = stage.answers.wait_for(Unusable)
    assert notice.sentence.endswith("PyTorch f32 CPU draws until it is compiled again")
    stage.answers.wait_for(Adopted)
    made = {stage.draw(c).made_by for c in (half, full)}
    assert made == {"OpenVINO f32 CPU", "PyTorch f32 CPU"}
    stage.compile((half, full))
    stage.adopt((half, full), ())
    stage.answers.wait(lambda a: isinstance(a, Adopted), stage.answers.heard.index(notice) + 2)
    assert {stage.draw(c, seed=9).made_by for c in (half, full)} == {"OpenVINO f32 CPU"}
