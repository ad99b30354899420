"""What mouse, wheel, touchpad and keyboard do on the canvas."""

from __future__ import annotations

from enum import Enum

from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QKeyEvent,
    QMouseEvent,
    QNativeGestureEvent,
    QWheelEvent,
)
from PySide6.QtWidgets import QApplication, QWidget

from widgets.compare.canvas import Canvas
from widgets.compare.modes import Mode
from widgets.compare.transform import divider_fraction

HIT = 8.0
"""Half the width of the divider's hit area, in logical pixels."""
NUDGE = 0.01
WHEEL_FACTOR = 1.25
PAN_STEP = 32.0


class _Drag(Enum):
    NONE = 0
    DIVIDER = 1
    PRESSED = 2
    PANNING = 3


class InteractiveCanvas(Canvas):
    """A canvas that can be panned, zoomed and wiped."""

    divider_moved = Signal(float)
    divider_released = Signal(float)
    picture_clicked = Signal(str)
    drag_out_wanted = Signal(str)
    menu_wanted = Signal(QPoint, str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._drag = _Drag.NONE
        self._last = QPointF()
        self._grab_offset = 0.0
        self._nudged = False
        self.grabGesture(Qt.GestureType.PinchGesture)

    # ---- mouse -------------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if event.button() == Qt.MouseButton.LeftButton and self._on_divider(point):
            line = self.scene.divider_line()
            assert line is not None
            self._grab_offset = line[0] - point.x() * self.ratio
            self._start(_Drag.DIVIDER, point)
        elif event.button() in (Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton):
            self._start(_Drag.PRESSED, point)
        else:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        point = event.position()
        if self._drag is _Drag.DIVIDER:
            self._drag_divider(point)
        elif self._drag is _Drag.PANNING:
            self.pan_by(point.x() - self._last.x(), point.y() - self._last.y())
            self._last = point
        elif self._drag is _Drag.PRESSED:
            moved = (point - self._last).manhattanLength()
            if moved >= QApplication.startDragDistance():
                self._drag_picture(event)
        else:
            self._show_cursor(point)

    def _drag_picture(self, event: QMouseEvent) -> None:
        """Pan where there is something to pan; else, or with Ctrl held, take the picture out."""
        out = bool(event.modifiers() & Qt.KeyboardModifier.ControlModifier)
        if self.can_pan() and not out:
            self._drag = _Drag.PANNING
            self.setCursor(Qt.CursorShape.ClosedHandCursor)
            return
        side = self.side_at(self._last)
        if side is not None and event.buttons() & Qt.MouseButton.LeftButton:
            self._drag = _Drag.NONE  # its release goes to whoever takes the picture
            self.drag_out_wanted.emit(side)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        drag, self._drag = self._drag, _Drag.NONE
        if drag is _Drag.DIVIDER:
            self.divider_released.emit(self.scene.divider)
        elif drag is _Drag.PRESSED and event.button() == Qt.MouseButton.LeftButton:
            self._click(event.position())
        elif drag is _Drag.NONE:
            super().mouseReleaseEvent(event)
        self._show_cursor(event.position())

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            super().mouseDoubleClickEvent(event)
        elif self._on_divider(event.position()):
            self.move_divider(0.5)
            self.divider_released.emit(self.scene.divider)
        elif self.fitted:
            self.zoom_to(1.0, event.position())
        else:
            self.fit()

    def leaveEvent(self, event: QEvent) -> None:
        self._set_hot(False)
        super().leaveEvent(event)

    def _start(self, drag: _Drag, point: QPointF) -> None:
        self._drag = drag
        self._last = point

    def _click(self, point: QPointF) -> None:
        side = self.side_at(point)
        if side is not None:
            if self.scene.mode is Mode.BLINK and not self.blinking:
                self.swap_blink()
            self.picture_clicked.emit(side)

    def side_at(self, point: QPointF) -> str | None:
        """The side whose picture lies under ``point``, in this widget; None beside the pictures."""
        x, y = point.x() * self.ratio, point.y() * self.ratio
        for side, pane, part in self.scene.shown():
            if self.scene.rect(pane).meet(part).contains(x, y):
                return side
        return None

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        # The menu key means no picture in particular.
        by_mouse = event.reason() == QContextMenuEvent.Reason.Mouse
        side = self.side_at(QPointF(event.pos())) if by_mouse else None
        self.menu_wanted.emit(event.globalPos(), side or "")

    # ---- the divider -------------------------------------------------------------------------

    @property
    def dragging_divider(self) -> bool:
        """Whether the user holds the divider, by the mouse or by a key."""
        return self._drag is _Drag.DIVIDER or self._nudged

    def move_divider(self, fraction: float) -> None:
        """Move the divider as the user does, with the signal."""
        fraction = min(max(fraction, 0.0), 1.0)
        if fraction != self.scene.divider:
            self.scene.divider = fraction
            self.update()
            self.divider_moved.emit(fraction)

    def _drag_divider(self, point: QPointF) -> None:
        pane = self.scene.panes()[0]
        x = point.x() * self.ratio + self._grab_offset
        self.move_divider(divider_fraction(x, self.scene.rect(pane), pane))

    def _on_divider(self, point: QPointF) -> bool:
        line = self.scene.divider_line()
        if line is None:
            return False
        x, seen = line
        near = abs(point.x() * self.ratio - x) <= HIT * self.ratio
        return near and seen.y <= point.y() * self.ratio < seen.bottom

    def _set_hot(self, hot: bool) -> None:
        if hot != self.scene.divider_hot:
            self.scene.divider_hot = hot
            self.update()

    def _show_cursor(self, point: QPointF) -> None:
        hot = self._on_divider(point)
        self._set_hot(hot)
        if hot:
            self.setCursor(Qt.CursorShape.SplitHCursor)
        elif self.can_pan():
            self.setCursor(Qt.CursorShape.OpenHandCursor)
        else:
            self.unsetCursor()

    # ---- wheel, pinch, keys ------------------------------------------------------------------

    def wheelEvent(self, event: QWheelEvent) -> None:
        steps = event.angleDelta().y() / 120
        if steps and self.scene.reference is not None:
            self.zoom_to(self.scene.view.zoom * WHEEL_FACTOR**steps, event.position())
            event.accept()
        else:
            event.ignore()

    def event(self, event: QEvent) -> bool:
        if isinstance(event, QNativeGestureEvent):
            if event.gestureType() == Qt.NativeGestureType.ZoomNativeGesture:
                self.zoom_to(self.scene.view.zoom * (1 + event.value()), event.position())
                return True
        elif event.type() == QEvent.Type.Gesture:
            pinch = event.gesture(Qt.GestureType.PinchGesture)  # type: ignore[attr-defined]
            if pinch is not None:
                point = QPointF(self.mapFromGlobal(pinch.hotSpot().toPoint()))
                self.zoom_to(self.scene.view.zoom * pinch.scaleFactor(), point)
                return True
        return super().event(event)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = event.key()
        sideways: dict[int, int] = {Qt.Key.Key_Left: -1, Qt.Key.Key_Right: 1}
        upright: dict[int, int] = {Qt.Key.Key_Up: -1, Qt.Key.Key_Down: 1}
        if key in sideways and self.scene.mode is Mode.WIPE:
            self._nudged = True
            # Rounded, so that many nudges do not gather an error.
            self.move_divider(round(self.scene.divider + NUDGE * sideways[key], 4))
        elif (key in sideways or key in upright) and self.can_pan():
            self.pan_by(-PAN_STEP * sideways.get(key, 0), -PAN_STEP * upright.get(key, 0))
        elif key in (Qt.Key.Key_Plus, Qt.Key.Key_Equal):
            self.zoom_to(self.scene.view.zoom * WHEEL_FACTOR)
        elif key == Qt.Key.Key_Minus:
            self.zoom_to(self.scene.view.zoom / WHEEL_FACTOR)
        else:
            super().keyPressEvent(event)

    def keyReleaseEvent(self, event: QKeyEvent) -> None:
        if event.isAutoRepeat() or event.key() not in (Qt.Key.Key_Left, Qt.Key.Key_Right):
            super().keyReleaseEvent(event)
            return
        self._end_nudge()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        self._end_nudge()
        super().focusOutEvent(event)

    def _end_nudge(self) -> None:
        if self._nudged:
            self._nudged = False
            self.divider_released.emit(self.scene.divider)
