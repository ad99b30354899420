"""Groups many small changes into one edit, which becomes one step of undo."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal

IDLE = 400


class Burst(QObject):
    """An edit that is going on.

    It starts with the first change. It ends at the end of a drag, or, for keys and wheel turns,
    when nothing has happened for 400 ms.
    """

    started = Signal()
    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._active = False
        self._held = False
        self._idle = QTimer(self)
        self._idle.setSingleShot(True)
        self._idle.setInterval(IDLE)
        self._idle.timeout.connect(self.end)

    @property
    def active(self) -> bool:
        return self._active

    def hold(self) -> None:
        """A drag begins: until `end`, idle time does not count. Ends an earlier edit."""
        self.end()
        self._held = True

    def touch(self) -> None:
        """Something is about to change."""
        if not self._active:
            self._active = True
            self.started.emit()
        if not self._held:
            self._idle.start()

    def end(self) -> None:
        """The edit is over, if one was going on."""
        self._held = False
        self._idle.stop()
        if self._active:
            self._active = False
            self.ended.emit()
