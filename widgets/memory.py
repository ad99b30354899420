"""How much memory Maquette uses, measured on a thread because counting processes takes a while."""

from __future__ import annotations

import threading

from PySide6.QtCore import QObject, Signal

PERIOD = 2.0


class MemoryMeter(QObject):
    """Signals: measured(used bytes, total bytes) of the window and all its processes."""

    measured = Signal(float, float)

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._stop = threading.Event()
        self._thread = threading.Thread(target=self._run, name="memory", daemon=True)

    def start(self) -> None:
        """Begin; a first figure comes at once."""
        self._thread.start()

    def close(self) -> None:
        """End the thread."""
        self._stop.set()
        if self._thread.is_alive():
            self._thread.join(timeout=5)

    def _run(self) -> None:
        import psutil  # here, so that its import does not delay the window

        me = psutil.Process()
        total = float(psutil.virtual_memory().total)
        while not self._stop.is_set():
            used = 0.0
            for process in (me, *me.children(recursive=True)):
                try:
                    used += process.memory_info().rss
                except psutil.Error:
                    continue  # it has ended meanwhile
            if self._stop.is_set():
                return
            self.measured.emit(used, total)
            self._stop.wait(PERIOD)
