"""What the operating system shows, whether any runtime can use it or not. Imports no runtime."""

from __future__ import annotations

import sys

from studio.runtimes.detection import linux, macos, windows
from studio.runtimes.device import Device


def devices() -> tuple[Device, ...]:
    """The GPUs and NPUs of this host, never ready: the system runs no networks. ``reason`` says
    what keeps every program from a device, and is empty when nothing does.

    Raises:
        OSError, ValueError, subprocess.SubprocessError: the system cannot be asked.
    """
    if sys.platform == "win32":
        return windows.interpret(windows.probe())
    if sys.platform == "darwin":
        return macos.interpret(macos.probe())
    return linux.interpret(linux.probe())
