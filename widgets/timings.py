"""Numbers gathered while pictures are made: seconds per subnet, fidelity per pair. No Qt."""

from __future__ import annotations

from collections import OrderedDict, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.engine.messages import Compared, Rendered, RenderSpec
from studio.families.diffusion.inputs import DiffusionInputs
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    import numpy as np

RENDERS = 20
PAIRS = 1000
PICTURE_BYTES = 96 * 1024 * 1024


@dataclass(frozen=True)
class Speed:
    """Milliseconds of the last renders of one subnet: median and range, how many, what made it.

    ``cold``: only the first one is known, which also had to warm up.
    """

    median: float
    low: float
    high: float
    count: int
    made_by: str
    cold: bool = False


_Key = tuple[str, SubnetChoice, str, tuple[object, ...]]


def _key(spec: RenderSpec) -> _Key:
    """What the time of a picture depends on; that of a pipeline also on what is asked of it."""
    asked = spec.inputs
    paced: tuple[object, ...] = ()
    if isinstance(asked, DiffusionInputs):
        drawn_from = (asked.picture is not None, asked.mask is not None, asked.strength)
        guided = asked.guidance is not None and asked.guidance > 1
        paced = (asked.steps, asked.height, asked.width, asked.scheduler, guided, *drawn_from)
    return spec.model, spec.subnet, spec.target, paced


@dataclass(frozen=True)
class Fidelity:
    """How far a picture is from *full*. psnr None means equal."""

    psnr: float | None
    ssim: float
    flip: float


class Timings:
    """The last renders of every subnet, in milliseconds."""

    def __init__(self) -> None:
        self._renders: dict[_Key, deque[float]] = {}
        self._made_by: dict[_Key, str] = {}
        self._cold: set[_Key] = set()

    def add(self, answer: Rendered) -> None:
        """Remember what one render took."""
        key = _key(answer.spec)
        if self._made_by.get(key, answer.made_by) != answer.made_by:
            # A compiled network has taken over: what PyTorch took says nothing of it.
            del self._renders[key]
            self._cold.discard(key)
        if key not in self._renders:
            # The first render of a subnet warms up; it counts only until there is a second.
            self._cold.add(key)
        elif key in self._cold:
            self._cold.remove(key)
            self._renders[key].clear()
        self._renders.setdefault(key, deque(maxlen=RENDERS)).append(answer.seconds * 1000)
        self._made_by[key] = answer.made_by

    def speed(self, spec: RenderSpec) -> Speed | None:
        """Median with the tenth and ninetieth percentile of the last renders, or None."""
        key = _key(spec)
        if key not in self._renders:
            return None
        times = sorted(self._renders[key])
        last = len(times) - 1
        low, middle, high = (times[round(last * share)] for share in (0.1, 0.5, 0.9))
        return Speed(middle, low, high, len(times), self._made_by[key], key in self._cold)


class Fidelities:
    """Fidelity of pictures to *full*, the newest ``PAIRS`` of them."""

    def __init__(self) -> None:
        self._found: OrderedDict[tuple[RenderSpec, RenderSpec], Fidelity] = OrderedDict()

    def add(self, answer: Compared) -> None:
        """Remember one comparison."""
        pair = (answer.reference, answer.candidate)
        self._found[pair] = Fidelity(answer.psnr, answer.ssim, answer.flip)
        while len(self._found) > PAIRS:
            self._found.popitem(last=False)

    def drop(self, spec: RenderSpec) -> None:
        """Forget what is known of a picture that is made anew."""
        for pair in [p for p in self._found if spec in p]:
            del self._found[pair]

    def get(self, reference: RenderSpec, candidate: RenderSpec) -> Fidelity | None:
        """Fidelity of ``candidate`` to ``reference``, or None when it is not known."""
        return self._found.get((reference, candidate))


class Pictures:
    """The pictures seen last, so that undo, swapping and blinking need no new render."""

    def __init__(self, limit: int = PICTURE_BYTES) -> None:
        self._limit = limit
        self._bytes = 0
        self._found: OrderedDict[object, np.ndarray] = OrderedDict()

    def add(self, key: object, pixels: np.ndarray) -> None:
        """Remember a picture; the oldest go when there are too many bytes."""
        old = self._found.pop(key, None)
        self._bytes += pixels.nbytes - (old.nbytes if old is not None else 0)
        self._found[key] = pixels
        while self._bytes > self._limit and len(self._found) > 1:
            _, gone = self._found.popitem(last=False)
            self._bytes -= gone.nbytes

    def drop(self, key: object) -> None:
        """Forget a picture and the maps that it is part of."""
        for known in [k for k in self._found if k == key or (isinstance(k, tuple) and key in k)]:
            self._bytes -= self._found.pop(known).nbytes

    def get(self, key: object) -> np.ndarray | None:
        """A picture, or None."""
        if key in self._found:
            self._found.move_to_end(key)
        return self._found.get(key)

    def clear(self) -> None:
        """Forget all."""
        self._found.clear()
        self._bytes = 0
