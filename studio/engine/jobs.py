"""What the jobs do, as plain functions. They run in a job process; nothing here knows of pipes."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.bundle_messages import ExportJob, InstallJob, JobAsk, PlanExportJob, VerifyJob
from studio.engine.compiling import compile_rungs
from studio.engine.compressing_gans import compress_gan, search_subnet, write_narrower
from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.engine.job_messages import (
    BakeJob,
    CompileJob,
    ConvertJob,
    CurveJob,
    ElasticJob,
    FolderJob,
    Job,
    JobDone,
    JobEvent,
    JobFailed,
    JobLook,
    JobNear,
    JobNews,
    LayersJob,
    MeasureJob,
    ReportJob,
    ScanJob,
    SortJob,
    WalkJob,
)
from studio.engine.messages import Picture
from studio.engine.progress import ProgressReporter
from studio.errors import BadChoice, MaquetteError, cause_of
from studio.processes.aside import written_aside

if TYPE_CHECKING:
    from studio.families.generative import AnyModel


Report = Callable[[JobNews], None]


def run_job(
    job: Job,
    token: str,
    report: Report,
    stopped: Callable[[], bool] = lambda: False,
    near: Callable[[], JobNear | None] = lambda: None,
    ask: Callable[[JobAsk], bool] = lambda question: False,
) -> JobEvent:
    """Do ``job`` and return its last event, JobDone or JobFailed. Never raises.

    Args:
        token: names the hidden folder beside the target in which the file is prepared.
        report: receives progress, at most ten times a second, looks at what is trained, and each
            measurement.
        stopped: whether the user wants a training to end early.
        near: what a CompileJob was last told is wanted now.
        ask: what is answered to a question of an ExportJob.
    """
    progress = ProgressReporter(report)

    def work() -> JobEvent:
        if isinstance(job, MeasureJob):
            return _measure(job, token, progress, report)
        if isinstance(job, ElasticJob):
            return _make_elastic(job, token, progress, report, stopped)
        if isinstance(job, GanCompressionJob):
            return compress_gan(job, token, progress, report, stopped)
        if isinstance(job, SearchJob):
            return search_subnet(job, token, progress, stopped)
        if isinstance(job, TransferJob | SubnetJob):
            return write_narrower(job, token, progress)
        if isinstance(job, WalkJob):
            return _walk(job, token, progress)
        if isinstance(job, FolderJob):
            return _folder(job, progress)
        if isinstance(job, CompileJob):
            return compile_rungs(job, report, near)
        if isinstance(job, BakeJob):
            return _bake(job, token, progress, report, stopped)
        if isinstance(job, LayersJob):
            return _layers(job, progress)
        if isinstance(job, ScanJob):
            return _scan(job, progress)
        if isinstance(job, CurveJob):
            return _curve(job, token, progress)
        if isinstance(job, PlanExportJob | ExportJob | VerifyJob | InstallJob):
            return _bundle(job, progress, ask)
        assert not isinstance(job, ReportJob), "studio.reporting.report_process does these"
        return _write(job, token, progress)

    out = getattr(job, "out", "")  # of those that write a file
    return ending(work, out)


def ending(work: Callable[[], JobEvent], out: str = "") -> JobEvent:
    """What ``work`` returns, or the JobFailed that says why it raised. Never raises.

    Args:
        out: the file that it writes, for the sentence; empty for none.
    """
    try:
        return work()
    except MaquetteError as error:
        return JobFailed(str(error))
    except MemoryError:
        return JobFailed("There was not enough memory for this", traceback.format_exc())
    except OSError as error:
        where = f" {out}" if out else ""
        return JobFailed(f"cannot write{where}: {cause_of(error)}", traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - whatever it is, the user must hear of it
        lines = str(error).strip().splitlines()
        short = lines[0][:200] if lines else type(error).__name__
        return JobFailed(f"The job failed: {short}", traceback.format_exc())


def _answered(model: AnyModel, job: ConvertJob) -> AnyModel:
    from studio.families.translation.model import TranslationModel

    if not isinstance(model, TranslationModel):
        raise BadChoice(f"{Path(job.path).name} asks nothing, so there is nothing to answer")
    return model.answered(dict(job.answers))


def _write(job: ConvertJob | SortJob, token: str, progress: ProgressReporter) -> JobDone:
    from studio.families.opening import open_model, open_stylegan

    out = Path(job.out)
    progress(0.0, "reading the file")
    model: AnyModel
    if isinstance(job, SortJob):
        model = open_stylegan(Path(job.path), progress=progress.part(0.0, 0.3))
        model = model.sorted(progress=progress.part(0.3, 0.8))
    else:
        model = open_model(Path(job.path), progress=progress.part(0.0, 0.7))
        if job.answers:
            model = _answered(model, job)
    with written_aside(out, token) as path:
        progress(0.8, "writing the file")
        model.save(path)
        del model
        progress(0.9, "checking the file")
        # Reading it again is what tells a written file from one that can be opened.
        checked = open_model(path)
        info = replace(checked.info, path=str(out))
    progress(1.0, "done")
    return JobDone(path=str(out), info=info)


def _bake(
    job: BakeJob,
    token: str,
    progress: ProgressReporter,
    report: Report,
    stopped: Callable[[], bool],
) -> JobDone:
    from studio.engine.baking import bake

    return bake(job, token, progress, report, stopped)


def _bundle(
    job: PlanExportJob | ExportJob | VerifyJob | InstallJob,
    progress: ProgressReporter,
    ask: Callable[[JobAsk], bool],
) -> JobDone:
    from studio.engine.exporting import export, install, plan_export, verify_bundle

    if isinstance(job, PlanExportJob):
        return plan_export(job, progress)
    if isinstance(job, VerifyJob):
        return verify_bundle(job, progress)
    if isinstance(job, InstallJob):
        return install(job, progress)
    return export(job, progress, ask)


def _walk(job: WalkJob, token: str, progress: ProgressReporter) -> JobDone:
    from studio.engine.walking import record_walk
    from studio.families.opening import open_stylegan
    from studio.recipes.recipe import from_text, plain_steps

    steps = plain_steps(from_text(job.recipe)) if job.recipe else []
    progress(0.0, "reading the file")
    model = open_stylegan(Path(job.path), progress=progress.part(0.0, 0.1))
    report, out = progress.part(0.1, 1.0), Path(job.out)
    made = record_walk(model, job.walk, job.choice, out, token, report, recipe=steps)
    return JobDone(path=made.path, info=model.info)


def _folder(job: FolderJob, progress: ProgressReporter) -> JobDone:
    from studio.engine.folders import draw_folder

    return draw_folder(job, progress)


def _measure(job: MeasureJob, token: str, progress: ProgressReporter, report: Report) -> JobDone:
    from studio.engine.measuring import measure_all

    return measure_all(job, progress, token, report)


def _layers(job: LayersJob, progress: ProgressReporter) -> JobDone:
    from studio.engine.layer_timing import time_layers

    return time_layers(job, progress)


def _scan(job: ScanJob, progress: ProgressReporter) -> JobDone:
    from studio.engine.scanning import scan

    return scan(job, progress)


def _curve(job: CurveJob, token: str, progress: ProgressReporter) -> JobDone:
    from studio.engine.curves import measure_curve

    return measure_curve(job, progress, token)


def _make_elastic(
    job: ElasticJob,
    token: str,
    progress: ProgressReporter,
    report: Report,
    stopped: Callable[[], bool],
) -> JobDone:
    from studio.training.elastic.job import ElasticRun
    from studio.training.elastic.trainer import Look

    def seen(look: Look) -> None:
        height, width, _ = look.strip.shape
        picture = Picture(width, height, pixels=look.strip.tobytes())
        report(JobLook(look.step, look.minutes, look.losses, look.widths, picture))

    run = ElasticRun(job.path, job.out, job.options, resume=job.resume, token=token)
    result = run.run(progress, seen, stopped, progress.go_on_from)
    return JobDone(path=job.out, info=result.info, elastic=result.report)
