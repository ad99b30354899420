"""Preferences reach the render process and the jobs, and a renewal loses nothing."""

from __future__ import annotations

import pytest

from studio.engine.client import EngineClient, EngineState, JobRunner
from studio.engine.job_messages import ConvertJob, JobDone
from studio.engine.messages import Opened, OpenModel, Ready, Render, Rendered
from studio.places import CACHE_FOLDER, CACHE_LIMIT
from studio.processes.child import THREADS
from studio.session.preferences import Preferences
from studio.session.surroundings import OURS, apply
from tests.engine.listening import Listener
from tests.engine.test_client import spec


@pytest.fixture(autouse=True)
def own_variables(monkeypatch):
    """What a test sets in the environment is gone after it."""
    for name in (THREADS, CACHE_FOLDER, CACHE_LIMIT, OURS):
        monkeypatch.setenv(name, "")
        monkeypatch.delenv(name)


@pytest.fixture
def engine():
    answers, states = Listener(), Listener()
    client = EngineClient(answers, states, module="tests.engine.faulty_renderer")
    client.start()
    yield client, answers, states
    client.stop()


def test_other_threads_are_in_force_after_a_renewal(engine, tmp_path):
    client, answers, states = engine
    client.send(OpenModel(1, "a.safetensors"))
    answers.wait_for(Opened, request=1)
    before = client.pid
    client.send(Render("current", 1, spec(7, steps=300)))
    apply(Preferences(threads=3, cache_folder=str(tmp_path / "elsewhere")))
    client.renew()
    answers.wait_for(Ready, threads=3)
    # The picture that was under way comes from the new process, unasked.
    assert answers.wait_for(Rendered, stamp=1).spec == spec(7, steps=300)
    assert client.pid not in (None, before)
    assert states.heard == [
        EngineState.STARTING,
        EngineState.READY,
        EngineState.STARTING,
        EngineState.READY,
    ]
    assert len([each for each in answers.heard if isinstance(each, Opened)]) == 1
    assert client.details == ""


def test_renewing_in_a_row_is_no_crash(engine):
    client, answers, states = engine
    for _ in range(5):
        client.renew()
    client.send(OpenModel(1, "a.safetensors"))
    answers.wait_for(Opened, request=1)
    assert EngineState.FAILED not in states.heard
    assert EngineState.RESTARTING not in states.heard


def test_an_engine_that_is_not_running_is_not_started():
    client = EngineClient(Listener(), Listener(), module="tests.engine.faulty_renderer")
    client.renew()
    assert client.state is EngineState.STOPPED
    assert client.pid is None


def test_jobs_are_told_too(tmp_path):
    events = Listener()
    runner = JobRunner(events, module="tests.engine.telling_job")
    apply(Preferences(threads=5, cache_folder=str(tmp_path / "cache"), cache_gb=0.5))
    runner.run(ConvertJob("a", str(tmp_path / "b")))
    found = events.wait(lambda event: isinstance(event[1], JobDone))
    runner.stop()
    assert found[1].path == f"5 500000000 {tmp_path / 'cache'}"
