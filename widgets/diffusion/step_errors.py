"""Asks how far the draft's denoiser is from the full one, step by step, once the hand rests."""

from __future__ import annotations

from collections import OrderedDict
from collections.abc import Callable
from typing import Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.messages import CancelLane, Compare, Failed, RenderSpec, SteppedApart
from studio.session.document import FULL_SUBNET
from widgets.renderer import Renderer
from widgets.scene import DIFFUSION, SIDES, Scene

LANE = "errors"
REST_MS = 400
MOST_KEPT = 64


class StepErrors(QObject):
    """Follows the renderer. Signals: changed(): something else is known or asked for."""

    changed = Signal()

    def __init__(
        self,
        send: Callable[[Any], None],
        next_stamp: Callable[[], int],
        renderer: Renderer,
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._next_stamp = next_stamp
        self._renderer = renderer
        self._known: OrderedDict[tuple[str, RenderSpec], tuple[float, ...]] = OrderedDict()
        self._asked: Compare | None = None
        self._rest = QTimer(self, singleShot=True, interval=REST_MS)
        self._rest.timeout.connect(self._ask)
        renderer.numbers_changed.connect(self._follow)

    @property
    def wanted(self) -> RenderSpec | None:
        """The draft that the errors are of; None where both sides run the whole denoiser."""
        scene = self._renderer.scene
        return None if scene is None else draft_of(scene)

    @property
    def found(self) -> tuple[float, ...] | None:
        """The errors of the draft on show by step, as shares; None while they are not known."""
        scene, wanted = self._renderer.scene, self.wanted
        return None if scene is None or wanted is None else self._known.get(_key(scene, wanted))

    def drop(self, target: str) -> None:
        """Forget what is known of drafts on a target: another network draws some of them now."""
        for key in [key for key in self._known if key[1].target == target]:
            del self._known[key]
        if self._asked is not None and self._asked.candidate.target == target:
            self._send(CancelLane(LANE))
            self._asked = None
        self._follow()

    def take(self, answer: object, pixels: object = None) -> bool:
        """Take one answer of the renderer in; False when it is not for this object."""
        if not isinstance(answer, SteppedApart | Failed) or answer.lane != LANE:
            return False
        asked = self._asked
        if asked is None or answer.stamp != asked.stamp:
            return True
        self._asked = None
        # What failed is not asked again: drawing the draft says why.
        errors = answer.errors if isinstance(answer, SteppedApart) else ()
        self._known[asked.reference.model, asked.candidate] = errors
        while len(self._known) > MOST_KEPT:
            self._known.popitem(last=False)
        self.changed.emit()
        self._follow()
        return True

    def _follow(self) -> None:
        scene, wanted = self._renderer.scene, self.wanted
        asked = self._asked
        if asked is not None and (wanted is None or asked.candidate != wanted):
            self._send(CancelLane(LANE))
            self._asked = None
        self.changed.emit()
        if scene is None or wanted is None or _key(scene, wanted) in self._known:
            self._rest.stop()
        elif self._asked is None:
            self._rest.start()

    def _ask(self) -> None:
        scene, wanted = self._renderer.scene, self.wanted
        if scene is None or wanted is None or self._asked is not None:
            return
        if _key(scene, wanted) in self._known or wanted not in self._renderer.shown.values():
            return  # its picture comes first, and tells when it is there
        self._asked = Compare(
            LANE, self._next_stamp(), scene.reference(wanted), wanted, by_step=True
        )
        self._send(self._asked)


def draft_of(scene: Scene) -> RenderSpec | None:
    """What runs another denoiser than the whole one of the model, the right side first."""
    if scene.info.family != DIFFUSION:
        return None
    for side in reversed(SIDES):
        spec = scene.sides[side].spec
        if (spec.model, spec.subnet.unsampled) != (scene.info.key, FULL_SUBNET):
            return spec
    return None


def _key(scene: Scene, spec: RenderSpec) -> tuple[str, RenderSpec]:
    return scene.info.key, spec
