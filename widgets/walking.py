"""Walks over the pins: played live in the view, and saved by a job."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.job_messages import JobDone, JobFailed, WalkJob
from studio.engine.messages import CancelLane, Failed, Render, Rendered
from studio.families.info import ModelInfo
from studio.families.walk import Walk
from studio.session.document import CURRENT, FULL, Document, View
from widgets.jobs import Jobs
from widgets.renderer import Renderer
from widgets.scene import DIFFUSION, TRANSLATION, Variants, drawn_by, inputs_for

if TYPE_CHECKING:
    import numpy as np

LANE = "walk"
TICK_MS = 15
PATIENCE = 2.0


class Walking(QObject):
    """One walk at a time, on the side that shows the current subnet.

    Where the walk is, the clock says: the next picture is asked for when the last one has come, of
    the point that is due then. A slow subnet shows fewer pictures, never a slower walk. The lane
    comes after all others, so that nothing waits for a walk.

    Signals:
        frame(side, pixels): the next picture.
        playing_changed(playing).
        stopped(side): show again what stood there.
        saved(path), failed(sentence, details).
    """

    frame = Signal(str, object)
    playing_changed = Signal(bool)
    stopped = Signal(str)
    saved = Signal(object)
    failed = Signal(str, str)

    def __init__(
        self,
        send: Callable[[Any], None],
        renderer: Renderer,
        jobs: Jobs,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._renderer = renderer
        self._jobs = jobs
        self._clock = clock
        self._walk: Walk | None = None
        self._drawn: object = None
        self._side = "B"
        self._began = 0.0
        self._asked: int | None = None
        self._asked_at = 0.0
        self._tick = QTimer(self, interval=TICK_MS)
        self._tick.timeout.connect(self._next)

    @property
    def playing(self) -> bool:
        """A walk is on show."""
        return self._walk is not None

    def holds(self, side: str) -> bool:
        """Whether a side shows the walk, so that no other picture may."""
        return self.playing and side == self._side

    def play(self, document: Document, info: ModelInfo) -> None:
        """Begin the walk that ``document`` plans; nothing happens with fewer than two pins."""
        walk = planned(document, info)
        if walk is None or self._renderer.scene is None:
            return
        if not self.playing:
            self._side = side_to_play(document.view)
        self._walk, self._drawn = walk, document.inputs
        self._began = self._clock()
        self._tick.start()
        self.playing_changed.emit(True)
        self._next()

    def stop(self) -> None:
        """Show again what was there before."""
        if not self.playing:
            return
        self._walk = None
        self._tick.stop()
        if self._asked is not None:
            self._asked = None
            self._send(CancelLane(LANE))
        self.playing_changed.emit(False)
        self.stopped.emit(self._side)

    def follow(self, document: Document, info: ModelInfo | None) -> None:
        """The document is another one now: go on with its plan and subnet, or stop when something
        else is to be drawn."""
        if self._walk is None:
            return
        walk = None if info is None else planned(document, info)
        # The renderer hears of the new document after this object: the document itself is asked.
        hidden = document.view.mode == "difference" or side_to_play(document.view) != self._side
        if walk is None or document.inputs != self._drawn or hidden:
            self.stop()
        else:
            self._walk = walk

    def save(self, document: Document, info: ModelInfo, path: Path, baked: Variants) -> None:
        """Write the walk that ``document`` plans at ``path``, in a job; ``baked`` finds the variant
        that draws it."""
        walk = planned(document, info)
        if walk is None:
            return
        by = drawn_by(document, FULL if document.walk.full else CURRENT, info, baked)
        recipe = ""
        if by.info.key != info.key:
            from studio.recipes.recipe import to_line
            from studio.session.recipes import baking_recipe

            recipe = to_line(baking_recipe(document.recipe, document.subnet))
        job = WalkJob(by.info.path, str(path), walk, by.choice, recipe)
        self._jobs.start(job, self.tr("Save the walk"), self._done, self._job_failed)

    def take(self, answer: object, pixels: np.ndarray | None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if not isinstance(answer, Rendered | Failed) or answer.lane != LANE:
            return False
        if answer.stamp != self._asked:
            return True
        self._asked = None
        if isinstance(answer, Failed):
            self.stop()
            self.failed.emit(answer.sentence, answer.details)
        elif pixels is not None:
            self.frame.emit(self._side, pixels)
        return True

    def _next(self) -> None:
        """Ask for the picture that is due, unless one is under way."""
        walk, scene = self._walk, self._renderer.scene
        if walk is None:
            return
        if scene is None:
            self.stop()
            return
        now = self._clock()
        # An answer may be lost with a renderer that is started again.
        if self._asked is not None and now - self._asked_at < PATIENCE:
            return
        phase = (now - self._began) / walk.seconds % 1.0
        side = scene.sides[self._side]
        spec = replace(side.spec, inputs=walk.point(phase))
        self._asked, self._asked_at = self._renderer.next_stamp(), now
        self._send(Render(LANE, self._asked, spec))

    def _done(self, end: JobDone) -> None:
        if end.path is not None:
            self.saved.emit(Path(end.path))

    def _job_failed(self, end: JobFailed) -> None:
        self.failed.emit(end.sentence, end.details)


def planned(document: Document, info: ModelInfo) -> Walk | None:
    """The walk of a document in terms of a model, or None with fewer than two pins."""
    if info.family in (TRANSLATION, DIFFUSION):
        return None  # pins are of seeds
    pins = [replace(pin, inputs=inputs_for(pin.inputs, info)) for pin in document.pins]
    return document.walk.walk(pins)


def side_to_play(view: View) -> str:
    """The visible side that shows the current subnet, else B, else the one that is visible."""
    alone = {"full": "A", "current": "B"}.get(view.mode)
    if alone is not None:
        return alone
    return "A" if view.side_a == CURRENT and view.side_b != CURRENT else "B"
