"""What the client must remember to bring a new render process to where the last one was. Pure."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

from studio.engine.messages import (
    Adopt,
    Answer,
    Began,
    CancelLane,
    CloseModel,
    Compare,
    Compared,
    Failed,
    Finish,
    Finished,
    Idle,
    Notice,
    Opened,
    OpenModel,
    PromptRead,
    ReadPrompt,
    Rendered,
    Request,
    Shutdown,
    SteppedApart,
    Touching,
)
from studio.engine.scheduler import Picturing, models_of
from studio.runtimes.target import PYTORCH_CPU, Target

OPEN_LANE = "open"
ALLOWED_DEATHS = 2
_Name = tuple[str, int]


class Ledger:
    """Open models, the newest unanswered request of every lane, and who was running."""

    def __init__(self) -> None:
        self._opens: dict[int, OpenModel] = {}
        self._keys: dict[int, str] = {}
        self._lanes: dict[str, Picturing] = {}
        self._adopts: dict[str, Adopt] = {}
        self._reads: dict[str, ReadPrompt] = {}
        self._touching: str | None = None
        self._barred: set[str] = set()
        self._running: _Name | None = None
        self._deaths: dict[_Name, int] = {}

    def sent(self, request: Request) -> Request:
        """Remember a request of the user. Returns what is to be sent: compiled networks of a
        target that has brought a process down are asked for no more."""
        if isinstance(request, Adopt):
            request = self._allowed(request)
        if isinstance(request, OpenModel):
            self._opens[request.request] = request
        elif isinstance(request, CloseModel):
            for number in [n for n, key in self._keys.items() if key == request.model]:
                self._forget_open(number)
            self._forget_lanes(lambda waiting: request.model in models_of(waiting))
            self._adopts.pop(request.model, None)
            self._reads.pop(request.model, None)
        elif isinstance(request, Adopt):
            self._adopts[request.model] = request
        elif isinstance(request, ReadPrompt):
            self._reads[request.model] = request
        elif isinstance(request, CancelLane):
            self._forget_lanes(lambda waiting: waiting.lane == request.lane)
        elif not isinstance(request, Shutdown):
            self._lanes.pop(request.lane, None)  # so that the order is that of arrival
            self._lanes[request.lane] = request
        return request

    def answered(self, answer: Answer) -> bool:
        """Take note of an answer. Whether the user is to see it: a model that was opened again
        after a restart has been announced before."""
        if isinstance(answer, Began):
            self._running = (answer.lane, answer.stamp)
            return False
        if isinstance(answer, Idle):
            self._running = None
            return False
        if isinstance(answer, Touching):
            self._touching = answer.target
            return False
        if isinstance(answer, PromptRead):
            asked = self._reads.get(answer.model)
            if asked is not None and asked.stamp == answer.stamp:
                del self._reads[answer.model]
            return True
        if isinstance(answer, Opened):
            self._settle((OPEN_LANE, answer.request))
            return self._opened(answer)
        if isinstance(answer, Rendered | Compared | SteppedApart | Finished | Failed):
            self._settle((answer.lane, answer.stamp))
            if answer.lane == OPEN_LANE:
                self._forget_open(answer.stamp)
            else:
                newest = self._lanes.get(answer.lane)
                if newest is not None and newest.stamp == answer.stamp:
                    del self._lanes[answer.lane]
        return True

    def died(self, *, blame: bool = True) -> tuple[bool, tuple[Failed | Notice, ...]]:
        """The process died. Whether something is to blame, and what the user is told of it.

        Native code of a target that was being loaded is blamed first, and not tried again. A
        request that was running is sent again; when it has brought down ``ALLOWED_DEATHS``
        processes, its target is given up if that is not PyTorch, else the request.

        Args:
            blame: False when the process was ended on purpose.
        """
        name, self._running = self._running, None
        touching, self._touching = self._touching, None
        if not blame:
            return False, ()
        if touching is not None:
            return True, (self._bar(touching),)
        if name is None:
            return False, ()
        self._deaths[name] = self._deaths.get(name, 0) + 1
        if self._deaths[name] < ALLOWED_DEATHS:
            return True, ()
        target = self._target_of(name)
        if target is not None and target not in self._barred:
            del self._deaths[name]
            return True, (self._bar(target),)
        what = "This picture"
        if name[0] == OPEN_LANE:
            open_ = self._opens.get(name[1])
            what = "This model" if open_ is None else Path(open_.path).name
        failed = Failed(*name, f"{what} stopped the renderer twice, so it was left out")
        self.answered(failed)
        return True, (failed,)

    def _bar(self, target: str) -> Notice:
        self._barred.add(target)
        self._adopts = {key: self._allowed(adopt) for key, adopt in self._adopts.items()}
        title = Target.parse(target).title
        return Notice(f"{title} stopped the renderer; {PYTORCH_CPU.title} draws instead")

    def _allowed(self, request: Adopt) -> Adopt:
        left = tuple(t for t in request.targets if t not in self._barred)
        return replace(request, targets=left)

    def _target_of(self, name: _Name) -> str | None:
        """The target of a compiled network that a running request may have used."""
        request = self._lanes.get(name[0])
        if request is None or request.stamp != name[1]:
            return None
        specs = (request.candidate,) if isinstance(request, Compare) else (request.spec,)
        named = next((s.target for s in specs if s.target != str(PYTORCH_CPU)), None)
        return named if any(named in adopt.targets for adopt in self._adopts.values()) else None

    def resend(self) -> list[Request]:
        """What a new process must be told, in order: every model, then every waiting request, the
        compiled networks to take over, and the prompts to be read."""
        again: tuple[dict[Any, Any], ...] = (self._opens, self._lanes, self._adopts, self._reads)
        return [request for each in again for request in each.values()]

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
