"""The pictures on the cards of points: what each variant draws of the present inputs."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING

from PySide6.QtCore import QObject
from PySide6.QtGui import QImage

from studio.engine.messages import RenderSpec
from studio.errors import MaquetteError
from studio.families.info import ModelInfo
from widgets.controller import Controller
from widgets.elsewhere.places import drawn_here
from widgets.frontier.points import Point
from widgets.picture_requests import PictureRequests
from widgets.scene import Drawn, drawn_by, normal, wanted_inputs

if TYPE_CHECKING:
    import numpy as np


def image_of(pixels: np.ndarray) -> QImage:
    """An (h, w, 3) uint8 array as an image that owns its bytes."""
    import numpy as np

    whole = np.ascontiguousarray(pixels)
    height, width, _ = whole.shape
    return QImage(whole.data, width, height, 3 * width, QImage.Format.Format_RGB888).copy()


class HoverPictures(QObject):
    """Gives a picture at once where it is at hand, else when it has come."""

    def __init__(
        self, controller: Controller, requests: PictureRequests, parent: QObject | None = None
    ) -> None:
        super().__init__(parent)
        self._controller = controller
        self._requests = requests
        self._waiting: tuple[RenderSpec, Callable[[QImage], None]] | None = None
        requests.ready.connect(self._ready)

    def picture(self, point: Point, then: Callable[[QImage], None]) -> QImage | None:
        """The picture of a point, or None: then ``then`` may be called with it later."""
        open_now, document = self._controller.working_on(), self._controller.document
        self._waiting = None
        if open_now is None:
            return None
        try:
            drawn = self._drawn(point, open_now[0])
        except MaquetteError:
            return None
        if not drawn.applied:
            return None  # what its recipe made is not open
        info = drawn.info
        # What another computer has may be missing here.
        target = drawn_here(point.target) or self._controller.target
        spec = RenderSpec(info.key, wanted_inputs(document, info), drawn.choice, target)
        found = self._controller.renderer.pictures.get(spec)
        if found is None:
            found = self._requests.get(spec)
        if found is not None:
            return image_of(found)
        self._waiting = (spec, then)
        self._requests.want([spec])
        at_once = self._requests.get(spec)
        return None if at_once is None else image_of(at_once)

    def _drawn(self, point: Point, info: ModelInfo) -> Drawn:
        if point.choice is not None:
            return Drawn(info, normal(point.choice, info), True)
        return drawn_by(self._controller.document, point.ref, info, self._controller.baked)

    def _ready(self, spec: RenderSpec, pixels: np.ndarray) -> None:
        if self._waiting is not None and self._waiting[0] == spec:
            _, then = self._waiting
            self._waiting = None
            then(image_of(pixels))
