"""A list of things to tick."""

from __future__ import annotations

from PySide6.QtCore import QEvent, Qt
from PySide6.QtGui import QColor, QGuiApplication, QMouseEvent, QPalette
from PySide6.QtWidgets import QFrame, QListWidget

from widgets.style.palettes import blend
from widgets.style.theme import colours, current_scheme


class TickList(QListWidget):
    """Its boxes are seen in both themes: the style outlines them in a shade of the window's colour,
    which in the dark one is that of the list."""

    def __init__(self) -> None:
        super().__init__()
        self._shading = False
        self.setTextElideMode(Qt.TextElideMode.ElideMiddle)
        self.setHorizontalScrollBarPolicy(Qt.ScrollBarPolicy.ScrollBarAlwaysOff)
        self.setFrameShape(QFrame.Shape.NoFrame)  # it would be outlined as the boxes are
        self._shade()

    def _shade(self) -> None:
        shades = QPalette()
        own = QGuiApplication.palette()
        base, accent = own.color(QPalette.ColorRole.Base), own.color(QPalette.ColorRole.Accent)
        outline = QColor(colours(current_scheme()).faint)
        shades.setColor(QPalette.ColorRole.Window, outline.lighter(140))  # the style darkens it
        shades.setColor(QPalette.ColorRole.Highlight, blend(base, accent, 0.3))
        shades.setColor(QPalette.ColorRole.HighlightedText, own.color(QPalette.ColorRole.Text))
        self._shading = True
        self.setPalette(shades)
        self._shading = False

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        """A click on the words ticks too."""
        item = self.itemAt(event.position().toPoint())
        before = None if item is None else item.checkState()
        super().mouseReleaseEvent(event)
        left = event.button() == Qt.MouseButton.LeftButton
        if item is not None and left and item.checkState() == before:
            on = before == Qt.CheckState.Checked
            item.setCheckState(Qt.CheckState.Unchecked if on else Qt.CheckState.Checked)

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not getattr(self, "_shading", True):
            self._shade()
