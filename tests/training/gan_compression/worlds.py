"""Tiny pairs and networks for tests: coloured shapes in, the same shapes lit out."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from studio.families.translation.model import TranslationModel
from studio.training.gan_compression.making import new_model
from studio.training.gan_compression.options import TrainingOptions
from studio.training.gan_compression.shapes import resnet_sizes

SIDE = 16
QUICK = TrainingOptions(steps=4, batch=2, ndf=4, held=2, crop=1.0)


def pair(seed: int, side: int = SIDE) -> tuple[npt.NDArray[np.uint8], npt.NDArray[np.uint8]]:
    """A block on grey, and what it should become: two pictures (side, side, 3)."""
    random = np.random.default_rng(seed)
    source = np.full((side, side, 3), 128, np.uint8)
    top, left = random.integers(1, side // 2, 2)
    source[top : top + side // 3, left : left + side // 3] = random.integers(0, 256, 3)
    return source, (255 - source[::-1]).astype(np.uint8)


def joined_folder(folder: Path, count: int = 16, side: int = SIDE) -> Path:
    """Pictures of input and wanted side by side."""
    folder.mkdir()
    for seed in range(count):
        both = np.concatenate(pair(seed, side), axis=1)
        Image.fromarray(both).save(folder / f"{seed:02}.png")
    return folder


def two_folders(base: Path, count: int = 6, side: int = SIDE) -> tuple[Path, Path]:
    """The same in two folders."""
    a, b = base / "a", base / "b"
    a.mkdir()
    b.mkdir()
    for seed in range(count):
        source, wanted = pair(seed, side)
        Image.fromarray(source).save(a / f"{seed:02}.png")
        Image.fromarray(wanted).save(b / f"{seed:02}.png")
    return a, b


def tiny_teacher(ngf: int = 4, blocks: int = 3) -> TranslationModel:
    """A residual network for pictures of 16 px."""
    return new_model(resnet_sizes(3, 3, ngf, blocks), name="tiny", size=(SIDE, SIDE), seed=3)


def quick(**changes: object) -> TrainingOptions:
    """Few steps on small things."""
    return replace(QUICK, **changes)  # type: ignore[arg-type]
