"""Small pictures for the strip of seeds and the pins, made when nothing else wants the engine."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.messages import CancelLane, Failed, Render, Rendered, RenderSpec
from studio.families.info import ModelInfo
from studio.families.inputs import MAX_SEED, GanInputs
from studio.session.document import FULL_SUBNET, STRIP_LENGTH, Document
from studio.session.playing import Pin, second_seed
from studio.subnets.choice import SubnetChoice
from widgets.scene import DIFFUSION, PYTORCH, TRANSLATION, inputs_for, normal, wanted_inputs
from widgets.timings import Pictures

if TYPE_CHECKING:
    import numpy as np

SMALLEST = 64
MIX_A, MIX_B = "mix-a", "mix-b"
BYTES = 16 * 1024 * 1024


def thumbnail_subnet(info: ModelInfo) -> SubnetChoice:
    """The cheapest subnet that still looks like the model: only widths it was trained for."""
    width = next((w for w in info.widths if w >= 0.25), 1.0)
    known = [r for r in info.resolutions if r >= SMALLEST]
    low = min(known, default=min(info.config.resolution, 256))
    return normal(SubnetChoice(width=width, resolution=low), info)


class Thumbnails(QObject):
    """Keeps one small picture for each key ("seed-421", "p3").

    Signals:
        ready(key, pixels).
    """

    ready = Signal(str, object)

    def __init__(
        self,
        send: Callable[[Any], None],
        stamp: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._next_stamp = stamp
        self._wanted: dict[str, RenderSpec] = {}
        self._lanes: dict[str, tuple[int, RenderSpec]] = {}
        self._pictures = Pictures(BYTES)
        self._pinned: dict[str, tuple[Pin, RenderSpec, RenderSpec]] = {}
        """What pins of a pipeline ask for: a draft, and the whole picture."""
        self.drawn: Callable[[RenderSpec], np.ndarray | None] = lambda spec: None
        """Finds a picture that the window has drawn."""
        self.targets: Callable[[], Iterable[str]] = lambda: (PYTORCH,)
        """Where the window draws."""
        self.mixing = False
        """The pictures of the two seeds that are mixed are wanted too."""
        self._soon = QTimer(self, singleShot=True, interval=60)
        self._soon.timeout.connect(self._ask)

    def show(self, document: Document, info: ModelInfo | None) -> None:
        """Want the thumbnails of ``document``; those at hand are given at once."""
        wanted: dict[str, RenderSpec] = {}
        if info is not None and info.family == DIFFUSION:
            wanted = self._of_pins(document, info)
        elif info is not None and info.family != TRANSLATION:
            subnet = thumbnail_subnet(info)
            for key, inputs in thumbnail_inputs(document, mixing=self.mixing).items():
                wanted[key] = RenderSpec(info.key, inputs_for(inputs, info), subnet)
        fresh = {k: s for k, s in wanted.items() if self._wanted.get(k) != s}
        self._wanted = wanted
        for key, spec in fresh.items():
            pixels = self._pictures.get(spec)
            if pixels is not None:
                self.ready.emit(key, pixels)
        if fresh:
            # Sliders come in bursts; thumbnails follow when the hand rests for a moment.
            self._soon.start()

    def _of_pins(self, document: Document, info: ModelInfo) -> dict[str, RenderSpec]:
        """The pins of a pipeline, as drafts; what the window has drawn of them already is taken."""
        known, self._pinned, wanted = self._pinned, {}, {}
        for pin in document.pins:
            before = known.get(pin.id)
            if before is None or before[0] is not pin or before[1].model != info.key:
                # Kept, since a mask has to be put into a file for it.
                pinned = document.at_pin(pin)
                spec = RenderSpec(info.key, wanted_inputs(pinned, info, draft=True), FULL_SUBNET)
                before = pin, spec, replace(spec, inputs=wanted_inputs(pinned, info))
            self._pinned[pin.id] = before
            _, spec, whole = before
            drawn = (whole, spec, replace(spec, subnet=document.subnet))
            shown = (replace(each, target=on) for each in drawn for on in self.targets())
            wanted[pin.id] = next((each for each in shown if self._at_hand(each)), spec)
        return wanted

    def _at_hand(self, spec: RenderSpec) -> bool:
        """Whether there is a picture, which is kept here too then."""
        if self._pictures.get(spec) is None:
            pixels = self.drawn(spec)
            if pixels is None:
                return False
            self._pictures.add(spec, pixels)
        return True

    def again(self, key: str) -> np.ndarray | None:
        """The picture of ``key``, when it is at hand."""
        spec = self._wanted.get(key)
        return None if spec is None else self._pictures.get(spec)

    def take(self, answer: object, pixels: np.ndarray | None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if not isinstance(answer, Rendered | Failed) or answer.lane not in self._lanes:
            return False
        stamp, spec = self._lanes[answer.lane]
        if answer.stamp != stamp:
            return True
        del self._lanes[answer.lane]
        # A failed thumbnail stays empty; the same cause is told by the picture itself.
        if isinstance(answer, Rendered) and pixels is not None:
            self._pictures.add(spec, pixels)
            for each, wanted in self._wanted.items():
                if wanted == spec:
                    self.ready.emit(each, pixels)
        return True

    def _ask(self) -> None:
        under_way = {spec for _, spec in self._lanes.values()}
        for lane, (_, spec) in list(self._lanes.items()):
            if spec not in self._wanted.values():
                del self._lanes[lane]
                self._send(CancelLane(lane))
        for spec in self._wanted.values():
            if spec in under_way or self._pictures.get(spec) is not None:
                continue
            under_way.add(spec)
            lane = next(f"seed-{n}" for n in range(10_000) if f"seed-{n}" not in self._lanes)
            stamp = self._next_stamp()
            self._lanes[lane] = (stamp, spec)
            self._send(Render(lane, stamp, spec))


def thumbnail_inputs(document: Document, *, mixing: bool = False) -> dict[str, GanInputs]:
    """The inputs behind every thumbnail: the seeds of the strip, the pins, the seeds of a mix."""
    first = document.strip_offset
    found = {
        f"seed-{seed}": replace(document.inputs, seed=seed)
        for seed in range(first, min(first + STRIP_LENGTH, MAX_SEED + 1))
    }
    found |= {pin.id: pin.inputs for pin in document.pins}
    if mixing:
        alone = replace(document.inputs, mix_seed=None, mix_stages=None)
        found[MIX_A] = alone
        found[MIX_B] = replace(alone, seed=second_seed(document.inputs))
    return found
