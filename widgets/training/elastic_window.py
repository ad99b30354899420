"""Make elastic: a small window beside the work, first a form, then how the training goes."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Qt, Signal
from PySide6.QtWidgets import QStackedLayout, QVBoxLayout, QWidget

from studio.engine.job_messages import ElasticJob, JobDone, JobFailed, JobLook, JobProgress
from studio.families.info import ModelInfo
from studio.session.document import ModelRef
from widgets.jobs import Jobs
from widgets.style.theme import GRID
from widgets.training.elastic_form import ElasticForm
from widgets.training.elastic_progress import ElasticProgress
from widgets.wiring import heading

WIDTH = 520
FORM_HEIGHT, PROGRESS_HEIGHT = 400, 640  # the strip of widths needs the room, the form does not


class ElasticWindow(QWidget):
    """Runs one elastic training at a time. Closing it leaves the training running.

    Signals:
        open_wanted(path): the user wants to see the result.
        command_wanted(text): the command of the training that the form describes.
        finished(path), failed(sentence, details): an end that nobody may have watched.
    """

    open_wanted = Signal(object)
    command_wanted = Signal(str)
    finished = Signal(object)
    failed = Signal(str, str)

    def __init__(self, jobs: Jobs, parent: QWidget) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setObjectName("elastic")
        self.setWindowTitle(self.tr("Make elastic"))
        self._jobs = jobs
        self._job: int | None = None
        self._name = ""
        self._path = Path()
        self._ref: ModelRef | None = None
        self._out = Path()
        self._model = heading("")
        self.form = ElasticForm()
        self.progress = ElasticProgress()
        pages = QWidget()
        self._pages = QStackedLayout(pages)
        self._pages.addWidget(self.form)
        self._pages.addWidget(self.progress)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, GRID, 2 * GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self._model)
        layout.addWidget(pages, 1)
        self.resize(WIDTH, FORM_HEIGHT)
        self.form.begin_wanted.connect(self.begin)
        self.form.command_wanted.connect(self._copy)
        self.progress.stop_wanted.connect(self._stop)
        self.progress.cancel_wanted.connect(self._cancel)
        self.progress.open_wanted.connect(lambda: self.open_wanted.emit(self._out))
        self.progress.again_wanted.connect(self._again)
        jobs.progressed.connect(self._progressed)
        jobs.looked.connect(self._looked)
        parent.installEventFilter(self)

    @property
    def running(self) -> bool:
        """A training is under way."""
        return self._job is not None

    def offer(self, info: ModelInfo, ref: ModelRef) -> None:
        """Show the form for a model, or the training that is under way."""
        if not self.running:
            self._name, self._path, self._ref = info.name, Path(ref.path), ref
            self._model.setText(info.title)
            self.form.show_model(info, self._path)
            self._pages.setCurrentWidget(self.form)
        if not self.isVisible():
            middle = self.parentWidget().frameGeometry().center()
            self.move(middle - self.rect().center())
            self.show()
        self.raise_()
        self.activateWindow()

    def begin(self) -> None:
        """Start the training that the form describes."""
        if self.running:
            return
        self._out = self.form.out_path()
        resume = self._resumes()
        job = ElasticJob(str(self._path), str(self._out), self.form.options(), resume)
        self.progress.begin()
        self._pages.setCurrentWidget(self.progress)
        self.resize(self.width(), max(self.height(), PROGRESS_HEIGHT))
        title = self.tr("Make {name} elastic").format(name=self._name)
        self._job = self._jobs.start(job, title, self._done, self._fail, self._cancelled)

    def _resumes(self) -> bool:
        return self.form.resume.isVisible() and self.form.resume.isChecked()

    def _copy(self) -> None:
        from studio.session.as_command import elastic_command

        if self._ref is not None:
            out, options = str(self.form.out_path()), self.form.options()
            self.command_wanted.emit(
                elastic_command(self._ref, options, out, resume=self._resumes())
            )

    def _stop(self) -> None:
        if self._job is not None:
            self._jobs.stop_early(self._job)

    def _cancel(self) -> None:
        if self._job is not None:
            self._jobs.cancel(self._job)

    def _again(self) -> None:
        self.form.set_out(self.form.out_path())
        self._pages.setCurrentWidget(self.form)

    def _progressed(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            self.progress.show_progress(progress)

    def _looked(self, job: int, look: JobLook) -> None:
        if job == self._job:
            self.progress.show_look(look)

    def _done(self, end: JobDone) -> None:
        self._job = None
        if end.elastic is not None:
            self.progress.show_report(end.elastic, self._out.name)
        self.finished.emit(self._out)

    def _fail(self, end: JobFailed) -> None:
        self._job = None
        self.progress.show_end(end.sentence)
        self.failed.emit(end.sentence, end.details)

    def _cancelled(self) -> None:
        self._job = None
        self.progress.show_end(self.tr("Cancelled. The checkpoint is kept, to go on from later."))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent() and event.type() == QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)
