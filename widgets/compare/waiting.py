"""The thin line over a picture that is being made anew."""

from __future__ import annotations

from PySide6.QtCore import QObject, QTimer, Signal
from PySide6.QtGui import QColor, QPainter

from widgets.compare.modes import SIDES, checked_side
from widgets.compare.transform import Rect
from widgets.style.motion import reduced_motion

DELAY = 150
FRAME = 33
TRIP = 1200
SEGMENT = 0.25


class Waiting(QObject):
    """Knows which sides are stale, from when on it is worth saying, and where the line stands."""

    changed = Signal()

    def __init__(self, parent: QObject | None = None) -> None:
        super().__init__(parent)
        self._visible = dict.fromkeys(SIDES, False)
        self._phase = 0.0
        self._paused = True
        self._delays: dict[str, QTimer] = {}
        for side in SIDES:
            timer = QTimer(self)
            timer.setSingleShot(True)
            timer.setInterval(DELAY)
            timer.timeout.connect(lambda side=side: self._show(side))
            self._delays[side] = timer
        self._frames = QTimer(self)
        self._frames.setInterval(FRAME)
        self._frames.timeout.connect(self._advance)

    def set(self, side: str, stale: bool) -> None:
        """Quick renders never flash the line: it comes after 150 ms of waiting."""
        timer = self._delays[checked_side(side)]
        if stale:
            if not timer.isActive() and not self._visible[side]:
                timer.start()
            return
        timer.stop()
        if self._visible[side]:
            self._visible[side] = False
            if not any(self._visible.values()):
                self._frames.stop()
            self.changed.emit()

    def visible(self, side: str) -> bool:
        return self._visible[side]

    def pause(self) -> None:
        """Stop moving, for a view that is hidden."""
        self._paused = True
        self._frames.stop()

    def resume(self) -> None:
        """Move again, where there is something to move."""
        self._paused = False
        self._run()

    @property
    def moving(self) -> bool:
        return self._frames.isActive()

    def _run(self) -> None:
        if any(self._visible.values()) and not self._paused and not reduced_motion():
            self._frames.start()

    def paint(self, painter: QPainter, edge: Rect, thickness: float) -> None:
        """Paint the line just above ``edge``, or along its top where there is no room above it.

        Light on dark, to be seen on any picture.
        """
        above = edge.y - 2 * thickness
        track = Rect(edge.x, above if above >= 0 else edge.y, edge.w, thickness)
        edge = track
        _fill(painter, track, QColor(0, 0, 0, 150))
        if reduced_motion():
            _fill(painter, track, QColor(255, 255, 255, 200))
            return
        start = self._phase * (1 + SEGMENT) - SEGMENT
        segment = Rect(edge.x + start * edge.w, edge.y, SEGMENT * edge.w, thickness)
        _fill(painter, segment.meet(track), QColor(255, 255, 255))

    def _show(self, side: str) -> None:
        self._visible[side] = True
        self._run()
        self.changed.emit()

    def _advance(self) -> None:
        self._phase = (self._phase + FRAME / TRIP) % 1.0
        self.changed.emit()


def _fill(painter: QPainter, rect: Rect, colour: QColor) -> None:
    painter.fillRect(int(rect.x), int(rect.y), int(rect.w), int(rect.h), colour)
