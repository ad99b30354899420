"""Timing a network on a target, in any runtime: latency, throughput, start-up, memory, accuracy."""

from __future__ import annotations

import gc
import math
import platform
import statistics
import tempfile
import time
from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager, suppress
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from studio.errors import BadChoice, MaquetteError, RuntimeFailed
from studio.families.portable import PortableNetwork
from studio.places import cache_dir
from studio.processes.timing import timing_lock
from studio.runtimes.contract import Arrays, LayerTime, Loaded, Plan, Runtime
from studio.runtimes.memory import PeakMemory, resident
from studio.runtimes.target import Target
from studio.runtimes.timing_record import Accuracy, BatchTiming, Spread, TimingRecord

BATCHES = (1, 4, 16)
BATCH = "batch"  # the dimension whose size is varied
ABSOLUTE, RELATIVE = 1e-4, 1e-5  # the gate for f32

Clock = Callable[[], float]
Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Bounds:
    """How long one size of a batch is timed.

    Args:
        warm_up: runs before, fewer once they took a quarter of ``longest``, but one.
        least: runs to time. most: runs to stop at.
        seconds: time on more runs than the least. longest: after it, ``few`` runs suffice.
    """

    warm_up: int = 3
    least: int = 9
    most: int = 200
    seconds: float = 1.0
    longest: float = 15.0
    few: int = 3


BOUNDS = Bounds()


def benchmark(
    runtime: Runtime,
    network: PortableNetwork,
    target: Target,
    inputs: Callable[[int], Arrays],
    *,
    batches: Sequence[int] = BATCHES,
    sizes: Mapping[str, int] | None = None,
    threads: int = 0,
    layers: bool = True,
    bounds: Bounds | None = None,
    reference: Arrays | None = None,
    span: float | None = None,
    progress: Progress | None = None,
    between: Callable[[], None] | None = None,
    clock: Clock = time.perf_counter,
    lock: Callable[[], AbstractContextManager[None]] = timing_lock,
) -> TimingRecord:
    """Compile, load, warm up and time a network, while nothing else of Maquette times anything.

    Every batch is compiled for its own size, as the app does it for the one that it draws. What a
    size cannot do (memory, a refusal, a failure) is part of the record and stops no other size.

    Args:
        inputs: makes the inputs of a batch of that size.
        batches: sizes of the dimension named ``batch``; a network without it is run once.
        sizes: of other dynamic dimensions. threads: CPU threads; 0 leaves that to the runtime.
        layers: time each layer too, where the runtime tells. bounds: how long; usual when None.
        reference: outputs for ``inputs(batches[0])`` in f32. span: range of their values, for
            PSNR; their own when None.
        progress: called with a fraction in [0, 1] and a line of text.
        between: called between runs; may raise to stop, which leaves nothing behind.

    Raises:
        BadChoice: the target is of another runtime, or its device is not on this host.
        MaquetteError: there is no place for the lock or for the compiled files.
    """
    dimensions = {d for port in network.inputs for d in port.shape if isinstance(d, str)}
    steps = list(batches) if BATCH in dimensions else [1]
    report, look = progress or (lambda fraction, text: None), between or (lambda: None)
    plans = [
        runtime.plan(
            network,
            target,
            sizes={**(sizes or {}), **({BATCH: n} if BATCH in dimensions else {})},
            threads=threads,
        )
        for n in steps
    ]
    record = _blank(network, plans[0])
    if all(plan.refusals for plan in plans):
        refused = tuple(
            BatchTiming(n, refusal=p.refusals[0]) for n, p in zip(steps, plans, strict=True)
        )
        return replace(record, batches=refused, refusals=plans[0].refusals)
    done: list[BatchTiming] = []
    with lock():
        for index, (batch, plan) in enumerate(zip(steps, plans, strict=True)):
            report(index / len(steps), f"{plan.target} at batch {batch}")
            if plan.refusals:
                done.append(BatchTiming(batch, refusal=plan.refusals[0]))
                continue
            trial = _Trial(runtime, plan, inputs(batch), bounds or BOUNDS, clock, look)
            done.append(trial.timed(batch))
            if trial.started and record.compile_ms is None:
                record = trial.described(record)
                if reference is not None and index == 0 and trial.outputs is not None:
                    record = replace(record, accuracy=accuracy(reference, trial.outputs, span))
                if layers:
                    record = replace(record, layers=trial.layers())
            trial.close()
    report(1.0, "done")
    failed = () if any(b.spread for b in done) else tuple(dict.fromkeys(b.refusal for b in done))
    return replace(record, batches=tuple(done), refusals=failed)


def _blank(network: PortableNetwork, plan: Plan) -> TimingRecord:
    return TimingRecord(
        network.name,
        network.key,
        network.parameters,
        network.macs,
        str(plan.target),
        plan.target.title,
        plan.version,
        plan.device,
        f"{platform.system()} {platform.release()} {platform.machine()}",
        plan.threads,
        notes=plan.notes,
    )


