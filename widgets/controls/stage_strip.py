"""A strip of two-state cells, painted with the pointer: which seed rules which stage."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QHelpEvent, QKeyEvent, QMouseEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QSizePolicy, QToolTip, QWidget

from widgets.style.frames import claims_space, draw_focus
from widgets.style.theme import caption_font

CELL = 26
GAP = 2


class StageStrip(QWidget):
    """Cells from coarse to fine; each is A or B, and B is filled with the accent colour.

    A press turns a cell over; dragging on gives every cell on the way the same state. From the
    keyboard: arrows move, up is A, down is B, Space or Enter turns over, Home and End jump.

    Signals:
        painting_started(), painted(chosen), painting_ended(): one drag; ``chosen`` is the tuple of
            the stages that are B, in pixels.
    """

    painting_started = Signal()
    painted = Signal(object)
    painting_ended = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._stages: tuple[int, ...] = ()
        self._chosen: frozenset[int] = frozenset()
        self._current = 0
        self._brush: bool | None = None
        self._last = 0
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_Hover)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)

    # ---- what the owner tells ----------------------------------------------------------------

    def set_stages(self, stages: Sequence[int]) -> None:
        """The stages in pixels, coarse to fine."""
        self._stages = tuple(stages)
        self._current = min(self._current, max(0, len(self._stages) - 1))
        self.update()

    def set_chosen(self, chosen: Sequence[int]) -> None:
        """Show these stages as B, without a signal."""
        self._chosen = frozenset(chosen)
        self._describe()
        self.update()

    def chosen(self) -> tuple[int, ...]:
        """The stages that are B, ascending."""
        return tuple(stage for stage in self._stages if stage in self._chosen)

    # ---- geometry ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(200, CELL + self._caption_height())

    def minimumSizeHint(self) -> QSize:
        return QSize(max(1, len(self._stages)) * 14, self.sizeHint().height())

    def cell(self, index: int) -> QRect:
        """Where a cell stands; together they fill the width exactly."""
        count = max(1, len(self._stages))
        left = round(index * (self.width() + GAP) / count)
        right = round((index + 1) * (self.width() + GAP) / count) - GAP
        return QRect(left, 0, max(1, right - left), CELL)

    def index_at(self, x: float) -> int:
        """The cell at ``x``, or the nearest one."""
        count = len(self._stages)
        return max(0, min(count - 1, int(x * count / max(1, self.width()))))

    def _caption_height(self) -> int:
        return self.fontMetrics().height() + 2

    # ---- painting with the pointer -----------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton or not self._stages:
            event.ignore()
            return
        index = self.index_at(event.position().x())
        self._brush = self._stages[index] not in self._chosen
        self._current = self._last = index
        self.painting_started.emit()
        self._paint((index,))

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._brush is None:
            return
        index = self.index_at(event.position().x())
        # A quick hand passes over cells between two events.
        low, high = sorted((self._last, index))
        self._current = self._last = index
        self._paint(range(low, high + 1))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._brush is not None:
            self._brush = None
            self.painting_ended.emit()
            self.update()

    def _paint(self, indices: Sequence[int]) -> None:
        stages = {self._stages[index] for index in indices}
        self._give(self._chosen | stages if self._brush else self._chosen - stages)

    def _give(self, chosen: frozenset[int]) -> None:
        if chosen != self._chosen:
            self.set_chosen(tuple(chosen))
            self.painted.emit(self.chosen())
        self.update()

    # ---- the keyboard ------------------------------------------------------------------------

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent) and self._stages:
            stage = self._stages[self.index_at(event.pos().x())]
            side = "B" if stage in self._chosen else "A"
            line = self.tr("{pixels} px: seed {side}").format(pixels=stage, side=side)
            QToolTip.showText(event.globalPos(), f"{line}\n{self.toolTip()}".strip(), self)
            return True
        return claims_space(event) or super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key, last = event.key(), len(self._stages) - 1
        if last < 0:
            super().keyPressEvent(event)
            return
        moves = {
            Qt.Key.Key_Left: self._current - 1,
            Qt.Key.Key_Right: self._current + 1,
            Qt.Key.Key_Home: 0,
            Qt.Key.Key_End: last,
        }
        if key in moves:
            self._current = max(0, min(last, moves[Qt.Key(key)]))
            self._describe()
            self.update()
            return
        stage = frozenset((self._stages[self._current],))
        if key == Qt.Key.Key_Up:
            wanted = self._chosen - stage
        elif key == Qt.Key.Key_Down:
            wanted = self._chosen | stage
        elif key in (Qt.Key.Key_Space, Qt.Key.Key_Return, Qt.Key.Key_Enter):
            wanted = self._chosen ^ stage
        else:
            super().keyPressEvent(event)
            return
        self.painting_started.emit()
        self._give(wanted)
        self.painting_ended.emit()

    def _describe(self) -> None:
        """What a screen reader says: the stage with the keyboard, and all that is B."""
        if not self._stages:
            return
        stage = self._stages[self._current]
        side = "B" if stage in self._chosen else "A"
        here = self.tr("{pixels} px: seed {side}").format(pixels=stage, side=side)
        chosen = ", ".join(str(each) for each in self.chosen()) or "\u2013"
        self.setAccessibleDescription(f"{here}. B: {chosen}")

    # ---- drawing -----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        small = caption_font(self.font())
        for index, stage in enumerate(self._stages):
            cell, on = self.cell(index), stage in self._chosen
            shape = QRectF(cell).adjusted(0.5, 0.5, -0.5, -0.5)
            if on:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(palette.color(QPalette.ColorRole.Accent))
            else:
                painter.setPen(QPen(palette.color(QPalette.ColorRole.Mid), 1))
                painter.setBrush(palette.color(QPalette.ColorRole.Base))
            painter.drawRoundedRect(shape, 3, 3)
            role = QPalette.ColorRole.HighlightedText if on else QPalette.ColorRole.Text
            painter.setPen(palette.color(role))
            painter.setFont(self.font())
            painter.drawText(cell, Qt.AlignmentFlag.AlignCenter, "B" if on else "A")
            painter.setPen(palette.color(QPalette.ColorRole.WindowText))
            painter.setFont(small)
            line = QRect(cell.left() - GAP, CELL, cell.width() + 2 * GAP, self._caption_height())
            painter.drawText(line, Qt.AlignmentFlag.AlignCenter, str(stage))
            if self.hasFocus() and index == self._current:
                draw_focus(painter, cell.adjusted(2, 2, -2, -2) if on else cell, self._ring(on))

    def _ring(self, on: bool) -> QPalette:
        """The palette for the focus ring, which must show on the accent colour too."""
        palette = QPalette(self.palette())
        if on:
            inner = palette.color(QPalette.ColorRole.HighlightedText)
            palette.setColor(QPalette.ColorRole.Accent, inner)
        return palette
