"""The pages of the steps, from the teacher to the exported subnet."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import get_args

from PySide6.QtCore import QCoreApplication
from PySide6.QtWidgets import QCheckBox, QComboBox, QLabel, QLineEdit

from studio.errors import BadChoice
from studio.search.evolution import EvolutionOptions
from studio.search.evolution import about as about_evolution
from studio.session.gan_plan import ROLES, GanPlan, Role, Step, taken
from studio.training.gan_compression.options import Sampling
from widgets.devices.picker import TargetPicker
from widgets.gan_compression.inputs import Choice, Page, PathField, Quiet, QuietReal
from widgets.gan_compression.words import step_summary, step_title
from widgets.style.theme import GRID
from widgets.wiring import row

translate = QCoreApplication.translate
DEFAULTS = GanPlan()
SCALES = {"": 1.0, "M": 1e6, "G": 1e9}
MOST_CHANNELS, MOST_BLOCKS, MOST_SIDE = 1024, 32, 4096


class StepPage(Page):
    """A step, with the files that it takes."""

    def __init__(self, step: Step) -> None:
        super().__init__(step_title(step), step_summary(step))
        self.step = step
        self.files: dict[Role, PathField] = {}
        for role in ROLES.get(step, ()):
            field = PathField(folders=False, purpose="open")
            self.files[role] = field
            name, explained = _file_words(step, role)
            self.add(name, field, explained)

    def show_plan(self, plan: GanPlan) -> None:
        """Show what is filled in."""
        for role, field in self.files.items():
            field.set_path(plan.source(self.step, role))

    def show_taken(self, plan: GanPlan, folder: Path) -> None:
        """Say in the empty fields which files are taken."""
        for role, field in self.files.items():
            found = taken(plan.with_source(self.step, role, ""), folder, self.step, role)
            text = Path(found).name if found else _nothing(self.step, role)
            field.line.setPlaceholderText(text)

    def filled(self, plan: GanPlan) -> GanPlan:
        """``plan`` with what is filled in here.

        Raises:
            BadChoice: it is none.
        """
        for role, field in self.files.items():
            plan = plan.with_source(self.step, role, field.path())
        return plan


def _file_words(step: Step, role: Role) -> tuple[str, str]:
    """Names of the label and of the explanation."""
    if role == "teacher":
        return "teacher", "student_teacher" if step == "student" else "any_teacher"
    if role == "model":
        return ("model", "model") if step == "transfer" else ("supernet", "supernet")
    return "start", "start"


def _nothing(step: Step, role: Role) -> str:
    if role == "start":
        return translate("GanCompression", "the teacher's own weights")
    if role == "teacher" and step in ("search", "finetune"):
        return translate("GanCompression", "the whole supernet")
    return translate("GanCompression", "nothing yet")


class TeacherPage(StepPage):
    """A teacher that is there, or what a new one is like."""

    def __init__(self) -> None:
        super().__init__("teacher")
        self.teacher = PathField(folders=False, purpose="open")
        self.teacher.line.setPlaceholderText(translate("GanCompression", "train one here"))
        self.ngf = Quiet(1, MOST_CHANNELS, DEFAULTS.teacher_ngf)
        self.blocks = Quiet(1, MOST_BLOCKS, DEFAULTS.blocks)
        self.width_ = Quiet(4, MOST_SIDE, DEFAULTS.size[1], " px")
        self.height_ = Quiet(4, MOST_SIDE, DEFAULTS.size[0], " px")
        self.width_.setAccessibleName(translate("GanCompression", "Picture width"))
        self.height_.setAccessibleName(translate("GanCompression", "Picture height"))
        self.add("teacher", self.teacher)
        self.add_group(translate("GanCompression", "A new one"))
        self.add("teacher_ngf", self.ngf)
        self.add("blocks", self.blocks)
        self.add("size", row(self.width_, QLabel("\N{MULTIPLICATION SIGN}"), self.height_))
        self.teacher.changed.connect(self._enable)

    def show_plan(self, plan: GanPlan) -> None:
        super().show_plan(plan)
        self.teacher.set_path(plan.teacher)
        self.ngf.setValue(plan.teacher_ngf)
        self.blocks.setValue(plan.blocks)
        self.height_.setValue(plan.size[0])
        self.width_.setValue(plan.size[1])
        self._enable()

    def filled(self, plan: GanPlan) -> GanPlan:
        size = (self.height_.value(), self.width_.value())
        return replace(
            super().filled(plan),
            teacher=self.teacher.path(),
            teacher_ngf=self.ngf.value(),
            blocks=self.blocks.value(),
            size=size,
        )

    def _enable(self) -> None:
        for field in (self.ngf, self.blocks, self.width_, self.height_):
            field.setEnabled(not self.teacher.path())


class NarrowPage(StepPage):
    """Weight transfer or distillation, with the width of the narrow network."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.ngf = Quiet(1, MOST_CHANNELS, DEFAULTS.ngf)
        self.add("ngf", self.ngf)

    def show_plan(self, plan: GanPlan) -> None:
        super().show_plan(plan)
        self.ngf.setValue(plan.ngf)

    def filled(self, plan: GanPlan) -> GanPlan:
        return replace(super().filled(plan), ngf=self.ngf.value())


