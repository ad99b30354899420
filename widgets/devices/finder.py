"""Looks for devices without making the window wait."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, Signal

from studio.errors import MaquetteError
from studio.runtimes.device import Device

Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]
Gather = Callable[[bool, threading.Event], tuple[Device, ...]]


class DeviceFinder(QObject):
    """One for the whole app; what it found serves every dialog and every picker.

    Signals:
        found(devices): all devices, ready or not, as a tuple of ``Device``.
        busy_changed(busy): it has begun or ended to look.
        failed(sentence): nothing could be asked; what was known before still holds.
    """

    found = Signal(object)
    busy_changed = Signal(bool)
    failed = Signal(str)

    def __init__(
        self,
        background: Background,
        parent: QObject | None = None,
        gather: Gather | None = None,
    ) -> None:
        super().__init__(parent)
        self.devices: tuple[Device, ...] | None = None
        self._background = background
        self._gather = gather or _gather
        self._stopped = threading.Event()
        self._busy = False

    @property
    def busy(self) -> bool:
        """It is looking."""
        return self._busy

    def look(self, *, again: bool = False) -> None:
        """Look for devices, or only for what is not known yet. Returns at once; while it looks,
        asking once more changes nothing."""
        if self._busy or self._stopped.is_set():
            return
        if self.devices is not None and not again:
            self.found.emit(self.devices)
            return
        self._busy = True
        self.busy_changed.emit(True)
        self._background(lambda: self._gather(again, self._stopped), self._took)

    def close(self) -> None:
        """End the processes of a search that is under way; nothing is found any more."""
        self._stopped.set()

    def _took(self, devices: Any, error: MaquetteError | None) -> None:
        self._busy = False
        if error is None:
            self.devices = devices
            self.found.emit(devices)
        else:
            self.failed.emit(str(error))
        self.busy_changed.emit(False)


def _gather(again: bool, stopped: threading.Event) -> tuple[Device, ...]:
    from studio.runtimes.detection.gathering import gather

    return gather(again=again, stopped=stopped)
