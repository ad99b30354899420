"""Timing one variant on one target layer by layer, in a job."""

from __future__ import annotations

from pathlib import Path

from studio.engine.job_messages import JobDone, LayersJob
from studio.engine.layer_table import layer_table
from studio.engine.progress import ProgressReporter
from studio.errors import MaquetteError
from studio.families.generative import AnyModel
from studio.families.opening import open_model
from studio.processes.child import processor_count
from studio.recipes.scan_store import kept_scan
from studio.runtimes.all import runtime
from studio.runtimes.benchmark import Bounds, benchmark
from studio.runtimes.contract import Arrays
from studio.runtimes.target import Target
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
    scan = None
    if job.recipe:
        from studio.recipes.recipe import from_text

        scan = kept_scan(job.model, from_text(job.recipe))
    table = layer_table(
        job.name or variant_name(job.choice),
        record,
        network,
        costs(config, resolve(job.choice, config)),
        None if scan is None else scan.errors,
    )
    return JobDone(info=model.info, layers=table)
