"""What the user prefers, in a small document of its own. Loaded before anything else is started."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields, replace
from pathlib import Path
from typing import Any

from studio import places
from studio.errors import BadChoice, MaquetteError, RefusedFile, cause_of
from studio.processes.child import MAX_THREADS
from studio.runtimes.target import Target

NAME = "preferences.json"
FORMAT = "maquette-preferences"
VERSION = 1
MAX_BYTES = 1_000_000
FASTEST = "openvino:CPU:f32"  # in full precision, on every computer; PyTorch until it is compiled
MIN_CACHE_GB, MAX_CACHE_GB = 0.1, 1000.0
MAX_KEYS, LONGEST_KEY = 500, 100
LANGUAGES = ("system", "en", "ko")
THEMES = ("system", "light", "dark")


@dataclass(frozen=True)
class Preferences:
    """One user's preferences; every default is what a newcomer has.

    Args:
        threads: processor threads that pictures and jobs may use; 0 takes what the machine has.
        cache_folder: where what can be made again is kept, absolute; empty is the system's place.
        cache_gb: how much of it compiled networks may fill, in 10^9 bytes.
        target: ``runtime:device:precision`` that a newly opened model is drawn with.
        language: one of ``LANGUAGES``. theme: one of ``THEMES``.
        fid_weights, lpips_weights: files with the networks of FID and LPIPS, absolute; empty where
            the user has none, and neither is measured.
        keys: (command, its key) where the user has chosen otherwise; an empty key is none.
    """

    threads: int = 0
    cache_folder: str = ""
    cache_gb: float = places.CACHE_GB
    target: str = FASTEST
    language: str = "system"
    theme: str = "system"
    fid_weights: str = ""
    lpips_weights: str = ""
    keys: tuple[tuple[str, str], ...] = ()

    def key_of(self, command: str) -> str | None:
        """The key chosen for a command ("" is none), or None where nothing was chosen."""
        return dict(self.keys).get(command)

    def with_key(self, command: str, key: str | None) -> Preferences:
        """These preferences with another key for ``command``; None is its own again."""
        chosen = {name: old for name, old in self.keys if name != command}
        if key is not None:
            chosen[command] = key
        return replace(self, keys=tuple(sorted(chosen.items())))


@dataclass(frozen=True)
class Loaded:
    """What was found: preferences to use, and a sentence when the file was of no use."""

    preferences: Preferences
    problem: str | None = None


def path() -> Path:
    """Where the preferences are."""
    return places.data_dir() / NAME


def check(preferences: Preferences) -> None:
    """Refuse values that nothing can be done with.

    Raises:
        BadChoice: with a sentence that names the value and what would be accepted.
    """
    if not 0 <= preferences.threads <= MAX_THREADS:
        raise BadChoice(f"{preferences.threads} threads are not within 0 and {MAX_THREADS}")
    if not MIN_CACHE_GB <= preferences.cache_gb <= MAX_CACHE_GB:
        raise BadChoice(
            f"a cache of {preferences.cache_gb:g} GB is not within {MIN_CACHE_GB:g} and "
            f"{MAX_CACHE_GB:g} GB"
        )
    folder = preferences.cache_folder
    if folder and ("\0" in folder or not Path(folder).is_absolute()):
        raise BadChoice(f"the cache folder '{folder[:80]}' is not a whole path from the root")
    for name in ("fid_weights", "lpips_weights"):
        weights = getattr(preferences, name)
        if weights and ("\0" in weights or not Path(weights).is_absolute()):
            raise BadChoice(f"{name} '{weights[:80]}' is not a whole path from the root")
    if preferences.language not in LANGUAGES:
        raise BadChoice(f"language '{preferences.language[:40]}' is not of {', '.join(LANGUAGES)}")
    if preferences.theme not in THEMES:
        raise BadChoice(f"theme '{preferences.theme[:40]}' is not one of {', '.join(THEMES)}")
    if len(preferences.keys) > MAX_KEYS:
        raise BadChoice(f"{len(preferences.keys)} keys are more than {MAX_KEYS}")
    if any(len(name) > LONGEST_KEY or len(key) > LONGEST_KEY for name, key in preferences.keys):
        raise BadChoice(f"a key is longer than {LONGEST_KEY} letters")
    Target.parse(preferences.target)


def save(preferences: Preferences) -> None:
    """Write the preferences, whole or not at all.

    Raises:
        BadChoice: a value is out of its range. MaquetteError: the folder cannot be written.
    """
    check(preferences)
    content = {"format": FORMAT, "version": VERSION, "preferences": asdict(preferences)}
    target = path()
    aside = target.with_name(f"{NAME}.{os.getpid()}.tmp")
    try:
        with aside.open("w", encoding="utf-8") as stream:
            json.dump(content, stream, indent=1, allow_nan=False, ensure_ascii=False)
            stream.flush()
            os.fsync(stream.fileno())
        aside.replace(target)
    except OSError as error:
        aside.unlink(missing_ok=True)
        raise MaquetteError(
            f"the preferences cannot be saved in {target.parent}: {cause_of(error)}"
        ) from error


def read() -> Preferences:
    """The saved preferences; the defaults where there are none.

    Raises:
        RefusedFile: the file is damaged, of a newer Maquette, or cannot be read.
    """
    source = path()
    try:
        if source.stat().st_size > MAX_BYTES:
            raise RefusedFile(f"{NAME} is larger than {MAX_BYTES / 1e6:g} MB")
        text = source.read_text("utf-8")
    except FileNotFoundError:
        return Preferences()
    except UnicodeDecodeError as error:
        raise RefusedFile(f"{NAME} is not text") from error
    except OSError as error:
        raise _Unreadable(f"{NAME} cannot be read: {cause_of(error)}") from error
    try:
        return _preferences(json.loads(text))
    except RecursionError as error:
        raise RefusedFile(f"{NAME} is nested too deeply") from error
    except ValueError as error:
        raise RefusedFile(f"{NAME} is not JSON ({error})") from error


def read_or_default() -> Preferences:
    """The saved preferences, or the defaults where they are of no use. Changes no file."""
    try:
        return read()
    except MaquetteError:
        return Preferences()


def load() -> Loaded:
    """Like :func:`read`, but a file that is of no use is set aside and the defaults are used."""
    try:
        return Loaded(read())
    except _Unreadable as error:
        return Loaded(Preferences(), f"{error}; the defaults are used")
    except MaquetteError as error:
        cause = str(error)
    kept = _unused(path().with_name("preferences-set-aside.json"))
    try:
        path().replace(kept)
    except OSError as error:
        return Loaded(Preferences(), f"{cause}; the defaults are used ({cause_of(error)})")
    return Loaded(Preferences(), f"{cause}; it is kept as {kept.name} and the defaults are used")


class _Unreadable(RefusedFile):
    """Nothing is known against the file but that it cannot be read now."""


def _unused(wanted: Path) -> Path:
    number, candidate = 2, wanted
    while candidate.exists():
        candidate = wanted.with_stem(f"{wanted.stem}-{number}")
        number += 1
    return candidate


def _preferences(found: Any) -> Preferences:
    if not isinstance(found, dict) or found.get("format") != FORMAT:
        raise RefusedFile(f'{NAME} lacks "format": "{FORMAT}"')
    version = found.get("version")
    if type(version) is not int or version < 1:
        raise RefusedFile(f"{NAME} has no version from 1 up")
    if version > VERSION:
        raise RefusedFile(
            f"{NAME} was saved by a newer Maquette (version {version}; this one reads {VERSION})"
        )
    values = found.get("preferences")
    if not isinstance(values, dict):
        raise RefusedFile(f'{NAME} lacks "preferences"')
    try:
        made = Preferences(**_typed(values))
        check(made)
    except BadChoice as error:
        raise RefusedFile(f"{NAME}: {error}") from error
    return made


def _typed(values: Mapping[str, Any]) -> dict[str, Any]:
    """The known values, each of its type. What this version does not know is left out."""
    defaults = Preferences()
    typed: dict[str, Any] = {}
    for field in fields(Preferences):
        if field.name not in values:
            continue
        value, default = values[field.name], getattr(defaults, field.name)
        if field.name == "keys":
            typed["keys"] = _keys(value)
        elif isinstance(default, float) and type(value) in (int, float) and abs(value) < 1e9:
            typed[field.name] = float(value)
        elif type(value) is type(default) and not isinstance(default, float):
            typed[field.name] = value
        else:
            kind = {int: "a whole number", float: "a number", str: "a text"}[type(default)]
            raise BadChoice(f"{field.name} is not {kind}")
    return typed


def _keys(value: Any) -> tuple[tuple[str, str], ...]:
    if not isinstance(value, list):
        raise BadChoice("keys are not a list")
    pairs = {}
    for item in value:
        if not (isinstance(item, list) and len(item) == 2 and all(type(p) is str for p in item)):
            raise BadChoice("keys are not pairs of a command and its key")
        pairs[item[0]] = item[1]
    return tuple(sorted(pairs.items()))
