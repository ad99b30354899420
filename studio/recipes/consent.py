"""Which packages the user lets bring techniques: running one runs that package's code."""

from __future__ import annotations

import json
import re
import secrets
from pathlib import Path

from studio.errors import MaquetteError, cause_of
from studio.places import data_dir
from studio.processes.aside import written_aside

FILE = "techniques.json"
FORMAT = 1
LARGEST = 1 << 20


def consent_file() -> Path:
    """Where the consents are kept."""
    return data_dir() / FILE


def normal_name(package: str) -> str:
    """A package's name as registries compare it (PEP 503)."""
    return re.sub(r"[-_.]+", "-", package).lower()


def allowed() -> frozenset[str]:
    """Normal names of the packages that were agreed to. A damaged file allows nothing."""
    try:
        with consent_file().open("rb") as file:
            raw = json.loads(file.read(LARGEST))
        if raw["format"] != FORMAT:
            return frozenset()
        return frozenset(normal_name(str(name)) for name in raw["allowed"])
    except (OSError, ValueError, TypeError, KeyError, RecursionError):
        return frozenset()


def allow(package: str) -> None:
    """Remember that the user agrees to run the code of ``package``.

    Raises:
        MaquetteError: it cannot be written.
    """
    _keep(allowed() | {normal_name(package)})


def withdraw(package: str) -> None:
    """Forget a consent; nothing happens when there is none.

    Raises:
        MaquetteError: it cannot be written.
    """
    _keep(allowed() - {normal_name(package)})


def _keep(names: frozenset[str]) -> None:
    text = json.dumps({"format": FORMAT, "allowed": sorted(names)}, indent=2)
    try:
        target = consent_file()
        with written_aside(target, secrets.token_hex(8)) as aside:
            aside.write_text(text + "\n", encoding="utf-8")
    except OSError as error:
        raise MaquetteError(f"the consent cannot be kept: {cause_of(error)}") from error
