"""Collecting what comes back on other threads, and waiting for it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import psutil

PATIENCE = 60.0


def gone(processes: list[psutil.Process]) -> bool:
    """Whether these processes end soon. Zombies count: orphans wait for init to collect them."""
    until = time.monotonic() + 10
    while any(_runs(process) for process in processes):
        if time.monotonic() > until:
            return False
        time.sleep(0.02)
    return True


def _runs(process: psutil.Process) -> bool:
    try:
        return bool(process.status() != psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return False


class Listener:
    """Keeps everything it hears, in order."""

    def __init__(self) -> None:
        self.heard: list[Any] = []
        self._changed = threading.Condition()

    def __call__(self, *item: Any) -> None:
        with self._changed:
            self.heard.append(item[0] if len(item) == 1 else item)
            self._changed.notify_all()

    def wait(self, wanted: Callable[[Any], bool], after: int = 0) -> Any:
        """The first thing heard, from index ``after`` on, that is wanted."""

        def found() -> list[Any]:
            return [item for item in self.heard[after:] if wanted(item)]

        with self._changed:
            assert self._changed.wait_for(lambda: bool(found()), PATIENCE), self.heard[-20:]
            return found()[0]

    def wait_for(self, kind: type, after: int = 0, **fields: Any) -> Any:
        """The first thing of a kind with these fields."""
        return self.wait(
            lambda item: (
                isinstance(item, kind)
                and all(getattr(item, name) == value for name, value in fields.items())
            ),
            after,
        )
