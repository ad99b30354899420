"""The largest memory of this process while something ran. Imports no runtime."""

from __future__ import annotations

import re
import threading
from pathlib import Path
from types import TracebackType

import psutil

_PROC = Path("/proc/self")
_RESET_PEAK = "5"  # what the kernel takes in clear_refs for this
_EVERY = 0.05  # seconds


def resident() -> int:
    """Bytes of memory that this process occupies now."""
    return int(psutil.Process().memory_info().rss)


class PeakMemory:
    """``with PeakMemory() as peak: ...``, then ``peak.bytes``.

    Linux keeps the peak itself and lets it be set back, at no cost to what is being timed.
    Elsewhere a thread looks 20 times a second and may miss what is shorter.
    """

    def __init__(self) -> None:
        self.bytes = 0
        self._ended = threading.Event()
        self._watcher: threading.Thread | None = None

    def __enter__(self) -> PeakMemory:
        try:
            (_PROC / "clear_refs").write_text(_RESET_PEAK)
        except OSError:  # another system, or not allowed
            self.bytes = resident()
            self._watcher = threading.Thread(target=self._watch, name="peak memory", daemon=True)
            self._watcher.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._watcher is not None:
            self._ended.set()
            self._watcher.join()
            self.bytes = max(self.bytes, resident())
            return
        try:
            kept = re.search(r"VmHWM:\s*(\d+) kB", (_PROC / "status").read_text())
        except OSError:
            kept = None
        self.bytes = int(kept[1]) * 1024 if kept else resident()

    def _watch(self) -> None:
        while not self._ended.wait(_EVERY):
            self.bytes = max(self.bytes, resident())
