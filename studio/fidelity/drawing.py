"""What draws when subnets are measured: PyTorch here; compiled networks do it the same way."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
import numpy.typing as npt

from studio.families.generative import AnyModel
from studio.fidelity.picture_run import PictureRun, Stopwatch
from studio.subnets.choice import SubnetChoice, asked
from studio.subnets.threads import suited_threads

if TYPE_CHECKING:
    from studio.families.diffusion.model import DiffusionModel

Between = Callable[[], None] | None
PYTORCH = "pytorch:cpu:f32"


class Drawer(Protocol):
    """Draws subnets of one model on one target."""

    target: str

    def draw(
        self, inputs: Any, choice: SubnetChoice, between: Between = None
    ) -> npt.NDArray[np.uint8]:
        """The picture, 8-bit RGB (h, w, 3). ``between`` is called now and then and may raise."""

    def running(
        self, inputs: Any, choice: SubnetChoice
    ) -> AbstractContextManager[tuple[Callable[[], object], int]]:
        """Within the block: what runs the network once at batch 1, from what it takes to the
        picture before it is turned into bytes, and the threads it runs with. Of a pipeline a
        ``PictureRun``, which draws the whole picture."""


class EagerDrawer:
    """PyTorch, in float32, with the threads that the window would use."""

    target = PYTORCH

    def __init__(self, model: AnyModel) -> None:
        self._model = model

    def draw(
        self, inputs: Any, choice: SubnetChoice, between: Between = None
    ) -> npt.NDArray[np.uint8]:
        return self._model.render(inputs, choice, between=between)

    @contextmanager
    def running(
        self, inputs: Any, choice: SubnetChoice
    ) -> Iterator[tuple[Callable[[], object], int]]:
        run = whole_picture(self._model, inputs, choice) or self._model.drawing(inputs, choice)
        with suited_threads(self._model.info.config, choice) as threads:
            yield run, threads


def whole_picture(model: AnyModel, inputs: Any, choice: SubnetChoice) -> PictureRun | None:
    """What draws a picture of a pipeline in PyTorch, whatever its steps do; None for a model that
    draws in one go."""
    if model.info.family != "diffusion":
        return None
    pipeline: DiffusionModel = model  # type: ignore[assignment]

    def draw(watch: Stopwatch) -> object:
        return pipeline.render(inputs, choice, watch=watch)

    return PictureRun(draw, pipeline.settled(asked(inputs, choice)).steps_run)
