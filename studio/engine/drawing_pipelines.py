"""Drawing with a diffusion pipeline in the render process: what each step looks like is told."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt

from studio.engine.adopting import Held
from studio.engine.messages import RenderSpec
from studio.errors import BadChoice
from studio.families.diffusion.inputs import DiffusionInputs
from studio.runtimes.planning import free_memory
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost
from studio.subnets.threads import suited_threads

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel
    from studio.families.diffusion.sampling import Step
    from studio.families.generative import AnyModel

Pixels = npt.NDArray[np.uint8]
OnPicture = Callable[[int, int, Pixels, float], None]
"""Told of a step: its number from 0, how many there are, what it looks like (h, w, 3) at the size
of the latents, and the seconds since the first step began."""
FULL = SubnetChoice()
PAUSE = 1 / 60
"""Seconds between two steps that are told: more of them cannot be seen."""


def draw(
    model: DiffusionModel,
    spec: RenderSpec,
    between: Callable[[], None],
    tell: OnPicture | None = None,
    held: Held | None = None,
) -> Pixels:
    """The picture of ``spec`` (h, w, 3).

    Args:
        between: called between layers; may raise to stop.
        tell: of every step but the last, whose picture is the answer itself.
        held: runs in place of the denoiser in PyTorch.

    Raises:
        BadChoice: the inputs are another family's, or do not fit the model.
        MaquetteError: a picture cannot be read, or memory does not suffice.
    """
    asked = spec.inputs
    if not isinstance(asked, DiffusionInputs):
        raise BadChoice(f"{model.info.name} draws from a prompt or a seed, and none came")
    run = None if held is None else _instead(model, held, between)
    on_step = None if tell is None else _Telling(model, tell)
    return model.render(asked, spec.subnet, denoiser=run, between=between, on_step=on_step)


def apart(
    full: AnyModel,
    other: AnyModel,
    spec: RenderSpec,
    between: Callable[[], None],
    held: tuple[Held | None, Held | None] = (None, None),
) -> tuple[float, ...]:
    """How far the denoiser of ``spec``, which is of ``other``, is from that of ``full`` at every
    step of its run (``studio.fidelity.step_errors``).

    Args:
        held: run in place of the two denoisers in PyTorch.

    Raises:
        BadChoice: one of the models, or the inputs, are another family's.
        MaquetteError: as of :func:`draw`.
    """
    from studio.families.diffusion.model import DiffusionModel
    from studio.fidelity.step_errors import step_errors

    if not (
        isinstance(full, DiffusionModel) and isinstance(other, DiffusionModel)
    ) or not isinstance(spec.inputs, DiffusionInputs):
        raise BadChoice("errors by step are of pipelines, and another model came")
    reference, draft = (
        None if each is None else _instead(model, each, between)
        for model, each in ((full, held[0]), (other, held[1]))
    )
    with suited_threads(full.info.config, FULL):
        return step_errors(
            full,
            other,
            spec.inputs,
            spec.subnet,
            between=between,
            reference=reference,
            draft=draft,
        )


def _instead(model: DiffusionModel, held: Held, between: Callable[[], None]) -> Any:
    """A compiled network as the denoiser. Where memory is short, PyTorch's own copy of the weights
    goes, which would lie there unused."""
    if free_memory() < cost(model.info.config, resolve(FULL, model.info.config)).size_bytes:
        model.release()
    return model.compiled(held.network.run, held.inputs, between)


class _Telling:
    """Takes the steps of one run."""

    def __init__(self, model: DiffusionModel, tell: OnPicture) -> None:
        self._model = model
        self._tell = tell
        self._begun = time.perf_counter()
        self._told = 0.0

    def __call__(self, step: Step) -> None:
        now = time.perf_counter()
        if step.index + 1 >= step.count or now - self._told < PAUSE:
            return
        latents = step.latents if step.expected is None else step.expected
        self._tell(step.index, step.count, self._model.preview(latents), now - self._begun)
        self._told = time.perf_counter()
