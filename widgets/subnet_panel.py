"""How small: the card that chooses the current subnet."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import (
    QLabel,
    QMenu,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from studio.families.translation.program import has_statistics
from studio.session.document import Document
from studio.session.source import Source
from studio.session.technique_names import ELASTIC
from studio.subnets.choice import MIN_WIDTH, SubnetChoice
from widgets import settings
from widgets.actions import Actions
from widgets.captions import cost_line, paper_line, subnet_cost
from widgets.config_row import ConfigRow
from widgets.controller import Controller
from widgets.controls.card import Card
from widgets.controls.fold import Fold
from widgets.controls.labelled import LABEL_WIDTH
from widgets.controls.quiet import QuietBox
from widgets.controls.slider import ChoiceSlider, ValueSlider
from widgets.diffusion.reusing import elastic_of, with_depth
from widgets.scene import DIFFUSION, TRANSLATION
from widgets.stages import Stages
from widgets.style.theme import GRID, caption_font
from widgets.wiring import button, column, labelled, row, wire

if TYPE_CHECKING:
    from widgets.diffusion.reuse_card import ReuseCard
    from widgets.diffusion.steps_card import StepsCard
    from widgets.diffusion.timestep_widths import TimestepWidths

LOWEST = 16
NARROWEST = 0.05


class SubnetPanel(QWidget):
    """Signals: sort_wanted(): order the channels of the model. recalibrate_wanted(): statistics of
    norms for the current subnet. order_wanted(): order the denoiser of a pipeline."""

    sort_wanted = Signal()
    order_wanted = Signal()
    recalibrate_wanted = Signal()

    def __init__(self, controller: Controller, actions: Actions) -> None:
        super().__init__()
        self._controller = controller
        self._info: ModelInfo | None = None
        self.width_slider = ValueSlider(
            self.tr("width"), NARROWEST, 1.0, 1.0, step=0.01, decimals=3,
            tooltip=self.tr("Share of the channels of every layer. Marks: widths the model was "
                            "trained for (slimmable networks, Anycost GAN, Lin et al. 2021)"),
        )  # fmt: skip
        self.depth = ValueSlider(
            self.tr("depth"), 0.0, 1.0, 1.0, step=0.05, decimals=2,
            tooltip=self.tr("Share of the blocks that run, of those that can be left out; those "
                            "go first that cost least"),
        )  # fmt: skip
        self.depth.hide()
        self._reuse: ReuseCard | None = None
        self._timesteps: TimestepWidths | None = None
        self._fewer: StepsCard | None = None
        self.resolution = ChoiceSlider(
            self.tr("resolution"), (8,), 8, unit=self.tr("px"),
            tooltip=self.tr("Where the network stops and gives its picture"),
        )  # fmt: skip
        self.rule = QuietBox()
        self.stages = Stages(controller)
        self.config = ConfigRow(controller)
        self.config.hide()
        self.more = Fold(self.tr("Per stage"))
        self.more.setObjectName("per-stage")
        self.more.set_content(self.stages)
        self.summary = QLabel()
        self.summary.setFont(caption_font(self.summary.font()))
        self.summary.setWordWrap(True)
        self.hint = QLabel(self.tr("Drag width"))
        self.hint.setFont(caption_font(self.hint.font()))
        self.hint.setContentsMargins(LABEL_WIDTH + GRID, 0, 0, 0)
        self.hint.setVisible(not settings.flag("hints/width-dragged"))
        self.whole = QLabel(
            self.tr("This denoiser has nothing that could be narrowed; drafts have fewer steps.")
        )
        self.whole.setFont(caption_font(self.whole.font()))
        self.whole.setWordWrap(True)
        self.whole.hide()
        self.unsorted = self._unsorted_note()
        self.unsorted.hide()
        self.unordered = self._unordered_note()
        self.unordered.hide()
        self.statistics = self._statistics_note()
        self.statistics.hide()
        self.menu = QMenu(self)
        self.sort = self.menu.addAction(self.tr("Sort channels"))
        self.sort.setToolTip(self.tr("Order channels by weight and style; full stays the same"))
        self.sort.triggered.connect(lambda _=False: self.sort_wanted.emit())
        self.rule_row = self._rule_row()
        self.card = Card(self.tr("Subnet"))
        self.card.set_menu(self.menu)
        self.card.set_content(
            column(
                self.width_slider, self.hint, self.depth, self.whole, self.resolution,
                self.rule_row, self.config, self.more,
                self.unsorted, self.unordered, self.statistics, self.summary,
                row(button(actions["keep"], words=True),
                    button(actions["measure"], words=True)),
            )
        )  # fmt: skip
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID)
        layout.addWidget(self.card)
        layout.addStretch(1)
        wire(self.width_slider, controller, "width", self._set_width)
        wire(self.depth, controller, "depth", self._set_depth)
        wire(self.resolution, controller, "resolution", self._set_resolution)

    def add_above(self, widget: QWidget) -> None:
        """Put something above the card."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(0, widget)

    def add(self, card: QWidget) -> None:
        """Put a card below the others."""
        layout = self.layout()
        assert isinstance(layout, QVBoxLayout)
        layout.insertWidget(layout.count() - 1, card)

    def show_model(self, info: ModelInfo | None) -> None:
        """Offer what ``info`` can be cut to."""
        self._info = info
        self.setEnabled(info is not None)
        if info is None:
            return
        worded = info.family == DIFFUSION
        whole = worded and not info.config.layout.sites
        self.width_slider.setEnabled(not whole)
        self.whole.setVisible(whole)
        self.more.setVisible(not worded)
        self.width_slider.set_stops(info.widths)
        lowest = max(MIN_WIDTH, min(NARROWEST, *info.widths))
        self.width_slider.set_range(lowest, 1.0, 1.0)
        self.depth.setVisible(worded and bool(info.config.layout.blocks))
        self.card.set_title(self.tr("Denoiser") if worded else self.tr("Subnet"))
        for card in (self._reuse, self._fewer, self._timesteps):
            if card is not None:
                card.setVisible(worded)
        self.unordered.hide()
        if worded:
            self.reuse.show_model(info)
            self.fewer.show_model(info)
            self.timesteps.show_model(info)
            self.statistics.hide()
            for each in (self.resolution, self.rule_row, self.config, self.unsorted):
                each.hide()
            self.sort.setEnabled(False)
            return
        self.stages.show_model(info)
        pictured = info.family == TRANSLATION
        for each in (self.resolution, self.rule_row):
            each.setVisible(not pictured)
        self.config.setVisible(pictured)
        self.unsorted.setVisible(not info.sorted_channels and not pictured)
        self.sort.setEnabled(not info.sorted_channels and not pictured)
        self.statistics.setVisible(pictured and has_statistics(info.config))
        if pictured:
            self.config.show_model(info)
            return
        full = info.config.resolution
        wanted = [r for r in info.config.resolutions if r >= min(LOWEST, full)]
        self.resolution.set_choices(wanted, full)

    def show_document(self, document: Document) -> None:
        """Show the subnet of ``document`` without making an edit."""
        info = self._info
        if info is None or document.model is None:
            return
        choice = document.subnet
        if info.family == DIFFUSION:
            self.width_slider.set_value(choice.width)
            self.depth.set_value(elastic_of(choice).depth)
            self.reuse.show_document(document)
            self.timesteps.show_document(document)
            self.fewer.show_document(document)
            layout = info.config.layout
            self.unordered.setVisible(
                bool(layout.sites or layout.blocks)
                and info.config.ordered is None
                and not document.recipe.uses(ELASTIC)
            )
            self._sum_up_whole(choice)
            return
        self.width_slider.set_value(choice.width)
        # A width per stage is in force: the uniform one says so by standing back.
        self.width_slider.label.setEnabled(choice.widths is None)
        if info.family == TRANSLATION:
            self.stages.show_choice(choice)
            self.config.show_choice(choice)
            self._sum_up(choice, document.source)
            return
        resolution = choice.resolution or info.config.resolution
        if resolution in self.resolution.choices():
            self.resolution.set_value(resolution)
        self.rule.setCurrentIndex(max(0, self.rule.findData(choice.rule)))
        self.stages.show_choice(choice)
        self._sum_up_whole(choice)

    def _sum_up_whole(self, choice: SubnetChoice) -> None:
        assert self._info is not None
        info = self._info
        if info.family == DIFFUSION:  # an ordered one leaves out other blocks, and widths by step
            info = self._controller.baked(self._controller.document.recipe, choice) or info
        try:
            self.summary.setText(cost_line(subnet_cost(choice, info.config)))
        except MaquetteError:  # of the model that undo is going back to
            self.summary.clear()

    def _sum_up(self, choice: SubnetChoice, source: Source) -> None:
        assert self._info is not None
        settings = self._info.config.settings
        size = (source.width or settings.width, source.height or settings.height)
        try:
            found = subnet_cost(choice, self._info.config, size)
        except MaquetteError:
            self.summary.clear()
        else:
            self.summary.setText(f"{cost_line(found)}\n{paper_line(found, size)}")

    def dragged(self) -> None:
        """The width has been dragged once: nobody needs telling any more."""
        if not self.hint.isHidden():
            self.hint.hide()
            settings.remember("hints/width-dragged", True)

    def _unsorted_note(self) -> QWidget:
        """What to say, and to do, about a model whose channels are in no order."""
        words = QLabel(
            self.tr(
                "The channels of this model are not in order of importance: narrow subnets look "
                "poor until they are sorted."
            )
        )
        words.setFont(caption_font(words.font()))
        words.setWordWrap(True)
        sort = QPushButton(self.tr("Sort channels"))
        sort.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        sort.clicked.connect(lambda _=False: self.sort_wanted.emit())
        return column(words, row(sort), spacing=GRID // 2)

    @property
    def reuse(self) -> ReuseCard:
        """What of a pipeline is computed on some steps only; made when one is first opened."""
        if self._reuse is None:
            from widgets.diffusion.reuse_card import ReuseCard

            self._reuse = ReuseCard(self._controller)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(layout.indexOf(self.card) + 1, self._reuse)
        return self._reuse

    @property
    def timesteps(self) -> TimestepWidths:
        """How the width follows the steps of a pipeline; made when one is first opened."""
        if self._timesteps is None:
            from widgets.diffusion.timestep_widths import TimestepWidths

            self._timesteps = TimestepWidths(self._controller)
            content = self.card.content()
            layout = None if content is None else content.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(layout.indexOf(self.hint) + 1, self._timesteps)
        return self._timesteps

    @property
    def fewer(self) -> StepsCard:
        """Steps of a variant's own, of pipelines; made when one is first opened."""
        if self._fewer is None:
            from widgets.diffusion.steps_card import StepsCard

            self._fewer = StepsCard(self._controller)
            layout = self.layout()
            assert isinstance(layout, QVBoxLayout)
            layout.insertWidget(layout.indexOf(self.reuse) + 1, self._fewer)
        return self._fewer

    def _unordered_note(self) -> QWidget:
        """What to say, and to do, about a denoiser whose insides are in no order."""
        words = QLabel(
            self.tr(
                "The insides of this denoiser are not in order of importance: narrow ones look "
                "poor until they are ordered."
            )
        )
        words.setFont(caption_font(words.font()))
        words.setWordWrap(True)
        order = QPushButton(self.tr("Order by importance"))
        order.setToolTip(
            self.tr("Measure along real runs what channels, heads, units and blocks do, and order "
                    "them; full stays the same")
        )  # fmt: skip
        order.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        order.clicked.connect(lambda _=False: self.order_wanted.emit())
        self.order = order
        return column(words, row(order), spacing=GRID // 2)

    def _statistics_note(self) -> QWidget:
        """What to say, and to do, about norms that hold statistics of the whole network."""
        words = QLabel(
            self.tr(
                "The batch norms of this model hold statistics of the whole network: narrow "
                "subnets need their own."
            )
        )
        words.setFont(caption_font(words.font()))
        words.setWordWrap(True)
        anew = QPushButton(self.tr("Recalibrate"))
        anew.setToolTip(
            self.tr(
                "Take the statistics of this subnet over test pictures, and compare it with full "
                "before and after (GAN Compression, Li et al. 2020)"
            )
        )
        anew.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        anew.clicked.connect(lambda _=False: self.recalibrate_wanted.emit())
        self.recalibrate = anew
        return column(words, row(anew), spacing=GRID // 2)

    def _rule_row(self) -> QWidget:
        self.rule.addItem(self.tr("literal"), "literal")
        self.rule.addItem(self.tr("Anycost"), "anycost")
        self.rule.setItemData(0, self.tr("That share of every layer"), 3)
        self.rule.setItemData(
            1, self.tr("Anycost's own: low resolutions often stay full (Lin et al. 2021)"), 3
        )
        self.rule.setAccessibleName(self.tr("Width rule"))
        self.rule.setToolTip(self.tr("How a width becomes channels"))
        self.rule.activated.connect(self._set_rule)
        return labelled(self.tr("rule"), self.rule)

    def _change(self, control: str | None, **fields: object) -> None:
        choice: SubnetChoice = replace(self._controller.document.subnet, **fields)  # type: ignore[arg-type]
        self._controller.set_subnet(choice, control)

    def _set_width(self, value: float) -> None:
        self.dragged()
        self._change("width", width=value, widths=None)

    def _set_depth(self, value: float) -> None:
        subnet = self._controller.document.subnet
        self._controller.set_subnet(with_depth(subnet, value), "depth")

    def _set_resolution(self, value: int) -> None:
        full = self._info.config.resolution if self._info else None
        self._change("resolution", resolution=None if value == full else value)

    def _set_rule(self, index: int) -> None:
        self._change(None, rule=self.rule.itemData(index), widths=None)
