"""The file choosers, the only dialogs there are. Each remembers its folder."""

from __future__ import annotations

import os
from collections.abc import Collection
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from widgets import settings

translate = QCoreApplication.translate
LONGEST_STEM = 120


def folder(purpose: str, standard: QStandardPaths.StandardLocation) -> Path:
    """Where a chooser begins: where it ended last, else the system's folder for such files."""
    last = settings.text(f"folders/{purpose}")
    if last and Path(last).is_dir():
        return Path(last)
    found = QStandardPaths.writableLocation(standard)
    return Path(found) if found and Path(found).is_dir() else Path.home()


def remember(purpose: str, path: Path) -> None:
    """Begin there next time."""
    settings.remember(f"folders/{purpose}", str(path.parent))


def open_file(parent: QWidget) -> Path | None:
    """Ask for a model or a session to open."""
    start = folder("open", QStandardPaths.StandardLocation.DocumentsLocation)
    filters = [
        translate(
            "Choosers",
            "Models, sessions, saved pictures, measurements "
            "(*.safetensors *.pt *.pth *.pkl *.maquette *.png *.json)",
        ),
        translate("Choosers", "All files (*)"),
    ]
    found, _ = QFileDialog.getOpenFileName(
        parent, translate("Choosers", "Open"), str(start), ";;".join(filters)
    )
    return _taken("open", found)


def save_picture(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a picture goes."""
    found, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Choosers", "Save picture"),
        str(suggested),
        translate("Choosers", "PNG picture (*.png)"),
    )
    return _taken("pictures", found, ".png")


def pictures_into(parent: QWidget) -> Path | None:
    """Ask for a folder for several pictures."""
    found = QFileDialog.getExistingDirectory(
        parent, translate("Choosers", "Save pictures in"), str(picture_folder())
    )
    if not found:
        return None
    settings.remember("folders/pictures", found)
    return Path(found)


def save_session(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a session goes."""
    found, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Choosers", "Save session"),
        str(suggested),
        translate("Choosers", "Maquette session (*.maquette)"),
    )
    return _taken("sessions", found, ".maquette")


def save_table(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a table goes."""
    found, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Choosers", "Save the table"),
        str(suggested),
        translate("Choosers", "Table of comma-separated values (*.csv)"),
    )
    return _taken("tables", found, ".csv")


def save_walk(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a walk goes: a GIF or WebP file, or a folder for numbered PNG pictures."""
    endings = {
        translate("Choosers", "Moving GIF (*.gif)"): ".gif",
        translate("Choosers", "Moving WebP (*.webp)"): ".webp",
        translate("Choosers", "Folder of numbered PNG pictures (*)"): "",
    }
    found, chosen = QFileDialog.getSaveFileName(
        parent, translate("Choosers", "Save the walk"), str(suggested), ";;".join(endings)
    )
    return _taken("walks", found, endings.get(chosen, ".gif"))


def open_recipe(parent: QWidget) -> Path | None:
    """Ask for a recipe to open."""
    start = folder("recipes", QStandardPaths.StandardLocation.DocumentsLocation)
    filters = [
        translate("Choosers", "Recipes (*.yaml *.yml)"),
        translate("Choosers", "All files (*)"),
    ]
    found, _ = QFileDialog.getOpenFileName(
        parent, translate("Choosers", "Open a recipe"), str(start), ";;".join(filters)
    )
    return _taken("recipes", found)


def save_recipe(parent: QWidget, name: str) -> Path | None:
    """Ask where a recipe goes."""
    start = folder("recipes", QStandardPaths.StandardLocation.DocumentsLocation)
    found, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Choosers", "Save the recipe"),
        str(unused(start / f"{name}.yaml")),
        translate("Choosers", "Recipe (*.yaml)"),
    )
    return _taken("recipes", found, ".yaml")


def save_report(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a report goes."""
    found, _ = QFileDialog.getSaveFileName(
        parent,
        translate("Choosers", "Save the report"),
        str(suggested),
        translate("Choosers", "HTML page (*.html)"),
    )
    return _taken("reports", found, ".html")


def _taken(purpose: str, found: str, suffix: str = "") -> Path | None:
    if not found:
        return None
    path = Path(found)
    if suffix and not path.suffix:
        path = path.with_suffix(suffix)
    remember(purpose, path)
    return path


def shortened(stem: str, most: int = LONGEST_STEM) -> str:
    """The beginning of a name, at most ``most`` bytes long: three for a Korean syllable, and file
    systems count bytes."""
    return os.fsencode(stem)[:most].decode("utf-8", "ignore")


def unused(path: Path, taken: Collection[Path] = ()) -> Path:
    """``path``, or its name with the first number that makes it new, also among ``taken``."""
    number, candidate = 2, path
    while candidate in taken or candidate.exists():
        candidate = path.with_name(f"{path.stem}-{number}{path.suffix}")
        number += 1
    return candidate


def picture_folder() -> Path:
    """Where pictures go."""
    return folder("pictures", QStandardPaths.StandardLocation.PicturesLocation)


def walk_folder() -> Path:
    """Where walks go."""
    return folder("walks", QStandardPaths.StandardLocation.PicturesLocation)


def report_folder() -> Path:
    """Where reports go."""
    return folder("reports", QStandardPaths.StandardLocation.DocumentsLocation)


def session_folder() -> Path:
    """Where sessions go."""
    return folder("sessions", QStandardPaths.StandardLocation.DocumentsLocation)


def table_folder() -> Path:
    """Where tables go."""
    return folder("tables", QStandardPaths.StandardLocation.DocumentsLocation)
