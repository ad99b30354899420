"""Preferences that every process must know reach them through the environment they inherit.

A variable that the user has set wins over the preference: whoever starts Maquette with
``MAQUETTE_CACHE_DIR`` or ``MAQUETTE_THREADS`` means it.
"""

from __future__ import annotations

import os
from collections.abc import MutableMapping
from pathlib import Path

from studio.errors import cause_of
from studio.places import CACHE_FOLDER, CACHE_LIMIT
from studio.processes.child import THREADS
from studio.session.preferences import Preferences

OURS = "MAQUETTE_FROM_PREFERENCES"
"""Names the variables that were set here, so that they can be changed and taken back."""


def wanted(preferences: Preferences) -> dict[str, str]:
    """The variables that say what ``preferences`` say; what is left to the machine is not among
    them."""
    found = {CACHE_LIMIT: f"{preferences.cache_gb:g}"}
    if preferences.threads:
        found[THREADS] = str(preferences.threads)
    if preferences.cache_folder:
        found[CACHE_FOLDER] = preferences.cache_folder
    return found


def fixed(environment: MutableMapping[str, str] | None = None) -> frozenset[str]:
    """The variables of the three that the user has set, against which preferences do nothing."""
    known = os.environ if environment is None else environment
    ours = set(known.get(OURS, "").split())
    return frozenset(v for v in (THREADS, CACHE_FOLDER, CACHE_LIMIT) if v in known) - ours


def apply(
    preferences: Preferences, environment: MutableMapping[str, str] | None = None
) -> str | None:
    """Let this process and every one it starts from now on follow ``preferences``.

    Returns:
        A sentence when the cache folder cannot be used, and the system's place is used instead.
    """
    known = os.environ if environment is None else environment
    given = fixed(known)
    for variable in known.get(OURS, "").split():
        known.pop(variable, None)
    new = {name: value for name, value in wanted(preferences).items() if name not in given}
    problem = None
    if CACHE_FOLDER in new and (problem := refusal(new[CACHE_FOLDER])) is not None:
        del new[CACHE_FOLDER]
    known.update(new)
    known[OURS] = " ".join(sorted(new))
    return problem


def refusal(folder: str) -> str | None:
    """Why ``folder`` can hold no cache, as a sentence; None when it can. It is made if need be."""
    path = Path(folder)
    probe = path / f".maquette-{os.getpid()}"
    try:
        path.mkdir(parents=True, exist_ok=True)
        probe.touch()
        probe.unlink()
    except OSError as error:
        return f"the cache folder {folder} cannot be used ({cause_of(error)})"
    return None
