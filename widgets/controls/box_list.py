"""A list whose boxes to tick are seen in both themes."""

from __future__ import annotations

from PySide6.QtCore import QEvent
from PySide6.QtGui import QGuiApplication, QPalette
from PySide6.QtWidgets import QFrame, QListWidget, QWidget

from widgets.style.palettes import blend
from widgets.style.theme import box_outline, current_scheme


class BoxList(QListWidget):
    """The style outlines boxes in a shade of the window's colour, which in the dark theme is that
    of the list."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._shading = False
        self.setFrameShape(QFrame.Shape.NoFrame)  # it would be outlined as the boxes are
        self._shade()

    def _shade(self) -> None:
        shades = QPalette()
        own = QGuiApplication.palette()
        base, accent = own.color(QPalette.ColorRole.Base), own.color(QPalette.ColorRole.Accent)
        shades.setColor(QPalette.ColorRole.Window, box_outline(current_scheme()))
        shades.setColor(QPalette.ColorRole.Highlight, blend(base, accent, 0.3))
        shades.setColor(QPalette.ColorRole.HighlightedText, own.color(QPalette.ColorRole.Text))
        self._shading = True
        self.setPalette(shades)
        self._shading = False

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.PaletteChange and not getattr(self, "_shading", True):
            self._shade()
