"""Which request is served next, and when a running one must stop. Pure: no threads, no clock.

The rules, in order:

1. Opening and closing models comes first, in order of arrival.
2. Lanes are served by priority; lanes of equal priority in order of arrival.
3. A lane holds one waiting request: the newest replaces an older one. Stamps only grow.
4. A waiting request of a higher lane, or a model to open, stops a running one between two layers.
   The stopped one waits again, unless its own lane has got something newer meanwhile.
5. A newer request of the same lane stops the running one only while that pays, see
   :meth:`Scheduler.must_stop`.
6. Cancelling a lane, or closing a model, drops what waits and stops what runs, without an answer.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass

from studio.engine.messages import LANES, CancelLane, CloseModel, Compare, Finish, OpenModel, Render
from studio.families.diffusion.inputs import DiffusionInputs

Picturing = Render | Compare | Finish
Command = OpenModel | CloseModel
QUICK_SECONDS = 0.1
WASTE = 0.5


def models_of(request: Picturing) -> frozenset[str]:
    """Keys of the models that a request needs."""
    if isinstance(request, Compare):
        return frozenset((request.reference.model, request.candidate.model))
    return frozenset((request.spec.model,))


def rank(lane: str) -> int:
    """Priority of a lane; the lowest number is served first."""
    return LANES.index(lane) if lane in LANES else len(LANES)


def _stepwise(request: Picturing) -> bool:
    """Whether the picture of a request is seen step by step while it is made."""
    return isinstance(request, Render) and isinstance(request.spec.inputs, DiffusionInputs)


@dataclass(frozen=True)
class _Waiting:
    order: int
    request: Picturing


@dataclass
class _Running:
    order: int
    request: Picturing
    since: float
    dropped: bool = False


@dataclass
class _Pace:
    """What a lane has learned: seconds its last picture took, and seconds thrown away since."""

    usual: float | None = None
    wasted: float = 0.0


class Scheduler:
    """The queue of the render process. Times are seconds of any steady clock."""

    def __init__(self) -> None:
        self._commands: deque[Command] = deque()
        self._waiting: dict[str, _Waiting] = {}
        self._newest: dict[str, int] = {}
        self._paces: dict[str, _Pace] = {}
        self._running: _Running | None = None
        self._arrivals = 0

    def add(self, request: Picturing | Command | CancelLane) -> None:
        """Take in a request. One that is older than the newest of its lane is dropped."""
        if isinstance(request, CancelLane):
            self._drop(lambda waiting: waiting.lane == request.lane)
        elif isinstance(request, CloseModel):
            self._drop(lambda waiting: request.model in models_of(waiting))
            self._commands.append(request)
        elif isinstance(request, OpenModel):
            self._commands.append(request)
        elif request.stamp >= self._newest.get(request.lane, request.stamp):
            self._newest[request.lane] = request.stamp
            self._arrivals += 1
            self._waiting[request.lane] = _Waiting(self._arrivals, request)

    def next(self, now: float) -> Picturing | Command | None:
        """Take the request to serve now; None when nothing waits. Pictures count as running until
        :meth:`ended` or :meth:`stopped` is called."""
        assert self._running is None
        if self._commands:
            return self._commands.popleft()
        if not self._waiting:
            return None
        lane = min(self._waiting, key=lambda name: (rank(name), self._waiting[name].order))
        first = self._waiting.pop(lane)
        self._running = _Running(first.order, first.request, now)
        return first.request

    def must_stop(self, now: float) -> bool:
        """Whether the running request must stop between two layers.

        A newer request of the same lane is the hard case. If it always stopped the running one, a
        drag that asks more often than a picture takes would never show any. If it never did, a
        change made during a slow full render would wait for that render to end. So work may be
        thrown away, but within bounds: since the lane's last answer at most ``WASTE`` of what a
        picture of this lane usually takes. Whatever the stream of requests, a lane left alone by
        higher ones thus delivers a picture in at most (1 + ``WASTE``) times its usual duration.
        Pictures quicker than ``QUICK_SECONDS`` are never stopped by their own lane: ending them
        gives the smoother drag (at least 10 frames a second, and what is shown is fresh anyway).
        Pictures that are seen step by step are stopped at once: the first step of the newer one
        shows more of what is wanted than the last of this.
        """
        running = self._running
        if running is None:
            return False
        if running.dropped or self._commands:
            return True
        lane = running.request.lane
        if any(rank(other) < rank(lane) for other in self._waiting):
            return True
        if lane not in self._waiting:
            return False
        pace = self._paces.get(lane, _Pace())
        if _stepwise(running.request):
            return True
        if pace.usual is None or pace.usual < QUICK_SECONDS:
            return False
        return pace.wasted + (now - running.since) <= WASTE * pace.usual

    def stopped(self, now: float) -> None:
        """The running request was stopped: it waits again, unless superseded or dropped."""
        running = self._take_running()
        if running.dropped:
            return
        lane = running.request.lane
        if lane not in self._waiting:
            self._waiting[lane] = _Waiting(running.order, running.request)
        else:
            self._paces.setdefault(lane, _Pace()).wasted += now - running.since

    def ended(self, now: float, *, worked: bool = True) -> bool:
        """The running request is done, well or not. Whether its answer is still wanted.

        ``worked`` is False for an answer out of a cache, which says nothing of a lane's pace.
        """
        running = self._take_running()
        pace = self._paces.setdefault(running.request.lane, _Pace())
        pace.wasted = 0.0
        if worked:
            pace.usual = now - running.since
        return not running.dropped

    def _take_running(self) -> _Running:
        running, self._running = self._running, None
        assert running is not None
        return running

    def _drop(self, unwanted: Callable[[Picturing], bool]) -> None:
        for lane in [n for n, w in self._waiting.items() if unwanted(w.request)]:
            del self._waiting[lane]
        if self._running is not None and unwanted(self._running.request):
            self._running.dropped = True
