"""Pictures wanted beside those on the sides: asked for one by one, in a lane of their own."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.engine.messages import CancelLane, Failed, Render, Rendered, RenderSpec
from widgets.timings import Pictures

if TYPE_CHECKING:
    import numpy as np

BYTES = 32 * 1024 * 1024


class PictureRequests(QObject):
    """Keeps the last pictures, by what decides them.

    Signals:
        ready(spec, pixels): a picture has come. failed(spec, sentence): it cannot be made.
    """

    ready = Signal(object, object)
    failed = Signal(object, str)

    def __init__(
        self,
        send: Callable[[Any], None],
        stamp: Callable[[], int],
        lane: str,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._next_stamp = stamp
        self._lane = lane
        self._wanted: deque[RenderSpec] = deque()
        self._under_way: tuple[int, RenderSpec] | None = None
        self._pictures = Pictures(BYTES)

    def want(self, specs: Iterable[RenderSpec]) -> None:
        """Want these, in this order, and nothing else any more; those at hand are not asked for."""
        self._wanted = deque(s for s in dict.fromkeys(specs) if self._pictures.get(s) is None)
        if self._under_way is not None:
            if self._under_way[1] in self._wanted:
                self._wanted.remove(self._under_way[1])
                return
            self._under_way = None
            self._send(CancelLane(self._lane))
        self._ask()

    def get(self, spec: RenderSpec) -> np.ndarray | None:
        """A picture that is at hand, (h, w, 3) uint8, or None."""
        return self._pictures.get(spec)

    def add(self, spec: RenderSpec, pixels: np.ndarray) -> None:
        """Keep a picture that was made elsewhere."""
        self._pictures.add(spec, pixels)

    def take(self, answer: object, pixels: np.ndarray | None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if not isinstance(answer, Rendered | Failed) or answer.lane != self._lane:
            return False
        if self._under_way is None or answer.stamp != self._under_way[0]:
            return True
        _, spec = self._under_way
        self._under_way = None
        if isinstance(answer, Failed):
            self.failed.emit(spec, answer.sentence)
        elif pixels is not None:
            self._pictures.add(spec, pixels)
            self.ready.emit(spec, pixels)
        if self._under_way is None:
            self._ask()
        return True

    def _ask(self) -> None:
        if self._wanted:
            spec = self._wanted.popleft()
            self._under_way = (self._next_stamp(), spec)
            self._send(Render(self._lane, *self._under_way))
