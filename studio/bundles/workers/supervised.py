"""Running a program to its end: with a time limit, cancel, its lines, and an eye on its folder."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path

import psutil

from studio.places import log_dir
from studio.processes.child import GRACE_SECONDS, end_tree
from studio.processes.logs import LogDrain

POLL_SECONDS = 0.05
LOOK_SECONDS = 0.5


class Cancelled(Exception):
    """What was under way has been cancelled, and is gone. Never shown."""


class Ended(Exception):
    """The program was ended; the message says why, to follow its name."""


def run_to_end(
    command: Sequence[str],
    *,
    folder: Path,
    log: str,
    environment: Mapping[str, str] | None = None,
    on_line: Callable[[str], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    seconds: float,
    most_bytes: int | None = None,
) -> int:
    """Run ``command`` in ``folder`` and return its exit code; nothing it started outlives this.

    Args:
        log: name of the log that keeps what it prints. environment: of the program, None for ours.
        on_line: called with every line, on a thread of its own.
        cancelled: asked many times a second. seconds: how long it may take.
        most_bytes: how much the folder may hold.

    Raises:
        Cancelled: ``cancelled`` said so. Ended: it took too long, or wrote too much.
        OSError: it cannot be started.
    """
    process = subprocess.Popen(
        list(command),
        cwd=folder,
        env=None if environment is None else dict(environment),
        # Held open for as long as this process lives: a worker reads it, and goes when it ends.
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        start_new_session=sys.platform != "win32",
        creationflags=_quiet_and_low(),
    )
    assert process.stdout is not None
    assert process.stdin is not None
    title = f"{Path(command[0]).name} started as process {process.pid}"
    drain = LogDrain(process.stdout, log_dir() / f"{log}.log", title, on_line)
    try:
        _watch(process, folder, cancelled, seconds, most_bytes)
    finally:
        # Before it is reaped: its group, and so all that it started, can still be told from others.
        end_tree(process.pid, GRACE_SECONDS)
        code = process.wait()
        process.stdin.close()
        drain.join()
    return code


def _watch(
    process: subprocess.Popen[bytes],
    folder: Path,
    cancelled: Callable[[], bool] | None,
    seconds: float,
    most_bytes: int | None,
) -> None:
    began = looked = time.monotonic()
    while not _has_ended(process):
        if cancelled is not None and cancelled():
            raise Cancelled
        now = time.monotonic()
        if now - began > seconds:
            raise Ended(f"took longer than {duration(seconds)} and was ended")
        if most_bytes is not None and now - looked > LOOK_SECONDS:
            looked = now
            _check_size(folder, most_bytes)
        time.sleep(POLL_SECONDS)
    if most_bytes is not None:
        _check_size(folder, most_bytes)


def _check_size(folder: Path, most_bytes: int) -> None:
    if size_of(folder) > most_bytes:
        raise Ended(f"wrote more than {most_bytes / 1e6:.0f} MB and was ended")


def _has_ended(process: subprocess.Popen[bytes]) -> bool:
    if sys.platform == "win32":
        return process.poll() is not None
    try:
        return bool(psutil.Process(process.pid).status() == psutil.STATUS_ZOMBIE)
    except psutil.NoSuchProcess:
        return True


def _quiet_and_low() -> int:
    if sys.platform == "win32":
        return subprocess.CREATE_NO_WINDOW | subprocess.BELOW_NORMAL_PRIORITY_CLASS
    return 0


def duration(seconds: float) -> str:
    """``90 seconds``, ``15 minutes``."""
    return f"{seconds:g} seconds" if seconds < 120 else f"{seconds / 60:.0f} minutes"


def size_of(folder: Path) -> int:
    """Bytes of all files in a folder, which may change meanwhile; links are not followed."""
    total = 0
    for directory, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):
                total += (Path(directory) / name).lstat().st_size
    return total
