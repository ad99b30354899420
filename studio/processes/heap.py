"""Freed memory back to the system, where the C library keeps it."""

from __future__ import annotations

import ctypes
import sys
from contextlib import suppress


def give_back() -> None:
    """Return what was freed. glibc keeps large blocks once some have come and gone, so a process
    that works through one model after another would seem to hold them all; elsewhere nothing."""
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):  # another C library
            ctypes.CDLL(None).malloc_trim(0)
