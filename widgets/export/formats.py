"""The boxes of all formats, in as many columns as there is room for."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, QTimer, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import QFrame, QGridLayout, QLabel, QScrollArea, QWidget

from studio.engine.bundle_messages import ConverterOffer, SubjectOffer
from widgets.controls.snug import Snug
from widgets.export.format_box import FormatBox
from widgets.export.words import states
from widgets.style.theme import GRID

NARROWEST = 42 * GRID
USUAL = ("onnx", "f32")


class _Boxes(Snug):
    """As tall as its boxes are at its width, and no taller: a scroll area asks for the least."""

    def minimumSizeHint(self) -> QSize:
        return QSize(super().minimumSizeHint().width(), self.sizeHint().height())


class FormatList(QScrollArea):
    """Signals: changed(): another choice of formats. made(): there are other boxes.
    converter_wanted(offer): what a format needs is to be installed; a ``ConverterOffer``."""

    changed = Signal()
    made = Signal()
    converter_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("export formats")
        self.setAccessibleName(self.tr("Formats"))
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self.boxes: list[FormatBox] = []
        self._columns = 0
        self._shape: list[tuple[str, ConverterOffer | None]] = []
        content = _Boxes()
        self._grid = QGridLayout(content)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(GRID)
        self.note = QLabel()
        self.note.setObjectName("export formats note")
        self.note.setWordWrap(True)
        self.note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self.note.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self._grid.addWidget(self.note, 0, 0)
        self.setWidget(content)
        self._settle = QTimer(self, singleShot=True, interval=0)
        self._settle.timeout.connect(self._arrange)

    def show_note(self, text: str) -> None:
        """What stands here while no format is known."""
        self.note.setText(text)
        self.note.setVisible(bool(text) and not self.boxes)

    def show_offers(
        self,
        offers: Sequence[SubjectOffer] | None,
        any_: SubjectOffer | None,
        *,
        plain: bool,
    ) -> None:
        """Show what every format gives; None while that is being worked out, where ``any_`` knows
        the formats alone.

        Args:
            plain: nothing has made what is exported ready for int8.
        """
        known = offers[0] if offers else any_
        if known is None:
            return
        shape = [(f.name, f.converter) for f in known.formats]
        if shape != self._shape:
            self._shape = shape
            self._make(known)
        for box in self.boxes:
            found = None if offers is None else states(offers, box.name)
            box.show_states(found, plain=plain)

    def chosen(self) -> tuple[tuple[str, str], ...]:
        """Pairs of format and precision."""
        return tuple((box.name, precision) for box in self.boxes for precision in box.chosen())

    def _make(self, known: SubjectOffer) -> None:
        before = set(self.chosen()) or {USUAL}
        for box in self.boxes:
            self._grid.removeWidget(box)
            box.deleteLater()
        self.boxes = []
        for offer in known.formats:
            box = FormatBox(offer)
            for precision, check in box.boxes.items():
                check.setChecked((offer.name, precision) in before)
            box.changed.connect(self.changed)
            box.converter_wanted.connect(self.converter_wanted)
            self.boxes.append(box)
        self.note.hide()
        self._columns = 0
        self._arrange()
        self.made.emit()

    def _arrange(self) -> None:
        columns = max(1, self.viewport().width() // NARROWEST)
        if not self.boxes or columns == self._columns:
            return
        for column in range(self._columns):
            self._grid.setColumnStretch(column, 0)
        self._columns = columns
        for number, box in enumerate(self.boxes):
            self._grid.addWidget(box, number // columns, number % columns)
        for column in range(columns):
            self._grid.setColumnStretch(column, 1)
        self._grid.setRowStretch(self._grid.rowCount(), 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._settle.start()
