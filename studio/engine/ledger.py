"""What the client must remember to bring a new render process to where the last one was. Pure."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.engine.messages import (
    Answer,
    Began,
    CancelLane,
    CloseModel,
    Compared,
    Failed,
    Finish,
    Finished,
    Idle,
    Opened,
    OpenModel,
    Rendered,
    Request,
    Shutdown,
)
from studio.engine.scheduler import Picturing, models_of

OPEN_LANE = "open"
ALLOWED_DEATHS = 2
_Name = tuple[str, int]


class Ledger:
    """Open models, the newest unanswered request of every lane, and who was running."""

    def __init__(self) -> None:
        self._opens: dict[int, OpenModel] = {}
        self._keys: dict[int, str] = {}
        self._lanes: dict[str, Picturing] = {}
        self._running: _Name | None = None
        self._deaths: dict[_Name, int] = {}

    def sent(self, request: Request) -> None:
        """Remember a request of the user."""
        if isinstance(request, OpenModel):
            self._opens[request.request] = request
        elif isinstance(request, CloseModel):
            for number in [n for n, key in self._keys.items() if key == request.model]:
                self._forget_open(number)
            self._forget_lanes(lambda waiting: request.model in models_of(waiting))
        elif isinstance(request, CancelLane):
            self._forget_lanes(lambda waiting: waiting.lane == request.lane)
        elif not isinstance(request, Shutdown):
            self._lanes.pop(request.lane, None)  # so that the order is that of arrival
            self._lanes[request.lane] = request

    def answered(self, answer: Answer) -> bool:
        """Take note of an answer. Whether the user is to see it: a model that was opened again
        after a restart has been announced before."""
        if isinstance(answer, Began):
            self._running = (answer.lane, answer.stamp)
            return False
        if isinstance(answer, Idle):
            self._running = None
            return False
        if isinstance(answer, Opened):
            self._settle((OPEN_LANE, answer.request))
            return self._opened(answer)
        if isinstance(answer, Rendered | Compared | Finished | Failed):
            self._settle((answer.lane, answer.stamp))
            if answer.lane == OPEN_LANE:
                self._forget_open(answer.stamp)
            else:
                newest = self._lanes.get(answer.lane)
                if newest is not None and newest.stamp == answer.stamp:
                    del self._lanes[answer.lane]
        return True

    def died(self) -> tuple[bool, Failed | None]:
        """The process died. Whether a request was running, and the answer to that request if it
        has now brought the process down ``ALLOWED_DEATHS`` times and is left out for good."""
        name, self._running = self._running, None
        if name is None:
            return False, None
        self._deaths[name] = self._deaths.get(name, 0) + 1
        if self._deaths[name] < ALLOWED_DEATHS:
            return True, None
        what = "This picture"
        if name[0] == OPEN_LANE:
            open_ = self._opens.get(name[1])
            what = "This model" if open_ is None else Path(open_.path).name
        failed = Failed(*name, f"{what} stopped the renderer twice, so it was left out")
        self.answered(failed)
        return True, failed

    def resend(self) -> list[Request]:
        """What a new process must be told, in order: every model, then every waiting request."""
        return [*self._opens.values(), *self._lanes.values()]

    def files_in_work(self) -> list[Path]:
        """Files that a killed process may have been writing."""
        return [Path(r.path) for r in self._lanes.values() if isinstance(r, Finish)]

    def _opened(self, answer: Opened) -> bool:
        again = answer.request in self._keys
        if answer.request in self._opens:
            key = answer.info.key
            for number in [n for n, k in self._keys.items() if k == key and n != answer.request]:
                self._forget_open(number)  # the same weights opened twice: once will do
            self._keys[answer.request] = key
        return not again

    def _settle(self, name: _Name) -> None:
        self._deaths.pop(name, None)
        if self._running == name:
            self._running = None

    def _forget_open(self, number: int) -> None:
        self._opens.pop(number, None)
        self._keys.pop(number, None)

    def _forget_lanes(self, unwanted: Callable[[Picturing], bool]) -> None:
        for lane in [n for n, r in self._lanes.items() if unwanted(r)]:
            del self._lanes[lane]
