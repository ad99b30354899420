"""What recipes, measures, runtimes, jobs and bundles ask of a model, whatever its family.

``studio.families.model.Model`` (inputs: ``GanInputs``, points on walks) and
``studio.families.translation.model.TranslationModel`` (``PictureInputs``) both fit. Who works with
any of them names :data:`AnyModel`; what only one family has is asked of that class.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal, Protocol, TypeVar

import numpy as np
import numpy.typing as npt

from studio.families.info import BaseInfo
from studio.families.portable import PortableNetwork
from studio.families.quantization import QuantPlan

if TYPE_CHECKING:
    from torch import Tensor, nn

    from studio.families.exportable import Exportable
    from studio.subnets.choice import SubnetChoice

Floats = npt.NDArray[np.float32]
Pixels = npt.NDArray[np.uint8]
Between = Callable[[], None] | None
Run = Callable[[Mapping[str, Floats], Between], dict[str, Floats]]
Inputs = TypeVar("Inputs")


class GenerativeModel(Protocol[Inputs]):
    """A generator of any family with what describes it. Never changed after it was made.

    ``choice`` is a subnet of it, all of it unless another is given. ``between`` is called before
    every layer and may raise to stop. All methods raise BadChoice where inputs or choice do not fit
    the model. Widths and costs of a choice follow from ``info.config`` alone
    (``studio.subnets.choice.resolve``, ``studio.subnets.cost.cost``).
    """

    @property
    def info(self) -> BaseInfo:
        """Everything known of it apart from the weights: key, name, history, config."""

    @property
    def network(self) -> nn.Module:
        """The weights, frozen. Its state dict is what is stored."""

    @property
    def plan(self) -> QuantPlan | None:
        """How targets of precision int8 run it; None when it is not quantised."""

    def portable(self, choice: SubnetChoice = ...) -> PortableNetwork:
        """A subnet as runtimes take it, with its quantisation where there is a plan."""

    def sizes(self, inputs: Inputs | None = None) -> dict[str, int]:
        """The dynamic dimensions of the portable network for one picture of ``inputs``, by name;
        for None as the model was trained."""

    def fed(
        self, names: Collection[str], inputs: Inputs, *, between: Between = None
    ) -> dict[str, Floats]:
        """What the portable network takes for one picture: arrays at batch 1 by name."""

    def drawing(
        self, inputs: Inputs, choice: SubnetChoice = ..., *, between: Between = None
    ) -> Callable[[], Tensor]:
        """What runs a subnet once in PyTorch on inputs made ready: from what the portable network
        takes to the picture (1, channels, h, w), nominally in [-1, 1]."""

    def render(
        self, inputs: Inputs, choice: SubnetChoice = ..., *, between: Between = None
    ) -> Pixels:
        """The picture of ``inputs`` as 8-bit RGB (h, w, 3), by PyTorch."""

    def render_with(
        self, run: Run, names: Collection[str], inputs: Inputs, *, between: Between = None
    ) -> Pixels:
        """The same, but ``run`` is the network: a compiled form of :meth:`portable`."""

    def several(self, first: Inputs, count: int) -> tuple[Inputs, ...]:
        """``count`` different inputs of which ``first`` is the first: seeds that follow it, or
        crops and mirror images of its picture."""

    def own_inputs(self, count: int) -> tuple[Inputs, ...]:
        """``count`` different inputs without any from outside: seeds from ``info.seed`` on, or test
        pictures of the size of its training that Maquette draws."""

    def uncut(self, choice: SubnetChoice) -> str | None:
        """Why a subnet that can be drawn cannot be a model of its own, a sentence; None when it
        can."""

    def exportable(self, choice: SubnetChoice = ...) -> Exportable:
        """A subnet as somebody without this app runs it."""

    def cut(self, choice: SubnetChoice) -> GenerativeModel[Inputs]:
        """A subnet as a model of its own, on its own memory; the model itself when all is kept."""

    def quantised(self, plan: QuantPlan) -> GenerativeModel[Inputs]:
        """A new model on the same weights that targets of precision int8 run by ``plan``."""

    def described(self, info: Any) -> GenerativeModel[Inputs]:
        """The same model under another description of its own kind."""

    def save(self, path: str | Path, dtype: Literal["f32", "f16"] = "f32") -> None:
        """Write the model in Maquette's own layout, aside and then renamed.

        Raises:
            MaquetteError: the file cannot be written.
        """


AnyModel = GenerativeModel[Any]
