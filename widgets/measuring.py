"""Measuring variants in a job, out of the way of anyone who is drawing."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QObject, Signal

from studio.engine.job_messages import BakedFile, JobDone, JobFailed, JobMeasured, MeasureJob
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.info import ModelInfo
from studio.families.inputs import EncodedPicture, GanInputs
from studio.fidelity.measurement import Measurement
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import variant_name
from widgets.jobs import Jobs
from widgets.out_of_the_way import OutOfTheWay
from widgets.scene import PYTORCH, suited

SEEDS = 8
PROMPT_SEEDS = 4  # a picture of a pipeline takes many steps


@dataclass(frozen=True)
class Extras:
    """What is measured beside latency and closeness to full, as in ``MeasureJob``."""

    memory: bool = False
    realism: bool = False
    fid_weights: str = ""
    lpips_weights: str = ""

    def lacks(self, found: Measurement) -> bool:
        """Whether a measurement does not say all of this."""
        return (
            (self.memory and found.memory is None)
            or (self.realism and found.realism is None)
            or (bool(self.fid_weights) and found.fid is None)
            or (bool(self.lpips_weights) and found.lpips is None)
        )


def by_target(
    info: ModelInfo, choices: tuple[SubnetChoice, ...], target: str
) -> tuple[str, tuple[SubnetChoice, ...], tuple[BakedFile, ...]]:
    """Where subnets of a model are measured, those that are measured there, and those that PyTorch
    alone runs, which are held against full in PyTorch."""
    here = suited(target, info)
    alone = tuple(choice for choice in choices if suited(target, info, choice) != here)
    if len(alone) == len(choices) > 0:
        return PYTORCH, choices, ()
    there = tuple(choice for choice in choices if choice not in alone)
    others = tuple(BakedFile(info.path, each, variant_name(each), PYTORCH) for each in alone)
    return here, there, others


class Measuring(OutOfTheWay):
    """Runs one measurement at a time. A drag stops it, a pause starts it again. What is measured is
    told at once, so that it stays whatever becomes of the rest.

    Signals:
        measured(model key, measurements), failed(sentence, details), busy_changed(busy).
    """

    measured = Signal(str, object)
    failed = Signal(str, str)
    busy_changed = Signal(bool)

    def __init__(
        self,
        jobs: Jobs,
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(jobs, parent)
        self._clock = clock
        self._began = 0.0
        self._each: tuple[str, float] | None = None
        self._each_baked: tuple[str, float] | None = None
        self._wanted: MeasureJob | None
        self._key = ""
        jobs.measured.connect(self._news)

    def measure(
        self,
        info: ModelInfo,
        choices: tuple[SubnetChoice, ...],
        inputs: GanInputs | EncodedPicture | DiffusionInputs,
        target: str = PYTORCH,
        variants: tuple[BakedFile, ...] = (),
        extras: Extras = Extras(),
    ) -> None:
        """Measure ``choices`` of a model and baked ``variants`` of it against full on a target,
        unless a measurement is under way."""
        if self.busy or not (choices or variants):
            return
        self._wanted = MeasureJob(
            info.path,
            choices,
            inputs,
            seeds=PROMPT_SEEDS if isinstance(inputs, DiffusionInputs) else SEEDS,
            target=target,
            variants=variants,
            memory=extras.memory,
            realism=extras.realism,
            fid_weights=extras.fid_weights,
            lpips_weights=extras.lpips_weights,
        )
        self._key = info.key
        self.busy_changed.emit(True)
        self._start()

    def estimate(self, count: int) -> float | None:
        """Seconds that ``count`` subnets and full take, judged by the last measurement of the same
        model; None before there was one."""
        wanted = self._each
        return None if wanted is None else wanted[1] * (count + 1)

    def estimate_baked(self, count: int, baking: float | None) -> float | None:
        """Seconds that ``count`` variants of a recipe and full take: as the last such batch,
        else as a measurement and the last baking, which took ``baking`` seconds; None while these
        are not known."""
        if self._each_baked is not None:
            return self._each_baked[1] * (count + 1)
        measuring = self.estimate(count)
        return None if measuring is None or baking is None else measuring + count * baking

    def forget(self, key: str | None) -> None:
        """Another model is open: what measuring the last one took says nothing of it."""
        if self._each is not None and self._each[0] != key:
            self._each = None
        if self._each_baked is not None and self._each_baked[0] != key:
            self._each_baked = None

    def cancel(self) -> None:
        """Give the measurement up."""
        self._again.stop()
        self._interrupted = False
        if self._job is not None:
            self._jobs.cancel(self._job)
        else:
            self._end()

    def _start(self) -> None:
        if self._wanted is None or self._job is not None:
            return
        self._interrupted = False
        self._began = self._clock()
        self._job = self._jobs.start(
            self._wanted,
            self.tr("Measure"),
            self._done,
            self._failed,
            self._cancelled,
        )

    def _news(self, job: int, news: JobMeasured) -> None:
        """One more is measured: it stays, whatever becomes of the rest."""
        wanted = self._wanted
        if job != self._job or wanted is None:
            return
        if news.subnet is not None:
            self.measured.emit(self._key, (news.subnet,))
        if news.variant is not None:
            self.measured.emit(news.variant.key, (news.variant.measurement,))

    def _done(self, end: JobDone) -> None:
        wanted = self._wanted
        found: tuple[Measurement, ...] = end.measurements
        if found:
            took = self._clock() - self._began
            each = (self._key, took / (len(found) + len(end.variants)))
            if wanted is not None and any(variant.recipe for variant in wanted.variants):
                self._each_baked = each
            else:
                self._each = each
        self._end()
        if wanted is not None:
            self.measured.emit(self._key, found)
            for variant in end.variants:
                self.measured.emit(variant.key, (variant.measurement,))

    def _failed(self, end: JobFailed) -> None:
        self._end()
        self.failed.emit(end.sentence, end.details)

    def _cancelled(self) -> None:
        self._job = None
        if self._interrupted:
            self._again.start()
        else:
            self._end()

    def _end(self) -> None:
        self._job, self._wanted, self._interrupted = None, None, False
        self.busy_changed.emit(False)
