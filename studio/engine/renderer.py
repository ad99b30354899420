"""Serves requests in the render process: open models, make pictures, finish them."""

from __future__ import annotations

import time
import traceback
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from studio.engine.adopting import Adopter, Held
from studio.engine.ledger import OPEN_LANE
from studio.engine.messages import (
    Answer,
    Compare,
    Failed,
    Finish,
    Finished,
    Opened,
    OpenModel,
    PromptRead,
    ReadPrompt,
    Render,
    Rendered,
    RenderSpec,
    Stepped,
    SteppedApart,
)
from studio.engine.pictures import Packer
from studio.engine.scheduler import Picturing, models_of
from studio.engine.sizing import sizes_of
from studio.errors import BadChoice, MaquetteError, Overtaken, RuntimeFailed
from studio.families.diffusion.inputs import DiffusionInputs
from studio.families.inputs import EncodedPicture
from studio.families.walk import WalkPoint
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.subnets.choice import resolve
from studio.subnets.threads import suited_threads

if TYPE_CHECKING:
    from studio.engine.drawing_pipelines import OnPicture
    from studio.families.generative import AnyModel

Pixels = npt.NDArray[np.uint8]
CACHE_BYTES = 64_000_000
CACHE_PICTURES = 32


@dataclass(frozen=True)
class Made:
    """A picture (h, w, 3), the seconds the network took for it, and where it really ran."""

    pixels: Pixels
    seconds: float
    by: Target = PYTORCH_CPU


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
        adopter: has the compiled networks; without one PyTorch draws everything.
    """

    def __init__(
        self,
        packer: Packer,
        opener: Callable[[str], AnyModel] | None = None,
        adopter: Adopter | None = None,
    ) -> None:
        self._packer = packer
        self._adopter = adopter
        self._opener = _open if opener is None else opener
        self._models: dict[str, AnyModel] = {}
        self._cache = PictureCache()

    def open(self, request: OpenModel) -> Opened | Failed:
        """Load a model file."""
        try:
            model = self._opener(request.path)
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must hear of it
            return _failed(OPEN_LANE, request.request, f"Opening {request.path} failed", error)
        self._models[model.info.key] = model
        if self._adopter is not None:
            self._adopter.opened(model.info.key, model)
        return Opened(request.request, model.info)

    def close(self, key: str) -> None:
        """Forget a model. One that is not open is fine."""
        self._models.pop(key, None)
        self._cache.forget(key)
        if self._adopter is not None:
            self._adopter.closed(key)

    def read(self, request: ReadPrompt) -> PromptRead | None:
        """How long texts are for a pipeline; None where it is not open any more, or none."""
        from studio.families.diffusion.model import DiffusionModel

        model = self._models.get(request.model)
        if not isinstance(model, DiffusionModel):
            return None
        try:
            own = model.prompt_tokens("")
            counts = tuple(model.prompt_tokens(text) - own for text in request.texts)
        except MaquetteError:  # drawing says so
            return None
        return PromptRead(
            request.model, request.stamp, counts, model.info.config.prompt_tokens - own
        )

    def answer(
        self,
        request: Picturing,
        between: Callable[[], None],
        tell: Callable[[Answer], None] | None = None,
    ) -> tuple[Answer | Pair, bool]:
        """The answer to a request, and whether the network had to run for it. Of a
        comparison only the pictures are made here.

        Args:
            tell: of the steps of a picture that takes many.

        Raises:
            Overtaken: ``between`` raised it.
        """
        known = all(self._cache.get(spec) is not None for spec in _specs(request))
        try:
            return self._answer(request, between, tell), not known
        except Overtaken:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is, the user must hear of it
            return _failed(request.lane, request.stamp, "Rendering failed", error), False

    def _answer(
        self,
        request: Picturing,
        between: Callable[[], None],
        tell: Callable[[Answer], None] | None,
    ) -> Answer | Pair:
        if missing := models_of(request) - self._models.keys():
            raise BadChoice(f"the model {sorted(missing)[0]} is not open")
        if isinstance(request, Compare):
            if request.by_step:
                return self._apart(request, between)
            return self._pair(request, between)
        made = self._make(request.spec, between, self._stepping(request, tell))
        if isinstance(request, Finish):
            # Imported here, since Pillow is only needed by those who finish.
            from studio.families.picture_file import write_png

            write_png(request.path, made.pixels, dict(request.text))
        picture = self._packer.pack(made.pixels)
        lane, stamp, spec, seconds = request.lane, request.stamp, request.spec, made.seconds
        by = made.by.title
        if isinstance(request, Finish):
            return Finished(lane, stamp, spec, request.path, picture, seconds, by)
        return Rendered(lane, stamp, spec, picture, seconds, by)

    def _stepping(
        self, request: Render | Finish, tell: Callable[[Answer], None] | None
    ) -> OnPicture | None:
        """Tells of the steps of a request's picture."""
        if tell is None:
            return None

        def stepped(index: int, count: int, pixels: Pixels, seconds: float) -> None:
            picture = self._packer.pack(pixels)
            lane, stamp, spec = request.lane, request.stamp, request.spec
            tell(Stepped(lane, stamp, spec, index, count, picture, seconds))

        return stepped

    def _apart(self, request: Compare, between: Callable[[], None]) -> SteppedApart:
        """How far two denoisers are apart, step by step.

        Raises:
            BadChoice: one of them is no pipeline.
        """
        from studio.engine.drawing_pipelines import apart

        full, other = (self._models[spec.model] for spec in _specs(request))
        errors = apart(full, other, request.candidate, between, self._both(request))
        return SteppedApart(
            request.lane, request.stamp, request.reference, request.candidate, errors
        )

    def _both(self, request: Compare) -> tuple[Held | None, Held | None]:
        """The compiled networks of a comparison; none where only one of two that are to have the
        same precision is there."""
        first, second = (self._held(spec, self._models[spec.model]) for spec in _specs(request))
        asked = {Target.parse(spec.target).precision for spec in _specs(request)}
        ran = {PYTORCH_CPU.precision if h is None else h.by.precision for h in (first, second)}
        return (None, None) if len(asked) == 1 and len(ran) > 1 else (first, second)

    def _pair(self, request: Compare, between: Callable[[], None]) -> Pair:
        """Both pictures, at one precision if one was asked for: where only one of the two networks
        is compiled, both come from PyTorch."""
        made = [self._make(spec, between) for spec in _specs(request)]
        asked = {Target.parse(spec.target).precision for spec in _specs(request)}
        if len(asked) == 1 and made[0].by.precision != made[1].by.precision:
            plain = (replace(s, target=str(PYTORCH_CPU)) for s in _specs(request))
            made = [self._make(spec, between) for spec in plain]
        return Pair(made[0].pixels, made[1].pixels)

    def _make(
        self, spec: RenderSpec, between: Callable[[], None], tell: OnPicture | None = None
    ) -> Made:
        made = self._cache.get(spec)
        model = self._models[spec.model]
        # What PyTorch drew in the meantime counts no longer once there is a compiled network.
        if made is None or made.by != self._by(spec, model):
            made = self._compiled(spec, model, between, tell)
            made = made or _eager(spec, model, between, tell)
            # A walk passes every point once; its pictures would drive out those worth keeping.
            if not isinstance(spec.inputs, WalkPoint):
                self._cache.put(spec, made)
        return made

    def _held(self, spec: RenderSpec, model: AnyModel) -> Held | None:
        target = Target.parse(spec.target)
        if target == PYTORCH_CPU or self._adopter is None:
            return None
        config = model.info.config
        sizes = sizes_of(config, spec.inputs)
        return self._adopter.find(spec.model, resolve(spec.subnet, config), target, sizes)

    def _by(self, spec: RenderSpec, model: AnyModel) -> Target:
        """What would draw ``spec`` now."""
        held = self._held(spec, model)
        return PYTORCH_CPU if held is None else held.by

    def _compiled(
        self,
        spec: RenderSpec,
        model: AnyModel,
        between: Callable[[], None],
        tell: OnPicture | None,
    ) -> Made | None:
        """The picture from a compiled network; None where there is none, or it fails."""
        held = self._held(spec, model)
        if held is None or self._adopter is None:
            return None
        try:
            start = time.perf_counter()
            pixels = _drawn(spec, model, between, tell, held)
            seconds = time.perf_counter() - start
        except RuntimeFailed as error:
            config = model.info.config
            subnet, target = resolve(spec.subnet, config), Target.parse(spec.target)
            sizes = sizes_of(config, spec.inputs)
            self._adopter.failed(spec.model, subnet, target, str(error), sizes)
            return None
        return Made(pixels, seconds, held.by)


