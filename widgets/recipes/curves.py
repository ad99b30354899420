"""Curves of speed: which are known, and the job that measures one."""

from __future__ import annotations

import time
from collections.abc import Callable, Hashable
from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject, QTimer

from studio.engine.job_messages import CurveJob, Job, JobDone
from studio.families.info import ModelInfo
from studio.runtimes.host import host_name
from studio.session.document import FULL_SUBNET, Document
from widgets.jobs import Jobs
from widgets.out_of_the_way import PAUSE_MS
from widgets.recipes.baking import Background
from widgets.recipes.finding import Finding, Wanted, up_to
from widgets.scene import PYTORCH

if TYPE_CHECKING:
    from studio.recipes.curve import SpeedCurve

TIMINGS = 21
"""Widths times precisions, at most."""
LEAST, COMPILING, RUNS = 1.0, 0.7, 12
"""Seconds that one timing and one compiling take at least, and pictures that a timing draws."""


class Curves(Finding):
    """How long a picture takes by width in int8 and in floats, on the target that is preferred. A
    drag stops the job, a pause starts it again."""

    def __init__(
        self,
        jobs: Jobs,
        background: Background,
        target: Callable[[], str],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(jobs, background, parent)
        self._target = target
        self._clock = clock
        self._began = 0.0
        self._took: tuple[str, str, float] | None = None
        self._waiting: tuple[Hashable, Job] | None = None
        self._interrupted = False
        self._again = QTimer(self, singleShot=True, interval=PAUSE_MS)
        self._again.timeout.connect(self._go_on)

    @property
    def place(self) -> str:
        """Runtime and device on which curves are measured; empty where these run no int8."""
        place = self._target().rpartition(":")[0]
        return "" if place.partition(":")[0] == PYTORCH.partition(":")[0] else place

    def estimate(self, document: Document) -> float | None:
        """Seconds that a curve takes: as the last one of the same model here, else by the latency
        of full where that is known; None while nothing is known."""
        if self._info is None:
            return None
        if self._took is not None and self._took[:2] == (self._info.key, self.place):
            return self._took[2]
        host = host_name()
        found = [
            m.measurement.latency_ms.median / 1000
            for m in document.measurements
            if m.model == self._info.key
            and m.measurement.choice == FULL_SUBNET
            and m.measurement.host == host
            and m.measurement.target.rpartition(":")[0] == self.place
        ]
        if not found:
            return None
        return TIMINGS * (COMPILING + max(LEAST, RUNS * max(found)))

    # ---- what it finds -------------------------------------------------------------------------

    def title(self) -> str:
        return self.tr("Measure the curve")

    def wanted(self, document: Document, ref: str) -> Wanted | None:
        """The steps up to this one, on the whole network: its narrower subnets are then timed."""
        assert self._info is not None
        if not self.place:
            return None
        steps = replace(up_to(document.recipe, ref), cut_at=None)
        contents = tuple(step.content for step in steps.active)
        return Wanted((self._info.key, contents, self.place), steps, FULL_SUBNET, self.place)

    def kept(self, model: str, text: str, wanted: Wanted) -> SpeedCurve | None:
        from studio.recipes.curve_store import kept_curve
        from studio.recipes.recipe import from_text

        return kept_curve(model, from_text(text), wanted.target, host_name())

    def order(self, info: ModelInfo, text: str, wanted: Wanted) -> Job:
        from studio.engine.baked_files import baked_path

        path = str(baked_path(info.key, text))
        return CurveJob(info.path, text, path, f"{wanted.target}:f32")

    def taken(self, end: JobDone) -> SpeedCurve | None:
        if self._info is not None:
            self._took = (self._info.key, self.place, self._clock() - self._began)
        return end.curve

    # ---- drags ---------------------------------------------------------------------------------

    def drag(self, active: bool) -> None:
        """A drag has begun or ended: times taken while both cores draw would be wrong."""
        if self._making is None:
            return
        if not active:
            if self._waiting is not None:
                self._again.start()
            return
        self._again.stop()
        if self._job is not None:
            self._interrupted = True
            self._jobs.cancel(self._job)

    def _start(self, key: Hashable, job: Job) -> None:
        self._began = self._clock()
        super()._start(key, job)

    def _cancelled(self, key: Hashable, job: Job) -> None:
        if not self._interrupted:
            self._end()
            return
        self._interrupted, self._job = False, None
        self._waiting = (key, job)
        self._again.start()

    def _go_on(self) -> None:
        waiting, self._waiting = self._waiting, None
        if waiting is not None and waiting[0] is self._making:
            self._start(*waiting)

    def _end(self) -> None:
        self._again.stop()
        self._waiting, self._interrupted = None, False
        super()._end()
