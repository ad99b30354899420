"""Finish: the full network draws the same latent, and the picture is saved with what made it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal

from studio.engine.messages import CancelLane, Failed, Finish, Finished, RenderSpec
from studio.families.info import ModelInfo
from studio.session.document import FULL_SUBNET, Document
from studio.subnets.describe import picture_metadata
from widgets import choosers
from widgets.scene import inputs_for

if TYPE_CHECKING:
    import numpy as np

LANE = "finish"


def default_name(document: Document) -> str:
    """A file name that says model and seed: clay-heads-seed-421.png."""
    name = document.model.name if document.model else "picture"
    safe = "".join(c if c.isalnum() or c in "-_." else "-" for c in name).strip("-.") or "picture"
    return f"{safe[:80]}-seed-{document.inputs.seed}.png"


class Finishing(QObject):
    """Asks where to save (the first time, or when told to), renders full, reports.

    Signals:
        started(), ended(): the full render is under way, or no longer.
        finished(answer, pixels): saved; ``answer`` is a ``Finished``.
        failed(sentence, details).
    """

    started = Signal()
    ended = Signal()
    finished = Signal(object, object)
    failed = Signal(str, str)

    def __init__(
        self,
        send: Callable[[Any], None],
        stamp: Callable[[], int],
        ask: Callable[[Path], Path | None],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._next_stamp = stamp
        self._ask = ask
        self._stamp: int | None = None
        self._folder: Path | None = None

    def finish(self, document: Document, info: ModelInfo | None, *, ask: bool) -> None:
        """Save the full picture of what ``document`` draws.

        Args:
            ask: ask for the file even when the folder is known from before.
        """
        if info is None:
            return
        folder = self._folder or choosers.picture_folder()
        path: Path | None = choosers.unused(folder / default_name(document))
        if ask or self._folder is None:
            assert path is not None
            path = self._ask(path)
            if path is None:
                return
        assert path is not None
        self._folder = path.parent
        inputs = inputs_for(document.inputs, info)
        self._stamp = self._next_stamp()
        spec = RenderSpec(info.key, inputs, FULL_SUBNET)
        self._send(
            Finish(LANE, self._stamp, spec, str(path), picture_metadata(info, inputs, FULL_SUBNET))
        )
        self.started.emit()

    def cancel(self) -> None:
        """Give up the picture that is being finished."""
        if self._stamp is not None:
            self._stamp = None
            self._send(CancelLane(LANE))
            self.ended.emit()

    def take(self, answer: object, pixels: np.ndarray | None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if not isinstance(answer, Finished | Failed) or answer.lane != LANE:
            return False
        if answer.stamp != self._stamp:
            return True
        self._stamp = None
        self.ended.emit()
        if isinstance(answer, Finished):
            self.finished.emit(answer, pixels)
        else:
            self.failed.emit(answer.sentence, answer.details)
        return True
