"""Asks for pictures and takes them in: the newest request wins, stale answers are dropped."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, QTimer, Signal

from studio.engine.messages import (
    CancelLane,
    Compare,
    Compared,
    Failed,
    Finished,
    Render,
    Rendered,
    RenderSpec,
    Stepped,
)
from studio.families.diffusion.inputs import DiffusionInputs
from widgets.lanes import COMPARE_LANE, Known, Lane, next_compare
from widgets.scene import FIRST_LANE, PYTORCH, SECOND_LANE, SIDES, Scene
from widgets.timings import Fidelities, Pictures, Timings

if TYPE_CHECKING:
    import numpy as np

PATIENCE = 1.0


class Renderer(QObject):
    """Keeps both sides up to date with a scene.

    One request a lane is under way while dragging; the newest value waits in the window until it is
    answered. Sending every value would have each render stopped by the next one, and nothing
    would be seen until the hand rests.

    Signals:
        picture_ready(side, pixels): side "A" or "B"; also of every step of a picture that takes
            many.
        stale_changed(side, stale), difference_ready(pixels or None), difference_stale(stale).
        numbers_changed(): timings, fidelity or what is shown have changed.
        failed(sentence, details): a picture could not be made.
        drawing_changed(): a picture that takes many steps is under way, or none any more.
    """

    picture_ready = Signal(str, object)
    stale_changed = Signal(str, bool)
    difference_ready = Signal(object)
    difference_stale = Signal(bool)
    numbers_changed = Signal()
    failed = Signal(str, str)
    drawing_changed = Signal()

    def __init__(
        self,
        send: Callable[[Any], None],
        parent: QObject | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._clock = clock
        self._stamp = 0
        self._scene: Scene | None = None
        self._settled = True
        self._lanes = {FIRST_LANE: Lane(), SECOND_LANE: Lane()}
        self._compare: Compare | None = None
        self._map_shown: tuple[RenderSpec, RenderSpec] | None = None
        self._refused: set[RenderSpec] = set()
        self._redrawn: set[RenderSpec] = set()
        self.shown: dict[str, RenderSpec] = {}
        self.steps: dict[str, Stepped] = {}
        """The last step of what is being drawn, by lane."""
        self.stopped: dict[RenderSpec, Stepped | None] = {}
        """What the user has stopped, and how far it was."""
        self._drawing = False
        self._unfinished: set[str] = set()  # sides on which a step of a picture is seen
        self.compiled: Callable[[RenderSpec], bool] = lambda spec: False
        self.timings = Timings()
        self.fidelities = Fidelities()
        self.pictures = Pictures()
        self._patience = QTimer(self, singleShot=True, interval=int(PATIENCE * 1000))
        self._patience.timeout.connect(self._send_held)

    @property
    def scene(self) -> Scene | None:
        """What is wanted now."""
        return self._scene

    def targets(self) -> tuple[str, ...]:
        """Where the pictures on show are drawn, each once, and PyTorch."""
        scene = self._scene
        shown = () if scene is None else (side.spec.target for side in scene.sides.values())
        return tuple(dict.fromkeys((*shown, PYTORCH)))

    def next_stamp(self) -> int:
        """A number larger than every one before it."""
        self._stamp += 1
        return self._stamp

    def show(self, scene: Scene | None, *, settled: bool) -> None:
        """Want ``scene``. While not ``settled`` (a drag) only the live side is asked for."""
        changed_model = (scene and scene.info.key) != (self._scene and self._scene.info.key)
        self._scene, self._settled = scene, settled
        if changed_model:
            self.forget()
        if scene is None:
            return
        if not settled and self._compare is not None and scene.mode != "difference":
            self._cancel_compare()
        for lane in self._lanes.values():
            lane.held = None
        # What was stopped and is no longer wanted may be drawn when it is wanted again.
        wanted = {side.spec for side in scene.sides.values()}
        for spec in self.stopped.keys() - wanted:
            del self.stopped[spec]
            self._refused.discard(spec)
        for side in SIDES:
            self._want(side, scene)
        if settled:
            self._compare_next()
        self._update_difference()
        self._tell_drawing()
        self.numbers_changed.emit()

    def forget(self) -> None:
        """Drop every picture and everything under way (another model, or none)."""
        for name, lane in list(self._lanes.items()):
            if lane.sent is not None:
                self._send(CancelLane(name))
            self._lanes[name] = Lane(stamp=self.next_stamp())
        self._cancel_compare()
        self.shown.clear()
        self._refused.clear()
        self._redrawn.clear()
        self.steps.clear()
        self.stopped.clear()
        self._unfinished.clear()
        self._map_shown = None
        self.difference_ready.emit(None)
        for side in SIDES:
            self.picture_ready.emit(side, None)
            self.stale_changed.emit(side, False)

    # ---- pictures that take many steps -------------------------------------------------------

    @property
    def drawing(self) -> bool:
        """Whether a picture that takes many steps is under way."""
        return any(
            lane.sent is not None and isinstance(lane.sent.inputs, DiffusionInputs)
            for lane in self._lanes.values()
        )

    def stop(self) -> None:
        """Stop what is being drawn step by step; it is left as it was until something changes, or
        :meth:`resume` is called."""
        for name, lane in list(self._lanes.items()):
            if lane.sent is None or not isinstance(lane.sent.inputs, DiffusionInputs):
                continue
            self._send(CancelLane(name))
            self.stopped[lane.sent] = self.steps.pop(name, None)
            self._refused.add(lane.sent)
            self._lanes[name] = Lane(stamp=self.next_stamp())
            for side in SIDES:
                if self._scene and self._scene.sides[side].lane == name:
                    self.stale_changed.emit(side, False)
        self._cancel_compare()
        self._tell_drawing()
        self.numbers_changed.emit()

    def resume(self) -> None:
        """Draw what was stopped."""
        self._refused -= self.stopped.keys()
        self.stopped.clear()
        if self._scene is not None:
            self.show(self._scene, settled=True)

    def step_of(self, side: str) -> Stepped | None:
        """The last step of the picture that is being drawn for a side."""
        if self._scene is None:
            return None
        wanted = self._scene.sides[side]
        found = self.steps.get(wanted.lane)
        return found if found is not None and found.spec == wanted.spec else None

    def _stepped(self, answer: Stepped, pixels: np.ndarray | None) -> None:
        lane = self._lanes[answer.lane]
        if answer.stamp != lane.stamp or lane.sent is None or self._scene is None:
            return
        self.steps[answer.lane] = answer
        for name, side in self._scene.sides.items():
            # A side that shows what it wants keeps it, should it be drawn again in between.
            late = side.spec != answer.spec or self.shown.get(name) == side.spec
            if not late and pixels is not None and pixels.size:
                self._unfinished.add(name)
                self.picture_ready.emit(name, pixels)
        self.numbers_changed.emit()

    def _tell_drawing(self) -> None:
        if self.drawing != self._drawing:
            self._drawing = self.drawing
            self.drawing_changed.emit()

    def pixels(self, side: str) -> np.ndarray | None:
        """The picture that a side shows now, or None."""
        spec = self.shown.get(side)
        return None if spec is None else self.pictures.get(spec)

    def map_pixels(self) -> np.ndarray | None:
        """The difference map shown now, or None."""
        return self.pictures.get(self._map_shown) if self._map_shown else None

    def take_finished(self, answer: Finished, pixels: np.ndarray | None) -> str | None:
        """Keep a finished picture; the side that should turn into it, or None."""
        scene = self._scene
        if scene is None or pixels is None or answer.spec.model != scene.info.key:
            return None
        self.pictures.add(answer.spec, pixels)
        if answer.spec != scene.reference(answer.spec):
            return None
        visible = [name for name in SIDES if scene.sides[name].visible]
        showing_full = [name for name in visible if scene.sides[name].spec == answer.spec]
        side = (showing_full or visible)[0]
        self.shown[side] = answer.spec
        self._unfinished.discard(side)
        self.numbers_changed.emit()
        return side

    def redraw(self, draws: Callable[[RenderSpec], bool]) -> None:
        """Draw those sides again that ``draws``: another network makes their pictures now."""
        if self._scene is None:
            return
        for side in SIDES:
            spec = self._scene.sides[side].spec
            if draws(spec) and spec not in self.stopped:
                self.pictures.drop(spec)
                self.fidelities.drop(spec)
                self._refused.discard(spec)
                self._redrawn.add(spec)
                lane = self._scene.sides[side].lane
                if self._lanes[lane].sent == spec and isinstance(spec.inputs, DiffusionInputs):
                    self._dispatch(lane, spec)  # what is left of its steps may take minutes
                else:
                    self._ask(lane, spec)

    # ---- asking -------------------------------------------------------------------------------

    def _want(self, side: str, scene: Scene) -> None:
        spec, lane = scene.sides[side].spec, scene.sides[side].lane
        pixels = self.pictures.get(spec)
        # What was shown last is there no more where a step of another picture has come since.
        covered = side in self._unfinished and pixels is not None
        if self.shown.get(side) == spec and not covered:
            self.stale_changed.emit(side, False)
            return
        if pixels is not None:
            self._show(side, spec, pixels)
            return
        self.stale_changed.emit(side, spec not in self._refused)
        if (self._settled or scene.live(side)) and spec not in self._refused:
            self._ask(lane, spec)

    def _ask(self, name: str, spec: RenderSpec) -> None:
        lane = self._lanes[name]
        if lane.sent == spec:
            return
        if lane.sent is None or self._settled or self._overdue(lane, spec):
            self._dispatch(name, spec)
        else:
            lane.held = spec
            if not self._patience.isActive():
                self._patience.start()

    def _overdue(self, lane: Lane, spec: RenderSpec) -> bool:
        if lane.sent is None or self._clock() - lane.sent_at > PATIENCE:
            return True
        # From a slow subnet to a fast one: stopping the slow render shows something sooner.
        scene = self._scene
        return scene is not None and scene.work(spec) < scene.work(lane.sent) / 2

    def _dispatch(self, name: str, spec: RenderSpec) -> None:
        stamp = self.next_stamp()
        self._lanes[name] = Lane(spec, stamp, self._clock())
        self.steps.pop(name, None)
        self._send(Render(name, stamp, spec))
        self._tell_drawing()

    def _send_held(self) -> None:
        for name, lane in list(self._lanes.items()):
            if lane.held is not None:
                self._dispatch(name, lane.held)

    # ---- answers ------------------------------------------------------------------------------

    def take(self, answer: object, pixels: np.ndarray | None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if isinstance(answer, Rendered) and answer.lane in self._lanes:
            self._rendered(answer, pixels)
            self._tell_drawing()
        elif isinstance(answer, Stepped):
            if answer.lane not in self._lanes:
                return False
            self._stepped(answer, pixels)
        elif isinstance(answer, Compared) and answer.lane == COMPARE_LANE:
            self._compared(answer, pixels)
        elif isinstance(answer, Failed) and answer.lane in (*self._lanes, COMPARE_LANE):
            self._failed(answer)
            self._tell_drawing()
        else:
            return False
        return True

    def _rendered(self, answer: Rendered, pixels: np.ndarray | None) -> None:
        lane = self._lanes[answer.lane]
        if answer.stamp != lane.stamp or lane.sent is None or self._scene is None:
            return
        held, lane.sent, lane.held = lane.held, None, None
        self.steps.pop(answer.lane, None)
        self.timings.add(answer)
        if pixels is not None:
            self.pictures.add(answer.spec, pixels)
            for name, side in self._scene.sides.items():
                # Undo may have found the wanted picture at hand while this one was under way.
                late = self.shown.get(name) == side.spec and answer.spec not in self._redrawn
                if side.lane == answer.lane and not late:
                    self._show(name, answer.spec, pixels)
            self._redrawn.discard(answer.spec)
        if held is not None:
            self._dispatch(answer.lane, held)
        if self._settled or self._scene.mode == "difference":
            self._compare_next()
        self.numbers_changed.emit()

    def _show(self, side: str, spec: RenderSpec, pixels: np.ndarray) -> None:
        assert self._scene is not None
        self.shown[side] = spec
        self._unfinished.discard(side)
        self.picture_ready.emit(side, pixels)
        self.stale_changed.emit(side, spec != self._scene.sides[side].spec)

    def _failed(self, answer: Failed) -> None:
        if answer.lane == COMPARE_LANE:
            if self._compare is None or answer.stamp != self._compare.stamp:
                return
            self._refused |= {self._compare.candidate}
            self._compare = None
        else:
            lane = self._lanes[answer.lane]
            if answer.stamp != lane.stamp or lane.sent is None:
                return
            self._refused.add(lane.sent)
            held, lane.sent, lane.held = lane.held, None, None
            self.steps.pop(answer.lane, None)
            for side in SIDES:
                if self._scene and self._scene.sides[side].lane == answer.lane:
                    self.stale_changed.emit(side, False)
            if held is not None:
                self._dispatch(answer.lane, held)
        self.failed.emit(answer.sentence, answer.details)

    # ---- comparing ----------------------------------------------------------------------------

    def _compare_next(self) -> None:
        """Ask for the next comparison that is missing, one at a time."""
        if self._scene is None:
            return
        known = Known(self.shown, self.pictures, self.fidelities, self._refused, self.compiled)
        wanted = next_compare(self._scene, known, settled=self._settled)
        if wanted is None:
            return
        if self._compare is not None:
            same = replace(self._compare, stamp=0) == replace(wanted, stamp=0)
            if same or not self._settled:
                return
        self._compare = replace(wanted, stamp=self.next_stamp())
        self._send(self._compare)

    def _cancel_compare(self) -> None:
        if self._compare is not None:
            self._compare = None
            self._send(CancelLane(COMPARE_LANE))

    def _compared(self, answer: Compared, pixels: np.ndarray | None) -> None:
        if self._compare is None or answer.stamp != self._compare.stamp:
            return
        self._compare = None
        self.fidelities.add(answer)
        if pixels is not None:
            pair = (answer.reference, answer.candidate)
            self.pictures.add(pair, pixels)
            if self._scene is not None and self._scene.mode == "difference":
                self._map_shown = pair
                self.difference_ready.emit(pixels)
        self._update_difference()
        self._compare_next()
        self.numbers_changed.emit()

    def _update_difference(self) -> None:
        scene = self._scene
        if scene is None or scene.mode != "difference":
            self.difference_stale.emit(False)
            return
        pair = (scene.sides["A"].spec, scene.sides["B"].spec)
        pixels = self.pictures.get(pair)
        if pixels is not None and self._map_shown != pair:
            self._map_shown = pair
            self.difference_ready.emit(pixels)
        self.difference_stale.emit(self._map_shown != pair)
