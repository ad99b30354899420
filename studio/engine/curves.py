"""How long a picture takes by width, in int8 and in the floats of one target: measured in a job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.adopting import planned
from studio.engine.baked_files import read_reports
from studio.engine.job_messages import BakeJob, CurveJob, JobDone
from studio.engine.progress import ProgressReporter
from studio.errors import BadChoice
from studio.families.inputs import GanInputs
from studio.families.opening import open_stylegan
from studio.processes.child import processor_count
from studio.recipes.curve import INT8, CurvePoint, SpeedCurve
from studio.recipes.curve_store import keep_curve
from studio.runtimes.target import Target
from studio.subnets.choice import SubnetChoice, resolve

if TYPE_CHECKING:
    from studio.families.model import Model

PRECISIONS = (INT8, "bf16", "f32")
WIDTHS = (0.1, 0.15, 0.25, 0.35, 0.5, 0.75, 1.0)
"""Close together where a small network's fixed costs begin to count."""
BAKED = 0.4  # of the progress: the recipe on the whole network, unless it is at hand


def measure_curve(job: CurveJob, progress: ProgressReporter, token: str = "curve") -> JobDone:
    """Do a CurveJob. The same weights are timed in every precision, with the same layers in int8 at
    every width.

    Raises:
        MaquetteError: the model cannot be opened, a step does not fit it, or the target runs no
            int8.
    """
    from studio.engine.baking import bake
    from studio.recipes.recipe import from_text
    from studio.runtimes.all import runtime
    from studio.runtimes.detection.processor import processor
    from studio.runtimes.host import host_name

    place = Target.parse(job.target)
    progress(0.0, "reading the file")
    begin = 0.05
    key = open_stylegan(Path(job.path)).info.key
    if read_reports(Path(job.variant)) is None:
        bake(
            BakeJob(job.path, job.recipe, job.variant),
            token,
            progress.share(0.0, BAKED, "full width"),
        )
        begin = BAKED
    model = open_stylegan(Path(job.variant))
    offered, missing = _offered(model, place)
    turns = [(precision, width) for width in widths_of(model) for precision in offered]
    found = []
    for number, (precision, width) in enumerate(turns):
        share = begin + (1 - begin) * number / len(turns)
        progress(share, f"timing width {width:g} in {precision}")
        target = Target(place.runtime, place.device, precision)
        found.append(_timed(model, width, target))
    order = {precision: number for number, precision in enumerate(PRECISIONS)}
    curve = SpeedCurve(
        job.target.rpartition(":")[0],
        host_name(),
        runtime(place.runtime).version() or "",
        tuple(sorted(found, key=lambda point: (order[point.precision], point.width))),
        missing,
        processor().precisions if place.device == "CPU" and processor().flags else (),
    )
    keep_curve(key, from_text(job.recipe), curve)
    progress(1.0, "done")
    return JobDone(info=model.info, curve=curve)


def widths_of(model: Model) -> tuple[float, ...]:
    """The widths to time: those of ``WIDTHS`` that give different networks, ascending."""
    config = model.info.config
    wanted = {resolve(SubnetChoice(width=width), config): width for width in WIDTHS}
    return tuple(sorted(wanted.values()))


def _offered(model: Model, place: Target) -> tuple[list[str], tuple[tuple[str, str], ...]]:
    """The precisions that the target runs, and why it does not run the others."""
    offered: list[str] = []
    missing: list[tuple[str, str]] = []
    for precision in PRECISIONS:
        target = Target(place.runtime, place.device, precision)
        refusals = planned(model, SubnetChoice(), target, processor_count()).refusals
        if not refusals:
            offered.append(precision)
        elif precision == INT8:
            raise BadChoice(f"{target} cannot run this: {refusals[0]}")
        else:
            missing.append((precision, refusals[0]))
    return offered, tuple(missing)


def _timed(model: Model, width: float, target: Target) -> CurvePoint:
    from studio.fidelity.measure import time_runs
    from studio.runtimes.compiling import ready

    plan = planned(model, SubnetChoice(width=width), target, processor_count())
    if plan.refusals:
        raise BadChoice(f"{target} cannot run width {width:g}: {plan.refusals[0]}")
    network = ready(plan)
    try:
        fed = model.fed([port.name for port in plan.network.inputs], GanInputs())
        latency = time_runs(lambda: network.run(fed))
        share = network.placement.int8 if target.precision == INT8 else None
    finally:
        network.close()
    return CurvePoint(width, target.precision, latency, plan.threads, share)
