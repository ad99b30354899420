"""The engine as the window runs it: a render process, a job that compiles, and a watch on both."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import TypeVar

from studio.engine.client import EngineClient, JobRunner, decode
from studio.engine.job_messages import (
    CompileJob,
    JobDone,
    JobEvent,
    JobFailed,
    JobProgress,
    JobRung,
)
from studio.engine.messages import (
    Adopt,
    Adopted,
    Answer,
    Failed,
    Opened,
    OpenModel,
    Ready,
    Render,
    Rendered,
    RenderSpec,
)
from studio.families.inputs import GanInputs
from studio.subnets.choice import Subnet, SubnetChoice, resolve

FRAME = 1 / 60  # seconds: nobody drags faster than the display draws
PATIENCE = 60.0
_Kind = TypeVar("_Kind", Ready, Opened, Rendered)


@dataclass(frozen=True)
class Move:
    """One move of a slider: when it began, milliseconds until its decoded picture was there, and
    what made it."""

    at: float
    ms: float
    made_by: str


class Stage:
    """A render process of its own with the model open.

    All times are those of ``time.perf_counter``: ``opening``, when it was asked to open the model;
    ``began``, when the job began to compile; ``compiled`` and ``adopted``, when each subnet was in
    the cache and when it drew. ``took``: the job's own seconds for each rung.

    Raises:
        SystemExit: the engine could not do what it was asked; the message is its sentence.
    """

    def __init__(self, file: Path, target: str) -> None:
        self._file, self._target = file, target
        self._answers: queue.Queue[Answer] = queue.Queue()
        self._client = EngineClient(self._heard, lambda state: None)
        self._runner = JobRunner(self._job_heard)
        self._ladder: tuple[SubnetChoice, ...] = ()
        self._stamp = 0
        self._due = 0.0
        self.adopted: dict[Subnet, float] = {}
        self.compiled: dict[Subnet, float] = {}
        self.took: list[float] = []
        self.began = 0.0
        self.done = threading.Event()
        self.trouble = ""
        self._client.start()
        try:
            ready = self._await(Ready)
            self._threads = ready.threads
            self.opening = time.perf_counter()
            self._client.send(OpenModel(1, str(file)))
            self.info = self._await(Opened).info
        except BaseException:
            self._client.stop()
            raise

    def __enter__(self) -> Stage:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._runner.stop()
        self._client.stop()

    def adopt(self, ladder: tuple[SubnetChoice, ...]) -> float:
        """Ask the renderer to draw with what is in the cache; returns when."""
        self._ladder = ladder
        self._client.send(Adopt(self.info.key, ladder, (self._target,)))
        return time.perf_counter()

    def compile(self, ladder: tuple[SubnetChoice, ...]) -> float:
        """Have a ladder compiled in a job, every rung offered to the renderer as the window does
        it; returns when it was started."""
        start = self.adopt(ladder)
        self._runner.run(CompileJob(str(self._file), ladder, (self._target,), self._threads))
        return start

    def move(self, width: float) -> Move:
        """Draw another picture, no sooner than a frame after the last move began."""
        time.sleep(max(0.0, self._due - time.perf_counter()))
        self._stamp += 1
        # No picture twice: one that was made before would come from memory.
        inputs = GanInputs(seed=self._stamp // 20, truncation=1 - 1e-6 * self._stamp)
        spec = RenderSpec(self.info.key, inputs, SubnetChoice(width=width), self._target)
        start = time.perf_counter()
        self._due = start + FRAME
        self._client.send(Render("current", self._stamp, spec))
        answer = self._await(Rendered)
        assert answer.stamp == self._stamp
        decode(answer.picture)
        return Move(start, (time.perf_counter() - start) * 1e3, answer.made_by)

    def moves(self, widths: tuple[float, ...], count: int) -> list[Move]:
        """So many moves, at these widths in turn."""
        return [self.move(widths[number % len(widths)]) for number in range(count)]

    def drag(self, widths: tuple[float, ...], until: Callable[[], bool]) -> list[Move]:
        """Moves at these widths in turn, until something is so or patience ends."""
        found: list[Move] = []
        end = time.perf_counter() + PATIENCE
        while True:
            if self.trouble:
                raise SystemExit(self.trouble)
            if until() or time.perf_counter() > end:
                return found
            found += self.moves(widths, len(widths))

    def has(self, choices: tuple[SubnetChoice, ...]) -> bool:
        """Whether the renderer has taken all of these over."""
        return all(resolve(c, self.info.config) in self.adopted for c in choices)

    # ---- on threads of the engine -------------------------------------------------------------

    def _heard(self, answer: Answer) -> None:
        if isinstance(answer, Adopted):
            subnet = resolve(answer.subnet, self.info.config)
            self.adopted.setdefault(subnet, time.perf_counter())
        else:
            self._answers.put(answer)

    def _job_heard(self, job: int, event: JobEvent) -> None:
        if isinstance(event, JobRung):
            if event.seconds is None:
                self.trouble = event.sentence
                return
            self.took.append(event.seconds)
            self.compiled.setdefault(resolve(event.choice, self.info.config), time.perf_counter())
            self.adopt(self._ladder)
        elif isinstance(event, JobProgress):
            self.began = self.began or time.perf_counter()  # the model is open by then
        elif isinstance(event, JobFailed):
            self.trouble = event.sentence
        elif isinstance(event, JobDone):
            self.done.set()

    def _await(self, kind: type[_Kind]) -> _Kind:
        while True:
            answer = self._answers.get(timeout=PATIENCE)
            if isinstance(answer, kind):
                return answer
            if isinstance(answer, Failed):
                raise SystemExit(answer.sentence)
