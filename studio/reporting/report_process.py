"""The process of a ReportJob; started by name, as ``studio.engine.job_process`` is for others."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.engine import job_process
from studio.engine.job_messages import Job, JobDone, JobEvent, ReportJob
from studio.engine.jobs import Report, ending
from studio.engine.progress import ProgressReporter
from studio.families.diffusion.inputs import DiffusionInputs
from studio.processes.child import processor_count

if TYPE_CHECKING:
    from studio.reporting.comparison import ReportedVariant


PARTS, OWN = "the picture, its mirror image and crops of it", "test pictures"


def write_report(job: Job, token: str, report: Report) -> JobEvent:
    """Do a ReportJob and return its last event, JobDone or JobFailed. Never raises.

    Args:
        token: names the hidden folder beside the target in which the file is prepared.
        report: receives progress, at most ten times a second.
    """
    assert isinstance(job, ReportJob)
    progress = ProgressReporter(report)

    def work() -> JobDone:
        import torch

        from studio.engine.measuring import every_input, named_inputs
        from studio.families.opening import open_model
        from studio.families.picture_file import checked_target
        from studio.reporting.comparison import Subject, write_comparison

        out = checked_target(job.out)
        torch.set_num_threads(max(1, processor_count() - 1))
        progress(0.0, "reading the file")
        model = open_model(Path(job.path), progress=progress.part(0.0, 0.2))
        inputs = named_inputs(job.inputs, model)
        every = every_input(model, inputs, job.seeds)
        subject = Subject(
            job.measurements,
            inputs,
            seeds=job.seeds if every is None else len(every),
            names=job.names,
            variants=reported_variants(job),
            every=every,
            compared_over=_compared_over(job, inputs, every),
        )
        write_comparison(model, subject, out, token=token, progress=progress.part(0.2, 1.0))
        return JobDone(path=job.out, info=model.info)

    return ending(work, job.out)


def _compared_over(job: ReportJob, inputs: Any, every: tuple[Any, ...] | None) -> str:
    """Over what fidelity was taken, in words; empty for seeds that follow those of the inputs."""
    if every is None:
        return ""
    if isinstance(job.inputs, DiffusionInputs):
        return f"seeds {every[0].seed} to {every[-1].seed}"
    return PARTS if inputs is not job.inputs else OWN


def reported_variants(job: ReportJob) -> tuple[ReportedVariant, ...]:
    """The variants of a job that are there and were measured, each once."""
    from studio.families.opening import open_model
    from studio.reporting.comparison import ReportedVariant
    from studio.subnets.choice import resolve

    found: dict[object, ReportedVariant] = {}
    for each in job.variants:
        if not Path(each.path).exists():
            continue  # it was baked long ago, and the cache has let it go
        model = open_model(Path(each.path))
        config = model.info.config
        subnet = resolve(each.choice, config)
        measured = tuple(
            of.measurement
            for of in job.of_variants
            if of.key == model.info.key
            and resolve(of.measurement.choice, config) == subnet
            and of.measurement.choice.sampling == each.choice.sampling
        )
        if measured:
            made = ReportedVariant(each.name, model, each.choice, each.recipe, measured)
            found.setdefault((model.info.key, subnet, each.choice.sampling), made)
    return tuple(found.values())


if __name__ == "__main__":
    job_process.main(sys.argv[1:], write_report)
