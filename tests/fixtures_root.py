"""Where the fixture files are: in this repository, or a larger set named by the environment."""

from __future__ import annotations

import os
from pathlib import Path

FIXTURES = Path(os.environ.get("MAQUETTE_FIXTURES") or Path(__file__).parent / "fixtures")


def has(relative: str) -> bool:
    """Whether the set in use holds this file or folder."""
    return (FIXTURES / relative).exists()


def folders_with(parent: str, file: str) -> list[str]:
    """Folders at or below ``parent`` that hold ``file``, relative to the root and sorted."""
    found = (FIXTURES / parent).rglob(file)
    return sorted(path.parent.relative_to(FIXTURES).as_posix() for path in found)