def _eager(
    spec: RenderSpec, model: AnyModel, between: Callable[[], None], tell: OnPicture | None
) -> Made:
    with suited_threads(model.info.config, spec.subnet):
        start = time.perf_counter()
        pixels = _drawn(spec, model, between, tell)
        return Made(pixels, time.perf_counter() - start)


def _drawn(
    spec: RenderSpec,
    model: AnyModel,
    between: Callable[[], None],
    tell: OnPicture | None,
    held: Held | None = None,
) -> Pixels:
    """The picture of ``spec``, by a compiled network or by PyTorch."""
    if model.info.family == "diffusion":
        from studio.engine.drawing_pipelines import draw

        return draw(model, spec, between, tell, held)  # type: ignore[arg-type]
    asked = _asked(spec, model)
    if held is not None:
        return model.render_with(held.network.run, held.inputs, asked, between=between)
    return model.render(asked, spec.subnet, between=between)


def _asked(spec: RenderSpec, model: AnyModel) -> Any:
    """The inputs of ``spec``, which are those of the model's family.

    Raises:
        BadChoice: they are another family's.
    """
    pictured = model.info.family == "translation"
    pipes = isinstance(spec.inputs, DiffusionInputs)
    if not pipes and isinstance(spec.inputs, EncodedPicture) == pictured:
        return spec.inputs
    wanted = "a picture" if pictured else "a seed"
    raise BadChoice(f"{model.info.name} draws from {wanted}, and none came")


def _open(path: str) -> AnyModel:
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
