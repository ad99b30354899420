"""Who is served next, and who must stop."""

from __future__ import annotations

import itertools

import hypothesis.strategies as st
import pytest
from hypothesis import settings
from hypothesis.stateful import RuleBasedStateMachine, invariant, precondition, rule

from studio.engine.messages import CancelLane, CloseModel, Compare, OpenModel, Render, RenderSpec
from studio.engine.scheduler import WASTE, Scheduler
from studio.families.inputs import GanInputs
from studio.subnets.choice import SubnetChoice


def render(lane: str, stamp: int, model: str = "a") -> Render:
    return Render(lane, stamp, RenderSpec(model, GanInputs(seed=stamp), SubnetChoice()))


def serve(scheduler: Scheduler, seconds: float, start: float = 0.0) -> None:
    """Let the next request run undisturbed."""
    assert scheduler.next(start) is not None
    assert scheduler.ended(start + seconds)


def test_the_newest_of_a_lane_replaces_the_waiting_one():
    scheduler = Scheduler()
    for stamp in range(5):
        scheduler.add(render("current", stamp))
    assert scheduler.next(0) == render("current", 4)
    assert scheduler.ended(0)
    assert scheduler.next(0) is None


def test_an_older_stamp_that_comes_late_is_dropped():
    scheduler = Scheduler()
    scheduler.add(render("current", 5))
    scheduler.add(render("current", 4))
    assert scheduler.next(0) == render("current", 5)
    assert scheduler.ended(0)
    assert scheduler.next(0) is None


def test_lanes_are_served_by_priority_then_arrival():
    scheduler = Scheduler()
    for lane in ("seed-2", "seed-1", "finish", "compare", "full", "current"):
        scheduler.add(render(lane, 1))
    scheduler.add(OpenModel(1, "m"))
    served = []
    while (request := scheduler.next(0)) is not None:
        served.append("open" if isinstance(request, OpenModel) else request.lane)
        if served[-1] != "open":
            scheduler.ended(0)
    assert served == ["open", "current", "full", "compare", "finish", "seed-2", "seed-1"]


@pytest.mark.parametrize("above", [render("current", 2), OpenModel(1, "m")])
def test_what_comes_first_stops_a_running_render_which_is_taken_up_again(above):
    scheduler = Scheduler()
    scheduler.add(render("full", 1))
    assert scheduler.next(0) == render("full", 1)
    assert not scheduler.must_stop(0.1)
    scheduler.add(above)
    assert scheduler.must_stop(0.2)
    scheduler.stopped(0.2)
    assert scheduler.next(0.2) == above
    if isinstance(above, Render):
        assert scheduler.ended(0.3)
    assert scheduler.next(0.3) == render("full", 1)


def test_a_stopped_render_keeps_its_place_among_equals():
    scheduler = Scheduler()
    scheduler.add(render("seed-1", 1))
    scheduler.next(0)
    scheduler.add(render("seed-2", 1))
    assert not scheduler.must_stop(0)
    scheduler.add(render("current", 1))
    scheduler.stopped(0)
    served = []
    while (request := scheduler.next(0)) is not None:
        served.append(request.lane)
        scheduler.ended(0)
    assert served == ["current", "seed-1", "seed-2"]


def test_a_stopped_render_that_is_superseded_is_forgotten():
    scheduler = Scheduler()
    scheduler.add(render("full", 1))
    scheduler.next(0)
    scheduler.add(render("full", 2))
    scheduler.add(render("current", 1))
    scheduler.stopped(0)
    assert scheduler.next(0) == render("current", 1)
    scheduler.ended(0)
    assert scheduler.next(0) == render("full", 2)
    scheduler.ended(0)
    assert scheduler.next(0) is None


@pytest.mark.parametrize("gone", [CancelLane("full"), CloseModel("a")])
def test_cancelling_drops_what_waits_and_what_runs(gone):
    scheduler = Scheduler()
    scheduler.add(render("full", 1))
    scheduler.next(0)
    scheduler.add(render("full", 2))
    scheduler.add(gone)
    assert scheduler.must_stop(0)
    scheduler.stopped(0)
    assert scheduler.next(0) in (None, gone)
    assert scheduler.next(0) is None


def test_a_dropped_render_that_ends_is_not_answered():
    scheduler = Scheduler()
    scheduler.add(render("full", 1))
    scheduler.next(0)
    scheduler.add(CancelLane("full"))
    assert not scheduler.ended(1)


def test_closing_a_model_keeps_the_requests_of_others():
    scheduler = Scheduler()
    scheduler.add(render("current", 1, model="b"))
    scheduler.add(
        Compare("compare", 2, render("x", 1, model="b").spec, render("x", 1, model="a").spec)
    )
    scheduler.add(CloseModel("a"))
    assert scheduler.next(0) == CloseModel("a")
    assert scheduler.next(0) == render("current", 1, model="b")
    scheduler.ended(0)
    assert scheduler.next(0) is None


