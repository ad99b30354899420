"""Measure subnets of a model: fidelity to the full network, cost, and latency on this machine."""

from __future__ import annotations

import math
import statistics
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any, Literal

import numpy as np

from studio.errors import BadChoice
from studio.families.generative import AnyModel
from studio.families.inputs import GanInputs
from studio.fidelity.compare import Fidelity, compare_pictures, scaled_to
from studio.fidelity.drawing import PYTORCH, Drawer, EagerDrawer
from studio.fidelity.measurement import Latency, Measurement, Quartiles
from studio.fidelity.metrics import Pixels
from studio.fidelity.picture_run import PictureRun
from studio.fidelity.sets import SetMetric
from studio.subnets.choice import SubnetChoice, channels_run, resolve
from studio.subnets.cost import cost
from studio.subnets.describe import variant_name

WARM_UP = 3
MIN_RUNS, MAX_RUNS = 9, 30
WARM_UP_PICTURES, MIN_PICTURES = 1, 3  # where a run is a whole picture of many steps
SECONDS = 1.0  # time spent on one latency, once MIN_RUNS are done

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Subject:
    """Another model to measure against the full one, such as a variant of it.

    Args:
        name: of the row. model: its inputs are those of the full model.
        choice: what of it is run. drawer: who draws it; PyTorch in float32 when None.
    """

    name: str
    model: AnyModel
    choice: SubnetChoice = SubnetChoice()
    drawer: Drawer | None = None


class Cancelled(Exception):
    """The measuring was called off between two renders. Never shown."""


