"""A look at folders before anything is trained: what would be paired, and what is wrong with them.

Only the heads of files are read, and a few are decoded, so that thousands take moments. Imports no
torch: the window looks too.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from PIL import Image

from studio.errors import MaquetteError
from studio.families.picture_kinds import FORMATS
from studio.training.gan_compression.files import Row, Unusable, alike, listed, numbers_of
from studio.training.gan_compression.options import DataOptions, Pairing
from studio.training.gan_compression.report import Skipped
from studio.training.picture_files import UNREADABLE

MOST = 2000  # rows whose files are opened
DECODED = 16  # of which the pixels are read too
_ORIENTATION = 0x0112
_TURNED = (5, 6, 7, 8)  # orientations in which a camera lay on its side


@dataclass(frozen=True)
class Examined:
    """What folders hold.

    Args:
        pairing: as told or found. pairs: how many pairs, or inputs, seem usable.
        skipped: what is not, and why.
        sizes: (width, height) of the inputs in px, each once, the most frequent first.
        others: wanted pictures that belong to no input. unseen: rows past those that were opened.
    """

    pairing: Pairing
    pairs: int
    skipped: tuple[Skipped, ...]
    sizes: tuple[tuple[int, int], ...]
    others: int = 0
    unseen: int = 0


@dataclass(frozen=True)
class _Size:
    width: int
    height: int


def examine(
    options: DataOptions, shape: float = 1.0, *, labels: bool = False, most: int = MOST
) -> Examined:
    """Look at the folders of ``options``.

    Args:
        shape: width over height of the network's pictures. labels: it takes label maps.
        most: rows whose files are opened.

    Raises:
        MaquetteError: a folder cannot be used, or nothing in it can; the sentence names the first
            picture and what is wrong with it.
    """
    found = listed(options, shape, labels)
    skipped = list(found.skipped)
    sizes: Counter[tuple[int, int]] = Counter()
    seen = found.rows[:most]
    for number, row in enumerate(seen):
        try:
            size = _looked_at(row, labels=labels, decode=number < DECODED)
        except Unusable as why:
            skipped.append(Skipped(row.name, str(why)))
        else:
            sizes[size.width, size.height] += 1
    unseen = len(found.rows) - len(seen)
    usable = sizes.total() + unseen
    if not usable:
        first = next((each for each in skipped if each.name == found.rows[0].name), skipped[0])
        raise MaquetteError(
            f"none of the {len(found.rows)} pictures can be used; of {first.name}: {first.why}"
        )
    return Examined(
        found.pairing,
        usable,
        tuple(skipped),
        tuple(size for size, _ in sizes.most_common()),
        len(found.others),
        unseen,
    )


def _looked_at(row: Row, *, labels: bool, decode: bool) -> _Size:
    """The size of an input.

    Raises:
        Unusable: the row cannot be trained on.
    """
    if labels and decode:
        numbers_of(row.source)  # says what is no map of labels
    size = _size_of(row.source, decode=decode)
    if row.joined:
        if size.width % 2:
            raise Unusable(
                f"its {size.width} x {size.height} px are not two pictures of one size side by side"
            )
        return _Size(size.width // 2, size.height)
    for other in (row.wanted, row.instances):
        if other is not None:
            alike(size, _size_of(other, decode=decode))
    return size


def _size_of(file: Path, *, decode: bool) -> _Size:
    try:
        with Image.open(file, formats=FORMATS) as picture:
            width, height = picture.size
            if decode:
                picture.load()
            turned = picture.getexif().get(_ORIENTATION) in _TURNED
    except UNREADABLE as error:
        raise Unusable("it is no picture that can be read") from error
    return _Size(height, width) if turned else _Size(width, height)
