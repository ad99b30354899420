"""Where Maquette keeps things, per user and platform. Tests redirect all of it by environment."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

APP = "maquette"


def _folder(variable: str, default: str) -> Path:
    folder = Path(os.environ.get(variable) or default)
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def cache_dir() -> Path:
    """Files that can be made again (converted models). ``MAQUETTE_CACHE_DIR`` overrides."""
    return _folder("MAQUETTE_CACHE_DIR", platformdirs.user_cache_dir(APP, appauthor=False))


def data_dir() -> Path:
    """Files that belong to the user (recents, autosaves). ``MAQUETTE_DATA_DIR`` overrides."""
    return _folder("MAQUETTE_DATA_DIR", platformdirs.user_data_dir(APP, appauthor=False))


def log_dir() -> Path:
    """Log files. ``MAQUETTE_LOG_DIR`` overrides."""
    return _folder("MAQUETTE_LOG_DIR", platformdirs.user_log_dir(APP, appauthor=False))


def assets_dir() -> Path:
    """The shipped assets: beside the source in a checkout, inside the package when installed."""
    here = Path(__file__).resolve().parent
    checkout = here.parent / "assets"
    return checkout if checkout.is_dir() else here / "_assets"


def embedded_model(name: str) -> Path | None:
    """The file of an embedded model such as ``clay-heads``, or None when there is none so named."""
    if not name or name != Path(name).name:
        return None
    path = assets_dir() / "models" / f"{name}.safetensors"
    return path if path.is_file() else None
