"""The compare view: two pictures side by side, wiped, blinked or subtracted, with captions."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from PySide6.QtCore import QPointF, Qt, Signal
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QLabel, QPushButton, QVBoxLayout, QWidget

from widgets.compare.caption import CaptionRow, columns
from widgets.compare.gestures import InteractiveCanvas
from widgets.compare.modes import SIDES, Mode, checked_side
from widgets.compare.transform import Transform, snapped
from widgets.style.motion import reduced_motion
from widgets.style.theme import GRID

if TYPE_CHECKING:
    import numpy as np

__all__ = ["CompareView", "Mode"]

CROSSFADE = 150


class CompareView(QWidget):
    """Pictures A and B under one pan and zoom.

    A picture of fewer pixels covers the same rectangle as the larger one. ``mode_changed`` and
    ``view_changed`` (device pixels per pixel of the larger picture; the centre, 0 to 1 each)
    follow every change; ``divider_moved`` and ``divider_released`` follow the user only.
    """

    mode_changed = Signal(object)
    divider_moved = Signal(float)
    divider_released = Signal(float)
    view_changed = Signal(float, float, float)
    empty_action = Signal()
    picture_clicked = Signal(str)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setAccessibleName(self.tr("Comparison"))
        self.canvas = InteractiveCanvas(self)
        self.canvas.setObjectName("canvas")
        self.canvas.setAccessibleName(self.tr("Pictures"))
        # Its room is there from the start: the first picture must not jump when its caption comes.
        self._captions = CaptionRow(self)
        self._empty = _Empty(self.canvas)
        self._empty.action.clicked.connect(self.empty_action)
        self._note = QLabel(self.canvas)
        self._note.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._note.setWordWrap(True)
        self._note.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.setSpacing(0)
        layout.addWidget(self.canvas, 1)
        layout.addWidget(self._captions)
        self.setFocusProxy(self.canvas)
        canvas = self.canvas
        canvas.mode_changed.connect(self.mode_changed)
        canvas.view_changed.connect(self.view_changed)
        canvas.divider_moved.connect(self.divider_moved)
        canvas.divider_released.connect(self.divider_released)
        canvas.picture_clicked.connect(self.picture_clicked)
        canvas.rect_changed.connect(self._arrange)
        self._arrange()

    # ---- pictures ----------------------------------------------------------------------------

    def set_picture(self, side: str, pixels: np.ndarray | None) -> None:
        """Show ``pixels``, (height, width, 3) uint8, on ``side``; None takes the picture away.

        Raises:
            ValueError: the side or the array is not of that kind.
        """
        self.canvas.scene.layers[checked_side(side)].set(pixels)
        self._arrange()

    def crossfade_to(self, side: str, pixels: np.ndarray, ms: int = CROSSFADE) -> None:
        """Like `set_picture`, blending from the old picture to the new one in ``ms``.

        Where less motion is asked for, and in a hidden window, the picture changes at once.
        """
        still = reduced_motion() or not self.isVisible()
        self.canvas.scene.layers[checked_side(side)].fade_to(pixels, 0 if still else ms)
        self._arrange()

    def has_picture(self, side: str) -> bool:
        return self.canvas.scene.layers[checked_side(side)].size is not None

    def set_difference(self, pixels: np.ndarray | None) -> None:
        """The map that DIFFERENCE shows; None while it is not known."""
        self.canvas.scene.difference.set(pixels)
        self._arrange()

    def set_stale(self, side: str, stale: bool) -> None:
        """Say by a thin line, after 150 ms, that the picture of ``side`` is being made anew."""
        self.canvas.scene.waiting.set(side, stale)

    def set_caption(self, side: str, title: str, lines: Sequence[str]) -> None:
        """What stands below the picture; the title is also its tag in WIPE and BLINK."""
        self.canvas.scene.names[checked_side(side)] = title
        self._captions.set_caption(side, title, lines)
        self._describe()
        self._arrange()
        self.canvas.update()

    def set_empty(self, text: str, action_text: str = "") -> None:
        """What to say, and the one action to offer, where there is no picture at all."""
        self._empty.set(text, action_text)
        self._arrange()

    # ---- mode --------------------------------------------------------------------------------

    def mode(self) -> Mode:
        return self.canvas.scene.mode

    def set_mode(self, mode: Mode) -> None:
        """Compare in another way."""
        self.canvas.set_mode(mode)
        self._describe()

    def divider(self) -> float:
        return self.canvas.scene.divider

    def set_divider(self, fraction: float) -> None:
        """Put the divider of WIPE at ``fraction`` (0 to 1) of the visible picture.

        Does nothing while the user holds it: then it goes where the user goes.
        """
        if self.canvas.dragging_divider:
            return
        self.canvas.scene.divider = min(max(float(fraction), 0.0), 1.0)
        self.canvas.update()

    def smooth(self) -> bool:
        return self.canvas.scene.smooth

    def set_smooth(self, smooth: bool) -> None:
        """Blend enlarged pixels, or (the default) show them as they are."""
        self.canvas.scene.smooth = smooth
        self.canvas.update()

    # ---- view --------------------------------------------------------------------------------

    def fit(self) -> None:
        """Show the whole picture, and keep doing so while the window changes size."""
        self.canvas.fit()

    def is_fitted(self) -> bool:
        return self.canvas.fitted

    def actual_size(self) -> None:
        """One pixel of the larger picture is one pixel of the screen."""
        self.canvas.zoom_to(1.0)

    def zoom(self) -> float:
        """Device pixels per pixel of the larger picture."""
        return snapped(self.canvas.scene.view.zoom)

    def zoom_at(self, factor: float, point: QPointF | None = None) -> None:
        """Zoom by ``factor`` around ``point`` (in this widget; default: the middle)."""
        spot = None if point is None else QPointF(self.canvas.mapFrom(self, QPointF(point)))
        self.canvas.zoom_to(self.canvas.scene.view.zoom * factor, spot)

    def set_view(self, zoom: float, cx: float, cy: float) -> None:
        """Look at what ``view_changed`` told earlier."""
        self.canvas.set_view(Transform(zoom, cx, cy))

    # ---- arrangement -------------------------------------------------------------------------

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def _arrange(self) -> None:
        """Place captions, the empty state and the note as pictures and mode ask."""
        canvas, scene = self.canvas, self.canvas.scene
        empty = scene.reference is None
        self._empty.setVisible(empty and self._empty.worth_showing())
        self._empty.setGeometry(canvas.rect())
        note = scene.mode is Mode.DIFFERENCE and scene.difference.size is None and not empty
        self._note.setText(self.tr("difference appears on release") if note else "")
        self._note.setVisible(note)
        self._note.setGeometry(canvas.rect())
        if scene.mode is Mode.FULL or scene.mode is Mode.CURRENT:
            sides: tuple[str, ...] = (scene.lone_side(),)
        else:
            sides = SIDES
        # Where the picture begins when it is fitted: zooming must not move the captions.
        left = canvas.fitted_rect().x / scene.ratio
        half = canvas.width() / 2
        second = half + left if scene.mode is Mode.SIDE else half
        lefts = (left, second)[: len(sides)]
        needs = [self._captions.need(side) for side in sides]
        self._captions.set_columns(columns(sides, lefts, needs, canvas.width()))

    def _describe(self) -> None:
        names = self.canvas.scene.names
        ways = {
            Mode.FULL: names["A"],
            Mode.CURRENT: names["B"],
            Mode.SIDE: self.tr("{a} and {b} side by side"),
            Mode.WIPE: self.tr("{a} left and {b} right of a divider"),
            Mode.BLINK: self.tr("{a} and {b} in turn"),
            Mode.DIFFERENCE: self.tr("difference of {a} and {b}"),
        }
        way = ways[self.mode()].replace("{a}", names["A"]).replace("{b}", names["B"])
        self.canvas.setAccessibleDescription(way)


class _Empty(QWidget):
    """A line that says what goes here, and a button that fetches it."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(parent)
        self._text = QLabel(self)
        self._text.setAlignment(Qt.AlignmentFlag.AlignCenter)
        self._text.setWordWrap(True)
        self.action = QPushButton(self)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(2 * GRID, 2 * GRID, 2 * GRID, 2 * GRID)
        layout.setSpacing(2 * GRID)
        layout.addStretch()
        layout.addWidget(self._text)
        layout.addWidget(self.action, 0, Qt.AlignmentFlag.AlignHCenter)
        layout.addStretch()
        self.set("", "")

    def set(self, text: str, action_text: str) -> None:
        self._text.setText(text)
        self.action.setText(action_text)
        self.action.setVisible(bool(action_text))
        self.setAccessibleName(text)

    def worth_showing(self) -> bool:
        return bool(self._text.text() or self.action.text())
