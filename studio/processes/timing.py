"""The exclusive lock for everything that times: two timings at once would spoil both."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from filelock import FileLock, Timeout

from studio.errors import MaquetteError
from studio.places import cache_dir


@contextmanager
def timing_lock(timeout: float = -1) -> Iterator[None]:
    """Hold the timing lock of this user on this host. The system frees it if the holder dies.

    Args:
        timeout: seconds to wait for another holder; negative waits for ever.

    Raises:
        MaquetteError: another process still holds it after ``timeout`` seconds.
    """
    lock = FileLock(cache_dir() / "timing.lock")
    try:
        lock.acquire(timeout=timeout)
    except Timeout as error:
        raise MaquetteError(
            f"another measurement is running on this machine; waited {timeout:g} s for it"
        ) from error
    try:
        yield
    finally:
        lock.release()
