"""All pages together: a plan goes in, and what the user makes of it comes out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QCheckBox,
    QComboBox,
    QDoubleSpinBox,
    QLineEdit,
    QSpinBox,
    QWidget,
)

from studio.errors import MaquetteError
from studio.families.translation.config import Settings, TranslationConfig
from studio.families.translation.info import TranslationInfo
from studio.search.reach import Reach, reach, refuse_above, supernet_sizes
from studio.session.gan_plan import GanPlan, Step, budget_of, result, taken
from studio.training.gan_compression.shapes import is_mobile, resnet_sizes
from widgets.gan_compression import words
from widgets.gan_compression.inputs import Page
from widgets.gan_compression.setup_pages import PicturesPage, TrainingPage
from widgets.gan_compression.step_pages import (
    AllPage,
    ConfigPage,
    NarrowPage,
    SearchPage,
    StepPage,
    SupernetPage,
    TeacherPage,
)


class Forms(QObject):
    """The pages by name, in the order of the list.

    Signals:
        changed(): something else is filled in.
    """

    changed = Signal()

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.pictures, self.training = PicturesPage(), TrainingPage()
        self.teacher = TeacherPage()
        self.transfer, self.distil = NarrowPage("transfer"), NarrowPage("distil")
        self.supernet, self.search = SupernetPage(), SearchPage()
        self.finetune, self.export = ConfigPage("finetune"), ConfigPage("export")
        self.all = AllPage()
        self.steps: dict[Step, StepPage] = {
            "teacher": self.teacher,
            "student": StepPage("student"),
            "transfer": self.transfer,
            "distil": self.distil,
            "supernet": self.supernet,
            "search": self.search,
            "finetune": self.finetune,
            "export": self.export,
            "all": self.all,
        }
        self.pages: dict[str, Page] = {
            "pictures": self.pictures,
            "training": self.training,
            **self.steps,
        }
        self._known: dict[str, TranslationInfo] = {}
        self._showing = False
        for page in self.pages.values():
            self._listen(page)
        # One subnet is fine-tuned and exported: what is written in one place stands in the other.
        for one, other in ((self.finetune, self.export), (self.export, self.finetune)):
            one.config.currentTextChanged.connect(other.config.setCurrentText)
        # So has what is transferred the width of what is distilled.
        for narrow, again in ((self.transfer, self.distil), (self.distil, self.transfer)):
            narrow.ngf.valueChanged.connect(again.ngf.setValue)
        self.show_plan(GanPlan())

    # ---- plans ----------------------------------------------------------------------------------

    def folder(self) -> Path:
        """Where the work is kept."""
        return Path(self.pictures.folder.path())

    def show_plan(self, plan: GanPlan) -> None:
        """Fill everything in."""
        self._showing = True
        self.pictures.show_plan(plan)
        self.training.show_options(plan.training)
        for page in self.steps.values():
            page.show_plan(plan)
        self._showing = False
        self._changed()

    def plan(self) -> GanPlan:
        """What is filled in.

        Raises:
            BadChoice: something of it is none.
        """
        plan = replace(
            self.pictures.filled(GanPlan()),
            training=self.training.options(self.supernet.sampling.currentData()),
        )
        for page in self.steps.values():
            plan = page.filled(plan)
        return plan

    def set_config(self, name: str, offered: tuple[str, ...] = ()) -> None:
        """Go on with a subnet; ``offered``: others that a search has found."""
        for page in (self.finetune, self.export):
            if offered:
                page.offer(offered)
            page.config.setCurrentText(name)

    # ---- what is known of models -----------------------------------------------------------------

    def know(self, path: str, info: TranslationInfo) -> None:
        """A model file was opened or written: what is in it."""
        self._known[path] = info
        self.refresh()

    def info_of(self, path: str) -> TranslationInfo | None:
        """What is in a model file, where that is known."""
        return self._known.get(path)

    def teacher_config(self, plan: GanPlan) -> TranslationConfig | None:
        """What takes the pictures; None of a file that was never opened."""
        if not plan.teacher:
            sizes = resnet_sizes(3, 3, plan.teacher_ngf, plan.blocks)
            return TranslationConfig(sizes, Settings(height=plan.size[0], width=plan.size[1]))
        info = self._known.get(plan.teacher)
        return None if info is None else info.config

    def reach(self, plan: GanPlan, step: Step) -> Reach | None:
        """What subnets can cost, where that can be told now.

        Raises:
            BadChoice: the teacher has no such form, or is narrower than what is asked for.
        """
        if plan.unit == "ms":
            return None
        if step == "search":
            info = self._known.get(taken(plan, self.folder(), "search", "model"))
            return None if info is None else reach(info.config, plan.ratios, plan.unit)
        teacher = self.teacher_config(plan)
        if teacher is None:
            return None
        sizes = supernet_sizes(teacher.sizes, plan.ngf, fast=plan.fast)
        return reach(replace(teacher, sizes=sizes), plan.ratios, plan.unit)

    def refuse_budget(self, plan: GanPlan, step: Step) -> None:
        """Let pass what can be met, as far as that can be told now.

        Raises:
            MaquetteError: no subnet meets the budget; the sentence says the best there is.
        """
        if step not in ("search", "all"):
            return
        found = self.reach(plan, step)
        if found is not None:
            refuse_above(budget_of(plan), found.space, found.space.smallest, found.least)

    def refresh(self) -> None:
        """Say anew what follows from what is filled in."""
        try:
            plan = self.plan()
        except MaquetteError:
            return
        for page in self.steps.values():
            page.show_taken(plan, self.folder())
        self.search.told.setText(self._reach_words(plan))
        self.all.what.setText(self._parts_words(plan))

    def _reach_words(self, plan: GanPlan) -> str:
        try:
            found = self.reach(plan, "search")
        except MaquetteError as error:
            return str(error)
        if found is None:
            return ""
        budget = budget_of(plan)
        return self.tr("Subnets of this supernet: {count}, from {least} to {most}.").format(
            count=f"{found.space.count:,}",
            least=budget.text(found.least),
            most=budget.text(found.most),
        )

    def _parts_words(self, plan: GanPlan) -> str:
        parts: list[Step] = ["student", "distil"]
        if not plan.teacher:
            parts.insert(0, "teacher")
        teacher = self.teacher_config(plan)
        if teacher is not None and is_mobile(teacher.sizes):
            parts.remove("student")
        if plan.fast:
            parts = [part for part in parts if part == "teacher"]
        names = [words.step_title(part) for part in (*parts, "supernet", "search", "finetune")]
        budget = budget_of(plan)
        return self.tr("In this order: {steps}. The budget is {budget}.").format(
            steps=" → ".join(names), budget=budget.text(budget.limit)
        )

    def done(self, step: Step) -> str:
        """The file that a step left; empty for none."""
        return result(self.folder(), step)

    # ---- parts ----------------------------------------------------------------------------------

    def _listen(self, page: QWidget) -> None:
        for line in page.findChildren(QLineEdit):
            # Those inside of numbers and choices tell of half a number too.
            if not isinstance(line.parent(), QAbstractSpinBox):
                line.textChanged.connect(lambda _: self._changed())
        for whole in page.findChildren(QSpinBox):
            whole.valueChanged.connect(lambda _: self._changed())
        for real in page.findChildren(QDoubleSpinBox):
            real.valueChanged.connect(lambda _: self._changed())
        for box in page.findChildren(QComboBox):
            box.currentIndexChanged.connect(lambda _: self._changed())
        for tick in page.findChildren(QCheckBox):
            tick.toggled.connect(lambda _: self._changed())

    def _changed(self) -> None:
        if not self._showing:
            self.refresh()
            self.changed.emit()
