"""Serves requests in the render process: open models, make pictures, finish them."""

from __future__ import annotations

import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

from studio.engine.ledger import OPEN_LANE
from studio.engine.messages import (
    Answer,
    Compare,
    Failed,
    Finish,
    Finished,
    Opened,
    OpenModel,
    Rendered,
    RenderSpec,
)
from studio.engine.pictures import Packer
from studio.engine.scheduler import Picturing, models_of
from studio.errors import BadChoice, MaquetteError, Overtaken
from studio.families.walk import WalkPoint
from studio.subnets.threads import suited_threads

if TYPE_CHECKING:
    from studio.families.model import Model

Pixels = npt.NDArray[np.uint8]
CACHE_BYTES = 64_000_000
CACHE_PICTURES = 32
TARGET = "pytorch:cpu:f32"
MADE_BY = "PyTorch f32 CPU"


@dataclass(frozen=True)
class Made:
    """A picture (h, w, 3) and the seconds the network took for it."""

    pixels: Pixels
    seconds: float


@dataclass(frozen=True)
class Pair:
    """The pictures (h, w, 3) to compare."""

    reference: Pixels
    candidate: Pixels


class PictureCache:
    """The last pictures by what made them: at most ``CACHE_PICTURES``, and ``limit`` bytes."""

    def __init__(self, limit: int = CACHE_BYTES) -> None:
        self._limit = limit
        self._made: OrderedDict[RenderSpec, Made] = OrderedDict()
        self.bytes = 0

    def get(self, spec: RenderSpec) -> Made | None:
        if spec in self._made:
            self._made.move_to_end(spec)
        return self._made.get(spec)

    def put(self, spec: RenderSpec, made: Made) -> None:
        self._remove(spec)
        self._made[spec] = made
        self.bytes += made.pixels.nbytes
        while self.bytes > self._limit or len(self._made) > CACHE_PICTURES:
            self._remove(next(iter(self._made)))

    def forget(self, model: str) -> None:
        """Drop the pictures of a model."""
        for spec in [s for s in self._made if s.model == model]:
            self._remove(spec)

    def _remove(self, spec: RenderSpec) -> None:
        made = self._made.pop(spec, None)
        if made is not None:
            self.bytes -= made.pixels.nbytes


class Renderer:
    """The open models and what was made of them.

    Args:
        packer: packs the pictures for sending.
        opener: reads a model file; the default is ``studio.families.opening.open_model``.
    """

    def __init__(self, packer: Packer, opener: Callable[[str], Model] | None = None) -> None:
        self._packer = packer
        self._opener = _open if opener is None else opener
        self._models: dict[str, Model] = {}
        self._cache = PictureCache()

    def open(self, request: OpenModel) -> Opened | Failed:
        """Load a model file."""
        try:
            model = self._opener(request.path)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must hear of it
            return _failed(OPEN_LANE, request.request, f"Opening {request.path} failed", error)
        self._models[model.info.key] = model
        return Opened(request.request, model.info)

    def close(self, key: str) -> None:
        """Forget a model. One that is not open is fine."""
        self._models.pop(key, None)
        self._cache.forget(key)

    def answer(self, request: Picturing, between: Callable[[], None]) -> tuple[Answer | Pair, bool]:
        """The answer to a request, and whether the network had to run for it. Of a
        comparison only the pictures are made here.

        Raises:
            Overtaken: ``between`` raised it.
        """
        known = all(self._cache.get(spec) is not None for spec in _specs(request))
        try:
            return self._answer(request, between), not known
        except Overtaken:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must hear of it
            return _failed(request.lane, request.stamp, "Rendering failed", error), False

    def _answer(self, request: Picturing, between: Callable[[], None]) -> Answer | Pair:
        if missing := models_of(request) - self._models.keys():
            raise BadChoice(f"the model {sorted(missing)[0]} is not open")
        if isinstance(request, Compare):
            reference = self._make(request.reference, between)
            return Pair(reference.pixels, self._make(request.candidate, between).pixels)
        made = self._make(request.spec, between)
        if isinstance(request, Finish):
            # Imported here, since Pillow is only needed by those who finish.
            from studio.families.picture_file import write_png

            write_png(request.path, made.pixels, dict(request.text))
        picture = self._packer.pack(made.pixels)
        lane, stamp, spec, seconds = request.lane, request.stamp, request.spec, made.seconds
        if isinstance(request, Finish):
            return Finished(lane, stamp, spec, request.path, picture, seconds, MADE_BY)
        return Rendered(lane, stamp, spec, picture, seconds, MADE_BY)

    def _make(self, spec: RenderSpec, between: Callable[[], None]) -> Made:
        if spec.target != TARGET:
            raise BadChoice(f"target {spec.target} cannot be rendered here; {TARGET} can")
        made = self._cache.get(spec)
        if made is None:
            model = self._models[spec.model]
            with suited_threads(model.info.config, spec.subnet):
                start = time.perf_counter()
                pixels = model.render(spec.inputs, spec.subnet, between=between)
                made = Made(pixels, time.perf_counter() - start)
            # A walk passes every point once; its pictures would drive out those worth keeping.
            if not isinstance(spec.inputs, WalkPoint):
                self._cache.put(spec, made)
        return made


def _open(path: str) -> Model:
    from studio.families.opening import open_model

    return open_model(Path(path))


def _specs(request: Picturing) -> tuple[RenderSpec, ...]:
    if isinstance(request, Compare):
        return (request.reference, request.candidate)
    return (request.spec,)


def _failed(lane: str, stamp: int, what: str, error: Exception) -> Failed:
    if isinstance(error, MaquetteError):
        return Failed(lane, stamp, str(error))
    return Failed(lane, stamp, f"{what}: {short_cause(error)}", traceback.format_exc())


def short_cause(error: Exception) -> str:
    """An unexpected error in a few words."""
    # torch reports a failed allocation as a RuntimeError of many lines.
    if isinstance(error, MemoryError) or "can't allocate memory" in str(error):
        return "there is not enough memory"
    lines = str(error).strip().splitlines()
    return lines[0][:200] if lines else type(error).__name__
