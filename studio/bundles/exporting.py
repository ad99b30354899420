"""From a request to a bundle: write, run every file, compare, and only then put it in its place."""

from __future__ import annotations

import shutil
import time
from collections.abc import Callable
from pathlib import Path

from studio.bundles.checking import Checker
from studio.bundles.making import Beyond, Making, Progress
from studio.bundles.placing import check_place, placed
from studio.bundles.report import ExportRefused, Report, report_path, write_report
from studio.bundles.request import Planned, Request, of_pipeline, planned
from studio.errors import BadChoice, MaquetteError, cause_of


def export(
    request: Request,
    target: Path,
    progress: Progress = lambda share, text: None,
    ask: Callable[[Beyond], bool] | None = None,
) -> Report:
    """Make a bundle at ``target``, verified, or leave what was there as it was.

    Args:
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.
        ask: whether to ship what is beyond the limits, asked once, when all files are made; without
            it the first such file ends the export.

    Raises:
        BadChoice: a format refuses, or a choice does not fit.
        ExportRefused: a file does not agree with the reference, or is beyond a limit; a report of
            it stands beside ``target``.
        MaquetteError: the place or the disk refuses, or a library failed.
    """
    began = time.perf_counter()
    items = planned(request)
    refused = [f"{p.id}: {sentence}" for p in items for sentence in p.plan.refusals]
    if refused:
        raise BadChoice("; ".join(dict.fromkeys(refused)))
    check_place(target)
    _check_room(items, target)
    try:
        with placed(target) as folder, Checker() as checker:
            making = Making
            if of_pipeline(request):
                from studio.bundles.pipelines.making import PipelineMaking

                making = PipelineMaking
            made = making(request, items, folder, checker, progress, ask).run()
        report_path(target).unlink(missing_ok=True)  # of a refused one before
    except ExportRefused as error:
        path = write_report(error, target)
        raise ExportRefused(f"{error}; nothing was kept but {path}", error.networks) from error
    except OSError as error:
        if isinstance(error, MaquetteError):
            raise
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    return Report(target, made, time.perf_counter() - began)


def _check_room(items: tuple[Planned, ...], target: Path) -> None:
    """Refuse before any work where the disk plainly lacks the room."""
    needed = sum(each.plan.bytes for each in items)
    try:
        free = shutil.disk_usage(target.parent).free
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    if needed > free:
        raise MaquetteError(
            f"cannot write {target}: about {needed / 1e6:.0f} MB are needed and "
            f"{free / 1e6:.0f} MB are free"
        )
