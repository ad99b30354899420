"""The client with a render process that misbehaves."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import numpy as np
import psutil
import pytest

from studio.engine.client import EngineClient, EngineState, decode
from studio.engine.messages import (
    CancelLane,
    CloseModel,
    Compare,
    Compared,
    Failed,
    Finish,
    Finished,
    Opened,
    OpenModel,
    Ready,
    Render,
    Rendered,
    RenderSpec,
)
from studio.families.inputs import GanInputs
from studio.processes.blocks import folder
from studio.subnets.choice import SubnetChoice
from tests.engine.faulty_renderer import DEADLY, FAULTY, LARGE
from tests.engine.listening import Listener, gone

MODULE = "tests.engine.faulty_renderer"


class Desk:
    """A client and what it said."""

    def __init__(self, module: str = MODULE) -> None:
        self.answers = Listener()
        self.states = Listener()
        self.client = EngineClient(self.answers, self.states, module=module)


@pytest.fixture(autouse=True)
def _nothing_is_left_behind():
    threads = set(threading.enumerate())
    yield
    assert set(threading.enumerate()) <= threads
    assert psutil.Process().children() == []
    assert list(folder().glob(f"maquette-{os.getpid()}-*")) == []


@pytest.fixture
def desk():
    desk = Desk()
    desk.client.start()
    yield desk
    desk.client.stop()


def spec(seed: int, steps: int = 1, model: str = "key-a") -> RenderSpec:
    return RenderSpec(model, GanInputs(seed=seed, label=steps), SubnetChoice())


def opened(desk: Desk, path: str = "a.safetensors") -> Desk:
    desk.client.send(OpenModel(1, path))
    desk.answers.wait_for(Opened, request=1)
    return desk


def test_a_picture_arrives(desk):
    opened(desk).client.send(Render("current", 1, spec(7)))
    answer = desk.answers.wait_for(Rendered, stamp=1)
    assert answer.spec == spec(7)
    assert answer.made_by == "PyTorch f32 CPU"
    assert np.array_equal(decode(answer.picture), np.full((8, 8, 3), 7, np.uint8))
    assert desk.states.heard == [EngineState.STARTING, EngineState.READY]
    assert isinstance(desk.answers.heard[0], Ready)
    assert desk.client.pid == desk.answers.heard[0].pid


def test_requests_may_be_sent_before_the_process_is_there():
    desk = Desk()
    desk.client.send(OpenModel(1, "a.safetensors"))
    desk.client.start()
    try:
        assert desk.answers.wait_for(Opened).info.key == "key-a"
    finally:
        desk.client.stop()


def test_large_pictures_travel_in_shared_memory(desk):
    opened(desk).client.send(Render("current", 1, spec(LARGE)))
    answer = desk.answers.wait_for(Rendered, stamp=1)
    assert decode(answer.picture).shape == (LARGE, LARGE, 3)
    assert decode(answer.picture).max() == LARGE % 256  # a second time is fine
    assert list(folder().glob(f"maquette-{os.getpid()}-*")) == []


def test_errors_have_sentences(desk):
    opened(desk)
    desk.client.send(OpenModel(2, "refused.pkl"))
    failed = desk.answers.wait_for(Failed, lane="open", stamp=2)
    assert failed.sentence == "refused.pkl is not a model"
    desk.client.send(Render("current", 3, spec(FAULTY)))
    failed = desk.answers.wait_for(Failed, lane="current", stamp=3)
    assert failed.sentence == "Rendering failed: division by the unlucky number"
    assert "ZeroDivisionError" in failed.details
    desk.client.send(Render("current", 4, spec(1, model="key-b")))
    assert "not open" in desk.answers.wait_for(Failed, stamp=4).sentence


def test_a_stream_of_requests_ends_with_the_newest(desk):
    opened(desk)
    for stamp in range(300):
        desk.client.send(Render("current", stamp, spec(stamp)))
    desk.answers.wait_for(Rendered, stamp=299)
    stamps = [a.stamp for a in desk.answers.heard if isinstance(a, Rendered)]
    assert stamps == sorted(set(stamps))


def test_a_drag_is_served_during_a_long_render_which_comes_afterwards(desk):
    opened(desk).client.send(Render("full", 1, spec(9, steps=60)))
    for stamp in range(2, 12):
        desk.client.send(Render("current", stamp, spec(stamp)))
        time.sleep(0.01)
    desk.answers.wait_for(Rendered, lane="full", stamp=1)
    order = [(a.lane, a.stamp) for a in desk.answers.heard if isinstance(a, Rendered)]
    assert order.index(("current", 11)) < order.index(("full", 1))


def test_cancelling_and_closing_leave_no_answer(desk):
    opened(desk).client.send(Render("full", 1, spec(9, steps=100)))
    desk.client.send(CancelLane("full"))
    desk.client.send(Render("current", 2, spec(2, steps=100)))
    desk.client.send(CloseModel("key-a"))
    desk.client.send(Render("current", 3, spec(3)))
    desk.answers.wait_for(Failed, stamp=3)
    assert not [a for a in desk.answers.heard if isinstance(a, Rendered)]


def test_finish_writes_the_picture_with_its_text(desk, tmp_path):
    from studio.families.picture_file import read_text

    path = tmp_path / "head.png"
    opened(desk).client.send(Finish("finish", 5, spec(4), str(path), (("seed", "4"),)))
    answer = desk.answers.wait_for(Finished, stamp=5)
    assert answer.path == str(path)
    assert read_text(path)["seed"] == "4"
    desk.client.send(Finish("finish", 6, spec(4), str(tmp_path / "nowhere" / "head.png")))
    assert "nowhere" in desk.answers.wait_for(Failed, stamp=6).sentence
    assert [p.name for p in tmp_path.iterdir()] == ["head.png"]


def test_a_killed_process_is_replaced_and_the_newest_request_answered(desk):
    opened(desk)
    for stamp in range(20):
        desk.client.send(Render("current", stamp, spec(stamp, steps=3)))
        time.sleep(0.005)
        if stamp == 10:
            first = desk.client.pid
            assert first is not None
            os.kill(first, signal.SIGKILL)
    desk.client.send(Render("full", 50, spec(50)))
    desk.answers.wait_for(Rendered, stamp=19)
    desk.answers.wait_for(Rendered, stamp=50)
    assert desk.states.heard == [
        EngineState.STARTING,
        EngineState.READY,
        EngineState.RESTARTING,
        EngineState.READY,
    ]
    assert desk.client.pid not in (None, first)
    assert len([a for a in desk.answers.heard if isinstance(a, Opened)]) == 1
    assert "killed" in desk.client.details


def test_a_request_that_kills_twice_is_left_out(desk):
    opened(desk)
    desk.client.send(Render("current", 1, spec(DEADLY)))
    failed = desk.answers.wait_for(Failed, lane="current", stamp=1)
    assert failed.sentence == "This picture stopped the renderer twice, so it was left out"
    desk.client.send(Render("current", 2, spec(2)))
    desk.answers.wait_for(Rendered, stamp=2)
    assert desk.states.heard.count(EngineState.RESTARTING) == 2


def test_a_model_that_kills_twice_is_left_out(desk):
    opened(desk)
    desk.client.send(OpenModel(2, "deadly.pkl"))
    failed = desk.answers.wait_for(Failed, lane="open", stamp=2)
    assert failed.sentence == "deadly.pkl stopped the renderer twice, so it was left out"
    assert "about to die" in desk.client.details
    desk.client.send(Render("current", 3, spec(3)))
    desk.answers.wait_for(Rendered, stamp=3)


def test_a_process_that_cannot_start_is_given_up_until_asked():
    desk = Desk("tests.engine.dying_renderer")
    desk.client.start()
    try:
        desk.states.wait(lambda state: state is EngineState.FAILED)
        assert "no engine today" in desk.client.details
        assert desk.states.heard.count(EngineState.RESTARTING) == 2
        heard = len(desk.states.heard)
        desk.client.restart()
        desk.states.wait(lambda state: state is EngineState.FAILED, after=heard)
    finally:
        desk.client.stop()
    assert desk.states.heard[-1] is EngineState.STOPPED


def test_stopping_in_any_moment_leaves_nothing():
    for pause in (0.0, 0.05, 0.3):
        desk = Desk()
        desk.client.start()
        desk.client.send(OpenModel(1, "a.safetensors"))
        desk.client.send(Render("full", 1, spec(1, steps=500)))
        time.sleep(pause)
        desk.client.stop()
        desk.client.stop()
        assert desk.client.pid is None
        assert desk.states.heard[-1] is EngineState.STOPPED


def test_a_process_that_does_not_read_holds_nobody_up(desk):
    opened(desk)
    os.kill(desk.client.pid, signal.SIGSTOP)
    for stamp in range(3000):
        desk.client.send(Render(f"lane-{stamp}", stamp, spec(stamp)))
    desk.client.stop()
    assert desk.states.heard[-1] is EngineState.STOPPED


def test_a_missing_interpreter_is_reported(monkeypatch, tmp_path):
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    desk = Desk()
    desk.client.start()
    desk.states.wait(lambda state: state is EngineState.FAILED)
    assert "could not be started" in desk.client.details
    desk.client.stop()


def test_a_callback_that_raises_does_no_harm(caplog):
    def raises(_answer: object) -> None:
        raise RuntimeError("from the window")

    states = Listener()
    client = EngineClient(raises, states, module=MODULE)
    client.start()
    client.send(OpenModel(1, "a.safetensors"))
    states.wait(lambda state: state is EngineState.READY)
    client.stop()
    assert states.heard[-1] is EngineState.STOPPED
    assert "from the window" in caplog.text


def busy_comparing(desk: Desk) -> list[psutil.Process]:
    """Let two large pictures be compared, which takes seconds, and return that process."""
    large = [spec(LARGE), spec(LARGE, steps=2)]
    opened(desk).client.send(Compare("compare", 1, *large, with_map=True))
    until = time.monotonic() + 20
    while time.monotonic() < until:
        family = psutil.Process(desk.client.pid).children()
        if family:
            return family
        time.sleep(0.01)
    raise AssertionError("nothing was compared")


def test_pictures_are_made_during_a_comparison(desk):
    comparers = busy_comparing(desk)
    for stamp in range(2, 7):
        desk.client.send(Render("current", stamp, spec(stamp)))
        desk.answers.wait_for(Rendered, stamp=stamp)
    assert not [a for a in desk.answers.heard if isinstance(a, Compared)]
    desk.client.stop()
    assert gone(comparers)


def test_a_comparison_ends_with_its_renderer_and_is_taken_up_again(desk):
    comparers = busy_comparing(desk)
    os.kill(desk.client.pid, signal.SIGKILL)
    assert gone(comparers)
    desk.client.send(CancelLane("compare"))
    desk.client.send(Render("current", 2, spec(2)))
    desk.answers.wait_for(Rendered, stamp=2)


def test_a_killed_comparer_is_replaced(desk):
    comparers = busy_comparing(desk)
    comparers[0].kill()
    failed = desk.answers.wait_for(Failed, lane="compare", stamp=1)
    assert failed.sentence.startswith("Comparing failed: its process was killed by the system")
    desk.client.send(Compare("compare", 2, spec(1), spec(2)))
    assert desk.answers.wait_for(Compared, stamp=2).psnr > 0
    desk.client.send(Compare("compare", 3, spec(1), spec(LARGE)))
    assert "larger" in desk.answers.wait_for(Failed, stamp=3).sentence


PARENT = """
import sys, time
from studio.engine.client import EngineClient
from studio.engine.messages import (Ready)
def told(answer):
    if isinstance(answer, Ready):
        print(answer.pid, flush=True)
client = EngineClient(told, lambda state: None, module=sys.argv[1])
client.start()
time.sleep(60)
"""


def test_the_process_ends_with_its_parent():
    root = Path(__file__).resolve().parents[2]
    with subprocess.Popen(
        [sys.executable, "-c", PARENT, MODULE], stdout=subprocess.PIPE, text=True, cwd=root
    ) as parent:
        assert parent.stdout is not None
        child = psutil.Process(int(parent.stdout.readline()))
        parent.kill()
        parent.wait()
    assert gone([child])


@pytest.mark.parametrize(
    "module",
    [
        "studio.engine.client",
        "studio.engine.messages",
        "studio.engine.job_messages",
        "studio.engine.ledger",
    ],
)
def test_the_window_side_imports_no_torch(module):
    code = (
        f"import sys, {module}; "
        "sys.exit(' '.join(m for m in ('torch', 'PySide6', 'PIL') if m in sys.modules))"
    )
    result = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert result.stderr.strip() == ""
