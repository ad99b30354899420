"""What is exported, in which formats, and where to."""

from __future__ import annotations

import os
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from typing import Any

from PySide6.QtCore import QStandardPaths, Qt, Signal
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QFileDialog,
    QFormLayout,
    QHBoxLayout,
    QLabel,
    QLineEdit,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.engine.bundle_messages import ExportJob, ExportSubject
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.session.document import CURRENT, Document, ModelRef
from studio.session.export_command import export_command
from widgets import choosers
from widgets.captions import side_name, size, subnet_name, with_steps
from widgets.export.formats import FormatList
from widgets.export.limits import LimitFields
from widgets.export.plans import ExportPlans
from widgets.export.subjects import LADDER, Chosen, ladder, refs, variant
from widgets.export.words import states
from widgets.scene import DIFFUSION
from widgets.style.theme import GRID
from widgets.wiring import row

Background = Callable[[Callable[[], Any], Callable[[Any, MaquetteError | None], None]], None]


class ExportForm(QWidget):
    """Signals: export_wanted(job): an ``ExportJob``. copy_wanted(command): a command line."""

    export_wanted = Signal(object)
    copy_wanted = Signal(str)

    def __init__(
        self, plans: ExportPlans, background: Background, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self._plans, self._background = plans, background
        self._info: ModelInfo | None = None
        self._model: ModelRef | None = None
        self._document = Document()
        self._replacing: str | None = None
        self.what = QComboBox()
        self.what.setObjectName("export what")
        self.widths = QLineEdit()
        self.widths.setObjectName("export widths")
        self.supernet = QCheckBox()
        self.supernet.setObjectName("export supernet")
        self.formats = FormatList()
        self.limits = LimitFields()
        self.measure = QCheckBox(self.tr("Time every file"))
        self.measure.setObjectName("export measure")
        self.measure.setToolTip(
            self.tr("Leave the sliders alone meanwhile: what else runs spoils the numbers.")
        )
        self.out = QLineEdit()
        self.out.setObjectName("export folder")
        self.choose = QPushButton(self.tr("Choose…"))
        self.says = QLabel()
        self.says.setObjectName("export says")
        self.says.setWordWrap(True)
        self.says.setTextFormat(Qt.TextFormat.PlainText)
        self.begin = QPushButton(self.tr("Export"))
        self.begin.setObjectName("export begin")
        self.copy = QPushButton(self.tr("Copy command"))
        self.copy.setObjectName("export copy")
        self._arrange()
        self.what.activated.connect(lambda _: self._changed())
        self.widths.editingFinished.connect(self._changed)
        self.supernet.toggled.connect(self.refresh)
        self.formats.changed.connect(self.refresh)
        self.formats.made.connect(self._order_stops)
        self.out.textChanged.connect(self._moved)
        self.choose.clicked.connect(self._choose)
        self.begin.clicked.connect(self._begin)
        self.copy.clicked.connect(self._copy)
        plans.changed.connect(self.refresh)
        plans.failed.connect(self._no_plan)

    def _arrange(self) -> None:
        form = QFormLayout()
        form.setHorizontalSpacing(2 * GRID)
        form.setVerticalSpacing(GRID)
        form.setFieldGrowthPolicy(QFormLayout.FieldGrowthPolicy.AllNonFixedFieldsGrow)
        self._what_row = row(self.what, self.widths, self.supernet, stretch=0)
        folder = row(self.out, self.choose, stretch=0)
        limits = row(self.limits, self.measure, stretch=0)
        for text, field, first in (
            (self.tr("&What"), self._what_row, self.what),
            (self.tr("F&ormats"), self.formats, self.formats),
            (self.tr("&Ask me if"), limits, self.limits.flip_on),
            (self.tr("&Folder"), folder, self.out),
        ):
            form.addRow(text, field)
            label = form.labelForField(field)
            assert isinstance(label, QLabel)
            label.setBuddy(first)
            label.setMinimumHeight(self.what.sizeHint().height())
            label.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignVCenter)
        for widget, name in (
            (self.what, self.tr("What is exported")),
            (self.widths, self.tr("Widths of the ladder")),
            (self.out, self.tr("Folder of the bundle")),
            (self.choose, self.tr("Choose the folder of the bundle")),
        ):
            widget.setAccessibleName(name)
        self.widths.setToolTip(self.tr("Ratios such as 0.25 0.5 1; each is a subnet in the bundle"))
        self.widths.hide()
        self.begin.setDefault(True)
        for button in (self.choose, self.copy):
            button.setAutoDefault(False)
        foot = QHBoxLayout()
        foot.setSpacing(GRID)
        foot.addWidget(self.says, 1)
        foot.addWidget(self.copy)
        foot.addWidget(self.begin)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(2 * GRID)
        layout.addLayout(form, 1)
        layout.addLayout(foot)

    def _order_stops(self) -> None:
        """Tab comes through the boxes, which are made late, as one reads them."""
        stops = [s for box in self.formats.boxes for s in (*box.boxes.values(), box.install)]
        for before, after in pairwise([self.supernet, *stops, self.limits.flip_on]):
            QWidget.setTabOrder(before, after)

    # ---- what it is about -----------------------------------------------------------------------

    def show_model(
        self, info: ModelInfo, model: ModelRef, document: Document, ref: str = ""
    ) -> None:
        """Offer a model's variants; ``ref``: the one to begin with."""
        if self._info is None or info.key != self._info.key:
            self.out.setText(str(suggested(model)))
            self.widths.setText(" ".join(f"{w:g}" for w in info.widths))
        self._info, self._model = info, model
        self.supernet.setToolTip(
            self.tr("The whole model as one Maquette file, from which any subnet can be cut")
        )
        self.supernet.setVisible(info.family != DIFFUSION)
        self.follow(document, ref)

    def follow(self, document: Document, ref: str = "") -> None:
        """The document is another one now."""
        wanted = ref or self.what.currentData() or CURRENT
        self._document = document
        self.what.clear()
        for each in refs(document):
            name = side_name(document, each)
            if each == CURRENT:
                name = self.tr("current: {name}").format(name=self._current_name(document))
            self.what.addItem(name, each)
        assert self._info is not None
        if self._info.family != DIFFUSION:  # whose bundle holds one denoiser
            self.what.insertSeparator(self.what.count())
            self.what.addItem(self.tr("a ladder of widths"), LADDER)
        place = self.what.findData(wanted)
        self.what.setCurrentIndex(max(0, place))
        self._changed()

    def _current_name(self, document: Document) -> str:
        assert self._info is not None
        name = subnet_name(document.subnet, self._info.config)
        return with_steps(name, document.recipe) if document.recipe.active else name

    def chosen(self) -> Chosen:
        """What is to be exported.

        Raises:
            MaquetteError: it cannot be, as filled in.
        """
        assert self._info is not None
        ref = self.what.currentData()
        if ref != LADDER:
            return variant(self._document, ref, self._info)
        try:
            widths = tuple(float(t) for t in self.widths.text().replace(",", " ").split())
        except ValueError:
            raise MaquetteError(
                self.tr("“{text}” is not a list of numbers such as 0.25 0.5 1").format(
                    text=self.widths.text()
                )
            ) from None
        return ladder(self._document, self._info, widths)

    def _changed(self) -> None:
        """Something else is to be exported: ask what that gives."""
        self.widths.setVisible(self.what.currentData() == LADDER)
        if self._info is None:
            return
        try:
            self._plans.want(self._info, self.chosen().subjects, self._likely(self._info))
        except MaquetteError as error:
            self._stop(str(error))
        else:
            self.refresh()

    def ask_again(self) -> None:
        """What was known is no more: ask anew."""
        self._changed()

    def _likely(self, info: ModelInfo) -> tuple[ExportSubject, ...]:
        """What may be asked for next; a question more costs little while the model is open."""
        if info.family == DIFFUSION:
            return ()
        try:
            return ladder(self._document, info, info.widths).subjects
        except MaquetteError:
            return ()

    # ---- what comes of it -----------------------------------------------------------------------

    def job(self) -> ExportJob:
        """The export as it is filled in.

        Raises:
            MaquetteError: something is missing.
        """
        assert self._info is not None
        chosen, formats = self.chosen(), self.formats.chosen()
        if not formats:
            raise MaquetteError(self.tr("Choose at least one format."))
        text = self.out.text().strip()
        if not text:
            raise MaquetteError(self.tr("Say in which folder the bundle goes."))
        flip, psnr = self.limits.values()
        return ExportJob(
            self._info.path,
            os.path.normpath(Path(text).expanduser().absolute()),
            formats,
            chosen.choices,
            chosen.recipe,
            supernet=self.supernet.isChecked() and self._info.family != DIFFUSION,
            limit_flip=flip,
            limit_psnr=psnr,
            measure=self.measure.isChecked(),
        )

    def refresh(self) -> None:
        """Show what is known of sizes and devices, and what the choice adds up to."""
        if self._info is None:
            return
        try:
            chosen = self.chosen()
        except MaquetteError as error:
            self._stop(str(error))
            return
        offers = self._plans.offers(chosen.subjects)
        if self._plans.busy and offers is None:
            self.formats.show_note(self.tr("Working out what can be made, and how large it is…"))
        plain = not (chosen.recipe or self._info.quantised)
        self.formats.show_offers(offers, self._plans.any(), plain=plain)
        whole = "" if offers is None else f" ({size(offers[0].supernet_bytes)})"
        self.supernet.setText(self.tr("also the whole supernet{size}").format(size=whole))
        self._forget_question()
        try:
            self.job()
        except MaquetteError as error:
            self._stop(str(error))
            return
        self.begin.setEnabled(offers is not None)
        self.copy.setEnabled(True)
        self._say(self._sum(offers, len(chosen.choices)), refused=False)

    def _sum(self, offers: Any, subnets: int) -> str:
        if offers is None:
            return self.tr("Working out sizes…") if self._plans.busy else ""
        chosen = set(self.formats.chosen())
        found = [
            each
            for name in {name for name, _ in chosen}
            for each in states(offers, name)
            if (name, each.precision) in chosen
        ]
        total = sum(each.bytes for each in found)
        # Of a pipeline every network is a file.
        files = [(max(1, len(each.contents)) * subnets, bool(each.here)) for each in found]
        count = sum(number for number, _ in files)
        ran = sum(number for number, here in files if here)
        if self.supernet.isChecked() and self.supernet.isVisibleTo(self):
            total, count, ran = total + offers[0].supernet_bytes, count + 1, ran + 1
        if ran < count:
            text = self.tr(
                "{n} files, about {size}; those that run here ({ran}) are compared with the "
                "original before any is kept."
            )
        elif count == 1:
            text = self.tr("1 file, about {size}; it is run and compared before it is kept.")
        else:
            text = self.tr(
                "{n} files, about {size}; every one is run and compared before it is kept."
            )
        return text.format(n=count, size=size(total), ran=ran)

    def show_refusal(self, sentence: str) -> None:
        """Say why nothing was exported."""
        self._say(sentence, refused=True)

    def _no_plan(self, sentence: str) -> None:
        self.formats.show_note(sentence)
        self._stop(sentence)

    def _stop(self, sentence: str) -> None:
        self.begin.setEnabled(False)
        self.copy.setEnabled(False)
        self._say(sentence, refused=True)

    def _say(self, text: str, *, refused: bool) -> None:
        role = QPalette.ColorRole.WindowText if refused else QPalette.ColorRole.PlaceholderText
        self.says.setForegroundRole(role)
        self.says.setText(text)

    # ---- where it goes --------------------------------------------------------------------------

    def _moved(self) -> None:
        self.out.setToolTip(self.out.text())
        self.refresh()

    def _choose(self) -> None:
        start = Path(self.out.text()).parent
        found = QFileDialog.getSaveFileName(
            self,
            self.tr("Folder of the bundle"),
            self.out.text() if start.is_dir() else str(suggested_folder()),
            options=QFileDialog.Option.ShowDirsOnly | QFileDialog.Option.DontConfirmOverwrite,
        )[0]
        if found:
            choosers.remember("bundles", Path(found))
            self.out.setText(found)

    def _begin(self) -> None:
        try:
            job = self.job()
        except MaquetteError as error:
            self._stop(str(error))
            return
        if self._replacing == job.out:
            self._forget_question()
            self.export_wanted.emit(job)
            return
        self.begin.setEnabled(False)

        def looked(taken: bool | None, error: MaquetteError | None) -> None:
            self.begin.setEnabled(True)
            if error is not None:
                self.show_refusal(str(error))
            elif taken:
                self._ask_to_replace(job)
            else:
                self.export_wanted.emit(job)

        self._background(lambda: _taken(Path(job.out)), looked)

    def _ask_to_replace(self, job: ExportJob) -> None:
        self._replacing = job.out
        self.begin.setText(self.tr("Replace it"))
        text = self.tr("A bundle is in {name} already. It is replaced when the new one is whole.")
        self._say(text.format(name=Path(job.out).name), refused=True)

    def _forget_question(self) -> None:
        self._replacing = None
        self.begin.setText(self.tr("Export"))

    def _copy(self) -> None:
        assert self._model is not None
        try:
            self.copy_wanted.emit(export_command(self._model, self.job()))
        except MaquetteError as error:
            self._stop(str(error))


def _taken(folder: Path) -> bool:
    """Whether a bundle stands there; MaquetteError where something else does."""
    from studio.bundles.placing import check_place

    check_place(folder)
    return folder.is_dir() and any(folder.iterdir())


def suggested_folder() -> Path:
    """Where bundles go unless the user says otherwise."""
    return choosers.folder("bundles", QStandardPaths.StandardLocation.DocumentsLocation)


def suggested(model: ModelRef) -> Path:
    """A folder for a bundle of a model that is not there yet."""
    return choosers.unused(suggested_folder() / f"{choosers.shortened(model.name)}-bundle")
