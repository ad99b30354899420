"""The drawn busts at the pipeline's size, each also in a mirror."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from studio.training.clay_heads.data import BYTES, drawn_set
from studio.training.clay_heads.scene import mirrored

DRAWN = 128  # pixels; drawn larger and pooled, which is smoother, and shared with other trainings


@dataclass(frozen=True)
class Pictures:
    """Latents z (n, 128) and bytes (n, 4, s, s): red, green, blue and where features are.

    Index n + i is the bust i in a mirror.
    """

    z: Tensor
    planes: NDArray[np.uint8]

    def __len__(self) -> int:
        return 2 * self.z.shape[0]

    def meant(self) -> Tensor:
        """The latents of all, mirrored ones last, (2n, 128)."""
        return torch.cat([self.z, mirrored(self.z)])

    def batch(self, index: Tensor) -> tuple[Tensor, Tensor]:
        """Pictures (b, 3, s, s) in [-1, 1] and features (b, 1, s, s) in [0, 1]."""
        count = self.z.shape[0]
        planes = torch.from_numpy(self.planes[(index % count).numpy()]).float() / BYTES
        turned = (index >= count)[:, None, None, None]
        planes = torch.where(turned, planes.flip(3), planes)
        return planes[:, :3] * 2.0 - 1.0, planes[:, 3:]


def drawn_pictures(
    folder: Path, sets: Sequence[tuple[int, int]], size: int, *, workers: int, fuse: bool
) -> Pictures:
    """The sets (seed, count) pooled to ``size``, drawn now unless ``folder`` has them."""
    parts = [
        drawn_set(folder, count, DRAWN, seed, workers=workers, fuse=fuse).at(size)
        for seed, count in sets
    ]
    return Pictures(torch.cat([p.z for p in parts]), np.concatenate([p.planes for p in parts]))