def measure(
    model: AnyModel,
    choices: Sequence[SubnetChoice],
    *,
    others: Sequence[Subject] = (),
    inputs: Any = GanInputs(),
    seeds: int = 8,
    pictures: Sequence[Any] | None = None,
    drawer: Drawer | None = None,
    sets: Sequence[SetMetric] = (),
    lpips: Callable[[Pixels, Pixels], float] | None = None,
    progress: Progress | None = None,
    found: Callable[[int, Measurement], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> list[Measurement]:
    """Measure *full*, then each choice, then other models against the same *full*.

    Fidelity is the median, with the quartiles, over seeds ``inputs.seed``, ``inputs.seed + 1``, ...
    against the full network at full resolution, which draws the same seeds with the same noise.
    Latency is of the synthesis network at batch 1, of a pipeline of the whole picture with all
    its steps, with as many threads as the window would render it, timed while no other process of
    Maquette times anything.

    Args:
        choices: the subnets; *full* is always measured first and need not be named.
        others: variants of the model, in the order of their rows.
        inputs: truncation, class, noise and edits for every picture.
        seeds: number of seeds, at least 1.
        pictures: in place of both, all the inputs to compare over, as models that turn pictures
            into pictures take them; latency is of the first.
        drawer: who draws, and so on which target; PyTorch in float32 when None. *Full* is drawn by
            the same, so fidelity is compared at equal precision.
        sets: how real, or how near to full, whole sets of pictures are; of plain inputs.
        lpips: one more distance of two pictures of one size, reference first.
        progress: called with a fraction in [0, 1] and a line of text.
        found: called with each row as soon as it is measured, and its number from 0.
        cancelled: asked before every layer; True ends the call.

    Raises:
        BadChoice: a choice or an input does not fit.
        Cancelled: ``cancelled`` said so.
    """
    draws = drawer or EagerDrawer(model)
    if seeds < 1 or (pictures is not None and not pictures):
        raise BadChoice(f"{seeds} seeds were asked for; at least 1 is needed")
    full = SubnetChoice()
    own = [full, *(choice for choice in choices if choice != full)]
    wanted = [Subject(variant_name(each), model, each, draws) for each in own]
    wanted += others
    for subject in wanted:  # refuse a bad choice before any work is done
        resolve(subject.choice, subject.model.info.config)
    report = progress or (lambda fraction, text: None)

    def between() -> None:
        if cancelled is not None and cancelled():
            raise Cancelled

    measured = 0.0

    def waiting() -> None:
        between()
        report(measured, "waiting for another measurement on this machine")

    every = model.several(inputs, seeds) if pictures is None else tuple(pictures)
    report(0.0, f"drawing {len(every)} pictures with full")
    references = [draws.draw(each, full, between) for each in every]
    judges = [_Judging(metric) for metric in sets]
    results = []
    for index, subject in enumerate(wanted):
        measured = (index + 0.5) / (len(wanted) + 0.5)
        report(measured, f"measuring {subject.name}")
        hand, choice = subject.drawer or EagerDrawer(subject.model), subject.choice
        pictures = [hand.draw(each, choice, between) for each in every]
        close = [compare_pictures(r, p) for r, p in zip(references, pictures, strict=True)]
        made = _measurement(subject, close)
        if lpips is not None:
            apart = [
                lpips(r, scaled_to(p, *r.shape[:2]))
                for r, p in zip(references, pictures, strict=True)
            ]
            made = _with_lpips(made, apart)
        for judge in judges:
            distance = judge.distance(partial(hand.draw, choice=choice, between=between))
            made = _with_distance(made, judge.field, distance)
        with hand.running(every[0], choice) as (run, threads):
            made = _timed(made, run, between, waiting)
        results.append(replace(made, target=hand.target, threads=threads))
        if found is not None:
            found(index, results[-1])
    report(1.0, "done")
    return results


class _Judging:
    """One measure of sets. Where it has no reference of its own, that is what *full* draws, whose
    turn comes first."""

    def __init__(self, metric: SetMetric) -> None:
        self.field = metric.field
        self._metric = metric
        self._reference = metric.reference

    def distance(self, draw: Callable[[GanInputs], Pixels]) -> float:
        features = self._metric.seen(draw)
        if self._reference is None:
            self._reference = features
            return 0.0
        return self._metric.apart(features, self._reference)


def _measurement(subject: Subject, close: list[Fidelity]) -> Measurement:
    config = subject.model.info.config
    subnet = resolve(subject.choice, config)
    price = cost(config, subnet)
    psnrs = [f.psnr for f in close]
    return Measurement(
        name=subject.name,
        choice=subject.choice,
        psnr=median_psnr(psnrs),
        ssim=statistics.median(f.ssim for f in close),
        flip=statistics.median(f.flip for f in close),
        parameters=price.parameters,
        macs=price.macs,
        paper_macs=price.paper_macs,
        size_bytes=price.size_bytes,
        latency_ms=Latency(0.0, 0.0, 0.0),
        target=PYTORCH,
        threads=0,
        spread=Quartiles(
            len(close),
            quartiles_of_psnr(psnrs),
            quartiles([f.ssim for f in close]),
            quartiles([f.flip for f in close]),
        ),
        channels=channels_run(subnet, config),
        resolution=subnet.resolution,
    )


def _with_lpips(found: Measurement, apart: list[float]) -> Measurement:
    assert found.spread is not None
    spread = replace(found.spread, lpips=quartiles(apart))
    return replace(found, lpips=statistics.median(apart), spread=spread)


def _with_distance(
    found: Measurement, field: Literal["realism", "fid"], distance: float
) -> Measurement:
    if field == "fid":
        return replace(found, fid=distance)
    return replace(found, realism=distance)


def quartiles(values: Sequence[float]) -> tuple[float, float]:
    """The first and the third quartile, by linear interpolation between the ordered values."""
    low, high = np.percentile(values, [25, 75])
    return float(low), float(high)


def quartiles_of_psnr(values: Sequence[float | None]) -> tuple[float | None, float | None]:
    """The quartiles of PSNR values of which None, for equal pictures, is above all others.

    Where a quartile falls between a number and an equal picture, it is the number.
    """
    numbers = sorted(math.inf if v is None else v for v in values)

    def at(share: float) -> float | None:
        place = share * (len(numbers) - 1)
        below, above = numbers[math.floor(place)], numbers[math.ceil(place)]
        if above == math.inf:
            return None if below == math.inf else below
        return below + (place - math.floor(place)) * (above - below)

    return at(0.25), at(0.75)


def median_psnr(values: Sequence[float | None]) -> float | None:
    """The median of PSNR values of which None, for equal pictures, is above all others."""
    numbers = [math.inf if v is None else v for v in values]
    middle = statistics.median(numbers)
    if middle == math.inf:  # all equal, or half of an even number: then the lower middle one
        middle = statistics.median_low(numbers)
    return None if middle == math.inf else middle


def _timed(
    found: Measurement,
    run: Callable[[], object],
    between: Callable[[], None],
    waiting: Callable[[], None] | None,
) -> Measurement:
    """A measurement with its latency, and of a pipeline with what a step takes."""
    if not isinstance(run, PictureRun):
        return replace(found, latency_ms=time_runs(run, between, waiting))
    latency = time_runs(run, between, waiting, warm_up=WARM_UP_PICTURES, least=MIN_PICTURES)
    step = run.step_ms(MIN_PICTURES)
    return replace(found, latency_ms=latency, steps=run.steps, step_ms=step)


def time_runs(
    run: Callable[[], object],
    between: Callable[[], None] | None = None,
    waiting: Callable[[], None] | None = None,
    *,
    warm_up: int = WARM_UP,
    least: int = MIN_RUNS,
) -> Latency:
    """Milliseconds of one run, after ``warm_up`` runs, under the timing lock.

    At least ``least`` runs, more while a second has not passed, at most 30.

    Args:
        between: called before every run; may raise to stop.
        waiting: called again and again while another process times something; may raise to stop.
    """
    from studio.processes.timing import timing_lock

    runs: list[float] = []
    with timing_lock(waiting=waiting or between):
        for _ in range(warm_up):
            if between is not None:
                between()
            run()
        began = time.perf_counter()
        while len(runs) < least or (len(runs) < MAX_RUNS and time.perf_counter() - began < SECONDS):
            if between is not None:
                between()
            start = time.perf_counter()
            run()
            runs.append(1000 * (time.perf_counter() - start))
    low, high = np.percentile(runs, [10, 90])
    return Latency(statistics.median(runs), float(low), float(high))
