"""Sentences of the window about folders, and where a work could be kept."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths

from studio.families.translation.config import TranslationConfig
from studio.training.gan_compression.examining import Examined
from widgets import choosers
from widgets.gan_compression.words import pairing_name

translate = QCoreApplication.translate
MOST_SIZES = 3  # that are named


def folders_told(found: Examined | None, config: TranslationConfig | None) -> str:
    """What folders hold, in sentences.

    Args:
        found: None where only the teacher's file tells how they are read.
        config: of what takes the pictures, where that is known.
    """
    if found is None:
        return translate("GanCompression", "The teacher's file tells how these are read.")
    way = pairing_name(found.pairing)
    lines = [
        translate("GanCompression", "Usable: {count}, {way}.").format(count=found.pairs, way=way)
    ]
    if found.others:
        text = translate("GanCompression", "Wanted pictures: {count}.")
        lines.append(text.format(count=found.others))
    lines.append(_sizes_told(found, config))
    if found.skipped:
        text = translate("GanCompression", "Left out: {count}; of {name}: {why}.")
        first = found.skipped[0]
        lines.append(text.format(count=len(found.skipped), name=first.name, why=first.why))
    return " ".join(lines)


def _sizes_told(found: Examined, config: TranslationConfig | None) -> str:
    sizes = [size_text(width, height) for width, height in found.sizes]
    if len(sizes) == 1:
        return translate("GanCompression", "All have {size} px.").format(size=sizes[0])
    named = ", ".join(sizes[:MOST_SIZES]) + ("…" if len(sizes) > MOST_SIZES else "")
    if config is None:
        text = translate(
            "GanCompression",
            "Sizes differ ({sizes}); all are cropped and brought to the teacher's.",
        )
        return text.format(sizes=named)
    text = translate(
        "GanCompression", "Sizes differ ({sizes}); all are cropped and brought to {size} px."
    )
    wanted = size_text(config.settings.width, config.settings.height)
    return text.format(sizes=named, size=wanted)


def size_text(width: int, height: int) -> str:
    """Width and height as one writes them."""
    return f"{width} \N{MULTIPLICATION SIGN} {height}"


def suggested_folder(model: Path | None) -> Path:
    """Where a work could be kept: beside the last one, or in the user's documents."""
    folder = choosers.folder("gan-compression", QStandardPaths.StandardLocation.DocumentsLocation)
    if not os.access(folder, os.W_OK):
        folder = Path.home()
    stem = "generator" if model is None else choosers.shortened(model.stem)
    return folder / f"{stem}-compression"
