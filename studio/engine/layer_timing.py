"""Timing one variant on one target layer by layer, in a job."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.engine.adopting import planned
from studio.engine.job_messages import JobDone, LayersJob
from studio.engine.layer_table import LayerTable, layer_table
from studio.engine.progress import ProgressReporter
from studio.errors import MaquetteError
from studio.families.diffusion.model import DiffusionModel
from studio.families.generative import AnyModel
from studio.families.opening import open_model
from studio.processes.child import processor_count
from studio.processes.timing import timing_lock
from studio.recipes.scan_store import kept_scan
from studio.runtimes.all import runtime
from studio.runtimes.benchmark import BATCH, Bounds, benchmark, spread_of, timed_runs
from studio.runtimes.compiling import ready
from studio.runtimes.contract import Arrays
from studio.runtimes.target import Target
from studio.runtimes.timing_record import TimingRecord
from studio.subnets.choice import resolve
from studio.subnets.cost import costs
from studio.subnets.describe import variant_name
from studio.subnets.threads import threads_for

BOUNDS = Bounds(longest=8.0)


def time_layers(job: LayersJob, progress: ProgressReporter, bounds: Bounds = BOUNDS) -> JobDone:
    """Do a LayersJob.

    Raises:
        MaquetteError: the model cannot be opened, the choice does not fit it, or the target cannot
            run it.
    """
    progress(0.0, "reading the file")
    model: AnyModel = open_model(Path(job.path), progress=progress.part(0.0, 0.1))
    network, config = model.portable(job.choice), model.info.config
    target = Target.parse(job.target)
    if isinstance(model, DiffusionModel):
        return JobDone(info=model.info, layers=_of_pipeline(model, job, bounds, progress))

    def inputs(count: int) -> Arrays:
        return model.fed([port.name for port in network.inputs], model.own_inputs(1)[0])

    record = benchmark(
        runtime(target.runtime),
        network,
        target,
        inputs,
        batches=(1,),
        threads=threads_for(config, job.choice, processor_count()),
        bounds=bounds,
        progress=progress.part(0.1, 1.0),
    )
    if record.refusals:
        raise MaquetteError("; ".join(record.refusals))
    return JobDone(info=model.info, layers=_table(model, job, record))


def _table(model: AnyModel, job: LayersJob, record: TimingRecord) -> LayerTable:
    scan = None
    if job.recipe:
        from studio.recipes.recipe import from_text

        scan = kept_scan(job.model, from_text(job.recipe))
    config = model.info.config
    return layer_table(
        job.name or variant_name(job.choice),
        record,
        model.portable(job.choice),
        costs(config, resolve(job.choice, config)),
        None if scan is None else scan.errors,
    )


def _of_pipeline(
    model: DiffusionModel, job: LayersJob, bounds: Bounds, progress: ProgressReporter
) -> LayerTable:
    """One call of a pipeline's denoiser at its usual size and guidance, by the very network that
    draws in the window, which need not be compiled a second time."""
    target = Target.parse(job.target)
    (usual,) = model.own_inputs(1)
    sizes = model.sizes(usual)
    plan = planned(model, job.choice, target, processor_count(), sizes)
    if plan.refusals:
        raise MaquetteError("; ".join(plan.refusals))
    progress(0.1, f"preparing {plan.target}")
    fed = model.fed([port.name for port in plan.network.inputs], usual)
    loaded = ready(plan)
    try:
        with timing_lock():
            progress(0.5, f"timing {plan.target}")
            runs = timed_runs(lambda: loaded.run(fed), bounds)
            layers = loaded.layer_times(fed)
        where = loaded.placement
    finally:
        loaded.close()
    record = TimingRecord(
        plan.network.name,
        plan.network.key,
        plan.network.parameters,
        plan.network.macs,
        str(plan.target),
        plan.target.title,
        threads=plan.threads,
        devices=where.devices,
        precision=where.precision,
        layers=layers,
        int8=where.int8,
        left=where.left,
    )
    wanted = model.settled(usual)
    return replace(
        _table(model, job, record),
        latency_ms=spread_of(runs).median,
        batch=sizes[BATCH],
        pixels=(wanted.width, wanted.height),
    )
