"""The baked steps of the recipe as cards below the live one, and what becomes of them."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, QTimer, Signal
from PySide6.QtWidgets import (
    QHBoxLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from studio.engine.job_messages import JobLesson, JobProgress
from studio.families.info import ModelInfo
from studio.session.document import Document
from studio.session.steps import RecipeStep
from studio.session.technique_names import ELASTIC, ORDERING, SUBNET
from widgets.controller import Controller
from widgets.controls.progress import ThinBar, time_left
from widgets.controls.switch import Switch
from widgets.recipes.baking import Baking
from widgets.recipes.card import StepCard
from widgets.recipes.curves import Curves
from widgets.recipes.editing import RecipeEditing, problems_of
from widgets.recipes.fields import for_family, with_fields
from widgets.recipes.learning import LearningView
from widgets.recipes.palette import Palette
from widgets.recipes.reports import worth_of
from widgets.recipes.scanning import Scanning
from widgets.recipes.techniques import Offer, Techniques
from widgets.style.theme import GRID, caption_font, icon
from widgets.tab_order import follow_reading_order

CHECK_MS = 60


class RecipeStack(QWidget):
    """Follows the document; every change goes through ``editing``.

    Signals:
        cards_changed(): there are other cards, or in another order.
        command_wanted(): of the scan of what layers lose by int8.
        layers_wanted(): the current variant is to be shown layer by layer.
    """

    cards_changed = Signal()
    command_wanted = Signal()
    layers_wanted = Signal()

    def __init__(
        self,
        controller: Controller,
        techniques: Techniques,
        baking: Baking,
        editing: RecipeEditing,
        scanning: Scanning,
        curves: Curves,
    ) -> None:
        super().__init__()
        self._controller = controller
        self._techniques = techniques
        self._baking = baking
        self._editing = editing
        self._scanning = scanning
        self._curves = curves
        self._info: ModelInfo | None = None
        self._progress: JobProgress | None = None
        self.cards: dict[str, StepCard] = {}
        self._order: tuple[str, ...] = ()
        self._check = QTimer(self, singleShot=True, interval=CHECK_MS)
        self._check.timeout.connect(self._show_problems)
        self._holder = QVBoxLayout()
        self._holder.setSpacing(GRID)
        self.cut = Switch()
        self.cut_row = self._cut_row()
        self.state = QLabel()
        self.state.setWordWrap(True)
        self.state.setTextFormat(Qt.TextFormat.PlainText)
        self.state.setFont(caption_font(self.state.font()))
        self.state.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Minimum)
        self.bar = ThinBar()
        self.learning = LearningView()
        self.apply = QPushButton(self.tr("Apply"))
        self.apply.setToolTip(self.tr("Work out the steps, in a process of its own"))
        self.cancel = QPushButton(self.tr("Cancel"))
        self.cancel.setAccessibleName(self.tr("Cancel applying the recipe"))
        self.stop = QPushButton(self.tr("Stop"))
        self.stop.setToolTip(self.tr("End the training now and keep the best so far"))
        for made in (self.apply, self.cancel, self.stop):
            made.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.palette_ = Palette()
        self.palette_.hide()
        self.add = QToolButton()
        self.add.setText(self.tr("Add technique"))
        self.add.setIcon(icon("add"))
        self.add.setCheckable(True)
        self.add.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        self.add.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._arrange()
        self.apply.clicked.connect(lambda _=False: baking.apply(controller.document))
        self.cancel.clicked.connect(lambda _=False: baking.cancel())
        self.stop.clicked.connect(self._stop)
        self.cut.clicked.connect(lambda on: editing.cut_first(bool(on)))
        self.add.toggled.connect(self._show_palette)
        self.palette_.chosen.connect(self._chosen)
        self.palette_.closed.connect(lambda: self.add.setChecked(False))
        techniques.changed.connect(self._known)
        baking.changed.connect(self._show_state)
        scanning.changed.connect(self._show_scans)
        curves.changed.connect(self._show_curves)
        controller.composed.connect(lambda *_: self._show_curves())  # perhaps elsewhere
        baking.progressed.connect(self._show_progress)
        baking.taught.connect(self._show_lesson)

    # ---- following -----------------------------------------------------------------------------

    def show_model(self, info: ModelInfo | None) -> None:
        """Another model is in force."""
        self._info = info
        self.setEnabled(info is not None)
        for card in self.cards.values():  # other families have other parameters
            self._describe(card)
        self._offer()
        self._check.start()

    def show_document(self, document: Document) -> None:
        """A card for each baked step, in order."""
        steps = document.recipe
        if steps.steps:
            self._techniques.want()
        for ref in self.cards.keys() - {step.id for step in steps.steps}:
            gone = self.cards.pop(ref)
            self._holder.removeWidget(gone)
            gone.hide()
            gone.deleteLater()
        for index, step in enumerate(steps.steps):
            card = self.cards.get(step.id)
            if card is not None and card.step.technique != step.technique:
                self._holder.removeWidget(card)
                card.hide()
                card.deleteLater()
                card = None
            if card is None:
                card = self.cards[step.id] = self._card(step)
            card.show_step(step)
            if self._holder.indexOf(card) != index:
                self._holder.removeWidget(card)
                self._holder.insertWidget(index, card)
        order = tuple(step.id for step in steps.steps)
        if order != self._order:
            self._order = order
            follow_reading_order(self)
            self.cards_changed.emit()
        free = self._editing.changes_weights(steps) and self._editing.forced_cut(steps) is None
        self.cut_row.setVisible(free)
        self.cut.setChecked(steps.cut_at is not None)
        if self.palette_.isVisibleTo(self):
            self._offer()
        self._show_state()
        self._show_scans()
        self._show_curves()
        self._check.start()

    def _show_scans(self) -> None:
        document, scanning = self._controller.document, self._scanning
        for ref, card in self.cards.items():
            if card.scan is not None:
                busy = scanning.making(document, ref)
                progress = scanning.progress if busy else None
                card.show_scan(scanning.find(document, ref), busy=busy, progress=progress)

    def _show_curves(self) -> None:
        document, curves = self._controller.document, self._curves
        for ref, card in self.cards.items():
            if card.curve is not None:
                busy = curves.making(document, ref)
                card.curve.show_curve(
                    curves.find(document, ref),
                    curves.place,
                    busy=busy,
                    progress=curves.progress if busy else None,
                    estimate=curves.estimate(document),
                )

    def _card(self, step: RecipeStep) -> StepCard:
        card = StepCard(step, self._techniques.title(step))
        ref, editing, controller = step.id, self._editing, self._controller
        self._describe(card)
        card.values_started.connect(lambda name: controller.begin(f"{ref} {name}"))
        card.values_changed.connect(lambda name, values: editing.set_values(ref, name, values))
        card.values_finished.connect(controller.end)
        card.switched.connect(lambda on: editing.switch(ref, on))
        card.removed.connect(lambda: editing.remove(ref))
        card.command_wanted.connect(self.command_wanted)
        card.copied.connect(lambda: editing.copy_step(ref))
        card.resetted.connect(lambda: editing.reset(ref))
        card.layers_wanted.connect(self.layers_wanted)
        card.scan_wanted.connect(lambda: self._scanning.start(controller.document, ref))
        card.scan_cancelled.connect(self._scanning.cancel)
        card.curve_wanted.connect(lambda: self._curves.start(controller.document, ref))
        card.curve_cancelled.connect(self._curves.cancel)
        card.handle.began.connect(lambda: controller.begin(f"move {ref}"))
        card.handle.ended.connect(controller.end)
        card.handle.dragged.connect(lambda y: self._dragged(ref, y))
        card.handle.nudged.connect(lambda by: self._nudged(ref, by))
        return card

    def _describe(self, card: StepCard) -> None:
        name = card.step.technique
        found = self._techniques.description(name)
        if found is not None and name == ELASTIC:  # all else of it is live, on other cards
            found = replace(found, schema=with_fields(found.schema, ORDERING))
        if found is not None and self._info is not None:
            found = replace(found, schema=for_family(found.schema, self._info.family))
        card.describe(found, self._techniques.title(card.step), fields=name != SUBNET)
        if found is None:
            card.set_problem(self._techniques.problem(name))

    # ---- moving --------------------------------------------------------------------------------

    def _nudged(self, ref: str, by: int) -> None:
        if ref in self._order:
            self._editing.move(ref, self._order.index(ref) + by)

    def _dragged(self, ref: str, y: int) -> None:
        """Past the middle of a neighbour, a card changes places with it."""
        if ref not in self._order:
            return
        others = [each for each in self._order if each != ref]
        middles = [self._middle(self.cards[each]) for each in others]
        to = sum(y > middle for middle in middles)
        if to != self._order.index(ref):
            self._editing.move(ref, to, tell=False)

    @staticmethod
    def _middle(card: StepCard) -> int:
        return card.mapToGlobal(card.rect().center()).y()

    # ---- what has become of it -----------------------------------------------------------------

    def _show_state(self) -> None:
        document = self._controller.document
        steps = document.recipe
        variant = self._baking.find(steps, document.subnet)
        making = self._baking.making(steps, document.subnet)
        wanted = bool(steps.active)
        if not making:
            self._progress = None
            self.learning.clear()
            self.stop.hide()
        if making:
            text = self._progress_text()
        elif variant is not None:
            text = self.tr("Applied: the picture shows the whole recipe.")
        elif wanted:
            text = self.tr("Not applied: the picture shows the live steps only.")
        else:
            text = ""
        self.state.setText(text)
        self.state.setVisible(bool(text))
        self.bar.setVisible(making)
        self.bar.set_fraction(self._progress.fraction if self._progress else None)
        self.apply.setVisible(wanted and not making)
        self.apply.setEnabled(wanted and variant is None and not making)
        self.cancel.setVisible(making)
        learns = making and self._learns(document)
        self.cancel.setToolTip(
            self.tr("End now; Apply goes on from the last look at the training") if learns else ""
        )
        reports = () if variant is None else variant.reports
        numbers = {step.id: n for n, step in enumerate(self._baked_order(document), start=1)}
        for ref, card in self.cards.items():
            mine = [r for r in reports if r.step == numbers.get(ref)]
            card.set_reports(mine)
            on = card.step.on
            if on and variant is None:
                card.set_state(self.tr("Not applied"))
            else:
                # What the statistics were worth is all that there is to see of this step.
                card.set_state(worth_of(mine) if card.step.recalibrates else "")

    @staticmethod
    def _baked_order(document: Document) -> list[RecipeStep]:
        """The steps as the job counts them: those that are on, and the cut among them."""
        steps = document.recipe
        order = list(steps.active)
        if steps.cuts and steps.cut_at is not None:
            place = sum(step.on for step in steps.steps[: steps.cut_at])
            order.insert(place, RecipeStep("", SUBNET))
        return order

    def _progress_text(self) -> str:
        found = self._progress
        if found is None:
            return self.tr("Applying")
        left = "" if found.seconds_left is None else f", {time_left(found.seconds_left)}"
        return f"{found.text}{left}"

    def _show_progress(self, progress: JobProgress) -> None:
        self._progress = progress
        self._show_state()

    def _learns(self, document: Document) -> bool:
        """Whether a step is on that learns for a while."""
        found = (self._techniques.description(s.technique) for s in document.recipe.active)
        return any(each is not None and each.lengths for each in found)

    def _show_lesson(self, lesson: JobLesson) -> None:
        if not self.learning.isVisibleTo(self):
            self.stop.setEnabled(True)
        self.learning.show_lesson(lesson)
        self.stop.show()

    def _stop(self) -> None:
        self.stop.setEnabled(False)
        self._baking.stop_early()

    def _show_problems(self) -> None:
        steps = self._controller.document.recipe
        found = problems_of(steps, self._techniques, self._controller)
        for ref, card in self.cards.items():
            card.set_errors(found.get(ref, {}))

    # ---- adding --------------------------------------------------------------------------------

    def _show_palette(self, shown: bool) -> None:
        self.palette_.setVisible(shown)
        if shown:
            self._techniques.want()
            self._offer()
            self.palette_.begin()
        elif self.palette_.isAncestorOf(self.focusWidget() or self):
            self.add.setFocus()

    def _offer(self) -> None:
        if self._info is not None:
            document = self._controller.document
            offers = self._techniques.offers(self._info, document.recipe, document.subnet)
            self.palette_.offer(offers)

    def _chosen(self, offer: Offer) -> None:
        if not offer.package:
            self.add.setChecked(False)
        self._editing.add(offer)

    def _known(self) -> None:
        for card in self.cards.values():
            self._describe(card)
        self.show_document(self._controller.document)
        self._offer()
        follow_reading_order(self)

    # ---- arrangement ---------------------------------------------------------------------------

    def _cut_row(self) -> QWidget:
        holder = QWidget()
        row = QHBoxLayout(holder)
        row.setContentsMargins(0, 0, 0, 0)
        label = QLabel(self.tr("Cut before these steps"))
        label.setBuddy(self.cut)
        tip = self.tr(
            "On: the steps work on the cut network, and are applied again when the subnet "
            "changes. Off: they work on the whole network, and the subnet is taken from the result."
        )
        for widget in (label, self.cut):
            widget.setToolTip(tip)
        self.cut.setAccessibleName(label.text())
        self.cut.setAccessibleDescription(tip)
        row.addWidget(label, 1)
        row.addWidget(self.cut)
        return holder

    def _arrange(self) -> None:
        doing = QHBoxLayout()
        doing.setSpacing(GRID)
        doing.addWidget(self.state, 1)
        doing.addWidget(self.apply)
        doing.addWidget(self.cancel)
        doing.addWidget(self.stop)
        adding = QHBoxLayout()
        adding.addWidget(self.add)
        adding.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(doing)
        layout.addWidget(self.bar)
        layout.addWidget(self.learning)
        layout.addWidget(self.cut_row)
        layout.addLayout(self._holder)
        layout.addLayout(adding)
        layout.addWidget(self.palette_)
        for widget in (self.cut_row, self.state, self.bar, self.apply, self.cancel, self.stop):
            widget.hide()
