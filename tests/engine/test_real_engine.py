"""The whole way with a real, tiny network: convert, open, render, compare, sort, measure."""

from __future__ import annotations

import hashlib
import os
import signal
import time

import numpy as np
import psutil
import pytest

from studio.engine.client import EngineClient, EngineState, JobRunner, decode
from studio.engine.job_messages import (
    ConvertJob,
    JobCancelled,
    JobDone,
    JobFailed,
    JobProgress,
    MeasureJob,
    SortJob,
)
from studio.engine.messages import (
    Compare,
    Compared,
    Failed,
    Opened,
    OpenModel,
    Render,
    Rendered,
    RenderSpec,
)
from studio.families.inputs import GanInputs
from studio.subnets.choice import SubnetChoice
from tests.engine.listening import Listener

HALF = SubnetChoice(width=0.5)


@pytest.fixture(scope="module")
def model_file(tmp_path_factory):
    import torch

    from studio.families.info import ModelInfo
    from studio.families.model import Model
    from studio.families.stylegan.config import StyleGanConfig
    from studio.families.stylegan.network import StyleGan2

    torch.manual_seed(0)
    config = StyleGanConfig("anycost", 32, 16, 16, 0, 2, (16,) * 8)
    path = tmp_path_factory.mktemp("model") / "tiny.safetensors"
    info = ModelInfo(
        "k", "tiny", "Tiny", str(path), "maquette", "stylegan", config, 1, 1, "CC0-1.0", "0" * 64
    )
    Model(info, StyleGan2(config)).save(path)
    return path


def ended(item):
    return isinstance(item[1], JobDone | JobFailed | JobCancelled)


def done(events, after=0):
    last = events.wait(ended, after)[1]
    assert isinstance(last, JobDone), last
    return last


def test_the_comparing_process_starts_when_the_user_pauses(model_file):
    answers = Listener()
    client = EngineClient(answers, Listener())
    client.start()
    try:
        client.send(OpenModel(1, str(model_file)))
        info = answers.wait_for(Opened).info
        client.send(Render("current", 1, RenderSpec(info.key, GanInputs(), HALF)))
        answers.wait_for(Rendered, stamp=1)
        until = time.monotonic() + 30
        while not psutil.Process(client.pid).children() and time.monotonic() < until:
            time.sleep(0.05)
        (child,) = psutil.Process(client.pid).children()
        assert "studio.engine.compare_process" in child.cmdline()
    finally:
        client.stop()


def test_open_render_compare_and_survive_a_kill(model_file):
    from studio.families.opening import open_model

    answers, states = Listener(), Listener()
    client = EngineClient(answers, states)
    client.start()
    try:
        client.send(OpenModel(1, str(model_file)))
        info = answers.wait_for(Opened).info
        assert info.config.resolution == 32
        full = RenderSpec(info.key, GanInputs(seed=3), SubnetChoice())
        half = RenderSpec(info.key, GanInputs(seed=3), HALF)
        client.send(Render("current", 1, half))
        answer = answers.wait_for(Rendered, stamp=1)
        expected = open_model(model_file).render(GanInputs(seed=3), HALF)
        difference = decode(answer.picture).astype(int) - expected.astype(int)
        assert np.abs(difference).max() <= 1
        client.send(Compare("compare", 2, full, half, with_map=True))
        compared = answers.wait_for(Compared, stamp=2)
        assert compared.psnr > 0
        assert decode(compared.map).shape == (32, 32, 3)
        client.send(Compare("compare", 3, full, full))
        assert answers.wait_for(Compared, stamp=3).psnr is None
        bad = RenderSpec(info.key, GanInputs(), SubnetChoice(resolution=7))
        client.send(Render("current", 4, bad))
        assert "resolution 7" in answers.wait_for(Failed, stamp=4).sentence
        target = RenderSpec(info.key, GanInputs(), SubnetChoice(), "tensorrt:0")
        client.send(Render("current", 5, target))
        assert "tensorrt:0" in answers.wait_for(Failed, stamp=5).sentence

        for stamp in range(10, 60):
            spec = RenderSpec(info.key, GanInputs(seed=stamp), SubnetChoice())
            client.send(Render("current", stamp, spec))
            if stamp == 40:
                os.kill(client.pid, signal.SIGKILL)
        answers.wait_for(Rendered, stamp=59)
        assert states.heard[2:] == [EngineState.RESTARTING, EngineState.READY]
        assert len([a for a in answers.heard if isinstance(a, Opened)]) == 1
    finally:
        client.stop()


def test_convert_and_measure(model_file, tmp_path):
    events = Listener()
    runner = JobRunner(events)
    try:
        out = tmp_path / "folder" / "tiny.safetensors"
        runner.run(ConvertJob(str(model_file), str(out)))
        result = done(events)
        assert result.path == result.info.path == str(out)
        assert [p.name for p in out.parent.iterdir()] == ["tiny.safetensors"]
        progress = [e for _, e in events.heard if isinstance(e, JobProgress)]
        assert progress[-1].fraction == 1.0

        heard = len(events.heard)
        runner.run(MeasureJob(str(out), (HALF,), seeds=2))
        full, half = done(events, heard).measurements
        assert full.psnr is None
        assert half.choice == HALF
        assert half.macs < full.macs
        assert half.latency_ms.p10 <= half.latency_ms.median <= half.latency_ms.p90
    finally:
        runner.stop()


def test_sorting_is_noted(model_file, tmp_path):
    from studio.engine.jobs import run_job

    out = tmp_path / "sorted.safetensors"
    told = []
    event = run_job(SortJob(str(model_file), str(out)), "token", told.append)
    assert isinstance(event, JobDone)
    assert event.info.sorted_channels
    assert event.info.history[-1].step == "sort_channels"
    assert [t.fraction for t in told] == sorted(t.fraction for t in told)
    assert [p.name for p in tmp_path.iterdir()] == ["sorted.safetensors"]


def test_jobs_refuse_with_sentences_and_leave_nothing(model_file, tmp_path):
    from studio.engine.jobs import run_job

    out = tmp_path / "out" / "x.safetensors"
    broken = tmp_path / "broken.pkl"
    broken.write_bytes(b"no model at all")
    for job, words in (
        (ConvertJob(str(broken), str(out)), "broken.pkl"),
        (ConvertJob(str(tmp_path / "absent.pt"), str(out)), "absent.pt"),
        (ConvertJob(str(model_file), str(broken / "x.safetensors")), "broken.pkl"),
        (MeasureJob(str(model_file), (SubnetChoice(width=7),)), "width 7"),
    ):
        event = run_job(job, "token", lambda _progress: None)
        assert isinstance(event, JobFailed)
        assert words in event.sentence
        assert ".maquette-" not in event.sentence
    assert sorted(p.name for p in tmp_path.rglob("*")) == ["broken.pkl"]


def test_converting_keeps_the_weights_key(model_file, tmp_path):
    from studio.engine.jobs import run_job

    keys = set()
    for name in ("a", "b"):
        out = tmp_path / f"{name}.safetensors"
        event = run_job(ConvertJob(str(model_file), str(out)), "token", lambda _progress: None)
        assert isinstance(event, JobDone)
        keys.add(hashlib.sha256(out.read_bytes()).hexdigest())
    assert len(keys) == 1
