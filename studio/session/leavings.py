"""What earlier runs left unsaved: found, claimed by one window at a time, kept until discarded."""

from __future__ import annotations

import contextlib
import os
import secrets
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from studio import places
from studio.errors import MaquetteError, cause_of
from studio.session import file

if TYPE_CHECKING:
    from filelock import BaseFileLock

RUNNING, KEPT = "autosave-", "unsaved-"
"""How the files begin: written by a run, which has crashed or still goes on; or put by for later,
because the user declined it or it could not be opened."""


@dataclass(frozen=True)
class Leaving:
    """Unsaved work of an earlier run.

    Args:
        path: the file it is in.
        saved: when it was written, in local time.
        model: name of its model, empty when that cannot be told.
        home: the session file that it was opened from or last saved to, or None.
    """

    path: Path
    saved: datetime
    model: str
    home: Path | None


class Claim:
    """The sole right to one file, until :meth:`release` or the end of the process.

    Raises:
        MaquetteError: another window holds it, or no lock can be made.
    """

    def __init__(self, path: Path) -> None:
        from filelock import FileLock, Timeout

        self.path = path
        # Taken on one thread and released on another, which a thread-local lock would not allow.
        self._lock: BaseFileLock = FileLock(_lock_of(path), thread_local=False)
        try:
            self._lock.acquire(timeout=0)
        except Timeout as error:
            raise MaquetteError(f"{path.name} is in use in another window") from error
        except OSError as error:
            raise MaquetteError(f"{path.name} cannot be locked: {cause_of(error)}") from error

    def release(self) -> None:
        """Give the file up; it stays."""
        with contextlib.suppress(OSError):
            _lock_of(self.path).unlink()
        self._lock.release()

    def discard(self) -> None:
        """Give the file up and remove it."""
        with contextlib.suppress(OSError):
            self.path.unlink()
        self.release()

    def keep(self) -> Path:
        """Give the file up and put it by for later. Returns where it is then."""
        kept = kept_name()
        with contextlib.suppress(OSError):
            self.path.replace(kept)
        self.release()
        return kept


def new_name() -> Path:
    """A file for this run."""
    return places.data_dir() / f"{RUNNING}{os.getpid()}-{secrets.token_hex(4)}.maquette"


def kept_name() -> Path:
    """A file for what is put by."""
    stamp = datetime.now().strftime("%Y%m%d-%H%M%S")
    return places.data_dir() / f"{KEPT}{stamp}-{secrets.token_hex(2)}.maquette"


def waiting() -> bool:
    """Whether a run has left something; it may be going on still. Quick: nothing is opened."""
    return any(places.data_dir().glob(f"{RUNNING}*.maquette"))


def crashed() -> list[Claim]:
    """What runs that ended badly left behind, newest first, claimed for the caller.

    What they left half-written, or only locked, is removed.
    """
    folder, claims = places.data_dir(), []
    stems = {p.name.partition(".")[0] for p in folder.glob(f"{RUNNING}*")}
    for stem in stems:
        path = folder / f"{stem}.maquette"
        try:
            claim = Claim(path)
        except MaquetteError:
            continue  # that run goes on
        for half in folder.glob(f"{stem}.maquette.*.tmp"):
            half.unlink(missing_ok=True)
        if path.exists():
            claims.append(claim)
        else:
            claim.release()
    return sorted(claims, key=lambda claim: _written(claim.path), reverse=True)


def everything() -> list[Leaving]:
    """All that can be taken up again, newest first; not what another window is working on."""
    found = [describe(path) for path in places.data_dir().glob(f"{KEPT}*.maquette")]
    for claim in crashed():
        found.append(describe(claim.path))
        claim.release()
    return sorted(found, key=lambda leaving: leaving.saved, reverse=True)


def describe(path: Path) -> Leaving:
    """What can be said of a file without opening its model."""
    peeked = file.peek(path)
    return Leaving(path, datetime.fromtimestamp(_written(path)), peeked.model, peeked.home)


def _lock_of(path: Path) -> Path:
    return path.with_suffix(".lock")


def _written(path: Path) -> float:
    try:
        return path.stat().st_mtime
    except OSError:
        return 0.0
