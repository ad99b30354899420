"""Holds what other threads say until somebody listens. No Qt, so the engine can start before it."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

Listener = Callable[..., None]


class Mailbox:
    """Callbacks for the engine's client and job runner, delivered in order to one listener."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._waiting: list[tuple[Any, ...]] = []
        self._listener: Listener | None = None

    def answer(self, answer: object) -> None:
        """Callback for the client's answers."""
        self._put("answer", answer)

    def state(self, state: object) -> None:
        """Callback for the client's state."""
        self._put("state", state)

    def job(self, job: int, event: object) -> None:
        """Callback for the job runner."""
        self._put("job", job, event)

    def attach(self, listener: Listener) -> None:
        """Deliver what came so far and everything from now on."""
        with self._lock:
            for message in self._waiting:
                listener(*message)
            self._waiting.clear()
            self._listener = listener

    def detach(self) -> None:
        """Throw away everything from now on."""
        with self._lock:
            self._waiting.clear()
            self._listener = _nobody

    def _put(self, *message: Any) -> None:
        with self._lock:
            if self._listener is None:
                self._waiting.append(message)
                return
            listener = self._listener
        listener(*message)


def _nobody(*_message: Any) -> None:
    """A listener that has left."""
