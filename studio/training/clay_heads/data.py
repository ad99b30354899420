"""Sets of drawn busts on disk: latents by seed, pictures and features as memory-mapped bytes."""

from __future__ import annotations

import multiprocessing
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor

from studio.training.clay_heads import render as renderer
from studio.training.clay_heads.scene import Z_DIM, scene_from_z

BYTES = 255.0
BLOCK = 16
POOLED = 256  # pictures pooled at a time
SPREAD = 5  # pixels: an edge of a feature counts on both sides


@dataclass(frozen=True)
class DrawnSet:
    """Latents z (n, 128) and a byte array (n, 4, size, size): red, green, blue, and features spread
    over their surroundings."""

    z: Tensor
    planes: NDArray[np.uint8]

    def __len__(self) -> int:
        return self.z.shape[0]

    def batch(self, index: Tensor) -> tuple[Tensor, Tensor, Tensor]:
        """z (b, 128), pictures (b, 3, s, s) in [-1, 1] and features (b, 1, s, s) in [0, 1]."""
        planes = torch.from_numpy(self.planes[index.numpy()]).float() / BYTES
        return self.z[index], planes[:, :3] * 2.0 - 1.0, planes[:, 3:]

    def at(self, size: int) -> DrawnSet:
        """The same busts mean-pooled to ``size``, in memory; ``size`` divides theirs.

        Reading and pooling the large pictures anew takes longer than a small stage's whole step.
        """
        factor = self.planes.shape[-1] // size
        if factor <= 1:
            return self
        small = np.empty((len(self), self.planes.shape[1], size, size), np.uint8)
        for start in range(0, len(self), POOLED):
            part = torch.from_numpy(self.planes[start : start + POOLED].astype(np.float32))
            small[start : start + POOLED] = F.avg_pool2d(part, factor).round().byte().numpy()
        return DrawnSet(self.z, small)


def latents(count: int, seed: int) -> Tensor:
    """Normal latents (count, 128), the same for the same seed."""
    return torch.randn(count, Z_DIM, generator=torch.Generator().manual_seed(seed))


def _worker(part: int, parts: int, file: str, count: int, size: int, seed: int, fuse: bool) -> None:
    torch.set_num_threads(1)
    if fuse:  # fusing the distance function makes drawing about three times as fast
        renderer.nearest = torch.compile(renderer.nearest, dynamic=False)
    z = latents(count, seed)
    planes = np.load(file, mmap_mode="r+")
    with torch.no_grad():
        for start in range(part * BLOCK, count, parts * BLOCK):
            drawn = renderer.render(scene_from_z(z[start : start + BLOCK]), size)
            spread = F.max_pool2d(drawn.features, SPREAD, stride=1, padding=SPREAD // 2)
            both = torch.cat([drawn.pictures, spread], dim=1)
            planes[start : start + BLOCK] = (both * BYTES).round().byte().numpy()
    planes.flush()


def drawn_set(
    folder: Path, count: int, size: int, seed: int, *, workers: int = 1, fuse: bool = False
) -> DrawnSet:
    """The set of ``count`` busts of ``seed`` at ``size`` px, drawn now unless ``folder`` has it.

    ``count`` is a multiple of 16. ``fuse`` compiles the renderer, which needs a C++ compiler.
    """
    if count % BLOCK:
        raise ValueError(f"count must be a multiple of {BLOCK}, not {count}")
    file = folder / f"drawn-{seed}-{count}-{size}.npy"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        aside = file.with_suffix(".part.npy")
        np.lib.format.open_memmap(aside, "w+", np.uint8, (count, 4, size, size)).flush()
        job = (workers, str(aside), count, size, seed, fuse)
        if workers == 1:
            _worker(0, *job)
        else:
            spawn = multiprocessing.get_context("spawn")
            running = [spawn.Process(target=_worker, args=(k, *job)) for k in range(workers)]
            for process in running:
                process.start()
            for process in running:
                process.join()
            if any(process.exitcode for process in running):
                raise RuntimeError("a drawing process failed")
        aside.rename(file)
    planes = np.load(file, mmap_mode="r")
    return DrawnSet(latents(count, seed), planes)