class SupernetPage(StepPage):
    """Which subnets there are, and how they are drawn."""

    def __init__(self) -> None:
        super().__init__("supernet")
        self.ratios = QLineEdit()
        ways: tuple[Sampling, ...] = get_args(Sampling)
        words = {
            "uniform": translate("GanCompression", "one, drawn evenly"),
            "sandwich": translate("GanCompression", "sandwich of four"),
        }
        self.sampling = Choice([(way, words[way]) for way in ways])
        self.add("ratios", self.ratios)
        self.add("sampling", self.sampling)

    def show_plan(self, plan: GanPlan) -> None:
        super().show_plan(plan)
        self.ratios.setText(" ".join(f"{ratio:g}" for ratio in plan.ratios))
        self.sampling.choose(plan.training.sampling)

    def filled(self, plan: GanPlan) -> GanPlan:
        text = self.ratios.text()
        try:
            ratios = tuple(float(part) for part in text.replace(",", " ").split())
        except ValueError:
            ratios = ()
        if not ratios or not all(0 < ratio <= 1 for ratio in ratios):
            raise BadChoice(
                translate(
                    "GanCompression",
                    "“{text}” are no shares of widths; accepted are numbers above 0 and at most 1, "
                    "such as 1 0.75 0.5",
                ).format(text=text)
            )
        return replace(super().filled(plan), ratios=ratios)


