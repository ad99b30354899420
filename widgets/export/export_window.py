"""Export: a window beside the work. A form, then how far it is, a question perhaps, the result."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QDialog, QStackedLayout, QVBoxLayout, QWidget

from studio.engine.bundle_messages import ConverterOffer, ExportJob, InstallJob, JobAsk
from studio.engine.job_messages import JobDone, JobFailed, JobProgress
from studio.families.info import ModelInfo
from studio.session.document import Document, ModelRef
from studio.session.export_command import export_command
from widgets.export.bundle_page import BundlePage
from widgets.export.form import Background, ExportForm
from widgets.export.pages import ConsentPage, ProgressPage, QuestionPage
from widgets.export.plans import ExportPlans
from widgets.export.verifying import Verifying
from widgets.jobs import Jobs
from widgets.style.theme import GRID

WIDTH, HEIGHT = 960, 660


class ExportWindow(QDialog):
    """Runs one export at a time. Closing it leaves the export running.

    Signals:
        copy_wanted(command): a command line for the clipboard.
        done_(report), failed(sentence, details), asked(): ends and questions that nobody may have
            watched.
    """

    copy_wanted = Signal(str)
    done_ = Signal(object)
    failed = Signal(str, str)
    asked = Signal()

    def __init__(self, jobs: Jobs, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export")
        self.setWindowTitle(self.tr("Export bundle"))
        self._jobs = jobs
        self._job: int | None = None
        self._order: ExportJob | None = None
        self._model: ModelRef | None = None
        self.plans = ExportPlans(jobs, self)
        self.form = ExportForm(self.plans, background)
        self.progress = ProgressPage()
        self.question = QuestionPage()
        self.consent = ConsentPage()
        self.result = BundlePage()
        self.verifying = Verifying(jobs, self.result, self)
        self._pages = QStackedLayout()
        for page in (self.form, self.progress, self.question, self.consent, self.result):
            self._pages.addWidget(page)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.addLayout(self._pages)
        self.resize(WIDTH, HEIGHT)
        self.form.export_wanted.connect(self.begin)
        self.form.copy_wanted.connect(self.copy_wanted)
        self.progress.cancel_wanted.connect(self._cancel)
        self.question.answered.connect(self._answer)
        self.form.formats.converter_wanted.connect(self._offer_converter)
        self.consent.answered.connect(self._install)
        self.result.back_wanted.connect(self._again)
        self.result.copy_wanted.connect(self._copy)
        jobs.progressed.connect(self._progressed)
        jobs.asked.connect(self._asked)

    @property
    def running(self) -> bool:
        """An export, or what it needs, is under way."""
        return self._job is not None

    @property
    def page(self) -> QWidget:
        """The page on show."""
        return self._pages.currentWidget()

    def offer(self, info: ModelInfo, model: ModelRef, document: Document, ref: str = "") -> None:
        """Show the form for a model, or the export that is under way; ``ref``: the variant to begin
        with."""
        if not self.running:
            self.form.show_model(info, model, document, ref)
            self._model = model
            self._pages.setCurrentWidget(self.form)
        self.present()
        if not self.running:
            self.form.what.setFocus(Qt.FocusReason.OtherFocusReason)

    def present(self) -> None:
        """Bring it before the user."""
        if not self.isVisible():
            parent = self.parentWidget()
            if parent is not None:
                room = parent.screen().availableGeometry().size() * 0.92
                self.resize(self.size().boundedTo(room))
                self.move(parent.frameGeometry().center() - self.rect().center())
            self.show()
        self.raise_()
        self.activateWindow()

    def follow(self, document: Document) -> None:
        """The document is another one: the form offers what it has."""
        if self.isVisible() and self.page is self.form:
            self.form.follow(document)

    # ---- the export -----------------------------------------------------------------------------

    def begin(self, job: ExportJob) -> None:
        """Start an export."""
        if self.running:
            return
        self._order = job
        title = self.tr("Export {name}").format(name=Path(job.out).name)
        self.progress.begin(title)
        self._pages.setCurrentWidget(self.progress)
        self._job = self._jobs.start(job, title, self._done, self._fail, self._cancelled)
        self.progress.cancel.setFocus(Qt.FocusReason.OtherFocusReason)

    def _progressed(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            self.progress.show_progress(progress)

    def _asked(self, job: int, question: JobAsk) -> None:
        if job != self._job:
            return
        self.question.show_question(question)
        self._pages.setCurrentWidget(self.question)
        self.question.stop.setFocus(Qt.FocusReason.OtherFocusReason)
        self.asked.emit()

    def _answer(self, ship: bool) -> None:
        if self._job is not None:
            self._pages.setCurrentWidget(self.progress)
            self._jobs.answer(self._job, go_on=ship)

    def _cancel(self) -> None:
        if self._job is not None:
            self.progress.cancel.setEnabled(False)
            self._jobs.cancel(self._job)

    def _done(self, end: JobDone) -> None:
        self._job = None
        if end.bundle is not None:
            self.result.show_exported(end.bundle)
            self._pages.setCurrentWidget(self.result)
            self.result.folder.setFocus(Qt.FocusReason.OtherFocusReason)
            self.done_.emit(end.bundle)

    def _fail(self, end: JobFailed) -> None:
        self._job = None
        self._pages.setCurrentWidget(self.form)
        self.form.show_refusal(end.sentence)
        self.failed.emit(end.sentence, end.details)

    def _cancelled(self) -> None:
        self._job = None
        self._pages.setCurrentWidget(self.form)
        self.form.show_refusal(self.tr("Cancelled; the folder is as it was."))

    # ---- what a format needs -----------------------------------------------------------------

    def _offer_converter(self, offer: ConverterOffer) -> None:
        self.consent.show_offer(offer)
        self._pages.setCurrentWidget(self.consent)
        self.consent.no.setFocus(Qt.FocusReason.OtherFocusReason)

    def _install(self, agreed: ConverterOffer | None) -> None:
        self._pages.setCurrentWidget(self.form)
        if agreed is None or self.running:
            return
        title = self.tr("Install what {format} needs").format(format=agreed.title)
        self.progress.begin(title, note=False)
        self._pages.setCurrentWidget(self.progress)
        self._job = self._jobs.start(
            InstallJob(agreed), title, self._installed, self._fail, self._not_installed
        )

    def _installed(self, _: JobDone) -> None:
        self._job = None
        self._pages.setCurrentWidget(self.form)
        self.plans.forget()  # other formats can be made now
        self.form.ask_again()

    def _not_installed(self) -> None:
        self._job = None
        self._pages.setCurrentWidget(self.form)
        self.form.show_refusal(self.tr("Cancelled; nothing was installed."))

    # ---- afterwards -----------------------------------------------------------------------------

    def _again(self) -> None:
        self._pages.setCurrentWidget(self.form)
        self.form.refresh()

    def _copy(self) -> None:
        if self._order is not None and self._model is not None:
            self.copy_wanted.emit(export_command(self._model, self._order))
