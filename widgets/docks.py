"""The three panels as docks: torn off, put back, remembered."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QCoreApplication, Qt
from PySide6.QtWidgets import QDockWidget, QMainWindow, QWidget

from widgets import settings

translate = QCoreApplication.translate
LAYOUT_VERSION = 1
LEFT, RIGHT, BOTTOM = 272, 296, 232


class Docks:
    """Left "what to draw", right "how small", bottom "what it costs"."""

    def __init__(self, window: QMainWindow) -> None:
        self._window = window
        self._home = QByteArray()
        self.left = self._dock("left", translate("Docks", "What to draw"))
        self.right = self._dock("right", translate("Docks", "How small"))
        self.bottom = self._dock("bottom", translate("Docks", "What it costs"))
        for corner in (Qt.Corner.BottomLeftCorner, Qt.Corner.BottomRightCorner):
            window.setCorner(corner, Qt.DockWidgetArea.BottomDockWidgetArea)

    def fill(self, left: QWidget, right: QWidget, bottom: QWidget) -> None:
        """Put the panels in and arrange them as they come."""
        for dock, panel, area in (
            (self.left, left, Qt.DockWidgetArea.LeftDockWidgetArea),
            (self.right, right, Qt.DockWidgetArea.RightDockWidgetArea),
            (self.bottom, bottom, Qt.DockWidgetArea.BottomDockWidgetArea),
        ):
            dock.setWidget(panel)
            self._window.addDockWidget(area, dock)
        self._arrange()
        self._home = self._window.saveState(LAYOUT_VERSION)

    def reset(self) -> None:
        """Back to how it comes."""
        self._window.restoreState(self._home, LAYOUT_VERSION)
        for dock in (self.left, self.right, self.bottom):
            dock.setFloating(False)
            dock.show()
        self._arrange()

    def restore(self) -> bool:
        """As it was left last time; False when nothing is remembered."""
        store = settings.settings()
        geometry, state = store.value("window/geometry"), store.value("window/state")
        if not isinstance(geometry, QByteArray) or not isinstance(state, QByteArray):
            return False
        self._window.restoreGeometry(geometry)
        return self._window.restoreState(state, LAYOUT_VERSION)

    def lift(self) -> None:
        """Put torn-off panels before the window: mapped earlier than it, they would lie behind."""
        for dock in (self.left, self.right, self.bottom):
            if dock.isFloating() and dock.isVisible():
                dock.hide()
                dock.show()
                dock.raise_()

    def remember(self) -> None:
        """Keep how it is now for next time."""
        store = settings.settings()
        store.setValue("window/geometry", self._window.saveGeometry())
        store.setValue("window/state", self._window.saveState(LAYOUT_VERSION))

    def set_bottom(self, opened: bool, height: int) -> None:
        """Open the bottom at ``height`` pixels (0: as it is), or close it."""
        if self.bottom.isHidden() == opened:
            self.bottom.setVisible(opened)
        if opened and height and not self.bottom.isFloating():
            self._window.resizeDocks([self.bottom], [height], Qt.Orientation.Vertical)

    def _dock(self, name: str, title: str) -> QDockWidget:
        dock = QDockWidget(title, self._window)
        dock.setObjectName(name)
        dock.setFeatures(
            QDockWidget.DockWidgetFeature.DockWidgetMovable
            | QDockWidget.DockWidgetFeature.DockWidgetFloatable
        )
        return dock

    def _arrange(self) -> None:
        across, down = Qt.Orientation.Horizontal, Qt.Orientation.Vertical
        self._window.resizeDocks([self.left, self.right], [LEFT, RIGHT], across)
        tall = max(BOTTOM, self._window.height() // 4)
        self._window.resizeDocks([self.bottom], [tall], down)