class SearchPage(StepPage):
    """The budget, where it is measured, and how evolution goes."""

    def __init__(self) -> None:
        super().__init__("search")
        self.budget = QuietReal(0.001, 1e9, 5.0, 3)
        paper = translate("GanCompression", "{unit} as papers count")
        self.unit = Choice(
            [
                ("ms", translate("GanCompression", "ms, measured")),
                ("macs G", "GMAC"),
                ("macs M", "MMAC"),
                ("paper_macs G", paper.format(unit="GMAC")),
                ("paper_macs M", paper.format(unit="MMAC")),
            ]
        )
        self.measured = QCheckBox(translate("GanCompression", "measure finalists"))
        self.target = TargetPicker()
        self.target.set_target("pytorch:cpu:f32")
        self.told = QLabel()
        self.told.setWordWrap(True)
        usual = EvolutionOptions()
        self.population = self._whole("population", usual.population)
        self.generations = self._whole("generations", usual.generations)
        self.parents = self._share("parents", usual.parents)
        self.mutations = self._share("mutations", usual.mutations)
        self.mutation = self._share("mutation", usual.mutation)
        self.pictures = Quiet(1, 1000, DEFAULTS.pictures)
        self.finalists = Quiet(1, 1000, DEFAULTS.finalists)
        self.add("budget", row(self.budget, self.unit, stretch=1))
        self.add("target", row(self.target, self.measured, stretch=0))
        self.add_group(translate("GanCompression", "Evolution"))
        names = ("population", "generations", "parents", "mutations", "mutation")
        for name in (*names, "pictures", "finalists"):
            self.add(name, getattr(self, name))
        self.add_below(self.told)
        self.budget.setAccessibleName(translate("GanCompression", "Budget"))
        self.unit.setAccessibleName(translate("GanCompression", "Unit of the budget"))
        self.unit.currentIndexChanged.connect(self._enable)
        self.measured.toggled.connect(self._enable)
        self._enable()

    def show_plan(self, plan: GanPlan) -> None:
        super().show_plan(plan)
        prefix = "" if plan.unit == "ms" else "G" if plan.budget >= SCALES["G"] else "M"
        self.unit.choose(f"{plan.unit} {prefix}".strip())
        self.budget.setValue(plan.budget / SCALES[prefix])
        self.measured.setChecked(bool(plan.target) or plan.unit == "ms")
        if plan.target:
            self.target.set_target(plan.target)
        e = plan.evolution
        for name in ("population", "generations", "parents", "mutations", "mutation"):
            getattr(self, name).setValue(getattr(e, name))
        self.pictures.setValue(plan.pictures)
        self.finalists.setValue(plan.finalists)
        self._enable()

    def filled(self, plan: GanPlan) -> GanPlan:
        unit, _, prefix = self.unit.currentData().partition(" ")
        evolution = EvolutionOptions(
            population=self.population.value(),
            generations=self.generations.value(),
            parents=self.parents.value(),
            mutations=self.mutations.value(),
            mutation=self.mutation.value(),
            seed=plan.training.seed,
        )
        return replace(
            super().filled(plan),
            budget=self.budget.value() * SCALES[prefix],
            unit=unit,
            target=self.target.target() if self._measures else "",
            evolution=evolution,
            pictures=self.pictures.value(),
            finalists=self.finalists.value(),
        )

    @property
    def _measures(self) -> bool:
        return self.unit.currentData() == "ms" or self.measured.isChecked()

    def _enable(self) -> None:
        # Milliseconds are always measured, so there is nothing to tick.
        self.measured.setVisible(self.unit.currentData() != "ms")
        self.target.setEnabled(self._measures)

    def _whole(self, name: str, value: int) -> Quiet:
        bounds = about_evolution(name)
        return Quiet(int(bounds.low), bounds.high, value)

    def _share(self, name: str, value: float) -> QuietReal:
        bounds = about_evolution(name)
        return QuietReal(bounds.low, bounds.high, value, 2)


class ConfigPage(StepPage):
    """Fine-tuning or export of one subnet."""

    def __init__(self, step: Step) -> None:
        super().__init__(step)
        self.config = QComboBox()
        self.config.setEditable(True)
        self.config.setMinimumContentsLength(20)
        line = self.config.lineEdit()
        assert line is not None
        line.setPlaceholderText(translate("GanCompression", "such as 16_16_32_16_32_32_16_16"))
        self.add("config", self.config)

    def show_plan(self, plan: GanPlan) -> None:
        super().show_plan(plan)
        self.config.setCurrentText(plan.config)

    def filled(self, plan: GanPlan) -> GanPlan:
        return replace(super().filled(plan), config=self.config.currentText().strip())

    def offer(self, names: tuple[str, ...]) -> None:
        """Offer what a search has found; what is written stays."""
        text = self.config.currentText()
        self.config.clear()
        self.config.addItems(list(names))
        self.config.setCurrentText(text)


class AllPage(StepPage):
    """The whole, in the thorough or the fast way."""

    def __init__(self) -> None:
        super().__init__("all")
        self.fast = Choice(
            [
                (False, translate("GanCompression", "thorough, as in the paper")),
                (True, translate("GanCompression", "fast, without MobileNet teacher")),
            ]
        )
        self.what = QLabel()
        self.what.setWordWrap(True)
        self.what.setContentsMargins(0, GRID, 0, 0)
        self.add("fast", self.fast)
        self.add_below(self.what)

    def show_plan(self, plan: GanPlan) -> None:
        super().show_plan(plan)
        self.fast.choose(plan.fast)

    def filled(self, plan: GanPlan) -> GanPlan:
        return replace(super().filled(plan), fast=bool(self.fast.currentData()))
