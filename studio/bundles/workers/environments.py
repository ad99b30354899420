"""The environments of the converters: where they lie, and what state they are in.

One folder for each in the data folder, whose stamp is written last. Looking at one starts nothing.
"""

from __future__ import annotations

import json
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from filelock import FileLock, Timeout

from studio.bundles.workers.converters import Converter, normal_name
from studio.bundles.workers.supervised import Cancelled, size_of
from studio.errors import MaquetteError, cause_of
from studio.places import data_dir
from studio.processes.aside import remove_aside

STAMP = "maquette-environment.json"
FORMAT = 1
LARGEST = 1 << 20
LOCK_SECONDS = 0.1

State = Literal["ready", "missing", "damaged", "outdated", "unavailable"]


@dataclass(frozen=True)
class Status:
    """What there is of an environment.

    Args:
        state: ``ready`` to use; ``missing``, ``damaged`` or ``outdated`` to be made (again);
            ``unavailable``: it cannot be made on this host.
        why: a sentence about it; empty when it is ready.
        bytes: on disk, 0 when nothing is there.
        installed: (package, version) pairs that were installed.
        python: version of Python in it.
    """

    state: State
    why: str = ""
    bytes: int = 0
    installed: tuple[tuple[str, str], ...] = ()
    python: str = ""

    @property
    def ready(self) -> bool:
        return self.state == "ready"


@dataclass(frozen=True)
class Agreement:
    """What the user is asked to agree to, and nothing beyond it comes.

    Args:
        title: of the converter. packages: every one, as "name version".
        download, disk: bytes, estimated.
    """

    title: str
    packages: tuple[str, ...]
    download: int
    disk: int

    @property
    def sentence(self) -> str:
        """All of it in one sentence."""
        return (
            f"{self.title}'s converter is an environment of its own with {', '.join(self.packages)}"
            f" (about {self.download / 1e6:.0f} MB to download, {self.disk / 1e6:.0f} MB on disk)"
        )


def agreement(converter: Converter) -> Agreement:
    """What has to be agreed to before ``making.make``."""
    packages = tuple(map(str, converter.packages))
    return Agreement(converter.title, packages, converter.download, converter.disk)


def home() -> Path:
    """The folder of all environments."""
    return data_dir() / "workers"


def folder_of(converter: Converter) -> Path:
    """Where the environment lies when it is there."""
    return home() / converter.name


def python_of(folder: Path) -> Path:
    """The interpreter of the environment in ``folder``."""
    inside = ("Scripts", "python.exe") if sys.platform == "win32" else ("bin", "python")
    return folder.joinpath(*inside)


def look(converter: Converter) -> Status:
    """What there is, and whether it is whole as far as that can be seen without starting it."""
    folder = folder_of(converter)
    if not folder.is_dir():
        why = converter.refusal()
        if why:
            return Status("unavailable", why)
        return Status("missing", f"the environment for {converter.title} is missing")
    size = size_of(folder)
    try:
        with (folder / STAMP).open("rb") as file:
            raw = json.loads(file.read(LARGEST))
        if raw["format"] != FORMAT:
            raise ValueError
        digest, python = str(raw["digest"]), str(raw["python"])
        installed = tuple((str(name), str(version)) for name, version in raw["installed"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return Status("damaged", f"the environment for {converter.title} has no stamp", size)
    if why := _damage(converter, folder, installed):
        return Status("damaged", why, size, installed, python)
    if digest != converter.digest:
        why = f"the environment for {converter.title} has other versions than this Maquette wants"
        return Status("outdated", why, size, installed, python)
    return Status("ready", "", size, installed, python)


def _damage(converter: Converter, folder: Path, installed: tuple[tuple[str, str], ...]) -> str:
    # A link to the interpreter it was made with leads nowhere once that was removed.
    if not python_of(folder).exists():
        return f"the Python that the environment for {converter.title} was made with is gone"
    found = set(installed_in(folder))
    for name, version in installed:
        if (normal_name(name), version) not in found:
            return f"the environment for {converter.title} lacks {name} {version}"
    return ""


def installed_in(folder: Path) -> Iterator[tuple[str, str]]:
    """(normal name, version) of what lies in an environment, by the folders that say so."""
    inside = ("Lib",) if sys.platform == "win32" else ("lib", "python*")
    for found in folder.glob("/".join((*inside, "site-packages", "*.dist-info"))):
        if (found / "METADATA").is_file():
            name, _, version = found.name.removesuffix(".dist-info").rpartition("-")
            yield normal_name(name), version


def write_stamp(converter: Converter, folder: Path, installed: list[tuple[str, str]]) -> None:
    """The last file of a new environment."""
    stamp = {
        "format": FORMAT,
        "converter": converter.name,
        "digest": converter.digest,
        "python": ".".join(map(str, sys.version_info[:3])),
        "installed": installed,
    }
    (folder / STAMP).write_text(json.dumps(stamp, indent=1) + "\n", encoding="utf-8")


@contextmanager
def held(converter: Converter, cancelled: Callable[[], bool] | None = None) -> Iterator[None]:
    """Hold an environment: while it is made, used or removed nobody else does any of that.

    Raises:
        Cancelled: ``cancelled`` said so while another held it.
        MaquetteError: the lock cannot be written.
    """
    try:
        home().mkdir(parents=True, exist_ok=True)
        lock = FileLock(home() / f"{converter.name}.lock")
        while True:
            try:
                lock.acquire(timeout=LOCK_SECONDS)
                break
            except Timeout:
                if cancelled is not None and cancelled():
                    raise Cancelled from None
    except OSError as error:
        raise MaquetteError(f"cannot write in {home()}: {cause_of(error)}") from error
    try:
        yield
    finally:
        lock.release()


def remove(converter: Converter, cancelled: Callable[[], bool] | None = None) -> int:
    """Remove an environment, and what a killed making left, and return the bytes it took; 0 when
    there was none.

    Raises:
        MaquetteError: it cannot be removed. Cancelled: while another process used it.
    """
    with held(converter, cancelled):
        remove_aside(folder_of(converter), converter.name)
        return put_away(converter)


def put_away(converter: Converter) -> int:
    """Remove the environment of a converter that is held. It is renamed first, so that half of it
    is never taken for one.

    Raises:
        MaquetteError: it cannot be removed.
    """
    folder = folder_of(converter)
    if not folder.exists():
        return 0
    size = size_of(folder)
    away = home() / f".removed-{converter.name}-{secrets.token_hex(4)}"
    try:
        folder.replace(away)
        shutil.rmtree(away)
    except OSError as error:
        raise MaquetteError(f"cannot remove {folder}: {cause_of(error)}") from error
    return size
