"""A pipeline with the denoiser of a GGUF file, named by one small file, so that whatever opens a
model by its path opens both. Imports no torch.
"""

from __future__ import annotations

import hashlib
import json
import secrets
from dataclasses import dataclass
from pathlib import Path

from studio.checkpoints.causes import Cause, listed, shown
from studio.checkpoints.json_text import parse_json
from studio.errors import MaquetteError, RefusedFile, cause_of
from studio.processes.aside import written_aside

SUFFIX = ".maquette-pipeline"
_FORMAT, _VERSION = "maquette-pipeline", 1
_LARGEST = 100_000
_LONGEST = 60  # letters of a part of a file's name


@dataclass(frozen=True)
class Pair:
    """``pipeline``: a folder or a single file. ``denoiser``: a GGUF file; both absolute."""

    pipeline: Path
    denoiser: Path


def is_pair(path: Path) -> bool:
    """Whether a path is that of such a file, by its name."""
    return path.suffix.lower() == SUFFIX


def write_pair(pair: Pair, folder: Path) -> Path:
    """Write a pair into ``folder``, under a name that tells it from others; its path.

    Raises:
        MaquetteError: the folder cannot be written.
    """
    said = {
        "format": _FORMAT,
        "version": _VERSION,
        "pipeline": str(pair.pipeline),
        "denoiser": str(pair.denoiser),
    }
    text = json.dumps(said, indent=1, ensure_ascii=False) + "\n"
    digest = hashlib.sha256(text.encode("utf-8", "surrogateescape")).hexdigest()[:8]
    name = f"{pair.pipeline.stem[:_LONGEST]} {pair.denoiser.stem[:_LONGEST]} {digest}{SUFFIX}"
    try:
        with written_aside(folder / name, secrets.token_hex(8)) as aside:
            aside.write_text(text, "utf-8", "surrogateescape")
    except OSError as error:
        raise MaquetteError(f"cannot write into {folder}: {cause_of(error)}") from error
    return folder / name


def read_pair(path: Path) -> Pair:
    """What :func:`write_pair` wrote.

    Raises:
        RefusedFile: it is none, or what it names is gone.
    """
    try:
        if path.stat().st_size > _LARGEST:
            raise Cause("it is far too large for the names of two files")
        given = parse_json(path.read_bytes(), "it")
        if not isinstance(given, dict) or given.get("format") != _FORMAT:
            raise Cause("it does not name a pipeline and its denoiser")
        if given.get("version") != _VERSION:
            raise Cause(f"it is of version {shown(given.get('version'))}; accepted is {_VERSION}")
        both = [given.get("pipeline"), given.get("denoiser")]
        if not all(isinstance(each, str) and Path(each).is_absolute() for each in both):
            raise Cause("it does not name a pipeline and its denoiser")
        found = [Path(str(each)) for each in both]
        if gone := [str(each) for each in found if not each.exists()]:
            raise Cause(f"{listed(gone)} is not there any more")
    except Cause as cause:
        raise RefusedFile(f"{path} cannot be opened: {cause}") from cause
    except (OSError, ValueError) as error:
        raise RefusedFile(f"{path} cannot be read: {error}") from error
    return Pair(*found)
