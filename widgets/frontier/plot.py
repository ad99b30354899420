"""The plot of quality against cost as one uses it: mouse, keys, card and menu."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
from PySide6.QtCore import QEvent, QPoint, QPointF, Qt, Signal
from PySide6.QtGui import (
    QContextMenuEvent,
    QFocusEvent,
    QHideEvent,
    QImage,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPaintEvent,
)
from PySide6.QtWidgets import QApplication, QMenu, QWidget

from widgets.frontier.axes import spoken
from widgets.frontier.canvas import FrontierCanvas
from widgets.frontier.card import PointCard
from widgets.frontier.cloud import Cloud
from widgets.frontier.points import Point
from widgets.style.frames import draw_focus

REACH, LINE_REACH = 9.0, 5.0
"""How near to a point, or to the line, the mouse must be, in pixels."""
Provider = Callable[[Point, Callable[[QImage], None]], QImage | None]


class FrontierPlot(FrontierCanvas):
    """Click: side B; Shift and click: side A; double-click or Enter: current. Left, Right,
    Home and End walk along the frontier. The line is dragged; what is dragged beside it moves the
    view. A predicted point that nothing is kept of can only become current.

    Signals:
        side_chosen(side, point), current_chosen(point): ``point`` is a ``Point``.
        export_wanted(point): it is to be exported.
        limit_moved(limit): in the units of the axis.
        pointed(point or None): under the mouse or the keys.
        layers_wanted(point): it is to be shown layer by layer.
    """

    side_chosen = Signal(str, object)
    current_chosen = Signal(object)
    export_wanted = Signal(object)
    limit_moved = Signal(float)
    pointed = Signal(object)
    layers_wanted = Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Quality against cost"))
        self.provider: Provider = lambda point, then: None
        self.card = PointCard(self)
        self._pressed: QPointF | None = None
        self._pressed_on: int | None = None
        self._dragging_line = False
        self._double = False

    def set_cloud(self, cloud: Cloud, target: str) -> None:
        held = None if self.picked is None else self.cloud.points[self.picked]
        super().set_cloud(cloud, target)
        # The same variant stays picked while its numbers change.
        again = None if held is None else self._find(held.ref, held.target)
        self.pick(again)
        if again is None:
            self.card.hide()

    def _find(self, ref: str, target: str) -> int | None:
        for index, point in enumerate(self.cloud.points):
            if (point.ref, point.target) == (ref, target) and self.cloud.known[index]:
                return index
        return None

    def nearest(self, spot: QPointF) -> int | None:
        """The point at a place of the viewport; of several the nearest, of equal ones the last
        drawn."""
        cloud = self.cloud
        area = self.box.sceneBoundingRect()
        if not cloud.known.any() or not area.contains(self.mapToScene(spot.toPoint())):
            return None
        (x0, x1), (y0, y1) = self.box.viewRange()
        across = area.left() + (cloud.x - x0) / (x1 - x0) * area.width()
        share = (cloud.y - y0) / (y1 - y0)
        down = area.top() + (share if cloud.inverted else 1 - share) * area.height()
        far = np.hypot(across - spot.x(), down - spot.y())
        far[~cloud.known] = np.inf
        best = np.flatnonzero(far == far.min())[-1]
        return int(best) if far[best] <= REACH else None

    # ---- the mouse ----------------------------------------------------------------------------

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.accept()  # the right button is for the menu
            return
        spot = event.position()
        self._pressed, self._pressed_on = spot, self.nearest(spot)
        self._dragging_line = self._pressed_on is None and self._on_line(spot)
        if not self._dragging_line and self._pressed_on is None:
            super().mousePressEvent(event)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        spot = event.position()
        if self._dragging_line:
            self.limit_moved.emit(self.value_at(spot.x()))
            return
        if self._pressed is None:
            self._hover(spot)
        if self._pressed_on is None:
            super().mouseMoveEvent(event)

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            event.accept()
            return
        on, self._pressed_on = self._pressed_on, None
        pressed, self._pressed = self._pressed, None
        was_line, self._dragging_line = self._dragging_line, False
        was_double, self._double = self._double, False
        if on is None:
            if not was_line:
                super().mouseReleaseEvent(event)
            return
        still = pressed is not None and (
            (event.position() - pressed).manhattanLength() < QApplication.startDragDistance()
        )
        if still and not was_double and on < len(self.cloud.points):
            shift = event.modifiers() & Qt.KeyboardModifier.ShiftModifier
            self.pick(on)
            if self.cloud.points[on].choice is None:  # else there is nothing yet to be shown
                self.side_chosen.emit("A" if shift else "B", self.cloud.points[on])

    def mouseDoubleClickEvent(self, event: QMouseEvent) -> None:
        if event.button() != Qt.MouseButton.LeftButton:
            return
        self._double = True  # the release that follows is not a click of its own
        on = self.nearest(event.position())
        if on is None:
            self.fit()
        elif self.cloud.points[on].ref:
            self.current_chosen.emit(self.cloud.points[on])

    def leaveEvent(self, event: QEvent) -> None:
        super().leaveEvent(event)
        self._point_at(None)

    def _on_line(self, spot: QPointF) -> bool:
        at = self.line_place()
        return at is not None and abs(spot.x() - at) <= LINE_REACH

    def _hover(self, spot: QPointF) -> None:
        on = self.nearest(spot)
        shapes = Qt.CursorShape
        self.viewport().setCursor(
            shapes.PointingHandCursor if on is not None
            else shapes.SplitHCursor if self._on_line(spot)
            else shapes.ArrowCursor
        )  # fmt: skip
        if on != self.picked or not self.card.isVisible():
            self._point_at(on)

    # ---- the card -----------------------------------------------------------------------------

    def _point_at(self, index: int | None) -> None:
        """Mark a point and show its card, or neither."""
        self.pick(index)
        if index is None:
            self.card.hide()
            self.setAccessibleDescription("")
            self.pointed.emit(None)
            return
        point = self.cloud.points[index]
        self.setAccessibleDescription(spoken(point))
        picture = self.provider(point, lambda image: self._picture_came(point, image))
        at = self.viewport().mapToGlobal(self.place(index).toPoint())
        self.card.offer(point, at, picture)
        self.pointed.emit(point)

    def _picture_came(self, point: Point, image: QImage) -> None:
        if self.card.isVisible() and self.card.point == point and self.picked is not None:
            at = self.viewport().mapToGlobal(self.place(self.picked).toPoint())
            self.card.offer(point, at, image)

    # ---- keys ---------------------------------------------------------------------------------

    def keyPressEvent(self, event: QKeyEvent) -> None:
        keys = Qt.Key
        steps = {keys.Key_Left: -1, keys.Key_Right: 1, keys.Key_Down: -1, keys.Key_Up: 1}
        key = event.key()
        if key in steps or key in (keys.Key_Home, keys.Key_End):
            self._walk(steps.get(Qt.Key(key)), to_end=key == keys.Key_End)
        elif key in (keys.Key_Return, keys.Key_Enter) and self.picked is not None:
            if self.cloud.points[self.picked].ref:
                self.current_chosen.emit(self.cloud.points[self.picked])
        elif key == keys.Key_Escape and self.picked is not None:
            self._point_at(None)
        else:
            QWidget.keyPressEvent(self, event)

    def _walk(self, step: int | None, *, to_end: bool) -> None:
        way = self.cloud.frontiers.get(self.target, ())
        if not way:
            return
        if step is None:
            number = len(way) - 1 if to_end else 0
        elif self.picked in way:
            number = min(max(way.index(self.picked) + step, 0), len(way) - 1)
        else:
            number = 0 if step > 0 else len(way) - 1
        self._point_at(way[number])

    # ---- the menu -----------------------------------------------------------------------------

    def contextMenuEvent(self, event: QContextMenuEvent) -> None:
        keyboard = event.reason() == QContextMenuEvent.Reason.Keyboard
        on = self.picked if keyboard else self.nearest(QPointF(event.pos()))
        menu = self.menu_for(on)
        at = event.globalPos()
        if keyboard and on is not None:
            at = self.viewport().mapToGlobal(self.place(on).toPoint())
        self.card.hide()
        menu.popup(QPoint(at))

    def menu_for(self, index: int | None) -> QMenu:
        """What can be done with a point, and with the plot."""
        menu = QMenu(self)
        menu.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)

        def add(text: str, do: Callable[[], Any]) -> None:
            menu.addAction(text).triggered.connect(lambda _=False: do())

        if index is not None and self.cloud.points[index].ref:
            point = self.cloud.points[index]
            for side in ("A", "B") if point.choice is None else ():
                text = self.tr("Show on side {side}").format(side=side)
                add(text, lambda s=side: self.side_chosen.emit(s, point))
            add(self.tr("Make it current"), lambda: self.current_chosen.emit(point))
            if point.choice is None:
                add(self.tr("Export bundle…"), lambda: self.export_wanted.emit(point))
            add(self.tr("Layer by layer…"), lambda: self.layers_wanted.emit(point))
            menu.addSeparator()
        add(self.tr("Show everything"), self.fit)
        return menu

    # ---- the rest -----------------------------------------------------------------------------

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        self.viewport().update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        if event.reason() != Qt.FocusReason.PopupFocusReason:
            self.card.hide()
        self.viewport().update()

    def hideEvent(self, event: QHideEvent) -> None:
        self.card.hide()
        super().hideEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if self.hasFocus() and self.window().isActiveWindow():
            painter = QPainter(self.viewport())
            draw_focus(painter, self.viewport().rect(), self.palette())
            painter.end()
