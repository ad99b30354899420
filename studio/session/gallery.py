"""The gallery: the pictures that were finished or saved, on disk across starts.

The pictures lie where the user saved them and are only named here. Each has a folder of its own
under ``gallery`` in the data folder, with a small picture under the name of the large one (a PNG
that says what made it, as the large one does) and ``item.json``. Folders are made aside and
renamed, so several windows may add at once. Imports no torch and no Qt.
"""

from __future__ import annotations

import contextlib
import json
import os
import re
import secrets
import shutil
import time
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from pathlib import Path

from studio import places
from studio.errors import RefusedFile
from studio.session.picture_record import PictureRecord, read_record
from studio.subnets.choice import SubnetChoice

MOST = 500
BYTES = 64_000_000
THUMBNAIL = 256
"""Pixels of the longer side of the small pictures."""
_ITEM = "item.json"
_ID = re.compile(r"\d{13}-[0-9a-f]{8}")
_REMOVED, _PART = ".removed-", ".part-"
_LONGEST = 64 * 1024  # bytes of one item.json
_DAY = 86_400.0


@dataclass(frozen=True)
class GalleryItem:
    """One picture.

    Args:
        id: names it; ids of later pictures sort after those of earlier ones.
        path: the file that the user saved, absolute. It may be gone.
        made: when it was saved, in seconds since 1970.
        width, height: of the picture, in pixels.
        model: name of the model that drew it, empty when the picture does not say.
        seed: None when the picture does not say, or was drawn from a picture.
        subnet: what drew it, None when the picture does not say.
        techniques: names of the baked techniques in its recipe, in order.
        known: the picture says what made it, so its settings can be brought back.
    """

    id: str
    path: str
    made: float
    width: int
    height: int
    model: str = ""
    seed: int | None = None
    subnet: SubnetChoice | None = None
    techniques: tuple[str, ...] = ()
    known: bool = False

    @property
    def name(self) -> str:
        """The name of its file."""
        return Path(self.path).name


def described(path: Path, width: int, height: int) -> GalleryItem:
    """A new item for the picture at ``path``, with what the picture says of its making.

    Raises:
        OSError: it is not there.
    """
    made = path.stat().st_mtime
    item = GalleryItem(_new_id(), str(path.absolute()), made, width, height)
    try:
        record = read_record(path)
    except RefusedFile:
        return item
    return replace(
        item,
        model=record.model,
        seed=record.inputs.seed if record.picture is None else None,
        subnet=record.subnet,
        techniques=_techniques(record),
        known=True,
    )


def add(item: GalleryItem, thumbnail: bytes) -> None:
    """Put a picture first. An older one of the same file leaves, since the file shows another
    picture now; so do the oldest beyond ``MOST`` pictures or ``BYTES``.

    Raises:
        OSError: it cannot be written.
    """
    folder = _folder()
    part = folder / f"{_PART}{item.id}"
    part.mkdir()
    try:
        (part / item.name).write_bytes(thumbnail)
        (part / _ITEM).write_text(json.dumps(asdict(item)), "utf-8")
        part.rename(folder / item.id)
    finally:
        shutil.rmtree(part, ignore_errors=True)
    here = load()
    _discard(old.id for old in here if old.path == item.path and old.id != item.id)
    _trim()


def load() -> list[GalleryItem]:
    """All pictures, newest first. What cannot be read counts as not there; what was removed a day
    ago or more is deleted."""
    folder = _folder()
    _sweep(folder)
    items = (_read(folder / id_) for id_ in _ids(folder))
    return [item for item in items if item is not None]


def thumbnail(item: GalleryItem) -> Path:
    """Where the small picture of an item lies."""
    return _folder() / item.id / item.name


def remove(ids: Iterable[str]) -> None:
    """Take pictures out; the user's own files stay. :func:`restore` puts them back."""
    folder = _folder()
    for id_ in ids:
        with contextlib.suppress(OSError):
            (folder / id_).rename(folder / f"{_REMOVED}{id_}")
            os.utime(folder / f"{_REMOVED}{id_}")


def restore(ids: Iterable[str]) -> None:
    """Put back what was removed last."""
    folder = _folder()
    for id_ in ids:
        with contextlib.suppress(OSError):
            (folder / f"{_REMOVED}{id_}").rename(folder / id_)


def _folder() -> Path:
    folder = places.data_dir() / "gallery"
    folder.mkdir(exist_ok=True)
    return folder


def _new_id() -> str:
    return f"{int(time.time() * 1000):013d}-{secrets.token_hex(4)}"


def _ids(folder: Path) -> list[str]:
    """Newest first."""
    found = (entry.name for entry in os.scandir(folder) if _ID.fullmatch(entry.name))
    return sorted(found, reverse=True)


def _read(folder: Path) -> GalleryItem | None:
    file = folder / _ITEM
    # pydantic takes a tenth of a second to import; whoever loads a gallery is not starting up.
    from pydantic import TypeAdapter, ValidationError

    try:
        if file.stat().st_size > _LONGEST:
            return None
        item = TypeAdapter(GalleryItem).validate_json(file.read_text("utf-8"), strict=True)
    except (OSError, ValueError, ValidationError):
        return None
    sound = (
        item.id == folder.name
        and item.name not in ("", _ITEM)
        and Path(item.path).is_absolute()
        and "\0" not in item.path
        and 0 < item.width < 1 << 20
        and 0 < item.height < 1 << 20
        and 0 <= item.made < 1e11
    )
    return item if sound else None


def _techniques(record: PictureRecord) -> tuple[str, ...]:
    steps = [step for step in record.recipe if isinstance(step, dict) and step.get("on", True)]
    names = (step.get("technique") for step in steps)
    return tuple(name for name in names if isinstance(name, str))


def _trim() -> None:
    """Let the oldest leave."""
    folder, total = _folder(), 0
    for number, id_ in enumerate(_ids(folder)):
        with contextlib.suppress(OSError):
            total += sum(entry.stat().st_size for entry in os.scandir(folder / id_))
        if number >= MOST or (total > BYTES and number > 0):
            _discard((id_,))


def _discard(ids: Iterable[str]) -> None:
    for id_ in ids:
        shutil.rmtree(_folder() / id_, ignore_errors=True)


def _sweep(folder: Path) -> None:
    """Delete what was removed, or left half-made by a crash, a day ago or more."""
    for entry in os.scandir(folder):
        if entry.name.startswith((_REMOVED, _PART)):
            with contextlib.suppress(OSError):
                if time.time() - entry.stat().st_mtime > _DAY:
                    shutil.rmtree(entry.path, ignore_errors=True)