class _Trial:
    """One plan, compiled and timed in a folder of its own, so that the first compile is one."""

    def __init__(
        self,
        runtime: Runtime,
        plan: Plan,
        inputs: Arrays,
        bounds: Bounds,
        clock: Clock,
        between: Callable[[], None],
    ) -> None:
        self._runtime, self._plan, self._inputs = runtime, plan, inputs
        self._bounds, self._clock, self._between = bounds, clock, between
        self._loaded: Loaded | None = None
        self._folder: tempfile.TemporaryDirectory[str] | None = None
        self._compile = self._load = 0.0
        self._before = 0
        self.started = False
        self.outputs: Arrays | None = None

    def timed(self, batch: int) -> BatchTiming:
        """Compile, load, run."""
        try:
            self._start()
            with PeakMemory() as peak:
                runs = self._runs(self._opened())
        except (RuntimeFailed, BadChoice, MemoryError) as error:
            said = str(error) or f"there is not enough memory for a batch of {batch}"
            return BatchTiming(batch, refusal=said)
        except BaseException:
            self.close()
            raise
        spread = spread_of(runs)
        return BatchTiming(batch, spread, 1000 * batch / spread.median, peak.bytes)

    def _start(self) -> None:
        try:
            self._folder = tempfile.TemporaryDirectory(prefix="timing-", dir=cache_dir())
        except OSError as error:
            raise MaquetteError(f"there is no place for a compiled network: {error}") from error
        began = self._clock()
        self._runtime.compile(self._plan, Path(self._folder.name))
        self._compile = 1000 * (self._clock() - began)
        gc.collect()
        self._before = resident()

    def _opened(self) -> Loaded:
        assert self._folder is not None
        began = self._clock()
        loaded = self._runtime.load(self._plan, Path(self._folder.name))
        self._load = 1000 * (self._clock() - began)
        self._loaded, self.started = loaded, True
        return loaded

    def _runs(self, loaded: Loaded) -> list[float]:
        """Milliseconds of every run after warm-up."""

        def run() -> None:
            self.outputs = loaded.run(self._inputs)

        return timed_runs(run, self._bounds, self._clock, self._between)

    def described(self, record: TimingRecord) -> TimingRecord:
        """The record with what the loaded network says of itself."""
        assert self._loaded is not None
        where = self._loaded.placement
        return replace(
            record,
            devices=where.devices,
            precision=where.precision,
            fallbacks=where.fallbacks,
            int8=where.int8,
            left=where.left,
            compile_ms=self._compile,
            load_ms=self._load,
            memory_before=self._before,
        )

    def layers(self) -> tuple[LayerTime, ...]:
        """Empty where the runtime does not tell, or fails while it counts."""
        assert self._loaded is not None
        try:
            return self._loaded.layer_times(self._inputs)
        except RuntimeFailed:
            return ()

    def close(self) -> None:
        if self._loaded is not None:
            self._loaded.close()
            self._loaded = None
        if self._folder is not None:
            with suppress(OSError):  # Windows holds files a little longer
                self._folder.cleanup()
            self._folder = None


def timed_runs(
    run: Callable[[], object],
    bounds: Bounds = BOUNDS,
    clock: Clock = time.perf_counter,
    between: Callable[[], None] = lambda: None,
) -> list[float]:
    """Milliseconds of every run after warm-up. Whoever calls it holds the timing lock.

    Args:
        between: called before each run; may raise to stop.
    """
    began = clock()
    for number in range(bounds.warm_up):
        if number and clock() - began > bounds.longest / 4:
            break
        between()
        run()
    runs: list[float] = []
    began = clock()
    while not _enough(bounds, len(runs), clock() - began):
        between()
        start = clock()
        run()
        runs.append(1000 * (clock() - start))
    return runs


def _enough(bounds: Bounds, runs: int, seconds: float) -> bool:
    if runs >= bounds.most or (runs >= bounds.few and seconds >= bounds.longest):
        return True
    return runs >= bounds.least and seconds >= bounds.seconds


def spread_of(runs: Sequence[float]) -> Spread:
    """Median, 10th and 90th percentile of milliseconds."""
    low, high = np.percentile(runs, [10, 90])
    return Spread(statistics.median(runs), float(low), float(high), len(runs))


def accuracy(reference: Arrays, outputs: Arrays, span: float | None = None) -> Accuracy:
    """Compare outputs with a reference in f32, over all of its arrays.

    Args:
        span: range of the values, the peak of PSNR; that of the reference itself when None.

    Raises:
        KeyError: an output of the reference is missing.
    """
    wanted = np.concatenate([reference[n].ravel() for n in sorted(reference)]).astype(np.float64)
    given = np.concatenate([outputs[n].ravel() for n in sorted(reference)]).astype(np.float64)
    if not np.isfinite(given).all():
        return Accuracy(None, math.inf, False, False)
    apart = np.abs(given - wanted)
    largest, error = float(apart.max()), float(np.square(apart).mean())
    peak = float(np.ptp(wanted)) if span is None else span
    psnr = 10 * math.log10(peak * peak / error) if error and peak else None
    gate = max(ABSOLUTE, RELATIVE * float(np.abs(wanted).max()))
    return Accuracy(psnr, largest, True, largest <= gate)
