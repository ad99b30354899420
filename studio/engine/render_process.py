"""The render process: a thread drains the pipe, the main thread renders.

Run as ``python -m studio.engine.render_process`` by :class:`studio.engine.client.EngineClient`.
"""

from __future__ import annotations

import os
import sys
import threading
import time
from collections.abc import Callable, Sequence
from importlib.metadata import PackageNotFoundError, version
from multiprocessing.connection import Connection
from typing import TYPE_CHECKING

from studio.engine.adopting import Adopter
from studio.engine.comparing import Comparer
from studio.engine.ledger import OPEN_LANE
from studio.engine.messages import (
    Adopt,
    Answer,
    Began,
    CancelLane,
    CloseModel,
    Compare,
    Finish,
    Idle,
    OpenModel,
    PromptRead,
    ReadPrompt,
    Ready,
    Render,
    Shutdown,
)
from studio.engine.pictures import Packer, landed_answer
from studio.engine.renderer import Pair, Renderer
from studio.engine.scheduler import Command, Picturing, Scheduler, models_of
from studio.errors import Overtaken
from studio.processes.child import parent_connection, processor_count, watch_parent

if TYPE_CHECKING:
    from studio.families.model import Model

PREFIX = "--blocks="
PAUSE = 0.7  # seconds


class Inbox:
    """The scheduler between two threads.

    Args:
        comparer: where comparisons go on after their pictures are made.
        adopter: takes over compiled networks.
    """

    def __init__(self, comparer: Comparer, adopter: Adopter) -> None:
        self._comparer = comparer
        self._adopter = adopter
        self._scheduler = Scheduler()
        self._changed = threading.Condition()
        self._drew = self._warmed = False
        self._prompt: ReadPrompt | None = None
        self._asides: Callable[[ReadPrompt], None] = lambda request: None

    def put(self, message: object) -> None:
        """Take in a message of the parent (on the receiving thread)."""
        if isinstance(message, Shutdown):
            os._exit(0)
        if isinstance(message, Adopt):
            self._adopter.want(message)
        if isinstance(message, ReadPrompt):
            with self._changed:
                self._prompt = message
                self._changed.notify()
        if isinstance(message, OpenModel | CloseModel | Render | Compare | Finish | CancelLane):
            with self._changed:
                self._scheduler.add(message)
                if isinstance(message, CancelLane):
                    self._comparer.drop(lambda request: request.lane == message.lane)
                elif isinstance(message, CloseModel):
                    self._comparer.drop(lambda request: message.model in models_of(request))
                self._changed.notify()

    def read_prompts(self, read: Callable[[ReadPrompt], None]) -> None:
        """Have the newest prompt read by ``read`` on the thread that draws, between layers too."""
        self._asides = read

    def take(self) -> Picturing | Command:
        """Wait for the next request to serve."""
        while True:
            self._aside()
            request = self._next()
            if request is not None:
                return request

    def _next(self) -> Picturing | Command | None:
        """The next request; None where a prompt is to be read before it."""
        with self._changed:
            while (request := self._scheduler.next(time.monotonic())) is None:
                if self._prompt is not None:
                    return None
                # A comparison will be wanted; its process starts when the user pauses.
                warm = self._drew and not self._warmed
                if not self._changed.wait(PAUSE if warm else None) and warm:
                    self._warmed = True
                    self._comparer.warm()
            return request

    def between(self) -> None:
        """To be called between layers. Raises Overtaken when the running request must stop."""
        with self._changed:
            if self._scheduler.must_stop(time.monotonic()):
                raise Overtaken
        self._aside()

    def _aside(self) -> None:
        """Read the prompt that waits, which takes a moment."""
        with self._changed:
            request, self._prompt = self._prompt, None
        if request is not None:
            self._asides(request)

    def stopped(self) -> None:
        """The running request let itself be stopped."""
        with self._changed:
            self._scheduler.stopped(time.monotonic())

    def ended(self, request: Picturing, result: Answer | Pair, worked: bool) -> Answer | None:
        """The running request is done. Returns the answer to send now: none when nobody wants it
        any more, or when a comparison goes on elsewhere."""
        with self._changed:
            self._drew = True
            wanted = self._scheduler.ended(time.monotonic(), worked=worked)
            if isinstance(result, Pair):
                assert isinstance(request, Compare)
                # Within the lock, so that cancelling finds it either here or there.
                if wanted:
                    self._comparer.submit(request, result.reference, result.candidate)
                return None
        if wanted:
            return result
        landed_answer(result)  # takes its pictures out of shared memory
        return None


class Outgoing:
    """Sends answers from several threads; ends the process when the parent is gone."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection
        self._lock = threading.Lock()

    def __call__(self, answer: Answer) -> None:
        with self._lock:
            try:
                self._connection.send(answer)
            except OSError:
                os._exit(0)


def main(arguments: Sequence[str], opener: Callable[[str], Model] | None = None) -> None:
    """Serve the parent until it is gone.

    Args:
        arguments: as given by the client.
        opener: reads a model file in place of ``studio.families.opening.open_stylegan``, for tests
            of what happens around the network.
    """
    connection = parent_connection(arguments)
    send = Outgoing(connection)
    packer = Packer(next(a.removeprefix(PREFIX) for a in arguments if a.startswith(PREFIX)))
    threads = processor_count()
    adopter = Adopter(send, threads)
    inbox = Inbox(Comparer(send, packer), adopter)
    # Before torch is imported, so that a parent that dies meanwhile takes this process along.
    watch_parent(connection, inbox.put)
    if opener is None:
        _prepare(threads)
    renderer = Renderer(packer, opener, adopter)

    def read(request: ReadPrompt) -> None:
        answer = renderer.read(request)
        if isinstance(answer, PromptRead):
            send(answer)

    inbox.read_prompts(read)
    send(Ready(os.getpid(), threads, _versions()))
    while True:
        _serve(inbox, renderer, send)


def _prepare(threads: int) -> None:
    """Import what takes long now, so that the first request does not wait for it."""
    import torch

    import studio.families.opening

    assert studio.families.opening
    torch.set_num_threads(threads)


def _serve(inbox: Inbox, renderer: Renderer, send: Callable[[Answer], None]) -> None:
    request = inbox.take()
    if isinstance(request, CloseModel):
        renderer.close(request.model)
        return
    if isinstance(request, OpenModel):
        send(Began(OPEN_LANE, request.request))
        send(renderer.open(request))
        return
    send(Began(request.lane, request.stamp))
    try:
        result, worked = renderer.answer(request, inbox.between, send)
    except Overtaken:
        inbox.stopped()
        answer = None
    else:
        answer = inbox.ended(request, result, worked)
    send(Idle() if answer is None else answer)


def _versions() -> tuple[tuple[str, str], ...]:
    found = []
    for package in ("maquette", "torch", "numpy"):
        try:
            found.append((package, version(package)))
        except PackageNotFoundError:
            continue
    return tuple(found)


if __name__ == "__main__":
    main(sys.argv[1:])
