"""Jobs end in exactly one way, and leave nothing when they do not end well."""

from __future__ import annotations

import sys
import threading
import time

import psutil
import pytest

from studio.engine.client import JobRunner
from studio.engine.job_messages import (
    ConvertJob,
    JobCancelled,
    JobDone,
    JobFailed,
    JobLog,
    JobMeasured,
    JobProgress,
)
from tests.engine.listening import Listener, gone

MODULE = "tests.engine.faulty_job"


@pytest.fixture(autouse=True)
def _nothing_is_left_behind():
    threads = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= threads
    assert psutil.Process().children() == []


@pytest.fixture
def events():
    return Listener()


@pytest.fixture
def runner(events):
    runner = JobRunner(events, module=MODULE)
    yield runner
    runner.stop()


def ended(item):
    return isinstance(item[1], JobDone | JobFailed | JobCancelled)


def half_way(item):
    return item[1] == JobProgress(0.5, "half")


def test_a_job_reports_and_writes(runner, events, tmp_path):
    handle = runner.run(ConvertJob("good", str(tmp_path / "out.bin")))
    assert events.wait(ended) == (handle.id, JobDone(path=str(tmp_path / "out.bin")))
    assert (tmp_path / "out.bin").read_bytes() == b"whole"
    assert [p.name for p in tmp_path.iterdir()] == ["out.bin"]
    kinds = [type(event) for _, event in events.heard]
    assert kinds.count(JobDone) == 1
    assert kinds[-1] is JobDone
    assert (handle.id, JobLog("a line of log")) in events.heard
    runner.stop()
    assert handle.finished
    handle.cancel()


def test_what_is_measured_is_told_before_the_end(runner, events, tmp_path):
    handle = runner.run(ConvertJob("slow measuring", str(tmp_path / "out.bin")))
    assert events.wait(lambda item: isinstance(item[1], JobMeasured)) == (handle.id, JobMeasured())
    handle.cancel()
    assert events.wait(ended) == (handle.id, JobCancelled())


@pytest.mark.parametrize("kind", ["slow", "slow stubborn"])
def test_cancel_ends_the_job_and_its_children_within_a_second(runner, events, tmp_path, kind):
    handle = runner.run(ConvertJob(kind, str(tmp_path / "out.bin")))
    events.wait(half_way)
    family = psutil.Process().children(recursive=True)
    assert len(family) == (2 if "stubborn" in kind else 1)
    start = time.monotonic()
    handle.cancel()
    assert time.monotonic() - start < 0.5
    assert events.wait(ended) == (handle.id, JobCancelled())
    assert time.monotonic() - start < 3  # a second, and patience with a busy machine
    assert gone(family)
    assert list(tmp_path.iterdir()) == []
    assert events.heard[-1][1] == JobCancelled()


def test_a_cancelled_job_keeps_the_old_file(runner, events, tmp_path):
    out = tmp_path / "out.bin"
    out.write_bytes(b"old")
    handle = runner.run(ConvertJob("slow", str(out)))
    events.wait(half_way)
    handle.cancel()
    events.wait(ended)
    assert out.read_bytes() == b"old"


def test_cancelling_at_once_is_fine(runner, events, tmp_path):
    handle = runner.run(ConvertJob("slow", str(tmp_path / "out.bin")))
    handle.cancel()
    handle.cancel()
    assert events.wait(ended) == (handle.id, JobCancelled())


def test_a_killed_job_fails_with_a_sentence(runner, events, tmp_path):
    runner.run(ConvertJob("killed", str(tmp_path / "out.bin")))
    failed = events.wait(ended)[1]
    assert failed.sentence == ("The job was killed by the system, perhaps because memory ran out")
    assert "a line of log" in failed.details
    assert list(tmp_path.iterdir()) == []


def test_a_failure_is_passed_on(runner, events, tmp_path):
    runner.run(ConvertJob("refused", str(tmp_path / "out.bin")))
    assert events.wait(ended)[1].sentence == "no such luck"
    assert list(tmp_path.iterdir()) == []


def test_a_job_that_cannot_be_started_fails(runner, events, tmp_path, monkeypatch):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    runner.run(ConvertJob("good", str(tmp_path / "out.bin")))
    assert "could not be started" in events.wait(ended)[1].sentence


def test_stop_cancels_every_job(runner, events, tmp_path):
    handles = [runner.run(ConvertJob("slow", str(tmp_path / f"{i}.bin"))) for i in range(3)]
    for handle in handles:
        events.wait(lambda item, id_=handle.id: item[0] == id_ and half_way(item))
    runner.stop()
    assert all(handle.finished for handle in handles)
    assert [e for _, e in events.heard if not isinstance(e, JobProgress | JobLog)] == [
        JobCancelled()
    ] * 3
    assert list(tmp_path.iterdir()) == []
