"""The groove and handle of our sliders: a QSlider that draws a default marker and stops."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QPen,
    QWheelEvent,
)
from PySide6.QtWidgets import QSizePolicy, QSlider, QWidget

from widgets.style.frames import soft

UNITS = 10_000
RADIUS = 7.0
GROOVE = 4.0


class Track(QSlider):
    """Moves between 0 and 1 and says what the user wants; its owner decides the value.

    It is a QSlider so that screen readers know it as one.
    """

    drag_started = Signal()
    moved = Signal(float)
    drag_ended = Signal()
    nudged = Signal(float)
    jumped = Signal(float)
    reset = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)
        self.setRange(0, UNITS)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Fixed)
        self._position = 0.0
        self._origin = 0.0
        self._default: float | None = None
        self._stops: tuple[float, ...] = ()
        self._grab: float | None = None
        self._wheel = 0.0
        self._own = False
        self.valueChanged.connect(self._on_value)

    # ---- what the owner tells ----------------------------------------------------------------

    def position(self) -> float:
        return self._position

    def set_position(self, position: float) -> None:
        """Move the handle without a signal."""
        self._position = min(max(position, 0.0), 1.0)
        self._own = True
        self.setValue(round(self._position * UNITS))
        self._own = False
        self.update()

    def set_default(self, position: float | None) -> None:
        self._default = position
        self.update()

    def set_origin(self, position: float) -> None:
        """Where the filled part of the groove begins: at the left, or where zero is."""
        self._origin = min(max(position, 0.0), 1.0)
        self.update()

    def set_stops(self, stops: Sequence[float]) -> None:
        self._stops = tuple(stops)
        self.update()

    # ---- geometry ----------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(96, 24)

    def minimumSizeHint(self) -> QSize:
        return QSize(48, 24)

    def x_of(self, position: float) -> float:
        """The x of a position, in logical pixels."""
        return RADIUS + 1 + position * (self.width() - 2 * (RADIUS + 1))

    def position_at(self, x: float) -> float:
        room = self.width() - 2 * (RADIUS + 1)
        return min(max((x - RADIUS - 1) / room, 0.0), 1.0) if room > 0 else 0.0

    # ---- events ------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.ignore()
            return
        x = event.position().x()
        offset = self.x_of(self._position) - x
        on_handle = abs(offset) <= RADIUS + 2
        # A handle keeps its distance to the pointer; a press beside it brings it there.
        self._grab = offset if on_handle else 0.0
        self.setSliderDown(True)
        self.drag_started.emit()
        if not on_handle:
            self.moved.emit(self.position_at(x))
        self.update()

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self._grab is not None:
            self.moved.emit(self.position_at(event.position().x() + self._grab))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton and self._grab is not None:
            self._grab = None
            self.setSliderDown(False)
            self.drag_ended.emit()
            self.update()

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() == Qt.MouseButton.LeftButton:
            self.reset.emit()

    def wheelEvent(self, event: QWheelEvent) -> None:
        # Scrolling a panel must not change the values that pass under the pointer.
        if not self.hasFocus():
            event.ignore()
            return
        delta = event.angleDelta()
        self._wheel += (delta.y() or delta.x()) / 120
        whole = int(self._wheel)
        self._wheel -= whole
        if whole:
            self.nudged.emit(float(whole) * _scale(event.modifiers()))
        event.accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        steps = step_of(event)
        if steps is not None:
            self.nudged.emit(steps)
        elif event.key() == Qt.Key.Key_Home:
            self.jumped.emit(0.0)
        elif event.key() == Qt.Key.Key_End:
            self.jumped.emit(1.0)
        else:
            event.ignore()

    def _on_value(self, value: int) -> None:
        # Not ours: assistive technology has set the value.
        if not self._own:
            self.jumped.emit(value / UNITS)

    # ---- painting ----------------------------------------------------------------------------

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        palette = self.palette()
        middle = self.height() / 2
        groove = palette.color(QPalette.ColorRole.Mid)
        accent = palette.color(QPalette.ColorRole.Accent)
        text = palette.color(QPalette.ColorRole.WindowText)
        start, end, handle = self.x_of(0.0), self.x_of(1.0), self.x_of(self._position)
        painter.setPen(Qt.PenStyle.NoPen)
        self._bar(painter, start, end, middle, groove)
        origin = self.x_of(self._origin)
        self._bar(painter, min(origin, handle), max(origin, handle), middle, accent)
        self._marks(painter, middle, text)
        self._handle(painter, QPointF(handle, middle), accent, palette)

    def _bar(self, painter: QPainter, left: float, right: float, y: float, fill: QColor) -> None:
        painter.setBrush(fill)
        bar = QRectF(left - GROOVE / 2, y - GROOVE / 2, right - left + GROOVE, GROOVE)
        painter.drawRoundedRect(bar, GROOVE / 2, GROOVE / 2)

    def _marks(self, painter: QPainter, middle: float, text: QColor) -> None:
        painter.setPen(QPen(soft(text, 0.45), 1))
        for stop in self._stops:
            x = round(self.x_of(stop)) + 0.5
            painter.drawLine(QPointF(x, middle + 6), QPointF(x, middle + 9))
        if self._default is not None:
            painter.setPen(QPen(text, 1))
            x = round(self.x_of(self._default)) + 0.5
            painter.drawLine(QPointF(x, middle - 9), QPointF(x, middle - 5))

    def _handle(
        self, painter: QPainter, centre: QPointF, accent: QColor, palette: QPalette
    ) -> None:
        if self.hasFocus():
            painter.setPen(Qt.PenStyle.NoPen)
            painter.setBrush(soft(accent))
            painter.drawEllipse(centre, RADIUS + 3, RADIUS + 3)
        window = palette.color(QPalette.ColorRole.Window)
        painter.setPen(QPen(window, 1.5))
        painter.setBrush(accent)
        radius = RADIUS if self._grab is None else RADIUS + 1
        painter.drawEllipse(centre, radius, radius)


def step_of(event: QKeyEvent) -> float | None:
    """How many steps an arrow or page key asks for: Shift ten times, Ctrl a tenth."""
    directions: dict[int, float] = {
        Qt.Key.Key_Left: -1.0,
        Qt.Key.Key_Down: -1.0,
        Qt.Key.Key_Right: 1.0,
        Qt.Key.Key_Up: 1.0,
        Qt.Key.Key_PageDown: -10.0,
        Qt.Key.Key_PageUp: 10.0,
    }
    direction = directions.get(event.key())
    return None if direction is None else direction * _scale(event.modifiers())


def _scale(modifiers: Qt.KeyboardModifier) -> float:
    if modifiers & Qt.KeyboardModifier.ShiftModifier:
        return 10.0
    return 0.1 if modifiers & Qt.KeyboardModifier.ControlModifier else 1.0
