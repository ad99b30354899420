"""Compiles a ladder of subnets in a job, the ones nearest to the sliders first."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

from studio.engine.adopting import planned
from studio.engine.job_messages import CompileJob, JobDone, JobNear, JobProgress, JobRung
from studio.errors import MaquetteError
from studio.processes.timing import timing_lock
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice
from studio.subnets.describe import variant_name

REST = 0.05  # seconds between two looks whether a drag is over
Rung = tuple[SubnetChoice, str]


def compile_rungs(
    job: CompileJob,
    report: Callable[[JobRung | JobProgress], None],
    near: Callable[[], JobNear | None] = lambda: None,
) -> JobDone:
    """Bring every rung of ``job`` into the cache.

    Args:
        report: receives every rung as it is there, or why it cannot be.
        near: what is wanted now, asked before every rung.

    Raises:
        MaquetteError: the model cannot be opened.
    """
    from studio.families.opening import open_model
    from studio.runtimes.compiling import compiled

    model = open_model(Path(job.path))
    done: set[Rung] = set()
    while left := [rung for rung in _order(job, _awake(near)) if rung not in done]:
        rung = choice, target = left[0]
        share = len(done) / (len(done) + len(set(left)))
        report(JobProgress(share, variant_name(choice)))
        done.add(rung)
        start = time.perf_counter()
        try:
            sizes = dict(job.sizes) or None
            plan = planned(model, choice, Target.parse(target), job.threads, sizes)
            # Not while something is being timed, which compiling would spoil.
            with timing_lock():
                compiled(plan)
        except MaquetteError as error:
            report(JobRung(choice, target, None, str(error)))
        else:
            report(JobRung(choice, target, time.perf_counter() - start))
    return JobDone(info=model.info)


def _awake(near: Callable[[], JobNear | None]) -> JobNear | None:
    """What is wanted now, once the job need not rest."""
    while (wanted := near()) is not None and wanted.resting:
        time.sleep(REST)
    return wanted


def _order(job: CompileJob, near: JobNear | None) -> list[Rung]:
    """What was last asked for, then what the job began with."""
    wanted = [] if near is None else [(c, t) for t in near.targets for c in near.choices]
    return wanted + [(c, t) for t in job.targets for c in job.choices]
