"""Something that lies over the pictures for a while, so that they need not move for it."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QObject
from PySide6.QtWidgets import QWidget

from widgets.style.theme import GRID

WIDEST = 90 * GRID


class Overlay(QObject):
    """Keeps ``widget`` at the top of ``under``, in its middle and as high as its text needs."""

    def __init__(self, widget: QWidget, under: QWidget) -> None:
        super().__init__(under)
        self._widget, self._under = widget, under
        hidden = widget.isHidden()
        widget.setParent(under)
        widget.setHidden(hidden)
        for watched in (widget, under):
            watched.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        moved = watched is self._under and event.type() == QEvent.Type.Resize
        wants = event.type() in (QEvent.Type.LayoutRequest, QEvent.Type.ShowToParent)
        if moved or (wants and watched is self._widget):
            self._place()
        return False

    def _place(self) -> None:
        widget, room = self._widget, self._under.width() - 2 * GRID
        width = max(0, min(room, WIDEST))
        height = widget.heightForWidth(width)
        if height < 0:
            height = widget.sizeHint().height()
        left = (self._under.width() - width) // 2
        widget.setGeometry(left, GRID, width, height)
        widget.raise_()
