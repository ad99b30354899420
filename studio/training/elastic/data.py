"""Pictures of one's own: cropped to squares, made the model's size, kept as bytes on disk."""

from __future__ import annotations

import hashlib
import json
import secrets
import warnings
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from PIL import Image, ImageOps
from torch import Tensor

from studio.errors import MaquetteError, cause_of
from studio.families.picture_kinds import FORMATS, SUFFIXES
from studio.places import cache_dir
from studio.processes.aside import written_aside
from studio.training.picture_files import UNREADABLE, check_room

Progress = Callable[[float, str], None]


@dataclass(frozen=True)
class Reals:
    """Pictures (n, size, size, 3) as bytes, memory-mapped, and the files that were none."""

    pictures: NDArray[np.uint8]
    unread: tuple[str, ...] = ()

    def __len__(self) -> int:
        return len(self.pictures)

    def batch(self, count: int, size: int, random: torch.Generator) -> Tensor:
        """``count`` pictures (count, 3, size, size) in [-1, 1], drawn with repetition."""
        index = torch.randint(len(self), (count,), generator=random)
        chosen = torch.from_numpy(self.pictures[index.numpy()]).permute(0, 3, 1, 2).float()
        pictures = chosen / 127.5 - 1.0
        factor = pictures.shape[-1] // size
        return pictures if factor <= 1 else F.avg_pool2d(pictures, factor)


def read_folder(folder: str | Path, size: int, progress: Progress) -> Reals:
    """Every picture of a folder and the folders in it, from the cache where it was read before.

    Args:
        size: height and width in pixels that they are brought to, cropped around the middle.
        progress: called with a fraction in [0, 1] and a line of text; may raise to stop.

    Raises:
        MaquetteError: there is no such folder, no readable picture in it, or no room on the disk.
    """
    base = Path(folder)
    files = _files(base)
    if not files:
        raise MaquetteError(
            f"there is no picture in {base}; accepted are {', '.join(sorted(SUFFIXES))} files"
        )
    home = cache_dir() / "pictures"
    home.mkdir(parents=True, exist_ok=True)
    stem = _digest(base, files, size)
    store, notes = home / f"{stem}.bytes", home / f"{stem}.json"
    if not (store.is_file() and notes.is_file()):
        check_room(home, len(files) * size * size * 3)
        try:
            _write(base, files, size, store, notes, progress)
        except OSError as error:
            raise MaquetteError(f"cannot keep pictures in {home}: {cause_of(error)}") from error
    unread = tuple(str(name) for name in json.loads(notes.read_text("utf-8")))
    pixels = np.memmap(store, np.uint8, mode="r").reshape(-1, size, size, 3)
    return Reals(pixels, unread)


def _files(base: Path) -> list[Path]:
    try:
        if not base.is_dir():
            raise MaquetteError(f"{base} is no folder; accepted is a folder of pictures")
        return sorted(p for p in base.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    except OSError as error:
        raise MaquetteError(f"cannot read {base}: {cause_of(error)}") from error


def _digest(base: Path, files: Sequence[Path], size: int) -> str:
    """A name for these very files (path, time and length) at this size."""
    digest = hashlib.sha256(f"{base.resolve()}\n{size}".encode("utf-8", "surrogateescape"))
    for file in files:
        state = file.stat()
        line = f"\n{file.relative_to(base)}\0{state.st_mtime_ns}\0{state.st_size}"
        digest.update(line.encode("utf-8", "surrogateescape"))
    return digest.hexdigest()[:24]


def _write(
    base: Path, files: Sequence[Path], size: int, store: Path, notes: Path, progress: Progress
) -> None:
    unread: list[str] = []
    with written_aside(store, secrets.token_hex(8)) as aside:
        with aside.open("wb") as out:
            for number, file in enumerate(files):
                progress(number / len(files), f"reading picture {number + 1} of {len(files)}")
                picture = _square(file, size)
                if picture is None:
                    unread.append(str(file.relative_to(base)))
                else:
                    out.write(picture.tobytes())
        if len(unread) == len(files):
            raise MaquetteError(
                f"none of the {len(files)} pictures in {base} can be read, {unread[0]} for one"
            )
        with written_aside(notes, secrets.token_hex(8)) as names:
            names.write_text(json.dumps(unread), "utf-8")


def _square(file: Path, size: int) -> NDArray[np.uint8] | None:
    """The middle square of a picture at ``size`` px, or None when it is no readable picture."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which matter to nobody here
            with Image.open(file, formats=FORMATS) as picture:
                # The way a camera was held is part of the picture.
                upright = ImageOps.exif_transpose(picture).convert("RGB")
                fitted = ImageOps.fit(upright, (size, size), Image.Resampling.LANCZOS)
                return np.asarray(fitted, np.uint8)
    except UNREADABLE:
        return None
