"""Keeping what a child process prints: in a log file of limited size, and its tail in memory."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable
from contextlib import suppress
from pathlib import Path
from typing import IO

LIMIT_BYTES = 1_000_000
TAIL_LINES = 40
LINE_BYTES = 4_000
STAMP = "%Y-%m-%d %H:%M:%S"
STARTED = "---"
"""Begins the line that says that a process was started."""


class LogDrain:
    """Reads a child's output to its end on a thread of its own.

    Args:
        stream: the reading end of the child's standard output and error.
        path: the log file; once it is over ``LIMIT_BYTES`` it becomes ``<name>.1`` and a new one
            begins, so that a child that never stops printing cannot fill a disk.
        title: written to the log before the first line, marked with ``STARTED``.
        on_line: called with every line, on the draining thread.
    """

    def __init__(
        self,
        stream: IO[bytes],
        path: Path,
        title: str,
        on_line: Callable[[str], None] | None = None,
    ) -> None:
        self._stream = stream
        self._path = path
        self._on_line = on_line
        self._tail: deque[str] = deque(maxlen=TAIL_LINES)
        self._write(f"{STARTED} {title}")
        self._thread = threading.Thread(target=self._drain, name=f"log-{path.stem}", daemon=True)
        self._thread.start()

    def tail(self) -> str:
        """The last lines the child printed."""
        return "\n".join(list(self._tail))

    def join(self, timeout: float = 1.0) -> None:
        """Wait until everything printed has been read. To be called once the child has ended."""
        self._thread.join(timeout)

    def _drain(self) -> None:
        with self._stream:
            while line := self._stream.readline(LINE_BYTES):
                text = line.decode("utf-8", errors="replace").rstrip()
                self._tail.append(text)
                self._write(text)
                if self._on_line is not None:
                    self._on_line(text)

    def _write(self, text: str) -> None:
        append(self._path, text)


def append(path: Path, text: str) -> None:
    """Add a line to a log, with the local time before it.

    A log that cannot be written (disk full, folder gone) must not end what is being logged: a child
    would block on a full pipe. So nothing is raised.
    """
    with suppress(OSError):
        if path.exists() and path.stat().st_size > LIMIT_BYTES:
            path.replace(path.with_name(path.name + ".1"))
        with path.open("a", encoding="utf-8") as file:
            file.write(f"{time.strftime(STAMP)} {text}\n")
