"""The sweep dialog: widths and resolutions, or one parameter over a range, and what comes of it
before it is begun."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QFormLayout,
    QLabel,
    QStackedLayout,
    QVBoxLayout,
    QWidget,
)

from studio.errors import BadChoice, MaquetteError
from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import ModelInfo
from studio.families.translation.config import TranslationConfig
from studio.families.translation.info import TranslationInfo
from studio.session.document import Document
from studio.session.technique_names import LIVE
from studio.subnets.choice import SubnetChoice
from widgets.recipes.fields import fields_of, for_family
from widgets.recipes.generated import said
from widgets.recipes.techniques import Techniques
from widgets.stages import stage_title
from widgets.style.theme import GRID
from widgets.sweep import parameters
from widgets.sweep.choices import not_kept, sweep
from widgets.sweep.parameters import (
    SWEPT,
    Stage,
    StepField,
    Swept,
    check,
    live_fields,
    spread_at,
    spread_over,
)
from widgets.sweep.ranges import RangeForm
from widgets.sweep.subnet_form import SubnetForm

SUBNETS = "subnets"


@dataclass(frozen=True)
class Recipes:
    """What the dialog must know of recipes.

    Args:
        techniques: their declarations. unmeasured: those variants that lack numbers.
        estimate: seconds that so many take to be baked and measured, or None.
    """

    techniques: Techniques
    unmeasured: Callable[[Sequence[Swept]], Sequence[Swept]]
    estimate: Callable[[int], float | None]


class SweepDialog(QDialog):
    """Beside the work. What it makes is kept as variants and measured in one job.

    Signals: begin_wanted(choices), variants_wanted(swept): make and measure these.
        command_wanted(choices), variants_command_wanted(swept): copy the command that does so.
    """

    begin_wanted = Signal(object)
    variants_wanted = Signal(object)
    command_wanted = Signal(object)
    variants_command_wanted = Signal(object)

    def __init__(
        self,
        document: Callable[[], Document],
        busy: Callable[[], bool],
        unmeasured: Callable[[Sequence[SubnetChoice]], Sequence[SubnetChoice]],
        estimate: Callable[[int], float | None],
        recipes: Recipes,
        parent: QWidget | None = None,
    ) -> None:
        super().__init__(parent)
        self.setObjectName("sweep")
        self.setWindowTitle(self.tr("Sweep"))
        self._document, self._busy = document, busy
        self._unmeasured, self._estimate = unmeasured, estimate
        self._recipes = recipes
        self._info: ModelInfo | None = None
        self.subject = QComboBox()
        self.subject.setObjectName("sweep subject")
        self.subject.setAccessibleName(self.tr("What is swept"))
        self.subject.currentIndexChanged.connect(self._subject_chosen)
        self.range = RangeForm()
        self.range.changed.connect(self.refresh)
        self.subnets = SubnetForm()
        self.subnets.changed.connect(self.refresh)
        self.low, self.high, self.steps = self.subnets.low, self.subnets.high, self.subnets.steps
        self.outcome = QLabel()
        self.outcome.setObjectName("sweep outcome")
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.outcome.setMinimumWidth(48 * GRID)
        self.outcome.setMinimumHeight(5 * self.fontMetrics().lineSpacing())
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Cancel)
        self.begin = buttons.addButton(
            self.tr("Keep and measure"), QDialogButtonBox.ButtonRole.AcceptRole
        )
        self.copy = buttons.addButton(
            self.tr("Copy as command"), QDialogButtonBox.ButtonRole.ActionRole
        )
        self.copy.setAutoDefault(False)
        self.copy.clicked.connect(lambda _=False: self._copy())
        buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        self.begin.setDefault(True)
        buttons.accepted.connect(self._begin)
        buttons.rejected.connect(self.close)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        head = QFormLayout()
        head.addRow(self.tr("&Sweep"), self.subject)
        self._pages = QStackedLayout()
        self._pages.addWidget(self.subnets)
        self._pages.addWidget(self.range)
        layout.addLayout(head)
        layout.addLayout(self._pages)
        layout.addWidget(self.outcome, 1)
        layout.addWidget(buttons)

    @property
    def pixels(self) -> dict[int, QCheckBox]:
        """The resolutions to tick, by pixels."""
        return self.subnets.pixels

    def offer(self, info: ModelInfo) -> None:
        """Show it for a model; what was filled in stays while the model does."""
        if self._info is None or self._info.key != info.key:
            self._info = info
            self.subnets.begin(info, self._document().subnet.resolution)
        self._fill_subjects(info)
        if self._document().recipe.active or isinstance(info.config, DiffusionConfig):
            self._recipes.techniques.want(lambda _: self._fill_subjects(info))
        self.refresh()
        self.show()
        self.raise_()
        self.activateWindow()
        self.low.setFocus(Qt.FocusReason.OtherFocusReason)

    def _fill_subjects(self, info: ModelInfo) -> None:
        """The widths of all layers, of one resolution, and every field of every step that is on."""
        before = self.subject.currentData()
        self.subject.blockSignals(True)
        self.subject.clear()
        free = isinstance(info.config, TranslationConfig | DiffusionConfig)
        words = self.tr("Width") if free else self.tr("Width and resolution")
        self.subject.addItem(words, SUBNETS)
        document = self._document()
        for field in self._live(info):
            self.subject.addItem(field.title, field)
        for step in document.recipe.active:
            known = self._recipes.techniques.description(step.technique)
            if known is None:
                continue
            for spec in fields_of(for_family(known.schema, info.family)):
                if spec.kind in SWEPT:
                    title = self._recipes.techniques.title(step)
                    field = StepField(step.id, f"{title}: {said(spec.title)}", spec)
                    self.subject.addItem(field.title, field)
        for stage, text in self._stages(info, document.subnet.resolution):
            self.subject.addItem(text, stage)
        index = max(0, self._index_of(before))
        self.subject.setCurrentIndex(index)
        self.subject.blockSignals(False)
        if before is None or self.subject.currentData() != before:
            self._subject_chosen()

    def _live(self, info: ModelInfo) -> list[StepField]:
        """What the live cards of a pipeline have, once the techniques are known."""
        if not isinstance(info.config, DiffusionConfig):
            return []
        found = []
        for name in LIVE:
            known = self._recipes.techniques.description(name)
            for spec in () if known is None else live_fields(known.schema, info.config):
                title = f"{said(known.title)}: {said(spec.title)}" if known else spec.title
                found.append(StepField("", title, spec, name))
        return found

    def _stages(self, info: ModelInfo, stop: int | None) -> list[tuple[Stage, str]]:
        """What has a width of its own, up to where the model stops now."""
        if isinstance(info, TranslationInfo):
            text, pixels = self.tr("Width of {stage}"), info.config.resolution
            return [
                (Stage(pixels, each.name), text.format(stage=stage_title(each.name)))
                for each in info.stages
            ]
        if isinstance(info.config, DiffusionConfig):
            return []
        last = stop or info.config.resolution
        text = self.tr("Width at {pixels} px")
        return [(Stage(p), text.format(pixels=p)) for p in info.config.resolutions if p <= last]

    def _index_of(self, subject: object) -> int:
        found = [n for n in range(self.subject.count()) if self.subject.itemData(n) == subject]
        return found[0] if found else -1

    def _subject_chosen(self) -> None:
        subject = self.subject.currentData()
        self._pages.setCurrentIndex(0 if subject == SUBNETS else 1)
        if isinstance(subject, Stage):
            self.range.show_width()
        elif isinstance(subject, StepField):
            values = self._values(subject)
            self.range.show_field(subject, values.get(subject.spec.name, subject.spec.default))
        self.refresh()

    def _values(self, field: StepField) -> dict[str, Any]:
        """What the step of a field says now."""
        document = self._document()
        if field.live:
            from studio.session.recipes import live_values

            return live_values(document.subnet, field.live)
        step = document.recipe.find(field.step)
        return {} if step is None else step.values()

    def swept(self) -> tuple[Swept, ...]:
        """The variants of the parameter that is chosen.

        Raises:
            MaquetteError: they cannot be made; the sentence says why.
        """
        subject, document, info = self.subject.currentData(), self._document(), self._info
        assert info is not None
        values, registry = self.range.values(), self._recipes.techniques.registry
        if isinstance(subject, Stage):
            made = spread_at(document, info, subject, values)
        else:
            made = spread_over(document, info, subject, values, registry)
        if registry is not None:
            check(made, registry, info)
        return made

    def _refresh_swept(self) -> None:
        assert self._info is not None
        try:
            made = self.swept()
        except MaquetteError as error:
            self.outcome.setText(str(error))
            self.begin.setEnabled(False)
            self.copy.setEnabled(False)
            return
        self.copy.setEnabled(bool(made))
        new = parameters.not_kept(made, self._document(), self._info)
        missing = self._recipes.unmeasured(made)
        baked = sum(each.recipe.active != () for each in missing)
        estimate = self._recipes.estimate if baked else self._estimate
        self._say(len(made), len(new), len(missing), estimate)

    def refresh(self) -> None:
        """Say what comes of it, or what is missing."""
        if self._info is None:
            return
        if self.subject.currentData() != SUBNETS:
            self._refresh_swept()
            return
        try:
            choices = sweep(self.subnets.plan(), self._info)
        except BadChoice as error:
            self.outcome.setText(str(error))
            self.begin.setEnabled(False)
            self.copy.setEnabled(False)
            return
        self.copy.setEnabled(bool(choices))
        new = not_kept(choices, self._document(), self._info)
        self._say(len(choices), len(new), len(self._unmeasured(choices)), self._estimate)

    def _say(
        self, every: int, new: int, missing: int, estimate: Callable[[int], float | None]
    ) -> None:
        """What comes of it: how many variants, of which so many are new and unmeasured."""
        if every and not new and not missing:
            self.outcome.setText(self.tr("All of these are kept and measured already."))
            self.begin.setEnabled(False)
            return
        lines = [self._count(every, new)]
        if self._busy():
            lines.append(self.tr("A measurement is under way; begin when it has ended."))
        elif missing:
            lines.append(self._time(estimate(missing)))
        self.outcome.setText("\n".join(lines))
        self.begin.setEnabled(bool(every) and not self._busy())

    def _count(self, every: int, new: int) -> str:
        if not every and self.subject.currentData() != SUBNETS:
            return self.tr("No value is chosen.")
        if not every:
            return self.tr("This is full alone, which is measured anyway.")
        if new == every:
            return self.tr("{n} variants are kept and measured.").format(n=every)
        return self.tr("{n} variants are measured; {old} of them are kept already.").format(
            n=every, old=every - new
        )

    def _time(self, seconds: float | None) -> str:
        if seconds is None:
            return self.tr("How long it takes is shown once it runs; it can be cancelled.")
        if seconds < 90:
            return self.tr("About {n} s; it can be cancelled.").format(n=max(1, round(seconds)))
        return self.tr("About {n} min; it can be cancelled.").format(n=round(seconds / 60))

    def _copy(self) -> None:
        if self._info is None:
            return
        if self.subject.currentData() != SUBNETS:
            self.variants_command_wanted.emit(self.swept())
        else:
            self.command_wanted.emit(sweep(self.subnets.plan(), self._info))

    def _begin(self) -> None:
        if self._info is None or self._busy():
            self.refresh()
            return
        try:
            if self.subject.currentData() != SUBNETS:
                made = self.swept()
                self.close()
                self.variants_wanted.emit(made)
                return
            choices = sweep(self.subnets.plan(), self._info)
        except MaquetteError:
            self.refresh()
            return
        self.close()
        self.begin_wanted.emit(choices)
