"""Folders of pictures as lists of pairs of files, and files as pixels; nothing is trained here."""

from __future__ import annotations

import warnings
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import islice
from pathlib import Path
from typing import Protocol

import numpy as np
import numpy.typing as npt
from PIL import Image, ImageOps

from studio.errors import MaquetteError, cause_of
from studio.families.picture_kinds import FORMATS, SUFFIXES
from studio.training.gan_compression.options import DataOptions, Pairing
from studio.training.gan_compression.report import Skipped
from studio.training.picture_files import UNREADABLE

ALIKE = 0.02  # how far the shapes of a pair may differ, as a share
Numbers = npt.NDArray[np.int64]


class Unusable(Exception):
    """A picture or pair cannot be used; the text is the end of a sentence. Never shown as such."""


class Shaped(Protocol):
    """A picture, or the size of one."""

    @property
    def width(self) -> int: ...

    @property
    def height(self) -> int: ...


@dataclass(frozen=True)
class Row:
    """The files of one pair; ``joined`` has input and wanted picture in ``source``.

    Args:
        name: for what is said of it. wanted, instances: None where there is none.
    """

    name: str
    source: Path
    wanted: Path | None = None
    instances: Path | None = None
    joined: bool = False


@dataclass(frozen=True)
class Listed:
    """What the folders hold.

    Args:
        pairing: as told or found. rows: of pairs, or inputs. others: wanted pictures without pairs.
    """

    pairing: Pairing
    rows: tuple[Row, ...]
    others: tuple[Row, ...]
    skipped: tuple[Skipped, ...]


def pictures_in(folder: str | Path) -> dict[str, Path]:
    """Every picture of a folder and the folders in it, by relative name without suffix.

    Raises:
        MaquetteError: there is no such folder, or no picture in it.
    """
    base = Path(folder)
    try:
        if not base.is_dir():
            raise MaquetteError(f"{base} is no folder; accepted is a folder of pictures")
        files = sorted(p for p in base.rglob("*") if p.suffix.lower() in SUFFIXES and p.is_file())
    except OSError as error:
        raise MaquetteError(f"cannot read {base}: {cause_of(error)}") from error
    if not files:
        raise MaquetteError(
            f"there is no picture in {base}; accepted are {', '.join(SUFFIXES)} files"
        )
    found: dict[str, Path] = {}
    for file in files:
        found.setdefault(file.relative_to(base).with_suffix("").as_posix(), file)
    return found


def listed(options: DataOptions, shape: float, labels: bool) -> Listed:
    """The pairs of the folders.

    Args:
        shape: width over height of the network's pictures. labels: it takes label maps.

    Raises:
        MaquetteError: a folder cannot be used, or nothing in one has a partner in the other.
    """
    first = pictures_in(options.folders[0])
    if len(options.folders) == 1:
        pairing = options.pairing
        if pairing == "auto":
            pairing = "joined" if not labels and _looks_joined(first.values(), shape) else "inputs"
        if pairing == "joined" and labels:
            raise MaquetteError(
                "label maps cannot be joined with pictures in one file; give two folders"
            )
        joined = pairing == "joined"
        return _with_instances(
            Listed(pairing, tuple(Row(n, p, joined=joined) for n, p in first.items()), (), ()),
            options,
        )
    second = pictures_in(options.folders[1])
    if options.backwards:
        first, second = second, first
    both = [name for name in first if name in second]
    pairing = options.pairing
    if pairing == "auto":
        pairing = "folders" if both else "unpaired"
    if pairing == "unpaired":
        rows = tuple(Row(n, p) for n, p in first.items())
        others = tuple(Row(n, p) for n, p in second.items())
        return _with_instances(Listed(pairing, rows, others, ()), options)
    if not both:
        raise MaquetteError(
            f"no picture of {options.folders[0]} has a partner of its name in {options.folders[1]};"
            " pairs are two folders with the same names"
        )
    alone = sorted(set(first) ^ set(second))
    skipped = tuple(Skipped(name, "it has no partner in the other folder") for name in alone)
    rows = tuple(Row(name, first[name], second[name]) for name in both)
    return _with_instances(Listed(pairing, rows, (), skipped), options)


def _with_instances(found: Listed, options: DataOptions) -> Listed:
    if options.instances is None:
        return found
    maps = pictures_in(options.instances)
    missing = [row.name for row in found.rows if row.name not in maps]
    rows = tuple(
        Row(row.name, row.source, row.wanted, maps[row.name], row.joined)
        for row in found.rows
        if row.name in maps
    )
    skipped = tuple(Skipped(name, "it has no instance map") for name in missing)
    return Listed(found.pairing, rows, found.others, (*found.skipped, *skipped))


def _looks_joined(files: Iterable[Path], shape: float) -> bool:
    """Whether half of a picture has the shape of the network's pictures rather than all of it."""
    votes = 0
    for file in islice(files, 32):
        try:
            with Image.open(file, formats=FORMATS) as picture:
                whole = picture.width / picture.height / shape
        except UNREADABLE:
            continue
        votes += 1 if abs(np.log(whole / 2)) < abs(np.log(whole)) else -1
    return votes > 0


def pixels_of(file: Path, mode: str) -> Image.Image:
    """A picture, turned as its camera says, in a mode of Pillow.

    Raises:
        Unusable: it cannot be read.
    """
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of odd metadata, which matter to nobody here
            with Image.open(file, formats=FORMATS) as picture:
                return ImageOps.exif_transpose(picture).convert(mode)
    except UNREADABLE as error:
        raise Unusable("it is no picture that can be read") from error


def numbers_of(file: Path) -> Image.Image:
    """A map of whole numbers, by palette index or grey value, as a picture of 32-bit numbers.

    Raises:
        Unusable: it cannot be read, or is in colours.
    """
    try:
        with Image.open(file, formats=FORMATS) as picture:
            if picture.mode not in ("P", "L", "1", "I", "I;16"):
                raise Unusable("it is in colours, and a label map holds one number a pixel")
            return Image.fromarray(np.asarray(picture).astype(np.int32))
    except UNREADABLE as error:
        raise Unusable("it is no picture that can be read") from error


def halves(picture: Image.Image) -> tuple[Image.Image, Image.Image]:
    """Left and right half.

    Raises:
        Unusable: the width is odd, so that they are unequal.
    """
    width, height = picture.size
    if width % 2:
        raise Unusable(f"its {width} x {height} px are not two pictures of one size side by side")
    middle = width // 2
    return picture.crop((0, 0, middle, height)), picture.crop((middle, 0, width, height))


def alike(a: Shaped, b: Shaped) -> None:
    """Let pass what has one shape; sizes may differ.

    Raises:
        Unusable: the shapes differ, so that no pixel of one belongs to one of the other.
    """
    if abs(np.log((a.width / a.height) / (b.width / b.height))) > ALIKE:
        raise Unusable(
            f"its pictures are unequal: {a.width} x {a.height} and {b.width} x {b.height} px"
        )


def fitted(picture: Image.Image, size: tuple[int, int], *, exact: bool = False) -> Image.Image:
    """Cropped around the middle to the shape of ``size`` (height, width) and brought to it;
    ``exact`` keeps every number as it is."""
    method = Image.Resampling.NEAREST if exact else Image.Resampling.BICUBIC
    return ImageOps.fit(picture, (size[1], size[0]), method)
