"""Pictures on disk: PNG with text metadata, written aside and renamed. Imports no torch."""

from __future__ import annotations

import secrets
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image, PngImagePlugin, UnidentifiedImageError

from studio.errors import MaquetteError, RefusedFile, cause_of
from studio.processes.aside import written_aside

Pixels = npt.NDArray[np.uint8]


@contextmanager
def replacing(path: str | Path, token: str = "") -> Iterator[Path]:
    """Yield a temporary path for ``path``; when the block ends well it is renamed to it.

    A reader therefore sees the old file or the whole new one, and a failure leaves nothing behind.

    Args:
        token: names the hidden folder beside it, for who may have to remove that; empty for any.

    Raises:
        MaquetteError: the folder is missing or not writable, or the disk refused; the sentence
            names the path and the cause.
    """
    target = checked_target(path)
    try:
        with written_aside(target, token or secrets.token_hex(8)) as aside:
            yield aside
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error


def checked_target(path: str | Path) -> Path:
    """``path`` as a place where a file can go.

    Raises:
        MaquetteError: it is a folder, or lies in a folder that does not exist.
    """
    target = Path(path)
    try:
        if target.is_dir():
            raise MaquetteError(f"cannot write {target}: it is a folder")
        if not target.parent.is_dir():
            raise MaquetteError(f"cannot write {target}: the folder {target.parent} does not exist")
    except OSError as error:  # a name too long, or a folder on the way that may not be entered
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
    return target


def write_png(path: str | Path, picture: Pixels, text: Mapping[str, str] | None = None) -> None:
    """Write ``picture`` (h, w, 3) as PNG with ``text`` as tEXt chunks (iTXt beyond Latin-1).

    Raises:
        MaquetteError: the file cannot be written.
    """
    info = PngImagePlugin.PngInfo()
    for key, value in (text or {}).items():
        info.add_text(key, value)
    with replacing(path) as aside:
        Image.fromarray(np.ascontiguousarray(picture)).save(aside, format="PNG", pnginfo=info)


def read_text(path: str | Path) -> dict[str, str]:
    """The text metadata of a PNG file, by key.

    Raises:
        RefusedFile: the file cannot be read or is no picture.
    """
    try:
        with Image.open(path, formats=["PNG"]) as picture:
            picture.load()
            return {str(k): v for k, v in picture.info.items() if isinstance(v, str)}
    except (UnidentifiedImageError, SyntaxError, ValueError) as error:
        raise RefusedFile(f"{path} is not a PNG picture") from error
    except OSError as error:
        raise RefusedFile(f"cannot read {path}: {cause_of(error)}") from error
