"""How near a subnet's pictures are to the teacher's, on few pictures, kept once known."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import torch

from studio.families.model import to_pixels
from studio.families.translation.model import TranslationModel
from studio.families.translation.program import program
from studio.families.translation.run import run
from studio.families.translation.slicing import sliced
from studio.families.translation.steps import Normalise
from studio.fidelity.metrics import Pixels, flip
from studio.subnets.stages import stage_widths
from studio.training.gan_compression.space import Widths, choice_of


@dataclass
class Scorer:
    """Mean FLIP of a subnet to what the teacher draws of the same inputs.

    A subnet with batch norms takes their statistics from these inputs, which is what a subnet that
    is exported gets from more of them.

    Args:
        supernet: whose subnets. inputs: (n, inputs, h, w). wanted: what the teacher draws of each,
            8-bit RGB (h, w, 3).
        known: distances by widths; filled as they are found, and may be given from another time.
    """

    supernet: TranslationModel
    inputs: torch.Tensor
    wanted: Sequence[Pixels]
    known: dict[Widths, float] = field(default_factory=dict)

    def __call__(self, widths: Widths) -> float:
        """The distance of one subnet, in [0, 1]."""
        if widths not in self.known:
            self.known[widths] = self._scored(widths)
        return self.known[widths]

    def _scored(self, widths: Widths) -> float:
        config = self.supernet.info.config
        sub = self.supernet.config_of(choice_of(widths))
        assert stage_widths(choice_of(widths), config) == widths
        tensors = sliced(self.supernet.network.tensors(), config.sizes, sub.sizes)
        with torch.inference_mode():
            drawn = run(program(sub), tensors, self.inputs, batch=_unheard)
        return mean_flip(self.wanted, pixels_of(drawn))


def pixels_of(pictures: torch.Tensor) -> list[Pixels]:
    """Pictures (n, channels, h, w) in [-1, 1] as 8-bit RGB (h, w, 3) each; grey becomes RGB."""
    shown = pictures[:, :3] if pictures.shape[1] >= 3 else pictures[:, :1].expand(-1, 3, -1, -1)
    return list(to_pixels(shown))


def mean_flip(wanted: Sequence[Pixels], drawn: Sequence[Pixels]) -> float:
    """Mean FLIP of pictures, in [0, 1]."""
    apart = [flip(a, b).mean for a, b in zip(wanted, drawn, strict=True)]
    return sum(apart) / len(apart)


def _unheard(step: Normalise, x: torch.Tensor) -> None:
    """Batch norms use what goes through them, and nobody takes note."""
