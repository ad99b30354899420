"""The exclusive lock for everything that times: two timings at once would spoil both."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import BaseFileLock, FileLock, Timeout

from studio.errors import MaquetteError, cause_of
from studio.places import cache_dir

ASKED = 0.5
"""Seconds between two calls of what is told of waiting."""


@contextmanager
def timing_lock(timeout: float = -1, waiting: Callable[[], None] | None = None) -> Iterator[None]:
    """Hold the timing lock of this user on this host. The system frees it if the holder dies.

    Args:
        timeout: seconds to wait for another holder; negative waits for ever.
        waiting: with no timeout, called again and again while another holds it; may raise to stop.

    Raises:
        MaquetteError: another process still holds it after ``timeout`` seconds, or no place for
            the lock can be written to.
    """
    try:
        lock = _acquired(cache_dir() / "timing.lock", timeout, waiting)
    except OSError:
        # A home that cannot be written to is no reason not to measure.
        user = os.getuid() if hasattr(os, "getuid") else 0
        path = Path(tempfile.gettempdir()) / f"maquette-{user}-timing.lock"
        try:
            lock = _acquired(path, timeout, waiting)
        except OSError as error:
            raise MaquetteError(
                f"cannot write {path}, the lock for measurements: {cause_of(error)}"
            ) from error
    try:
        yield
    finally:
        lock.release()


def _acquired(path: Path, timeout: float, waiting: Callable[[], None] | None) -> BaseFileLock:
    lock = FileLock(path)
    while waiting is not None and timeout < 0:
        try:
            lock.acquire(timeout=ASKED)
            return lock
        except Timeout:
            waiting()
    try:
        lock.acquire(timeout=timeout)
    except Timeout as error:
        raise MaquetteError(
            f"another measurement is running on this machine; waited {timeout:g} s for it"
        ) from error
    return lock