def test_quick_pictures_are_never_stopped_by_their_own_lane():
    scheduler = Scheduler()
    scheduler.add(render("current", 1))
    serve(scheduler, 0.06)
    scheduler.add(render("current", 2))
    scheduler.next(1.0)
    scheduler.add(render("current", 3))
    assert not scheduler.must_stop(1.01)


def test_a_slow_render_is_stopped_early_but_not_late():
    scheduler = Scheduler()
    scheduler.add(render("full", 1))
    serve(scheduler, 1.0)
    scheduler.add(render("full", 2))
    scheduler.next(10.0)
    scheduler.add(render("full", 3))
    assert scheduler.must_stop(10.3)
    assert not scheduler.must_stop(10.6)


def test_an_answer_out_of_the_cache_says_nothing_of_the_pace():
    scheduler = Scheduler()
    scheduler.add(render("full", 1))
    serve(scheduler, 1.0)
    scheduler.add(render("full", 2))
    scheduler.next(2.0)
    scheduler.ended(2.0, worked=False)
    scheduler.add(render("full", 3))
    scheduler.next(3.0)
    scheduler.add(render("full", 4))
    assert scheduler.must_stop(3.1)


@pytest.mark.parametrize("duration", [0.004, 0.05, 0.11, 0.5, 1.5])
@pytest.mark.parametrize("interval", [0.008, 0.016, 0.05, 0.2, 0.7])
def test_a_drag_always_produces_frames(duration, interval):
    """Requests come every ``interval`` s; a picture takes ``duration`` s in steps of 1 ms."""
    scheduler = Scheduler()
    now, next_request, stamp, running, frames = 0.0, 0.0, 0, None, [0.0]
    while now < 20:
        if now >= next_request:
            stamp += 1
            scheduler.add(render("current", stamp))
            next_request += interval
        if running is not None and now - running >= duration:
            assert scheduler.ended(now)
            frames.append(now)
            running = None
        elif running is not None and scheduler.must_stop(now):
            scheduler.stopped(now)
            running = None
        if running is None and scheduler.next(now) is not None:
            running = now
        now += 0.001
    longest = max(b - a for a, b in itertools.pairwise(frames))
    allowed = duration * (1 + WASTE) if duration >= 0.1 else duration
    assert longest <= allowed + interval + 0.02


LANES = ("current", "full", "seed-1", "seed-2")


class AnyOrder(RuleBasedStateMachine):
    """Whatever happens: no old answer after a newer one; each that stays wanted answered once."""

    def __init__(self) -> None:
        super().__init__()
        self.scheduler = Scheduler()
        self.now = 0.0
        self.stamp = 0
        self.running: Render | None = None
        self.sent: dict[str, list[int]] = {lane: [] for lane in LANES}
        self.answered: dict[str, list[int]] = {lane: [] for lane in LANES}
        self.wanted: dict[str, int] = {}
        self.cancelled: set[int] = set()

    @rule(lane=st.sampled_from(LANES))
    def ask(self, lane: str) -> None:
        self.stamp += 1
        self.scheduler.add(render(lane, self.stamp))
        self.sent[lane].append(self.stamp)
        self.wanted[lane] = self.stamp

    @rule(lane=st.sampled_from(LANES))
    def ask_late(self, lane: str) -> None:
        if self.sent[lane] and self.sent[lane][-1] > 1:
            self.scheduler.add(render(lane, self.sent[lane][-1] - 1))

    @rule(lane=st.sampled_from(LANES))
    def cancel(self, lane: str) -> None:
        self.scheduler.add(CancelLane(lane))
        self.cancelled.update(self.sent[lane])
        self.wanted.pop(lane, None)

    @rule(seconds=st.floats(0, 1))
    def wait(self, seconds: float) -> None:
        self.now += seconds

    @precondition(lambda self: self.running is None)
    @rule()
    def take(self) -> None:
        request = self.scheduler.next(self.now)
        assert request is None or isinstance(request, Render)
        self.running = request
        if request is None:
            assert not self.wanted

    @precondition(lambda self: self.running is not None)
    @rule()
    def layer(self) -> None:
        if self.scheduler.must_stop(self.now):
            self.scheduler.stopped(self.now)
            self.running = None

    @precondition(lambda self: self.running is not None)
    @rule()
    def end(self) -> None:
        assert self.running is not None
        lane, stamp = self.running.lane, self.running.stamp
        self.running = None
        if self.scheduler.ended(self.now):
            assert stamp not in self.cancelled
            self.answered[lane].append(stamp)
            if self.wanted.get(lane) == stamp:
                del self.wanted[lane]
        else:
            assert stamp in self.cancelled

    @invariant()
    def in_order_and_once(self) -> None:
        for lane in LANES:
            stamps = self.answered[lane]
            assert stamps == sorted(set(stamps))
            assert set(stamps) <= set(self.sent[lane])

    def teardown(self) -> None:
        while True:
            if self.running is None:
                self.take()
            if self.running is None:
                break
            self.end()
        assert not self.wanted


AnyOrder.TestCase.settings = settings(max_examples=80, stateful_step_count=50, deadline=None)
TestAnyOrder = AnyOrder.TestCase
