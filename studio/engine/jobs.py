"""What the jobs do, as plain functions. They run in a job process; nothing here knows of pipes."""

from __future__ import annotations

import traceback
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from studio.engine.messages import (
    ConvertJob,
    Job,
    JobDone,
    JobEvent,
    JobFailed,
    JobProgress,
    MeasureJob,
    SortJob,
)
from studio.engine.progress import ProgressReporter
from studio.errors import MaquetteError, cause_of
from studio.processes.aside import written_aside

if TYPE_CHECKING:
    from studio.families.model import Model


def run_job(job: Job, token: str, report: Callable[[JobProgress], None]) -> JobEvent:
    """Do ``job`` and return its last event, JobDone or JobFailed. Never raises.

    Args:
        token: names the hidden folder beside the target in which the file is prepared.
        report: receives progress, at most ten times a second.
    """
    progress = ProgressReporter(report)
    try:
        if isinstance(job, MeasureJob):
            return _measure(job, progress)
        return _write(job, token, progress)
    except MaquetteError as error:
        return JobFailed(str(error))
    except MemoryError:
        return JobFailed("There was not enough memory for this", traceback.format_exc())
    except OSError as error:
        where = f" {job.out}" if isinstance(job, ConvertJob | SortJob) else ""
        return JobFailed(f"cannot write{where}: {cause_of(error)}", traceback.format_exc())
    except Exception as error:  # noqa: BLE001 - whatever it is, the user must hear of it
        lines = str(error).strip().splitlines()
        short = lines[0][:200] if lines else type(error).__name__
        return JobFailed(f"The job failed: {short}", traceback.format_exc())


def _write(job: ConvertJob | SortJob, token: str, progress: ProgressReporter) -> JobDone:
    from studio.families.opening import open_model

    out = Path(job.out)
    sorting = isinstance(job, SortJob)
    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.3 if sorting else 0.7))
    if sorting:
        model = model.sorted(progress=progress.part(0.3, 0.8))
    with written_aside(out, token) as path:
        progress(0.8, "writing the file")
        model.save(path)
        del model
        progress(0.9, "checking the file")
        # Reading it again is what tells a written file from one that can be opened.
        checked: Model = open_model(path)
        info = replace(checked.info, path=str(out))
    progress(1.0, "done")
    return JobDone(path=str(out), info=info)


def _measure(job: MeasureJob, progress: ProgressReporter) -> JobDone:
    from studio.families.opening import open_model
    from studio.fidelity.measure import measure

    progress(0.0, "reading the file")
    model = open_model(Path(job.path), progress=progress.part(0.0, 0.1))
    measurements = measure(
        model,
        job.choices,
        inputs=job.inputs,
        seeds=job.seeds,
        target=job.target,
        progress=progress.part(0.1, 1.0),
    )
    return JobDone(info=model.info, measurements=tuple(measurements))
