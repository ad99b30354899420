"""Measuring in a job: subnets of a model and baked variants of it, against its full network."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from studio.engine.drawing import drawer
from studio.engine.job_messages import BakedFile, JobDone, MeasureJob, VariantMeasured
from studio.engine.progress import ProgressReporter
from studio.families.model import Model
from studio.families.opening import open_model
from studio.fidelity.measure import measure
from studio.fidelity.measurement import Measurement
from studio.fidelity.variants import Baked, Candidate, Found, measure_variants
from studio.runtimes.all import runtime
from studio.runtimes.host import host_name
from studio.runtimes.target import Target, reference_of


def measure_all(job: MeasureJob, progress: ProgressReporter) -> JobDone:
    """Do a MeasureJob.

    Raises:
        MaquetteError: a model cannot be opened, or a choice does not fit it.
    """
    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.1))
    share = 1.0 if not job.variants else 0.1 if not job.choices else 0.5
    own: list[Measurement] = []
    if job.choices or not job.variants:
        own = measure(
            model,
            job.choices,
            inputs=job.inputs,
            seeds=job.seeds,
            drawer=drawer(model, job.target),
            progress=progress.part(0.1, share),
        )
    variants = _variants(job, model, progress, share) if job.variants else []
    return JobDone(
        info=model.info,
        measurements=tuple(_here(m) for m in own),
        variants=tuple(VariantMeasured(f.key, _here(f.measurement)) for f in variants),
    )


def _variants(
    job: MeasureJob, model: Model, progress: ProgressReporter, begin: float
) -> list[Found]:
    """The variants of the job, those together whose references are drawn on one target."""
    targets = [Target.parse(each.target or job.target) for each in job.variants]
    references = [str(reference_of(target)) for target in targets]
    found: dict[int, Found] = {}
    groups = list(dict.fromkeys(references))
    part = (1 - begin) / len(groups)
    for turn, reference in enumerate(groups):
        mine = [n for n, name in enumerate(references) if name == reference]
        made = measure_variants(
            drawer(model, reference),
            [_candidate(job.variants[n], str(targets[n])) for n in mine],
            inputs=job.inputs,
            seeds=job.seeds,
            progress=progress.part(begin + turn * part, begin + (turn + 1) * part),
        )
        found.update(zip(mine, made, strict=True))
    return [found[n] for n in range(len(job.variants))]


def _candidate(wanted: BakedFile, target: str) -> Candidate:
    def ready() -> Baked:
        model = open_model(Path(wanted.path))
        return Baked(model, drawer(model, target))

    return Candidate(ready, wanted.choice, wanted.name)


def _here(found: Measurement) -> Measurement:
    version = runtime(Target.parse(found.target).runtime).version() or ""
    return replace(found, host=host_name(), version=version)
