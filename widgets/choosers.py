"""The file choosers, the only dialogs there are. Each remembers its folder."""

from __future__ import annotations

import os
from collections.abc import Collection
from dataclasses import dataclass
from pathlib import Path

from PySide6.QtCore import QCoreApplication, QStandardPaths
from PySide6.QtWidgets import QFileDialog, QWidget

from studio.families.picture_kinds import SUFFIXES
from widgets import settings

translate = QCoreApplication.translate
LONGEST_STEM = 120
Standard = QStandardPaths.StandardLocation


@dataclass(frozen=True)
class Kind:
    """A kind of file. ``purpose``: names the folder that is remembered. ``standard``: where the
    system keeps such files. ``suffix``: of a name that has none."""

    purpose: str
    standard: Standard = Standard.DocumentsLocation
    suffix: str = ""

    def folder(self) -> Path:
        """Where a chooser begins: where it ended last, else the system's folder."""
        return folder(self.purpose, self.standard)

    def taken(self, found: str, suffix: str | None = None) -> Path | None:
        """What was chosen, with its folder remembered; None for nothing."""
        return _taken(self.purpose, found, self.suffix if suffix is None else suffix)


MODELS = Kind("open")
DENOISERS = Kind("denoisers")
PICTURES = Kind("pictures", Standard.PicturesLocation, ".png")
WALKS = Kind("walks", Standard.PicturesLocation)
SESSIONS = Kind("sessions", suffix=".maquette")
TABLES = Kind("tables", suffix=".csv")
RECIPES = Kind("recipes", suffix=".yaml")
REPORTS = Kind("reports", suffix=".html")
picture_folder, walk_folder, report_folder = PICTURES.folder, WALKS.folder, REPORTS.folder
session_folder, table_folder = SESSIONS.folder, TABLES.folder


def folder(purpose: str, standard: Standard) -> Path:
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
    known = translate(
        "Choosers",
        "Models, sessions, saved pictures, measurements "
        "(*.safetensors *.pt *.pth *.pkl *.maquette *.png *.json)",
    )
    return _open(parent, MODELS, translate("Choosers", "Open"), known)


def open_folder(parent: QWidget) -> Path | None:
    """Ask for the folder of a pipeline."""
    title = translate("Choosers", "Open the folder of a pipeline")
    found = QFileDialog.getExistingDirectory(parent, title, str(MODELS.folder()))
    return MODELS.taken(found, "")


def open_recipe(parent: QWidget) -> Path | None:
    """Ask for a recipe to open."""
    known = translate("Choosers", "Recipes (*.yaml *.yml)")
    return _open(parent, RECIPES, translate("Choosers", "Open a recipe"), known)


def open_denoiser(parent: QWidget) -> Path | None:
    """Ask for a GGUF file with a denoiser."""
    title = translate("Choosers", "Take the denoiser from a GGUF file")
    known = translate("Choosers", "GGUF files (*.gguf)")
    return _open(parent, DENOISERS, title, known)


def open_picture(parent: QWidget) -> Path | None:
    """Ask for a picture to draw from."""
    start = folder("inputs", QStandardPaths.StandardLocation.PicturesLocation)
    found, _ = QFileDialog.getOpenFileName(
        parent,
        translate("Choosers", "Open a picture"),
        str(start),
        translate("Choosers", "Pictures ({kinds})").format(
            kinds=" ".join(f"*{suffix}" for suffix in SUFFIXES)
        ),
    )
    return _taken("inputs", found)


def picture_folders(parent: QWidget) -> tuple[Path, Path] | None:
    """Ask for a folder of pictures, and where what is drawn from them goes."""
    start = folder("inputs", QStandardPaths.StandardLocation.PicturesLocation)
    source = QFileDialog.getExistingDirectory(
        parent, translate("Choosers", "Draw the pictures of this folder"), str(start)
    )
    if not source:
        return None
    settings.remember("folders/inputs", source)
    into = QFileDialog.getExistingDirectory(
        parent, translate("Choosers", "Save what is drawn in"), str(picture_folder())
    )
    if not into:
        return None
    settings.remember("folders/pictures", into)
    return Path(source), Path(into)


def save_picture(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a picture goes."""
    known = translate("Choosers", "PNG picture (*.png)")
    return _save(parent, PICTURES, suggested, translate("Choosers", "Save picture"), known)


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
    known = translate("Choosers", "Maquette session (*.maquette)")
    return _save(parent, SESSIONS, suggested, translate("Choosers", "Save session"), known)


def save_table(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a table goes."""
    known = translate("Choosers", "Table of comma-separated values (*.csv)")
    return _save(parent, TABLES, suggested, translate("Choosers", "Save the table"), known)


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
    return WALKS.taken(found, endings.get(chosen, ".gif"))


def save_recipe(parent: QWidget, name: str) -> Path | None:
    """Ask where a recipe goes."""
    suggested = unused(RECIPES.folder() / f"{name}.yaml")
    known = translate("Choosers", "Recipe (*.yaml)")
    return _save(parent, RECIPES, suggested, translate("Choosers", "Save the recipe"), known)


def save_report(parent: QWidget, suggested: Path) -> Path | None:
    """Ask where a report goes."""
    known = translate("Choosers", "HTML page (*.html)")
    return _save(parent, REPORTS, suggested, translate("Choosers", "Save the report"), known)


def _taken(purpose: str, found: str, suffix: str = "") -> Path | None:
    if not found:
        return None
    path = Path(found)
    if not path.suffix:
        path = path.with_suffix(suffix)
    remember(purpose, path)
    return path


def _open(parent: QWidget, kind: Kind, title: str, known: str) -> Path | None:
    """Ask for a file of a kind, or for any other."""
    filters = ";;".join((known, translate("Choosers", "All files (*)")))
    found, _ = QFileDialog.getOpenFileName(parent, title, str(kind.folder()), filters)
    return kind.taken(found, "")


def _save(parent: QWidget, kind: Kind, suggested: Path, title: str, known: str) -> Path | None:
    """Ask where a file of a kind goes."""
    found, _ = QFileDialog.getSaveFileName(parent, title, str(suggested), known)
    return kind.taken(found)


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
