"""Measuring in a job: subnets of a model and baked variants of it, against its full network."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from studio.engine.baked_files import is_baked, name_of, read_reports
from studio.engine.drawing import drawer, made_here
from studio.engine.job_messages import (
    BakedFile,
    BakeJob,
    JobDone,
    JobMeasured,
    MeasureJob,
    VariantMeasured,
)
from studio.engine.progress import ProgressReporter
from studio.errors import BadChoice
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.generative import AnyModel
from studio.families.inputs import EncodedPicture, GanInputs
from studio.families.opening import open_model
from studio.fidelity.measure import Subject, measure
from studio.fidelity.measurement import Measurement
from studio.runtimes.target import PYTORCH_CPU, Target, reference_of
from studio.subnets.choice import SubnetChoice

Progress = Callable[[float, str], None]
FULL = SubnetChoice()


def measure_all(
    job: MeasureJob,
    progress: ProgressReporter,
    token: str = "measure",
    tell: Callable[[JobMeasured], None] = lambda news: None,
) -> JobDone:
    """Do a MeasureJob.

    Args:
        token: names the hidden folders in which variants that must be baked first are prepared.
        tell: receives each measurement as soon as it is taken.

    Raises:
        MaquetteError: a model cannot be opened, a choice or a recipe does not fit it, or a measure
            that was asked for cannot be taken.
    """
    from studio.engine.baking import bake
    from studio.engine.judging import lpips_of, set_metrics

    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.05))
    lpips = lpips_of(job.lpips_weights)
    sets = set_metrics(
        model.info,
        realism=job.realism,
        fid_weights=job.fid_weights,
        progress=progress.part(0.05, 0.1),
    )
    inputs = named_inputs(job.inputs, model)
    pictures = every_input(model, inputs, job.seeds)
    missing = [v for v in job.variants if v.recipe and read_reports(Path(v.path)) is None]
    begin = 0.5 if missing else 0.1
    for number, each in enumerate(missing):
        first = 0.1 + (begin - 0.1) * number / len(missing)
        share = progress.share(first, first + (begin - 0.1) / len(missing), each.name)
        bake(BakeJob(job.path, each.recipe, each.path), token, share)
    subjects, references = [], []
    for each in job.variants:
        made_of = open_model(Path(each.path))
        target = _target(made_of, each, job)
        subjects.append(Subject(each.name, made_of, each.choice, drawer(made_of, target)))
        references.append(str(reference_of(Target.parse(target))))
    # Variants in int8 are held against full in float32, which is another full than the others'.
    groups = list(dict.fromkeys([job.target, *references]))
    end = 0.85 if job.memory else 1.0
    own: list[Measurement] = []
    found: dict[int, Measurement] = {}
    for turn, reference in enumerate(groups):
        first = begin + (end - begin) * turn / len(groups)
        mine = [n for n, name in enumerate(references) if name == reference]
        choices = job.choices if reference == job.target else ()
        ahead = 1 + sum(choice != FULL for choice in choices)  # full and the choices come first
        others_of = [(subjects[n].model.info.key, job.variants[n].path) for n in mine]
        news = _News(tell, ahead if reference == job.target else 0, ahead, others_of)
        made = measure(
            model,
            choices,
            others=[subjects[n] for n in mine],
            inputs=inputs,
            seeds=job.seeds,
            pictures=pictures,
            drawer=drawer(model, reference),
            sets=sets,
            lpips=lpips,
            progress=progress.part(first, first + (end - begin) / len(groups)),
            found=news.take,
        )
        count = len(made) - len(mine)
        if reference == job.target:
            own = made[:count]
        found.update(zip(mine, made[count:], strict=True))
    others = [found[n] for n in range(len(subjects))]
    if job.memory:
        own, others = _with_memory(job, own, others, progress.part(end, 1.0))
    variants = tuple(
        _of_variant(subject.model.info.key, variant.path, one)
        for subject, variant, one in zip(subjects, job.variants, others, strict=True)
    )
    return JobDone(info=model.info, measurements=made_here(own), variants=variants)


@dataclass
class _News:
    """Tells of each measurement as soon as it is taken: the first ``own`` are of the model itself,
    those from ``ahead`` on of the variants ``others``, each with its key and its file."""

    tell: Callable[[JobMeasured], None]
    own: int
    ahead: int
    others: Sequence[tuple[str, str]] = ()

    def take(self, number: int, one: Measurement) -> None:
        if number < self.own:
            self.tell(JobMeasured(subnet=made_here([one])[0]))
        elif number >= self.ahead:
            key, path = self.others[number - self.ahead]
            self.tell(JobMeasured(variant=_of_variant(key, path, one)))


def _of_variant(key: str, path: str, one: Measurement) -> VariantMeasured:
    """A measurement of the variant in a file, which says what made it."""
    named = replace(one, made=name_of(Path(path))) if is_baked(Path(path)) else one
    return VariantMeasured(key, made_here([named])[0])


def every_input(model: AnyModel, inputs: Any, count: int) -> tuple[Any, ...] | None:
    """All the inputs of a model that does not draw from seeds: its own test pictures, or those made
    of the picture that is named."""
    if model.info.family == "stylegan":
        return None
    named = not isinstance(inputs, GanInputs)
    return model.several(inputs, count) if named else model.own_inputs(count)


def named_inputs(inputs: GanInputs | EncodedPicture | DiffusionInputs, model: AnyModel) -> Any:
    """What is drawn first; models that turn pictures into pictures also draw from parts of it.

    Raises:
        MaquetteError: a picture cannot be read, or the model draws from none.
    """
    if model.info.family == "diffusion" or isinstance(inputs, DiffusionInputs):
        if model.info.family == "diffusion" and not isinstance(inputs, EncodedPicture):
            return inputs
        raise BadChoice(f"{model.info.name} is of another family than what it is to draw")
    if not isinstance(inputs, EncodedPicture):
        return inputs
    from studio.families.translation.model import TranslationModel
    from studio.families.translation.reading import decoded

    if not isinstance(model, TranslationModel):
        raise BadChoice(f"{model.info.name} draws from seeds, and a picture was given")
    return decoded(inputs, model.info.config)


def with_memory(
    path: str, measurements: Sequence[Measurement], progress: Progress
) -> list[Measurement]:
    """Measurements of the model at ``path`` with the memory that each of them takes.

    Raises:
        MaquetteError: one of them cannot be run in a process of its own.
    """
    from studio.engine.memory import MemoryOrder, peak_memory

    found = []
    for number, one in enumerate(measurements):
        progress(number / len(measurements), f"measuring the memory of {one.name}")
        order = MemoryOrder(path, one.choice, one.target, one.threads)
        found.append(replace(one, memory=peak_memory(order)))
    return found


def _with_memory(
    job: MeasureJob, own: list[Measurement], others: list[Measurement], progress: Progress
) -> tuple[list[Measurement], list[Measurement]]:
    """Everything that was measured, with the memory that it takes."""
    paths = [job.path] * len(own) + [variant.path for variant in job.variants]
    found: list[Measurement] = []
    for number, (path, one) in enumerate(zip(paths, [*own, *others], strict=True)):

        def part(fraction: float, text: str, number: int = number) -> None:
            progress((number + fraction) / len(paths), text)

        found += with_memory(path, [one], part)
    return found[: len(own)], found[len(own) :]


def _target(model: AnyModel, wanted: BakedFile, job: MeasureJob) -> str:
    """Where a variant runs: in int8 where it was baked here and came out quantised."""
    if wanted.target:
        return wanted.target
    named = Target.parse(job.target)
    if named.runtime == PYTORCH_CPU.runtime or not model.info.quantised:
        return job.target
    return str(replace(named, precision="int8"))
