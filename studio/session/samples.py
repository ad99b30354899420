"""Pictures to try a translation model with, drawn by Maquette's own renderer of clay heads.

Imports neither torch nor Qt.
"""

from __future__ import annotations

import struct
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from studio import places
from studio.families.translation.config import TranslationConfig
from studio.families.translation.info import TranslationInfo
from studio.session.source import MOST_SIDE, PAPER, Drawing, Source, StoredPicture

Form = Literal["lines", "clay", "labels"]
LABELS = 12  # of the label maps among the samples


@dataclass(frozen=True)
class Sample:
    """A sample picture: its file, and what it shows."""

    path: Path
    form: Form

    def read(self) -> StoredPicture:
        """The picture itself."""
        data = self.path.read_bytes()
        width, height = struct.unpack(">II", data[16:24])
        return StoredPicture.of(self.path.name, width, height, data)


def samples(config: TranslationConfig) -> tuple[Sample, ...]:
    """What a model can be tried with: line drawings and pictures, of a model that sees no colours
    drawings alone, or label maps where it knows as many labels."""
    folder = places.assets_dir() / "samples"
    forms: tuple[Form, ...] = ("lines",) if config.sizes.inputs == 1 else ("lines", "clay")
    if config.takes_labels:
        forms = ("labels",) if config.labels >= LABELS else ()
    return tuple(
        Sample(path, form) for form in forms for path in sorted(folder.glob(f"*-{form}.png"))
    )


def suited_size(config: TranslationConfig, width: int, height: int) -> tuple[int, int]:
    """The (width, height) to draw a picture of that size at; see ``TranslationConfig.suited``."""
    down, across = config.suited(height, width)
    return across, down


def blank(config: TranslationConfig, size: tuple[int, int] | None = None) -> Drawing:
    """An empty sheet, (width, height) as in training where no size is given."""
    width, height = size or (config.settings.width, config.settings.height)
    labels = config.takes_labels
    width, height = min(width, MOST_SIDE), min(height, MOST_SIDE)
    return Drawing(width, height, paper=0 if labels else PAPER, labels=labels)


def source_of(picture: StoredPicture, config: TranslationConfig, before: Source) -> Source:
    """``before`` with ``picture`` to draw from, at the size that suits it."""
    width, height = suited_size(config, picture.width, picture.height)
    return Source("picture", picture, before.drawing, width, height)


def first_source(info: TranslationInfo, before: Source) -> Source:
    """What a newly opened model draws from: what was there, where it takes the like; else the first
    sample, else an empty sheet."""
    config = info.config
    drawing = before.drawing
    fits = drawing is not None and drawing.labels == config.takes_labels
    kept = before if fits or drawing is None else Source("none", before.picture)
    if kept.kind == "drawing" and kept.drawing is not None:
        width, height = suited_size(config, kept.drawing.width, kept.drawing.height)
        return Source("drawing", kept.picture, kept.drawing.resized(width, height), width, height)
    if kept.kind == "picture" and kept.picture is not None and not config.takes_labels:
        return source_of(kept.picture, config, kept)
    found = samples(config)
    if found:
        return source_of(found[0].read(), config, kept)
    sheet = blank(config)
    return Source("drawing", None, sheet, sheet.width, sheet.height)
