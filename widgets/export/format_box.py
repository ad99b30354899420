"""A box for one export format: what it is good for, and a line for every precision."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, Signal
from PySide6.QtGui import QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import (
    QCheckBox,
    QGridLayout,
    QLabel,
    QPushButton,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from studio.engine.bundle_messages import FormatOffer
from widgets.captions import size
from widgets.controls.elided import ElidedLabel
from widgets.controls.snug import Snug
from widgets.export.words import PrecisionState, format_title, good_for
from widgets.preferences.parts import hint
from widgets.style.frames import draw_panel
from widgets.style.theme import GRID, caption_font, tabular
from widgets.wiring import heading


class FormatBox(Snug):
    """Signals: changed(): another precision is chosen. converter_wanted(offer): what it needs is to
    be installed; a ``ConverterOffer``."""

    changed = Signal()
    converter_wanted = Signal(object)

    def __init__(self, offer: FormatOffer, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.name = offer.name
        self.missing = offer.missing
        self._converter = offer.converter
        self._title = format_title(offer)
        self.setObjectName(f"export {offer.name}")
        self.setAccessibleName(self._title)
        # Boxes beside each other are of one height: that of the one with most to say.
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Preferred)
        self.boxes: dict[str, QCheckBox] = {}
        self.sizes: dict[str, QLabel] = {}
        self.states: dict[str, ElidedLabel] = {}
        grid = QGridLayout()
        grid.setHorizontalSpacing(GRID)
        grid.setVerticalSpacing(GRID // 2)
        grid.setColumnStretch(2, 1)
        for line, precision in enumerate(each.precision for each in offer.precisions):
            self._add(grid, line, precision)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(GRID, GRID, GRID, GRID)
        layout.setSpacing(GRID // 2)
        layout.addWidget(heading(self._title))
        words = hint(good_for(offer))
        words.setAlignment(Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop)
        layout.addWidget(words)
        self.contents = hint("")
        self.contents.setObjectName(f"export {offer.name} contents")
        self.contents.hide()
        layout.addWidget(self.contents)
        self.reason = hint("")
        self.reason.hide()
        layout.addLayout(grid)
        layout.addWidget(self.reason)
        self.install = QPushButton(self.tr("What it needs…"))
        self.install.setObjectName(f"export {offer.name} install")
        self.install.setAccessibleName(self.tr("What {format} needs").format(format=self._title))
        self.install.setAutoDefault(False)
        self.install.clicked.connect(lambda: self.converter_wanted.emit(offer.converter))
        self.install.setVisible(offer.converter is not None)
        layout.addWidget(self.install, 0, Qt.AlignmentFlag.AlignLeft)
        layout.addStretch(1)

    def _add(self, grid: QGridLayout, line: int, precision: str) -> None:
        box = QCheckBox(precision)
        box.setObjectName(f"export {self.name} {precision}")
        box.setAccessibleName(f"{self._title} {precision}")
        box.toggled.connect(self.changed)
        amount = QLabel()
        amount.setFont(tabular(amount.font()))
        amount.setAlignment(Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter)
        amount.setMinimumWidth(amount.fontMetrics().horizontalAdvance("000.0 MB"))
        state = ElidedLabel()
        state.setFont(caption_font(state.font()))
        for column, widget in enumerate((box, amount, state)):
            grid.addWidget(widget, line, column)
        self.boxes[precision], self.sizes[precision], self.states[precision] = box, amount, state

    def show_states(self, found: Sequence[PrecisionState] | None, *, plain: bool = False) -> None:
        """What each precision would give; None while nobody knows, which changes no choice.

        Args:
            plain: nothing has made what is exported ready for int8.
        """
        if found is None:
            for precision in self.boxes:
                self.sizes[precision].setText("…")
                self.states[precision].set_text("")
            return
        for each in found:
            self._show(each, plain=plain)
        self._say_why_none(found)
        parts = dict.fromkeys(part.rpartition(" ")[0] for each in found for part in each.contents)
        self.contents.setText(self.tr("Holds {parts}").format(parts=", ".join(parts)))
        self.contents.setVisible(bool(parts))

    def _say_why_none(self, found: Sequence[PrecisionState]) -> None:
        """One reason for all precisions is said once, in full."""
        reasons = {each.refusal for each in found}
        alike = len(reasons) == 1 and "" not in reasons
        # What can be installed is offered below; the command that does it stands in the tooltip.
        installable = self.tr("Its converter is not installed yet.") if self._converter else ""
        self.reason.setText((installable or found[0].refusal) if alike else "")
        self.reason.setToolTip(found[0].refusal if alike else "")
        self.reason.setVisible(alike)
        for state in self.states.values():
            state.setVisible(not alike)

    def _show(self, found: PrecisionState, *, plain: bool) -> None:
        box, state = self.boxes[found.precision], self.states[found.precision]
        can = not found.refusal
        box.setEnabled(can)
        self.sizes[found.precision].setText(size(found.bytes) if can else "")
        more = [self.missing] if can and not found.here else []
        if not can:
            words = found.refusal
            if plain and found.precision == "int8":
                words, more = self.tr("needs the technique Int8 in the recipe"), [words]
        elif found.here:
            words = self.tr("runs here: {where}").format(where=found.here)
        else:
            words = self.tr("made here, not run here")
        state.set_text(words)
        state.setForegroundRole(
            QPalette.ColorRole.WindowText if can else QPalette.ColorRole.PlaceholderText
        )
        holds = [", ".join(found.contents)] if can and found.contents else []
        state.set_hint("\n".join((*more, *holds, *found.notes)))
        box.setToolTip("\n".join((words, *more, *holds, *found.notes)))
        box.setAccessibleDescription(f"{self.sizes[found.precision].text()} {words}".strip())

    def chosen(self) -> list[str]:
        """The precisions that are chosen and can be made."""
        return [name for name, box in self.boxes.items() if box.isChecked() and box.isEnabled()]

    def paintEvent(self, event: QPaintEvent) -> None:
        draw_panel(QPainter(self), self.rect(), self.palette())
