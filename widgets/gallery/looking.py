"""A picture of the gallery, large, beside what is drawn now."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import Qt
from PySide6.QtWidgets import QButtonGroup, QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from studio.errors import MaquetteError
from studio.session import gallery
from studio.session.gallery import GalleryItem
from widgets.compare.view import CompareView, Mode
from widgets.gallery import words
from widgets.gallery.reading import Background, large_pixels
from widgets.style.theme import GRID, icon

if TYPE_CHECKING:
    import numpy as np


class GalleryView(QWidget):
    """Side A is the picture of the gallery, B what is drawn now, under one pan and zoom."""

    def __init__(self, background: Background, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._background = background
        self._shown: tuple[GalleryItem, bool] | None = None
        self.pictures = CompareView()
        self.pictures.setObjectName("gallery picture")
        self.modes = QButtonGroup(self)
        ways = QHBoxLayout()
        ways.setSpacing(GRID // 2)
        for mode, text, picture in (
            (Mode.SIDE, self.tr("Side"), "side"),
            (Mode.WIPE, self.tr("Wipe"), "wipe"),
            (Mode.BLINK, self.tr("Blink"), "blink"),
            (Mode.FULL, self.tr("Alone"), "full"),
        ):
            ways.addWidget(self._button(mode, text, picture))
        ways.addStretch(1)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(GRID)
        layout.addLayout(ways)
        layout.addWidget(self.pictures, 1)
        self.set_mode(Mode.SIDE)

    def _button(self, mode: Mode, text: str, picture: str) -> QToolButton:
        button = QToolButton()
        button.setText(text)
        button.setIcon(icon(picture))
        button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
        button.setCheckable(True)
        button.setAutoRaise(True)
        button.setAccessibleName(self.tr("Compare with what is drawn now: {way}").format(way=text))
        button.setProperty("mode", mode.value)
        button.clicked.connect(lambda _=False: self.set_mode(mode))
        self.modes.addButton(button)
        return button

    def set_mode(self, mode: Mode) -> None:
        """Look at it in another way."""
        self.pictures.set_mode(mode)
        for button in self.modes.buttons():
            button.setChecked(button.property("mode") == mode.value)

    def show_now(self, pixels: np.ndarray | None, caption: tuple[str, list[str]] | None) -> None:
        """What is drawn now."""
        self.pictures.set_picture("B", pixels)
        title, lines = caption or ("", [])
        self.pictures.set_caption("B", title, lines)

    def show_item(self, item: GalleryItem | None, *, gone: bool = False) -> None:
        """The picture of an item, read off the window's thread; the small one where it is gone."""
        wanted = None if item is None else (item, gone)
        if wanted == self._shown:
            return
        self._shown = wanted
        if item is None:
            self.pictures.set_picture("A", None)
            self.pictures.set_caption("A", "", [])
            return
        path = gallery.thumbnail(item) if gone else Path(item.path)

        def done(pixels: np.ndarray | None, error: MaquetteError | None) -> None:
            if self._shown == wanted:
                self.pictures.set_picture("A", pixels)
                first, made, last = words.lines(item, gone=gone)
                if gone:
                    last = self.tr("the file is gone; this is its small picture")
                self.pictures.set_caption("A", first, [made, last])

        self._background(lambda: large_pixels(path), done)
