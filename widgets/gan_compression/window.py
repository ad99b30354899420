"""GAN Compression: steps in order on the left, the step that is chosen on the right."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QFrame,
    QHBoxLayout,
    QLabel,
    QPushButton,
    QStackedWidget,
    QVBoxLayout,
    QWidget,
)

from studio.engine.gan_compression_messages import GanCompressionJob, JobStage, SearchJob
from studio.engine.job_messages import JobDone, JobFailed, JobProgress
from studio.errors import MaquetteError
from studio.families.translation.info import TranslationInfo
from studio.search.report import SearchReport
from studio.session import gan_plan
from studio.session.gan_plan import GanPlan, Step, stages_of_all
from studio.training.gan_compression.examining import Examined, examine
from widgets.devices.finder import DeviceFinder
from widgets.gan_compression.forms import Forms
from widgets.gan_compression.progress import GanProgress
from widgets.gan_compression.step_list import StepList, step_of
from widgets.gan_compression.telling import folders_told, suggested_folder
from widgets.gan_compression.words import step_title
from widgets.jobs import Jobs
from widgets.style.theme import GRID
from widgets.wiring import SidePanel, row

Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]
WIDTH, HEIGHT = 1080, 700
PAUSE = 300  # ms after typing before folders are looked at


class GanCompressionWindow(QWidget):
    """Runs one step at a time. Closing it leaves the step running.

    Signals:
        open_wanted(path): the user wants to see a model.
        frontier_wanted(path, choices, asked): subnets of a supernet are points; ``asked``: the user
            wants to see them now, else they are shown if that supernet is open.
        command_wanted(text): the command of a step.
        finished(path), failed(sentence, details): an end that nobody may have watched.
    """

    open_wanted = Signal(object)
    frontier_wanted = Signal(object, object, bool)
    command_wanted = Signal(str)
    finished = Signal(object)
    failed = Signal(str, str)

    def __init__(
        self, jobs: Jobs, background: Background, devices: DeviceFinder, parent: QWidget
    ) -> None:
        super().__init__(parent, Qt.WindowType.Tool)
        self.setObjectName("gan compression")
        self.setWindowTitle(self.tr("GAN Compression"))
        self._jobs, self._background, self._devices = jobs, background, devices
        self._job: int | None = None
        self._step: Step | None = None  # that runs, or whose end is on show
        self._supernet = ""
        self._checks = 0
        self._examined: Examined | None = None
        self.forms = Forms(self)
        self.progress = GanProgress()
        self.list = StepList(tuple(self.forms.pages))
        self._pages = QStackedWidget()
        self._panels: dict[str, QWidget] = {}
        for name, page in self.forms.pages.items():
            self._panels[name] = SidePanel(page)
            self._pages.addWidget(self._panels[name])
        self._pages.addWidget(self.progress)
        self.says = QLabel()
        self.says.setWordWrap(True)
        self.refusal = QLabel()
        self.refusal.setWordWrap(True)
        self.resume = QCheckBox(self.tr("Go on from where it was ended"))
        self.open = QPushButton(self.tr("Open the result"))
        self.usual = QPushButton(self.tr("The paper's values"))
        self.usual.setToolTip(self.tr("Everything but files and folders as the paper has it"))
        self.copy = QPushButton(self.tr("Copy as command"))
        self.next = QPushButton(self.tr("Next"))
        self.begin_ = QPushButton(self.tr("Begin"))
        self._footer = QWidget()
        self._arrange()
        self._typing = QTimer(self, singleShot=True)
        self._typing.setInterval(PAUSE)
        self._connect()
        self.list.setCurrentRow(0)

    # ---- showing it -----------------------------------------------------------------------------

    @property
    def running(self) -> bool:
        """A step is under way."""
        return self._job is not None

    @property
    def shown(self) -> str:
        """The name of the page that is chosen."""
        return self.list.chosen()

    def offer(self, info: Any = None, path: Path | None = None) -> None:
        """Show it; a model of pictures that is open, ``path``, is the teacher unless one is."""
        if isinstance(info, TranslationInfo) and path is not None:
            self.forms.know(str(path), info)
            if not self.running and not self.forms.teacher.teacher.path():
                self.forms.teacher.teacher.set_path(str(path))
        if not self.forms.pictures.folder.path():
            self.forms.pictures.folder.set_path(str(suggested_folder(path)))
        if not self.isVisible():
            room = self.parentWidget().screen().availableGeometry().size() * 0.94
            self.resize(self.size().boundedTo(room))
            self.move(self.parentWidget().frameGeometry().center() - self.rect().center())
            self.show()
        self.raise_()
        self.activateWindow()

    def show_page(self, name: str) -> None:
        """Choose a page by its name."""
        self.list.choose(name)

    # ---- doing a step ---------------------------------------------------------------------------

    def begin(self) -> None:
        """Start the step that is chosen, once what can be seen beforehand is in order."""
        step = step_of(self.shown)
        if self.running or step is None:
            return
        folder = self.forms.folder()
        resume = self._resumes()
        try:
            plan = self.forms.plan()
            if not self.forms.pictures.folder.path():
                raise MaquetteError(self.tr("name a folder for the work first"))
            job = gan_plan.job(plan, folder, step, resume=resume)
            self.forms.refuse_budget(plan, step)
        except MaquetteError as error:
            self._refuse(str(error))
            return
        self._refuse("")
        self.begin_.setEnabled(False)

        def look() -> None:
            if step != "transfer" and plan.first:
                self._look_at(plan)
            gan_plan.save(plan, folder)

        def looked(_: object, error: MaquetteError | None) -> None:
            self.begin_.setEnabled(True)
            if error is not None:
                self._refuse(str(error))
            elif not self.running:
                self._start(step, job, plan)

        self._background(look, looked)

    def _look_at(self, plan: GanPlan) -> Examined | None:
        """What the folders hold; on another thread.

        Raises:
            MaquetteError: nothing in them can be used.
        """
        config = self.forms.teacher_config(plan)
        if config is None and plan.pairing == "auto" and not plan.second:
            return None  # only the teacher tells whether these are pairs or inputs
        if config is None:
            return examine(plan.data())
        settings = config.settings
        shape = settings.width / settings.height
        return examine(plan.data(), shape, labels=config.takes_labels)

    def _start(self, step: Step, job: gan_plan.GanJob, plan: GanPlan) -> None:
        folder = self.forms.folder()
        self._step = step
        self._supernet = gan_plan.taken(plan, folder, "search", "model")
        if step == "all":
            self._supernet = str(stages_of_all(folder) / "supernet.safetensors")
        self.progress.begin(step, stops=isinstance(job, GanCompressionJob | SearchJob))
        title = self.tr("GAN Compression: {step}").format(step=step_title(step))
        self._job = self._jobs.start(job, title, self._done, self._fail, self._cancelled)
        self._show_page()
        self._mark()

    def _done(self, end: JobDone) -> None:
        assert self._step is not None
        self._job = None
        folder = self.forms.folder()
        out = Path(end.path) if end.path else gan_plan.out_path(folder, self._step)
        self._out = out
        self.progress.show_done(end, out)
        if isinstance(end.info, TranslationInfo):
            self.forms.know(str(out), end.info)
        if end.search is not None:
            self._take_search(end.search)
        self.forms.refresh()
        self._mark()
        self._show_page()
        self.finished.emit(out)

    def _take_search(self, report: SearchReport) -> None:
        self.forms.set_config(report.best.name, self.progress.found.names())
        self._keep_plan()
        self.frontier_wanted.emit(Path(self._supernet), self.progress.found.choices(), False)

    def _keep_plan(self) -> None:
        try:
            gan_plan.save(self.forms.plan(), self.forms.folder())
        except MaquetteError as error:
            self._refuse(str(error))

    def _fail(self, end: JobFailed) -> None:
        self._job = None
        seen = self.progress.seen
        if seen:
            self.progress.show_end(end.sentence)
        else:
            self._step = None
        self._mark()
        self._show_page()
        if not seen:
            # Nothing was trained yet: what is wrong is in the form.
            self._refuse(end.sentence)
        self.failed.emit(end.sentence, end.details)

    def _cancelled(self) -> None:
        self._job = None
        self.progress.show_end(self.tr("Cancelled. What was begun is kept, to go on from later."))
        self._mark()
        self._show_page()

    def _resumes(self) -> bool:
        return not self.resume.isHidden() and self.resume.isChecked()

    # ---- the form -------------------------------------------------------------------------------

    def _arrange(self) -> None:
        self.refusal.hide()
        rule = QFrame()
        rule.setFrameShape(QFrame.Shape.HLine)
        rule.setForegroundRole(QPalette.ColorRole.Mid)
        below = QVBoxLayout(self._footer)
        below.setContentsMargins(2 * GRID, 0, 2 * GRID, GRID)
        below.setSpacing(GRID)
        below.addWidget(rule)
        below.addWidget(self.refusal)
        below.addWidget(row(self.says, self.open, stretch=0))
        below.addWidget(self.resume)
        buttons = row(self.usual, QWidget(), self.copy, self.next, self.begin_, stretch=1)
        below.addWidget(buttons)
        right = QVBoxLayout()
        right.setSpacing(0)
        right.addWidget(self._pages, 1)
        right.addWidget(self._footer)
        layout = QHBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, 0, GRID)
        layout.setSpacing(0)
        layout.addWidget(self.list)
        layout.addLayout(right, 1)
        self.resize(WIDTH, HEIGHT)

    def _connect(self) -> None:
        self.list.currentRowChanged.connect(lambda _: self._show_page())
        self.begin_.clicked.connect(lambda _=False: self.begin())
        self.next.clicked.connect(
            lambda _=False: self.list.setCurrentRow(self.list.currentRow() + 1)
        )
        self.usual.clicked.connect(lambda _=False: self._take_usual())
        self.copy.clicked.connect(lambda _=False: self._copy())
        self.open.clicked.connect(lambda _=False: self._open())
        self.forms.changed.connect(self._changed)
        self.forms.pictures.folder_changed.connect(self._typing.start)
        self.forms.pictures.data_changed.connect(self._typing.start)
        self._typing.timeout.connect(self._typed)
        self.progress.stop_wanted.connect(self._stop)
        self.progress.cancel_wanted.connect(self._cancel)
        self.progress.open_wanted.connect(lambda: self.open_wanted.emit(self._out))
        self.progress.again_wanted.connect(self._again)
        found = self.progress.found
        found.chosen.connect(self._choose)
        found.frontier_wanted.connect(
            lambda choices: self.frontier_wanted.emit(Path(self._supernet), choices, True)
        )
        self._jobs.progressed.connect(self._progressed)
        self._jobs.staged.connect(self._staged)
        self._devices.found.connect(self.forms.search.target.set_devices)
        self.parentWidget().installEventFilter(self)

    _out = Path()
    _folder = ""

    def _mark(self) -> None:
        self.list.mark(self._kept_in(), self._step if self.running else None)

    def _kept_in(self) -> Path | None:
        """The folder of the work, once one is named."""
        return self.forms.folder() if self.forms.pictures.folder.path() else None

    def _show_page(self) -> None:
        name = self.shown
        if not name:
            return
        goes = name == self._step
        self._pages.setCurrentWidget(self.progress if goes else self._panels[name])
        self._footer.setVisible(not goes)
        setup = step_of(name) is None
        self.begin_.setVisible(not setup)
        self.begin_.setDefault(not setup)
        self.copy.setVisible(not setup)
        self.next.setVisible(self.list.currentRow() < self.list.count() - 1)
        self.usual.setVisible(name not in ("pictures", "export"))
        self._refuse("")
        self._show_state()
        if name == "search":
            self._devices.look()

    def _show_state(self) -> None:
        """What stands below the form: whether it can begin, what is there already."""
        name = self.shown
        self.says.setText("")
        self.open.hide()
        self.resume.hide()
        self.begin_.setEnabled(not self.running)
        step, folder = step_of(name), self._kept_in()
        if step is None or folder is None:
            return
        if self.running:
            self.says.setText(self.tr("Another step is under way."))
            return
        if step == "teacher" and self.forms.teacher.teacher.path():
            self.says.setText(self.tr("A teacher is named: there is nothing to train here."))
            self.begin_.setEnabled(False)
            return
        begun = gan_plan.is_begun(folder, step)
        self.resume.setVisible(begun)
        self.resume.setChecked(begun)
        out = gan_plan.out_path(folder, step)
        if out.is_file():
            self.says.setText(self.tr("{name} is there.").format(name=out.name))
            self.open.show()

    def _changed(self) -> None:
        self._show_state()

    def _refuse(self, sentence: str) -> None:
        self.refusal.setText(sentence)
        self.refusal.setVisible(bool(sentence))

    def _typed(self) -> None:
        """Typing has ended: look at the folders, and bring back a work that is kept there."""
        folder = self.forms.pictures.folder.path()
        if folder != self._folder:
            self._folder = folder
            if not self.running:
                self._bring_back(Path(folder))
        self._mark()
        self._show_state()
        self._examine()

    def _bring_back(self, folder: Path) -> None:
        try:
            plan = gan_plan.load(folder) if folder.is_dir() else None
        except MaquetteError as error:
            self._refuse(str(error))
            return
        if plan is not None:
            self.forms.show_plan(plan)
            text = self.tr("A work is kept here; what was filled in is back.")
            self.forms.pictures.tell(text)

    def _examine(self) -> None:
        self._checks += 1
        mine = self._checks
        try:
            plan = self.forms.plan()
        except MaquetteError:
            return
        if not plan.first:
            return

        def looked(found: Examined | None, error: MaquetteError | None) -> None:
            if mine == self._checks:
                config = self.forms.teacher_config(plan)
                self.forms.pictures.tell(str(error) if error else folders_told(found, config))

        self._background(lambda: self._look_at(plan), looked)

    def _take_usual(self) -> None:
        from dataclasses import replace

        try:
            now = self.forms.plan()
        except MaquetteError:
            now = GanPlan()
        kept = {
            name: getattr(now, name)
            for name in (
                "first", "second", "pairing", "backwards", "instances", "teacher", "config",
                "sources", "target",
            )
        }  # fmt: skip
        self.forms.show_plan(replace(GanPlan(), **kept))

    def _copy(self) -> None:
        from studio.session.gan_command import gan_command

        step = step_of(self.shown)
        if step is None:
            return
        try:
            text = gan_command(self.forms.plan(), self.forms.folder(), step, resume=self._resumes())
        except MaquetteError as error:
            self._refuse(str(error))
        else:
            self._refuse("")
            self.command_wanted.emit(text)

    def _open(self) -> None:
        step = step_of(self.shown)
        if step is not None:
            self.open_wanted.emit(gan_plan.out_path(self.forms.folder(), step))

    def _choose(self, name: str) -> None:
        self.forms.set_config(name)
        self._keep_plan()
        self._step = None
        self.show_page("finetune")

    # ---- the job --------------------------------------------------------------------------------

    def _stop(self) -> None:
        if self._job is not None:
            self._jobs.stop_early(self._job)

    def _cancel(self) -> None:
        if self._job is not None:
            self._jobs.cancel(self._job)

    def _again(self) -> None:
        self._step = None
        self._show_page()

    def _progressed(self, job: int, _title: str, progress: JobProgress) -> None:
        if job == self._job:
            self.progress.show_progress(progress)

    def _staged(self, job: int, look: JobStage) -> None:
        if job == self._job:
            self.progress.show_stage(look)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        if watched is self.parent() and event.type() == QEvent.Type.Close:
            self.close()
        return super().eventFilter(watched, event)
