"""The teacher: the frozen original, and the pictures it sets as exercises."""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F
from torch import Tensor

from studio.families.stylegan.config import StyleGanConfig
from studio.families.stylegan.network import StyleGan2
from studio.families.stylegan.styles import mixed
from studio.families.stylegan.synthesis import synthesise

MIXED = 0.1  # share of batches that mix two styles, as sliders of the window do
TRAINED_STAGES = 4  # Lin et al. 2021, section 3.1: the full resolution and three below it
SMALLEST_TRAINED = 16  # pixels; below nobody looks at a picture


@dataclass(frozen=True)
class Lesson:
    """One batch.

    Args:
        styles: w+ (n, rows, w_dim).
        pictures: what every stage should draw, smallest first, (n, 3, r, r) each.
    """

    styles: Tensor
    pictures: tuple[Tensor, ...]


def trained_resolutions(config: StyleGanConfig) -> tuple[int, ...]:
    """The resolutions in pixels at which a subnet is taught to stop, ascending."""
    largest = config.resolutions[-TRAINED_STAGES:]
    return tuple(r for r in largest if r >= SMALLEST_TRAINED) or largest[-1:]


class Teacher:
    """The original at full width.

    Args:
        network: frozen, with sorted channels.
    """

    def __init__(self, network: StyleGan2) -> None:
        self.network = network
        self._trained = trained_resolutions(network.config)

    @torch.no_grad()
    def styles(self, count: int, random: torch.Generator) -> Tensor:
        """Style rows (count, rows, w_dim) of new latents; some batches mix two styles."""
        config = self.network.config
        rows = self._rows(count, random)
        if torch.rand((), generator=random) < MIXED:
            at = int(torch.randint(1, config.style_count, (), generator=random))
            rows = mixed(rows, self._rows(count, random), at)
        return rows

    def _rows(self, count: int, random: torch.Generator) -> Tensor:
        config = self.network.config
        z = torch.randn(count, config.z_dim, generator=random)
        labels = None
        if config.c_dim:
            classes = torch.randint(config.c_dim, (count,), generator=random)
            labels = F.one_hot(classes, config.c_dim).float()
        w = self.network.map(z, labels)
        return w[:, None].expand(-1, config.style_count, -1)

    @torch.no_grad()
    def lesson(self, styles: Tensor) -> Lesson:
        """What the full network draws of style rows, at every stage.

        Trained resolutions should show the full picture made smaller (Lin et al. 2021, section
        3.1); below them a stage should draw what it always did.
        """
        stages = synthesise(self.network.view(), styles, every_stage=True)
        full = stages[-1]
        pictures = tuple(
            F.avg_pool2d(full, full.shape[-1] // s.shape[-1]) if s.shape[-1] in self._trained else s
            for s in stages[:-1]
        )
        return Lesson(styles, (*pictures, full))
