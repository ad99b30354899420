"""Where a training reads and writes: suggestions and choosers."""

from __future__ import annotations

import os
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from studio import places
from widgets import choosers

translate = QCoreApplication.translate


def suggested(model: Path, name: str) -> Path:
    """Where the elastic form of a model could go: beside it, or to the user's documents when the
    model came with the app or its folder takes no files."""
    folder = model.parent
    own = places.embedded_model(model.stem)
    if (own is not None and own.resolve() == model.resolve()) or not os.access(folder, os.W_OK):
        folder = choosers.folder("models", QStandardPaths.StandardLocation.DocumentsLocation)
    return folder / f"{choosers.shortened(name)}-elastic.safetensors"


def choose_result(parent: QWidget, start: Path) -> Path | None:
    """Ask where the result goes."""
    found, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Training", "Where the result goes"),
        str(start),
        translate("Training", "Maquette model (*.safetensors)"),
    )
    if not found:
        return None
    path = Path(found)
    if path.suffix.lower() != ".safetensors":
        path = path.with_name(f"{path.name}.safetensors")
    choosers.remember("models", path)
    return path


def choose_pictures(parent: QWidget) -> Path | None:
    """Ask for a folder of pictures."""
    start = choosers.folder("training", QStandardPaths.StandardLocation.PicturesLocation)
    found = QFileDialog.getExistingDirectory(
        parent, translate("Training", "Folder of pictures"), str(start)
    )
    if not found:
        return None
    choosers.remember("training", Path(found) / "any")
    return Path(found)
