"""Has the pictures of a grid drawn and compared, one after the other, when nobody else draws."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QImage

from studio.engine.messages import (
    CancelLane,
    Compare,
    Compared,
    Failed,
    Render,
    Rendered,
    RenderSpec,
)
from studio.runtimes.target import Target
from widgets.compare.layer import to_image
from widgets.timings import Fidelity

if TYPE_CHECKING:
    import numpy as np

LANE, COMPARE_LANE = "grid", "grid compare"


@dataclass(frozen=True)
class Wanted:
    """A picture, and the one of *full* that it is compared with; the same for full itself."""

    spec: RenderSpec
    reference: RenderSpec


@dataclass(frozen=True)
class Drawn:
    """A picture that has come. ``float_only``: it was to run in int8, and was drawn in float since
    no network for int8 is at hand."""

    image: QImage
    float_only: bool = False


class GridFilling(QObject):
    """Keeps what was drawn and measured of the pictures that are wanted.

    Both lanes come after all that the window draws with, and nothing new is asked for while there
    is a reason to wait (``hold``): a drag, or a measurement.

    Signals: changed(spec): there is more to show of a picture. progressed().
    """

    changed = Signal(object)
    progressed = Signal()

    def __init__(
        self,
        send: Callable[[Any], None],
        stamp: Callable[[], int],
        parent: QObject | None = None,
    ) -> None:
        super().__init__(parent)
        self._send = send
        self._next_stamp = stamp
        self._wanted: tuple[Wanted, ...] = ()
        self._holds: set[str] = set()
        self._rendering: tuple[int, RenderSpec] | None = None
        self._comparing: tuple[int, Wanted] | None = None
        self.drawn: dict[RenderSpec, Drawn] = {}
        self.fidelity: dict[RenderSpec, Fidelity] = {}
        self.failed: dict[RenderSpec, str] = {}

    def fill(self, wanted: Sequence[Wanted], keep: Sequence[RenderSpec] = ()) -> None:
        """Want these in this order and nothing else any more.

        Args:
            keep: pictures that are not asked for now, and not forgotten where they are known.
        """
        self._wanted = tuple(dict.fromkeys(wanted))
        needed = {item.spec for item in self._wanted} | set(keep)
        for known in (self.drawn, self.fidelity, self.failed):
            for spec in [spec for spec in known if spec not in needed]:
                del known[spec]
        specs = {item.spec for item in self._wanted}
        if self._rendering is not None and self._rendering[1] not in specs:
            self._cancel_render()
        if self._comparing is not None and self._comparing[1] not in self._wanted:
            self._cancel_compare()
        self._ask()

    def hold(self, reason: str, on: bool, *, cancel: bool = False) -> None:
        """Ask for nothing more while a reason is on; ``cancel``: nor go on with what is asked."""
        if on:
            self._holds.add(reason)
            if cancel:
                self._cancel_render()
                self._cancel_compare()
        else:
            self._holds.discard(reason)
        self._ask()
        self.progressed.emit()

    def held(self, reason: str) -> bool:
        """Whether that reason is on."""
        return reason in self._holds

    def missing(self, item: Wanted) -> bool:
        """Whether a picture, or its fidelity, is still to come."""
        if item.spec in self.failed:
            return False
        return item.spec not in self.drawn or self._to_compare(item)

    def again(self, model: str, target: str) -> None:
        """A compiled network draws a model on a target now: what was drawn in its stead is drawn
        anew."""
        stale = [
            spec
            for spec, drawn in self.drawn.items()
            if drawn.float_only and (spec.model, spec.target) == (model, target)
        ]
        for spec in stale:
            del self.drawn[spec]
        self._ask()

    def take(self, answer: object, pixels: np.ndarray | None) -> bool:
        """Take one answer in; False when it is not for this object."""
        if not isinstance(answer, Rendered | Compared | Failed):
            return False
        if answer.lane == LANE:
            self._take_picture(answer, pixels)
        elif answer.lane == COMPARE_LANE:
            self._take_fidelity(answer)
        else:
            return False
        return True

    # ---- answers ------------------------------------------------------------------------------

    def _take_picture(self, answer: object, pixels: np.ndarray | None) -> None:
        if self._rendering is None or getattr(answer, "stamp", None) != self._rendering[0]:
            return
        spec = self._rendering[1]
        self._rendering = None
        if isinstance(answer, Failed):
            self.failed[spec] = answer.sentence
        elif isinstance(answer, Rendered) and pixels is not None:
            float_only = in_int8(spec) and " int8 " not in f" {answer.made_by} "
            self.drawn[spec] = Drawn(to_image(pixels), float_only)
        self._told(spec)

    def _take_fidelity(self, answer: object) -> None:
        if self._comparing is None or getattr(answer, "stamp", None) != self._comparing[0]:
            return
        spec = self._comparing[1].spec
        self._comparing = None
        if isinstance(answer, Failed):
            self.failed[spec] = answer.sentence
        elif isinstance(answer, Compared):
            self.fidelity[spec] = Fidelity(answer.psnr, answer.ssim, answer.flip)
        self._told(spec)

    def _told(self, spec: RenderSpec) -> None:
        self._ask()
        self.changed.emit(spec)
        self.progressed.emit()

    # ---- asking -------------------------------------------------------------------------------

    def _to_compare(self, item: Wanted) -> bool:
        """Drawn, and worth comparing: neither full itself, nor int8 that was drawn in float."""
        drawn = self.drawn.get(item.spec)
        return (
            drawn is not None
            and not drawn.float_only
            and item.spec != item.reference
            and item.spec not in self.fidelity
            and item.spec not in self.failed
        )

    def _ask(self) -> None:
        if self._holds:
            return
        if self._rendering is None:
            for item in self._wanted:
                if item.spec not in self.drawn and item.spec not in self.failed:
                    self._rendering = (self._next_stamp(), item.spec)
                    self._send(Render(LANE, *self._rendering))
                    break
        if self._comparing is None:
            for item in self._wanted:
                if self._to_compare(item):
                    stamp = self._next_stamp()
                    self._comparing = (stamp, item)
                    self._send(Compare(COMPARE_LANE, stamp, item.reference, item.spec))
                    break

    def _cancel_render(self) -> None:
        if self._rendering is not None:
            self._rendering = None
            self._send(CancelLane(LANE))

    def _cancel_compare(self) -> None:
        if self._comparing is not None:
            self._comparing = None
            self._send(CancelLane(COMPARE_LANE))


def in_int8(spec: RenderSpec) -> bool:
    """Whether a picture is to be made in int8."""
    return Target.parse(spec.target).precision == "int8"
