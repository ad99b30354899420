"""A report of what the document has measured, written by a job."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject

from studio.engine.job_messages import JobDone, JobFailed, ReportJob
from studio.runtimes.host import host_name
from widgets import choosers
from widgets.finishing import default_name
from widgets.measuring import SEEDS
from widgets.scene import inputs_for, normal

if TYPE_CHECKING:
    from widgets.main_window import MainWindow


class Reports(QObject):
    """Asks where a report goes and has it written."""

    def __init__(self, window: MainWindow) -> None:
        super().__init__(window)
        self._window = window
        window.actions_.connect_to("report", self.write)

    def write(self) -> None:
        """Write a report of everything measured of the present model on this computer."""
        open_now = self._window.controller.working_on()
        if open_now is None:
            return
        info, model = open_now
        document, host = self._window.controller.document, host_name()
        found = tuple(
            item.measurement
            for item in document.measurements
            if item.model == info.key and item.measurement.host in (host, "")
        )
        if not found:
            self._window.notices.say(
                self.tr("A report shows what was measured, and nothing is yet."),
                action=self.tr("Measure"),
                do=self._window.commands.measure,
            )
            return
        stem = Path(default_name(document)).stem.rpartition("-seed-")[0]
        suggested = choosers.unused(choosers.report_folder() / f"{stem}-report.html")
        path = choosers.save_report(self._window, suggested)
        if path is None:
            return
        job = ReportJob(
            info.path,
            str(path),
            found,
            inputs_for(document.inputs, info),
            SEEDS,
            names=tuple((normal(v.choice, info), v.name) for v in document.kept),
        )
        title = self.tr("Report on {name}").format(name=model.name)
        self._window.app.jobs.start(job, title, self._done, self._failed)

    def _done(self, end: JobDone) -> None:
        if end.path is not None:
            self._window.notices.saved(Path(end.path))

    def _failed(self, end: JobFailed) -> None:
        self._window.notices.error(end.sentence, end.details)
