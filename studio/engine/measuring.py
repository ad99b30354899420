"""Measuring in a job: subnets of a model and baked variants of it, against its full network."""

from __future__ import annotations

from pathlib import Path

from studio.engine.drawing import drawer, made_here
from studio.engine.job_messages import BakedFile, JobDone, MeasureJob, VariantMeasured
from studio.engine.progress import ProgressReporter
from studio.families.opening import open_stylegan
from studio.fidelity.measure import Subject, measure
from studio.fidelity.measurement import Measurement
from studio.runtimes.target import Target, reference_of


def measure_all(job: MeasureJob, progress: ProgressReporter) -> JobDone:
    """Do a MeasureJob.

    Raises:
        MaquetteError: a model cannot be opened, or a choice does not fit it.
    """
    progress(0.0, "reading the file")
    model = open_stylegan(Path(job.path), progress=progress.part(0.0, 0.1))
    subjects = [_subject(each, job) for each in job.variants]
    references = [_reference(each, job) for each in job.variants]
    # Variants in int8 are held against full in float32, which is another full than the others'.
    groups = list(dict.fromkeys([job.target, *references]))
    own: tuple[Measurement, ...] = ()
    found: dict[int, Measurement] = {}
    for turn, reference in enumerate(groups):
        first = 0.1 + 0.9 * turn / len(groups)
        mine = [n for n, name in enumerate(references) if name == reference]
        made = measure(
            model,
            job.choices if reference == job.target else (),
            others=[subjects[n] for n in mine],
            inputs=job.inputs,
            seeds=job.seeds,
            drawer=drawer(model, reference),
            progress=progress.part(first, first + 0.9 / len(groups)),
        )
        count = len(made) - len(mine)
        if reference == job.target:
            own = made_here(made[:count])
        found.update(zip(mine, made[count:], strict=True))
    keys = [subject.model.info.key for subject in subjects]
    here = made_here([found[n] for n in range(len(keys))])
    variants = tuple(VariantMeasured(key, m) for key, m in zip(keys, here, strict=True))
    return JobDone(info=model.info, measurements=own, variants=variants)


def _subject(wanted: BakedFile, job: MeasureJob) -> Subject:
    model = open_stylegan(Path(wanted.path))
    return Subject(wanted.name, model, wanted.choice, drawer(model, wanted.target or job.target))


def _reference(wanted: BakedFile, job: MeasureJob) -> str:
    return str(reference_of(Target.parse(wanted.target or job.target)))
