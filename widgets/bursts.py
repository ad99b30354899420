"""Which edits belong together: one drag, or one burst of keys on one control."""

from __future__ import annotations

from collections.abc import Hashable

from PySide6.QtCore import QObject, QTimer, Signal

IDLE_MS = 700


class Bursts(QObject):
    """Tokens for the history: edits of one token become one step.

    Signals:
        ended(): the burst is over; what comes next is a step of its own.
    """

    ended = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._number = 0
        self._control: str | None = None
        self._token: Hashable | None = None
        self._idle = QTimer(self, singleShot=True, interval=IDLE_MS)
        self._idle.timeout.connect(self.end)

    def fresh(self, control: str | None) -> Hashable:
        """A token that none had before."""
        self._number += 1
        return (control, self._number)

    def token(self, control: str | None) -> Hashable:
        """The token of the burst on ``control``, which goes on until nothing comes for a while."""
        if self._token is None or self._control != control:
            self._control, self._token = control, self.fresh(control)
        self._idle.start()
        return self._token

    def end(self) -> None:
        """The burst is over."""
        self._token = None
        self._idle.stop()
        self.ended.emit()
