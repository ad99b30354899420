"""Drawing translation models, with PyTorch or compiled, for commands that may wait for them."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

from studio.engine.adopting import Held
from studio.errors import BadChoice
from studio.families.inputs import PictureInputs
from studio.families.portable import PortableNetwork
from studio.families.translation.model import FULL, TranslationModel
from studio.families.translation.portable import BATCH, HEIGHT, WIDTH
from studio.families.translation.steps import INPUT
from studio.processes.child import processor_count
from studio.runtimes.target import PYTORCH_CPU, Target
from studio.subnets.choice import SubnetChoice
from studio.subnets.threads import SMALL

_ONE = {BATCH: 1}


class PictureDrawer:
    """Draws one subnet of a translation model on one target, whatever sizes come.

    The first size is compiled for itself, which is fastest; once another one comes, the network is
    compiled with its size left open, where the device can.
    """

    def __init__(self, model: TranslationModel, target: str, choice: SubnetChoice = FULL) -> None:
        """Raises BadChoice: there is no such target, or the choice does not fit the model."""
        self.target = Target.parse(target)
        self._model = model
        self._choice = choice
        self._network: PortableNetwork | None = None
        if self.target == PYTORCH_CPU:
            model.view(choice)  # refused now, not at the first picture
        else:
            self._network = model.portable(choice)
        self._held: Held | None = None
        self._size: tuple[int, int] | None = None  # None while the size is left open

    def draw(self, inputs: PictureInputs) -> npt.NDArray[np.uint8]:
        """The picture as 8-bit RGB (h, w, 3).

        Raises:
            MaquetteError: the inputs do not fit, a file cannot be read, or the target fails.
        """
        if self._network is None:
            return self._model.render(inputs, self._choice)
        fed = self._model.fed((INPUT,), inputs)
        held = self._ready(self._network, fed[INPUT].shape[2:])
        return self._model.shown(held.network.run(fed))

    def close(self) -> None:
        """Free what was compiled."""
        if self._held is not None:
            self._held.network.close()
            self._held = None

    def _ready(self, network: PortableNetwork, size: tuple[int, ...]) -> Held:
        height, width = size
        if self._held is not None and self._size in (None, (height, width)):
            return self._held
        fixed = _ONE | {HEIGHT: height, WIDTH: width}
        if self._held is None:
            self._held, self._size = self._compiled(network, fixed), (height, width)
            return self._held
        self.close()
        try:
            self._held, self._size = self._compiled(network, _ONE), None
        except BadChoice:  # a device for networks of fixed shapes only
            self._held, self._size = self._compiled(network, fixed), (height, width)
        return self._held

    def _compiled(self, network: PortableNetwork, sizes: dict[str, int]) -> Held:
        from studio.runtimes.all import runtime
        from studio.runtimes.compiling import ready

        threads = 1 if network.macs < SMALL else processor_count()
        plan = runtime(self.target.runtime).plan(network, self.target, sizes=sizes, threads=threads)
        if plan.refusals:
            raise BadChoice(f"{self.target} cannot run this: {plan.refusals[0]}")
        return Held(ready(plan), plan)
