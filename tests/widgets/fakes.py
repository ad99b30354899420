"""An engine that answers only when told to, so that every order of events can be tried."""

from __future__ import annotations

import hashlib
import itertools
from collections.abc import Callable
from typing import Any

from studio.engine.client import EngineState
from studio.engine.job_messages import JobCancelled
from studio.engine.messages import (
    CancelLane,
    Compare,
    Compared,
    Failed,
    Finish,
    Finished,
    Opened,
    OpenModel,
    Picture,
    Ready,
    Render,
    Rendered,
    RenderSpec,
    SteppedApart,
)
from studio.families.info import ModelInfo
from studio.families.stylegan.config import StyleGanConfig
from widgets.mailbox import Mailbox

CONFIG = StyleGanConfig("anycost", 64, 16, 16, 0, 2, (32,) * 10)
MADE_BY = "PyTorch f32 CPU"


def model_info(
    key: str = "key-one", path: str = "/models/one.safetensors", **fields: Any
) -> ModelInfo:
    """A small model with attributes and trained widths, channels sorted."""
    values: dict[str, Any] = {
        "name": path.rpartition("/")[2].partition(".")[0],
        "title": "One",
        "layout": "maquette",
        "family": "stylegan",
        "config": CONFIG,
        "parameters": 1000,
        "size_bytes": 4000,
        "licence": "CC0-1.0",
        "source_sha256": "0" * 64,
        "directions": ("turn", "smile", "light", "age", "mood", "hair", "glasses"),
        "widths": (0.25, 0.5, 0.75, 1.0),
        "resolutions": (16, 32, 64),
        "sorted_channels": True,
    }
    return ModelInfo(key, path=path, **(values | fields))


def colour_of(spec: RenderSpec) -> bytes:
    """The colour that a fake picture of ``spec`` has all over."""
    return hashlib.sha256(repr(spec).encode()).digest()[:3]


def picture_of(spec: RenderSpec) -> Picture:
    """A picture whose colour names its spec."""
    return Picture(8, 8, pixels=colour_of(spec) * 64)


class FakeClient:
    """Takes requests in; ``answer_*`` and ``auto`` decide when they are answered."""

    def __init__(self, mailbox: Mailbox) -> None:
        self.mailbox = mailbox
        self.requests: list[Any] = []
        self.waiting: list[Any] = []
        self.models: dict[str, ModelInfo] = {}
        self.auto = False
        self.pid: int | None = 1
        self.restarts = 0
        self.renewals = 0
        self.stopped = False
        self.details = "Traceback: of no interest"

    def start(self) -> None:
        """Be ready at once."""
        self.mailbox.state(EngineState.READY)
        self.mailbox.answer(Ready(1, 2, ()))

    def send(self, request: Any) -> None:
        """Take a request; the newest of a lane replaces an older one, as in the real engine."""
        self.requests.append(request)
        lane = getattr(request, "lane", None)
        if lane is not None:
            self.waiting = [r for r in self.waiting if getattr(r, "lane", None) != lane]
        if not isinstance(request, CancelLane):
            self.waiting.append(request)
        if self.auto:
            self.answer_all()

    def stop(self) -> None:
        """End."""
        self.stopped = True

    def restart(self) -> None:
        """Count wishes to try again."""
        self.restarts += 1

    def renew(self) -> None:
        """Count wishes to begin anew."""
        self.renewals += 1

    def state(self, state: EngineState) -> None:
        """Say that the process is in another state."""
        self.mailbox.state(state)

    def of(self, kind: type, lane: str | None = None) -> list[Any]:
        """All requests of a kind so far."""
        return [
            r
            for r in self.requests
            if isinstance(r, kind) and (lane is None or getattr(r, "lane", None) == lane)
        ]

    def answer_all(self) -> None:
        """Answer everything that waits."""
        while self.waiting:
            self.answer(self.waiting.pop(0))

    def answer_lane(self, lane: str) -> None:
        """Answer what waits in one lane."""
        for request in [r for r in self.waiting if getattr(r, "lane", None) == lane]:
            self.waiting.remove(request)
            self.answer(request)

    def answer(self, request: Any, seconds: float = 0.01) -> None:
        """Answer one request."""
        if isinstance(request, OpenModel):
            info = self.models.get(request.path)
            if info is None:
                answer: Any = Failed("open", request.request, f"{request.path} is not a model")
            else:
                answer = Opened(request.request, info)
        elif isinstance(request, Render):
            answer = Rendered(
                request.lane,
                request.stamp,
                request.spec,
                picture_of(request.spec),
                seconds,
                MADE_BY,
            )
        elif isinstance(request, Compare) and request.by_step:
            answer = SteppedApart(
                request.lane, request.stamp, request.reference, request.candidate,
                (0.02, 0.04, 0.09),
            )  # fmt: skip
        elif isinstance(request, Compare):
            map_ = Picture(8, 8, pixels=b"\x01\x02\x03" * 64) if request.with_map else None
            answer = Compared(
                request.lane, request.stamp, request.reference, request.candidate,
                28.1, 0.95, 0.06, map_,
            )  # fmt: skip
        elif isinstance(request, Finish):
            answer = Finished(
                request.lane, request.stamp, request.spec, request.path,
                picture_of(request.spec), seconds, MADE_BY,
            )  # fmt: skip
        else:
            return
        self.mailbox.answer(answer)

    def fail(self, request: Any, sentence: str) -> None:
        """Answer one request with a failure."""
        if request in self.waiting:
            self.waiting.remove(request)
        self.mailbox.answer(Failed(request.lane, request.stamp, sentence, "details"))


class FakeHandle:
    """A job that a ``FakeRunner`` pretends to run."""

    def __init__(self, id_: int, job: Any, tell: Callable[[int, Any], None]) -> None:
        self.id, self.job, self._tell = id_, job, tell
        self.finished = False
        self.stopping = False
        self.told: list[Any] = []
        self.answers: list[bool] = []

    def cancel(self) -> None:
        """End as cancelled."""
        self.end(JobCancelled())

    def stop(self) -> None:
        """Remember that the job was asked to end early."""
        self.stopping = True

    def near(self, wanted: Any) -> None:
        """Remember what is wanted now."""
        self.told.append(wanted)

    def answer(self, go_on: bool) -> None:
        """Remember what was answered."""
        self.answers.append(go_on)

    def say(self, event: Any) -> None:
        """Deliver an event on the way."""
        self._tell(self.id, event)

    def end(self, event: Any) -> None:
        """Deliver the last event."""
        if not self.finished:
            self.finished = True
            self._tell(self.id, event)


class FakeRunner:
    """Keeps the handles of all jobs for the test to end."""

    def __init__(self, tell: Callable[[int, Any], None]) -> None:
        self._tell = tell
        self._ids = itertools.count(1)
        self.handles: list[FakeHandle] = []

    def run(self, job: Any) -> FakeHandle:
        """Start nothing."""
        self.handles.append(FakeHandle(next(self._ids), job, self._tell))
        return self.handles[-1]

    def stop(self) -> None:
        """Cancel whatever is left."""
        for handle in self.handles:
            handle.cancel()
