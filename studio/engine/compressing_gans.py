"""Jobs of GAN Compression: training stage by stage, the whole of it, and searches."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from studio.engine.gan_compression_messages import (
    GanCompressionJob,
    JobStage,
    SearchJob,
    SubnetJob,
    TransferJob,
)
from studio.engine.job_messages import JobDone
from studio.engine.messages import Picture
from studio.engine.progress import ProgressReporter
from studio.search.orders import PipelineOrder
from studio.training.gan_compression.report import Look


def compress_gan(
    job: GanCompressionJob,
    token: str,
    progress: ProgressReporter,
    report: Callable[[JobStage], None],
    stopped: Callable[[], bool],
) -> JobDone:
    """Do a GanCompressionJob.

    Args:
        token: names the hidden folders in which files are prepared. report: told of every look.
        stopped: asked before every step.

    Raises:
        MaquetteError: as of ``StageRun`` and ``PipelineRun``.
    """

    def seen(look: Look) -> None:
        height, width, _ = look.strip.shape
        picture = Picture(width, height, pixels=look.strip.tobytes())
        report(
            JobStage(
                look.stage, look.fraction, look.step, look.minutes, look.losses, look.close, picture
            )
        )

    if isinstance(job.order, PipelineOrder):
        from studio.search.pipeline import PipelineRun

        whole = PipelineRun(
            job.order, job.out, job.options, job.evolution, resume=job.resume, token=token
        ).run(progress, seen, stopped)
        return JobDone(
            path=whole.info.path, info=whole.info, stages=whole.training, search=whole.search
        )
    from studio.training.gan_compression.job import StageRun

    run = StageRun(job.order, job.out, job.options, resume=job.resume, token=token)
    result = run.run(progress, seen, stopped)
    return JobDone(path=job.out, info=result.info, stages=(result.report,))


def search_subnet(
    job: SearchJob, token: str, progress: ProgressReporter, stopped: Callable[[], bool]
) -> JobDone:
    """Do a SearchJob.

    Raises:
        MaquetteError: as of ``SearchRun``.
    """
    from studio.search.job import SearchRun

    run = SearchRun(job.order, job.out or None, job.options, token=token)
    info, report = run.run(progress, stopped)
    return JobDone(path=job.out or None, info=info, search=report)


def write_narrower(job: TransferJob | SubnetJob, token: str, progress: ProgressReporter) -> JobDone:
    """Do a TransferJob or a SubnetJob.

    Raises:
        MaquetteError: as of ``transfer`` and ``export_subnet``.
    """
    from studio.training.gan_compression.cutting import export_subnet, transfer

    config, out = job.config or None, Path(job.out)
    if isinstance(job, TransferJob):
        info = transfer(job.path, job.ngf, config, out, token, progress)
    else:
        info = export_subnet(job.path, config, job.data, out, token, progress)
    progress(1.0, "done")
    return JobDone(path=job.out, info=info)
