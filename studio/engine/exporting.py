"""Bundles in a job: what could be exported, the export itself, and verifying one."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.bundle_messages import (
    Beyond,
    ConverterOffer,
    ExportJob,
    ExportSubject,
    FormatOffer,
    InstallJob,
    JobAsk,
    PlanExportJob,
    PrecisionOffer,
    SubjectOffer,
    VerifyJob,
)
from studio.engine.bundle_reports import quality_of, ran_on, report_of
from studio.engine.job_messages import JobDone
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from studio.bundles.formats.contract import Format
    from studio.bundles.manifest import Runnable
    from studio.bundles.pipelines.planning import PlannedPipeline
    from studio.bundles.request import Planned, Request
    from studio.engine.progress import ProgressReporter
    from studio.families.generative import AnyModel
    from studio.recipes.recipe import Recipe

FULL = SubnetChoice()
Part = Callable[[float, str], None]


def plan_export(job: PlanExportJob, progress: ProgressReporter) -> JobDone:
    """Do a PlanExportJob.

    Raises:
        MaquetteError: the model cannot be opened, or a subject does not fit it.
    """
    from studio.bundles.formats.all import formats
    from studio.bundles.request import Request, of_pipeline, planned
    from studio.families.opening import open_model

    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.3))
    every = tuple((each.name, p) for each in formats() for p in each.precisions)
    found = []
    for number, subject in enumerate(job.subjects):
        begin = 0.3 + 0.7 * number / len(job.subjects)
        part = progress.part(begin, begin + 0.7 / len(job.subjects))
        made, _, choices = _varied(model, subject.recipe, (subject.choice,), part)
        request = Request(model, made, choices, every, supernet=True)
        if of_pipeline(request):
            found.append(_pipeline_offer(subject, request))
        else:
            found.append(_offer(subject, planned(request)))
    progress(1.0, "done")
    return JobDone(info=model.info, offers=tuple(found))


def _offer(subject: ExportSubject, items: tuple[Planned, ...]) -> SubjectOffer:
    own: dict[str, list[Planned]] = {}
    for item in items:
        if not item.subject.whole:
            own.setdefault(item.format.name, []).append(item)
    whole = sum(item.plan.bytes for item in items if item.subject.whole)
    return SubjectOffer(subject, tuple(_formats(own)), whole)


def _pipeline_offer(subject: ExportSubject, request: Request) -> SubjectOffer:
    """Of a pipeline, which goes into some formats alone, and is never a supernet."""
    from studio.bundles.pipelines.planning import FORMATS, NEVER, pipelines_planned

    formats = tuple(e for e in request.formats if e[0] in FORMATS and e not in NEVER)
    own: dict[str, list[PlannedPipeline]] = {}
    for whole in pipelines_planned(replace(request, formats=formats, supernet=False)):
        own.setdefault(whole.format.name, []).append(whole)
    return SubjectOffer(subject, tuple(_formats(own)), 0)


def _formats(
    own: Mapping[str, Sequence[Planned]] | Mapping[str, Sequence[PlannedPipeline]],
) -> Iterator[FormatOffer]:
    for name, each in own.items():
        form = each[0].format
        yield FormatOffer(
            name,
            form.title,
            form.good_for,
            tuple(_precision(p) for p in each),
            form.missing(),
            _converter_of(form),
        )


def _precision(item: Planned | PlannedPipeline) -> PrecisionOffer:
    plan = item.plan
    return PrecisionOffer(
        item.precision, plan.bytes, plan.refusals, plan.notes, plan.runs_here, item.contents
    )


def _converter_of(form: Format) -> ConverterOffer | None:
    """What has to be installed before a format can be made, where that can be."""
    from studio.bundles.workers.environments import agreement, look
    from studio.bundles.workers.formats import WorkerFormat

    if not isinstance(form, WorkerFormat):
        return None
    converter = form.converter
    if converter.refusal() or look(converter).ready:
        return None
    wanted = agreement(converter)
    return ConverterOffer(
        converter.name, wanted.title, wanted.packages, wanted.download, wanted.disk
    )


def install(job: InstallJob, progress: ProgressReporter) -> JobDone:
    """Do an InstallJob.

    Raises:
        MaquetteError: the packages are not those agreed to, do not install, or have no room.
    """
    from studio.bundles.workers.converters import converter_named
    from studio.bundles.workers.environments import Agreement
    from studio.bundles.workers.making import make

    agreed = job.agreed
    make(
        converter_named(agreed.name),
        Agreement(agreed.title, agreed.packages, agreed.download, agreed.disk),
        progress=progress,
    )
    return JobDone()


def export(
    job: ExportJob, progress: ProgressReporter, ask: Callable[[JobAsk], bool] = lambda _: False
) -> JobDone:
    """Do an ExportJob.

    Args:
        ask: whether what is beyond the limits is shipped all the same.

    Raises:
        ExportRefused: a file does not agree with the reference, or is beyond a limit and ``ask``
            said no. MaquetteError: the model, the place or the disk refuses.
    """
    from studio.bundles.exporting import export as make
    from studio.bundles.formats.all import parse_format
    from studio.bundles.placing import check_place
    from studio.bundles.request import Limits, Request
    from studio.families.opening import open_model

    out = Path(job.out)
    check_place(out)
    pairs = [parse_format(f"{name}:{precision}") for name, precision in job.formats]
    progress(0.0, "reading the file")
    full = open_model(Path(job.path), progress=progress.part(0.0, 0.05))
    model, recipe, choices = _varied(full, job.recipe, job.choices, progress.part(0.05, 0.2))
    request = Request(
        full=full,
        model=model,
        choices=choices,
        formats=tuple((form.name, precision) for form, precision in pairs),
        recipe=recipe,
        supernet=job.supernet,
        limits=Limits(job.limit_flip, job.limit_psnr, job.limit_ssim),
        measure=job.measure,
    )

    def asked(found: tuple[tuple[Runnable, tuple[str, ...]], ...]) -> bool:
        progress(None, "waiting for an answer")
        return ask(JobAsk(tuple(_beyond(network, words) for network, words in found)))

    report = make(request, out, progress.part(0.2 if job.recipe else 0.05, 1.0), ask=asked)
    return JobDone(
        path=job.out,
        info=full.info,
        bundle=report_of(report.folder, report.manifest, report.seconds),
    )


def verify_bundle(job: VerifyJob, progress: ProgressReporter) -> JobDone:
    """Do a VerifyJob.

    Raises:
        RefusedFile: the first difference, in a sentence.
    """
    from studio.bundles.verifying import verify

    folder, began = Path(job.folder), time.perf_counter()
    found = verify(folder, progress.part(0.0, 1.0))
    report = report_of(folder, found.manifest, time.perf_counter() - began)
    by_id = {each.network.id: each for each in found.checked}
    networks = tuple(
        replace(
            network,
            verified_on=ran_on(c.runtime, c.version, c.device) if c.parity else "",
            not_run=c.not_run,
            difference=None if c.parity is None else c.parity.max_abs,
            latency=None,
        )
        for network in report.networks
        for c in (by_id[network.id],)
    )
    return JobDone(bundle=replace(report, networks=networks))


def _beyond(network: Runnable, words: tuple[str, ...]) -> Beyond:
    assert network.quality is not None  # without it nothing is beyond
    return Beyond(network.id, quality_of(network.quality), words)


def _varied(
    model: AnyModel, recipe: str, choices: tuple[SubnetChoice, ...], progress: Part
) -> tuple[AnyModel, Recipe | None, tuple[SubnetChoice, ...]]:
    """What is exported: the model or its variant by a recipe, and the subnets of that."""
    if not recipe:
        return model, None, choices
    from studio.recipes.applying import apply
    from studio.recipes.contract import Context
    from studio.recipes.recipe import from_text

    read = from_text(recipe)
    variant = apply(model, read, Context(progress=progress))
    made = variant.model if variant.plan is None else variant.model.quantised(variant.plan)
    return made, read, choices if variant.choice == FULL else (variant.choice,)
