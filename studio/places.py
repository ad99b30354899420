"""Where Maquette keeps things, per user and platform. Tests redirect all of it by environment.

Every folder is made when it is asked for; ``NoFolder``, which is an OSError too, says when it
cannot be.
"""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

from studio.errors import NoFolder, cause_of

APP = "maquette"
CACHE_FOLDER = "MAQUETTE_CACHE_DIR"
CACHE_LIMIT = "MAQUETTE_CACHE_GB"
CACHE_GB = 2.0
PIPELINE_INDEX = "model_index.json"
"""What makes a folder a diffusion pipeline."""


def _folder(variable: str, default: str) -> Path:
    folder = Path(os.environ.get(variable) or default)
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise NoFolder(
            f"the folder {folder} cannot be made ({cause_of(error)}); {variable} may name another"
        ) from error
    return folder


def cache_dir() -> Path:
    """Files that can be made again (converted models). ``MAQUETTE_CACHE_DIR`` overrides."""
    return _folder(CACHE_FOLDER, platformdirs.user_cache_dir(APP, appauthor=False))


def cache_limit() -> int:
    """How many bytes of the cache compiled networks may fill. ``MAQUETTE_CACHE_GB`` overrides; a
    value that is no number above 0 does not."""
    try:
        chosen = float(os.environ.get(CACHE_LIMIT, ""))
    except ValueError:
        chosen = CACHE_GB
    return int((chosen if 0 < chosen < 1e6 else CACHE_GB) * 1e9)


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
    """The file of an embedded model such as ``clay-heads``, or the folder of an embedded pipeline;
    None when there is none so named."""
    if not name or name != Path(name).name:
        return None
    path = assets_dir() / "models" / f"{name}.safetensors"
    if path.is_file():
        return path
    return path.with_suffix("") if (path.with_suffix("") / PIPELINE_INDEX).is_file() else None


def embedded_name(path: Path) -> str | None:
    """The name of the embedded model whose file ``path`` is, or None when it is none of them."""
    own = embedded_model(path.stem)
    return path.stem if own is not None and own.resolve() == path.resolve() else None


def model_file(name: str) -> Path | None:
    """The file that ``name`` means: a file or a pipeline folder of that name, else an embedded
    model, else None.

    Other folders stand in the way of no embedded model; without one they are returned, to be
    refused.
    """
    path = Path(name)
    try:
        if name and (path.is_file() or (path / PIPELINE_INDEX).is_file()):
            return path
        return embedded_model(name) or (path if path.exists() else None)
    except OSError:  # a folder on the way may not be entered, a name is too long: opening says so
        return path
    except ValueError:  # a zero byte
        return None
