"""The area that shows the pictures: painting, pan, zoom, the divider and the blink."""

from __future__ import annotations

from PySide6.QtCore import QEvent, QPointF, QSize, Qt, QTimer, Signal
from PySide6.QtGui import (
    QFocusEvent,
    QHideEvent,
    QPainter,
    QPaintEvent,
    QPalette,
    QResizeEvent,
    QShowEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from widgets.compare.layer import Layer
from widgets.compare.modes import SIDES, Mode
from widgets.compare.scene import Scene, paint
from widgets.compare.transform import (
    Rect,
    Size,
    Transform,
    clamped,
    fit_zoom,
    panned,
    picture_rect,
    rescaled,
    snapped,
    zoomed_at,
)
from widgets.compare.waiting import Waiting
from widgets.style.frames import draw_focus
from widgets.style.motion import reduced_motion
from widgets.style.theme import GRID, caption_font, picture_background

BLINK_INTERVAL = 500


class Canvas(QWidget):
    """Shows a `Scene` and keeps its view valid. Gestures are `widgets.compare.gestures`."""

    mode_changed = Signal(object)
    view_changed = Signal(float, float, float)
    rect_changed = Signal()

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setMouseTracking(True)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Expanding)
        layers = {side: Layer(self) for side in SIDES}
        self.scene = Scene(layers, Layer(self), Waiting(self))
        self._reference: Size | None = None
        self._fitted = True
        self._on_screen = False
        self._ring = False
        self._told = self.scene.view
        for layer in (*layers.values(), self.scene.difference):
            layer.changed.connect(self._on_layer_change)
        self.scene.waiting.changed.connect(self.update)
        self._blink = QTimer(self)
        self._blink.setInterval(BLINK_INTERVAL)
        self._blink.timeout.connect(self.swap_blink)

    # ---- what is shown -----------------------------------------------------------------------

    def set_mode(self, mode: Mode) -> None:
        if mode is self.scene.mode:
            return
        self.scene.mode = mode
        self.scene.blink_side = "A"
        self._run_blink()
        self._keep_valid()
        self.mode_changed.emit(mode)

    @property
    def blinking(self) -> bool:
        return self._blink.isActive()

    def swap_blink(self) -> None:
        """Show the other side of a blink."""
        self.scene.blink_side = "B" if self.scene.blink_side == "A" else "A"
        self.update()

    def _run_blink(self) -> None:
        # With less motion asked for, the picture changes by a click instead.
        if self.scene.mode is Mode.BLINK and self._on_screen and not reduced_motion():
            self._blink.start()
        else:
            self._blink.stop()

    # ---- the view ----------------------------------------------------------------------------

    @property
    def ratio(self) -> float:
        return self.devicePixelRatioF()

    @property
    def fitted(self) -> bool:
        """Whether the view follows the size of the window."""
        return self._fitted

    def area(self) -> Rect:
        """The room of one picture: a pane less its margin."""
        return self.scene.panes()[0].inset(GRID * self.ratio)

    def fitted_rect(self) -> Rect:
        """Where the picture of the first pane lies, or would lie, when it is fitted."""
        reference, pane = self.scene.reference, self.scene.panes()[0]
        if reference is None:
            return pane
        return picture_rect(reference, pane, Transform(fit_zoom(reference, self.area())))

    def fit(self) -> None:
        self._fitted = True
        self._keep_valid()

    def set_view(self, view: Transform) -> None:
        """Look at ``view``, within the limits."""
        self._fitted = False
        self.scene.view = view
        self._keep_valid()

    def zoom_to(self, zoom: float, point: QPointF | None = None) -> None:
        """Zoom to ``zoom`` device pixels a picture pixel around ``point`` (default: the middle)."""
        reference = self.scene.reference
        if reference is None:
            return
        pane = self._pane_at(point)
        spot = pane.centre if point is None else (point.x() * self.ratio, point.y() * self.ratio)
        wanted = clamped(reference, self.area(), Transform(zoom)).zoom
        self.set_view(zoomed_at(reference, pane, self.scene.view, wanted, spot))

    def pan_by(self, dx: float, dy: float) -> None:
        """Move the picture by logical pixels."""
        reference = self.scene.reference
        if reference is not None:
            ratio = self.ratio
            self.set_view(panned(reference, self.scene.view, dx * ratio, dy * ratio))

    def can_pan(self) -> bool:
        """Whether some of the picture is out of sight."""
        reference, area = self.scene.reference, self.area()
        if reference is None:
            return False
        zoom = snapped(self.scene.view.zoom)
        return reference[0] * zoom > area.w or reference[1] * zoom > area.h

    def _pane_at(self, point: QPointF | None) -> Rect:
        areas = self.scene.panes()
        if point is None or len(areas) == 1:
            return areas[0]
        return areas[1] if point.x() * self.ratio >= areas[1].x else areas[0]

    def _keep_valid(self) -> None:
        """Bring the view in line with the pictures, the mode and the size, and repaint."""
        reference = self.scene.reference
        if reference is not None and self.scene.width > 0:
            if self._reference is not None and self._reference != reference:
                self.scene.view = rescaled(self.scene.view, self._reference, reference)
            self._reference = reference
            area = self.area()
            if self._fitted:
                self.scene.view = Transform(fit_zoom(reference, area))
            self.scene.view = clamped(reference, area, self.scene.view)
        self.update()
        self.rect_changed.emit()
        if self.scene.view != self._told:
            view = self._told = self.scene.view
            self.view_changed.emit(snapped(view.zoom), view.cx, view.cy)

    def _on_layer_change(self) -> None:
        if self.scene.reference != self._reference:
            self._keep_valid()
        else:
            self.update()

    # ---- Qt ----------------------------------------------------------------------------------

    def sizeHint(self) -> QSize:
        return QSize(640, 400)

    def minimumSizeHint(self) -> QSize:
        return QSize(160, 96)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._measure()

    def _measure(self) -> None:
        ratio = self.ratio
        self.scene.ratio = ratio
        self.scene.width = round(self.width() * ratio)
        self.scene.height = round(self.height() * ratio)
        self._keep_valid()

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.DevicePixelRatioChange:
            self._measure()
        return super().event(event)

    def showEvent(self, event: QShowEvent) -> None:
        super().showEvent(event)
        self._on_screen = True
        self._run_blink()
        self.scene.waiting.resume()

    def hideEvent(self, event: QHideEvent) -> None:
        super().hideEvent(event)
        self._on_screen = False  # not isVisible(): that stays true in a minimised window
        self._run_blink()
        self.scene.waiting.pause()
        for layer in self.scene.layers.values():
            layer.stop()

    def paintEvent(self, event: QPaintEvent) -> None:
        painter = QPainter(self)
        painter.setClipRect(event.rect())
        painter.scale(1 / self.ratio, 1 / self.ratio)
        accent = self.palette().color(QPalette.ColorRole.Accent)
        paint(painter, self.scene, picture_background(), accent, caption_font(self.font()))
        if self._ring:
            painter.resetTransform()
            draw_focus(painter, self.rect(), self.palette())

    def focusInEvent(self, event: QFocusEvent) -> None:
        super().focusInEvent(event)
        # A ring around the pictures helps whoever came by keyboard and disturbs all others.
        reasons = (Qt.FocusReason.TabFocusReason, Qt.FocusReason.BacktabFocusReason)
        self._ring = event.reason() in reasons
        self.update()

    def focusOutEvent(self, event: QFocusEvent) -> None:
        super().focusOutEvent(event)
        self._ring = False
        self.update()
