"""The left side of the grid: which variants, and which seeds or pictures."""

from __future__ import annotations

from collections.abc import Iterable

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QListWidgetItem, QPushButton, QVBoxLayout, QWidget

from studio.families.diffusion.config import DiffusionConfig
from studio.families.info import ModelInfo
from widgets.controls.quiet import QuietBox
from widgets.diffusion.prompt import PromptField
from widgets.grid.plan import GridColumn, Seeds, prompts_of
from widgets.grid.ticks import TickList
from widgets.scene import TRANSLATION
from widgets.style.theme import GRID

COLUMN_ROLE = Qt.ItemDataRole.UserRole + 1


class GridChoice(QWidget):
    """Signals: changed(): something else is ticked or chosen; renew_wanted()."""

    changed = Signal()
    renew_wanted = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.list = TickList()
        self.list.setObjectName("grid variants")
        self.list.setAccessibleName(self.tr("Variants to show"))
        self.seeds = QuietBox()
        self.seeds.setObjectName("grid seeds")
        self.renew = QPushButton(self.tr("Draw the present picture"))
        self.renew.setAutoDefault(False)
        self.hint = QLabel()
        self.hint.setObjectName("grid hint")
        self.hint.setWordWrap(True)
        self.hint.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.rows = QLabel()
        self.more = QLabel(self.tr("&More prompts, one a line"))
        self.typed = PromptField(
            self.tr("More prompts, one a line"),
            self.tr("Each is drawn with every seed"),
            4,
            several=True,
        )
        self.typed.setObjectName("grid prompts")
        self._offered: tuple[tuple[Seeds, str], ...] = ()
        self._arrange()
        self._offer(self._seeds(), worded=False)
        self.typed.typed.connect(lambda _: self.changed.emit())
        self.list.itemChanged.connect(lambda _: self.changed.emit())
        self.seeds.currentIndexChanged.connect(lambda _: self.changed.emit())
        self.renew.clicked.connect(lambda _=False: self.renew_wanted.emit())

    def _arrange(self) -> None:
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        variants = QLabel(self.tr("&Variants"))
        for label, field in (
            (variants, self.list), (self.rows, self.seeds), (self.more, self.typed)
        ):  # fmt: skip
            label.setBuddy(field)
            layout.addWidget(label)
            layout.addWidget(field, 1 if field is self.list else 0)
        layout.addWidget(self.renew)
        layout.addWidget(self.hint)

    def offer_rows(self, info: ModelInfo) -> None:
        """Offer seeds and prompts, or for a model that draws from pictures those, without a
        signal."""
        worded = isinstance(info.config, DiffusionConfig)
        for each in (self.more, self.typed):
            each.setVisible(worded and "prompt" in info.config.takes)
        if info.family == TRANSLATION:
            self._offer(self._pictures(), worded=False, pictured=True)
            return
        # The left side of a pipeline has no strip of seeds.
        seeds = tuple(each for each in self._seeds() if not worded or each[0] != "strip")
        self._offer(seeds, worded=worded)

    def _offer(
        self, rows: tuple[tuple[Seeds, str], ...], *, worded: bool, pictured: bool = False
    ) -> None:
        if rows == self._offered:
            return
        self._offered = rows
        self.rows.setText(self.tr("&Pictures") if pictured else self.tr("&Seeds"))
        self.seeds.setAccessibleName(
            self.tr("Pictures to draw from") if pictured else self.tr("Seeds to show")
        )
        self.renew.setToolTip(
            self.tr("Begin anew with the picture of the main window")
            if pictured
            else self.tr("Begin anew with the prompt and seed of the main window")
            if worded
            else self.tr("Begin anew with the seed and sliders of the main window")
        )
        self.seeds.blockSignals(True)
        self.seeds.clear()
        for kind, text in rows:
            self.seeds.addItem(text, kind)
        self.seeds.setCurrentIndex(1)
        self.seeds.blockSignals(False)

    def _seeds(self) -> tuple[tuple[Seeds, str], ...]:
        return (
            ("one", self.tr("this seed")),
            ("four", self.tr("four seeds from this one")),
            ("eight", self.tr("eight seeds from this one")),
            ("strip", self.tr("the seeds of the strip")),
            ("pins", self.tr("the pins")),
        )

    def _pictures(self) -> tuple[tuple[Seeds, str], ...]:
        return (
            ("one", self.tr("what is drawn from now")),
            ("samples", self.tr("that and the samples")),
            ("recent", self.tr("that and what was opened last")),
        )

    def fill(self, columns: Iterable[GridColumn], ticked: set[str]) -> None:
        """Offer these, without a signal."""
        self.list.blockSignals(True)
        self.list.clear()
        for column in columns:
            item = QListWidgetItem(column.name)
            item.setData(COLUMN_ROLE, column)
            item.setToolTip(column.name)
            item.setFlags(
                Qt.ItemFlag.ItemIsEnabled
                | Qt.ItemFlag.ItemIsUserCheckable
                | Qt.ItemFlag.ItemIsSelectable
            )
            on = column.id in ticked
            item.setCheckState(Qt.CheckState.Checked if on else Qt.CheckState.Unchecked)
            self.list.addItem(item)
        self.list.blockSignals(False)

    def items(self) -> list[QListWidgetItem]:
        """All that is offered."""
        return [self.list.item(row) for row in range(self.list.count())]

    def columns(self) -> tuple[GridColumn, ...]:
        """What is ticked, in the order on show."""
        on = Qt.CheckState.Checked
        return tuple(i.data(COLUMN_ROLE) for i in self.items() if i.checkState() == on)

    def ticked(self) -> set[str]:
        """The ids of what is ticked."""
        return {column.id for column in self.columns()}

    def kind(self) -> Seeds:
        """Which seeds."""
        found: Seeds = self.seeds.currentData()
        return found

    def prompts(self) -> tuple[str, ...]:
        """The other prompts, where the model takes some."""
        return () if self.typed.isHidden() else prompts_of(self.typed.toPlainText())

    def advise(self, columns: int, rows: int, most: int | None) -> None:
        """Say what can be done, or what is missing; ``most``: that there are too many pictures."""
        if most is not None:
            text = self.tr(
                "{n} pictures are too many; at most {most} of this size fit. "
                "Choose fewer variants or rows."
            ).format(n=columns * rows, most=most)
        elif not rows:
            text = self.tr("Pin pictures (P) to see them here.")
        elif not columns:
            text = self.tr("Tick the variants to see beside each other.")
        else:
            text = self.tr(
                "Click a picture to have it on side B. The wheel zooms, with Shift it scrolls."
            )
        self.hint.setText(text)
