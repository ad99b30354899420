"""Elastic training as a job process: looks, an early end, a sudden one."""

from __future__ import annotations

import os
import signal
import sys
from dataclasses import replace
from pathlib import Path

import psutil
import pytest

from studio.engine.client import JobRunner
from studio.engine.job_messages import (
    ElasticJob,
    JobCancelled,
    JobDone,
    JobFailed,
    JobLook,
    JobProgress,
)
from studio.families.opening import open_model
from studio.training.elastic.options import ElasticOptions
from tests.engine.listening import Listener
from tests.families.small import small_config, small_model

OPTIONS = ElasticOptions(steps=1_000_000, batch=1, threads=1, widths=(0.5,))


@pytest.fixture
def events():
    return Listener()


@pytest.fixture
def runner(events):
    runner = JobRunner(events)
    yield runner
    runner.stop()


@pytest.fixture
def job(tmp_path: Path) -> ElasticJob:
    config = replace(small_config((8,) * 8), architecture="stylegan2")
    small_model(config).save(tmp_path / "small.safetensors")
    (tmp_path / "out").mkdir()
    out = tmp_path / "out" / "elastic.safetensors"
    return ElasticJob(str(tmp_path / "small.safetensors"), str(out), OPTIONS)


def ended(item):
    return isinstance(item[1], JobDone | JobFailed | JobCancelled)


def looked(item):
    return isinstance(item[1], JobLook)


def left(job: ElasticJob) -> list[str]:
    return sorted(p.name for p in Path(job.out).parent.iterdir())


def test_looks_come_and_stop_keeps_the_best(runner, events, job) -> None:
    handle = runner.run(job)
    look = events.wait(looked)[1]
    assert [each.width for each in look.widths] == [0.5, 1.0]
    assert len(look.picture.pixels) == look.picture.width * look.picture.height * 3
    handle.stop()
    done = events.wait(ended)[1]
    assert isinstance(done, JobDone), done
    assert done.elastic.stopped
    assert done.info.widths == (0.5, 1.0)
    assert open_model(job.out).info.history[-1].step == "elastic"
    assert left(job) == ["elastic.safetensors", "elastic.safetensors.checkpoint"]
    handle.stop()
    shorter = replace(OPTIONS, steps=done.elastic.steps + 1)
    handle = runner.run(replace(job, resume=True, options=shorter))
    done = events.wait(lambda item: item[0] == handle.id and ended(item))[1]
    assert isinstance(done, JobDone), done
    assert done.elastic.steps == shorter.steps
    assert left(job) == ["elastic.safetensors"]


def test_stop_before_the_process_listens_is_not_lost(runner, events, job) -> None:
    runner.run(job).stop()
    done = events.wait(ended)[1]
    assert isinstance(done, JobDone), done
    assert done.elastic.steps == 0


@pytest.mark.skipif(sys.platform == "win32", reason="SIGKILL")
def test_a_killed_job_leaves_nothing_half_written(runner, events, job) -> None:
    runner.run(job)
    events.wait(looked)
    (child,) = psutil.Process().children()
    os.kill(child.pid, signal.SIGKILL)
    assert isinstance(events.wait(ended)[1], JobFailed)
    assert left(job) == ["elastic.safetensors.checkpoint"]


def test_cancel_keeps_nothing_but_the_checkpoint(runner, events, job) -> None:
    Path(job.out).write_bytes(b"old")
    handle = runner.run(job)
    events.wait(lambda item: isinstance(item[1], JobProgress) and "step 2" in item[1].text)
    handle.cancel()
    assert events.wait(ended)[1] == JobCancelled()
    assert left(job) == ["elastic.safetensors", "elastic.safetensors.checkpoint"]
    assert Path(job.out).read_bytes() == b"old"


def test_a_refusal_is_one_sentence(runner, events, job) -> None:
    runner.run(replace(job, options=replace(OPTIONS, data="/no/such/folder")))
    failed = events.wait(ended)[1]
    assert failed.sentence == "/no/such/folder is no folder; accepted is a folder of pictures"
    assert left(job) == []
