"""A loaded diffusion pipeline: what it is and what it draws."""

from __future__ import annotations

import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
from torch import nn

from studio.errors import BadChoice
from studio.families.diffusion.components import Components, quiet
from studio.families.diffusion.info import DiffusionInfo
from studio.families.diffusion.inputs import DiffusionInputs, Settled, settled
from studio.families.diffusion.inputs import several as several_inputs
from studio.subnets.choice import SubnetChoice

if TYPE_CHECKING:
    from torch import Tensor

    from studio.families.diffusion.sampling import OnStep

Between = Callable[[], None] | None
Pixels = npt.NDArray[np.uint8]
FULL = SubnetChoice()


class DiffusionModel:
    """A pipeline with what describes it. Never changed after it was made.

    Args:
        info: everything known of it apart from the weights.
        components: its networks and tokenizers, loaded when first needed.
    """

    def __init__(self, info: DiffusionInfo, components: Components) -> None:
        self.info = info
        self.components = components
        self._colours: tuple[Tensor | None] | None = None
        # Hooks sit on shared networks while a picture is drawn.
        self._drawing = threading.RLock()

    @property
    def network(self) -> nn.Module:
        """The denoiser in the type of its file, frozen."""
        return self.components.stored(self.info.denoiser)

    @property
    def running_network(self) -> Any:
        """The denoiser in the type that PyTorch computes in."""
        return self.components.running(self.info.denoiser)

    def settled(self, inputs: DiffusionInputs) -> Settled:
        """``inputs`` with nothing left open.

        Raises:
            BadChoice: they do not fit this model.
        """
        return settled(inputs, self.info.config)

    def prompt_tokens(self, prompt: str) -> int:
        """How many tokens a prompt has, those that begin and end it among them; what is beyond
        ``info.config.prompt_tokens`` is not read. 0 for models without a prompt."""
        parts = self.components.folder.components
        names = sorted(name for name, each in parts.items() if each.part == "tokenizer")
        if not names:
            return 0
        with quiet():  # of several, the last reads most
            return len(self.components.tokenizer(names[-1])(prompt).input_ids)

    def render(
        self,
        inputs: DiffusionInputs,
        choice: SubnetChoice = FULL,
        *,
        denoiser: nn.Module | Callable[..., Any] | None = None,
        between: Between = None,
        on_step: OnStep = None,
    ) -> Pixels:
        """The picture of ``inputs`` as 8-bit RGB (h, w, 3), by PyTorch.

        Args:
            choice: the whole network; nothing else yet.
            denoiser: runs in place of :attr:`running_network`, with the arguments of its
                ``forward``: a subnet of it, features reused, a compiled form.
            between: called before every layer; may raise to stop.
            on_step: told of every step (``studio.families.diffusion.sampling.Step``).

        Raises:
            BadChoice: the inputs do not fit this model.
            MaquetteError: a picture cannot be read, or memory does not suffice.
        """
        from studio.families.diffusion.sampling import sample

        if choice != FULL:
            raise BadChoice(
                "this denoiser runs whole so far; leave width and resolution as they are"
            )
        wanted = self.settled(inputs)
        with self._drawing:
            return sample(self, wanted, denoiser=denoiser, between=between, on_step=on_step)

    def preview(self, latents: Tensor) -> Pixels:
        """Latents of a step, (1, channels, h, w), as a small picture (h, w, 3)."""
        from studio.families.diffusion.previewing import colour_map, preview

        with self._drawing:
            if self._colours is None:
                vae = self.components.folder.pipeline.vae
                colours = None
                if vae is not None:
                    colours = colour_map(self.components.running(vae), self.info.config.factor)
                self._colours = (colours,)
            return preview(latents, self._colours[0])

    def several(self, first: DiffusionInputs, count: int) -> tuple[DiffusionInputs, ...]:
        """``count`` inputs of which ``first`` is the first: the seeds that follow."""
        return several_inputs(first, count)
