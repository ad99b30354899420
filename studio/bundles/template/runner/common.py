"""What everything here uses."""

from __future__ import annotations

import hashlib
import sys
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parents[1]
"""The folder of the bundle."""


class Refused(Exception):
    """What cannot be done, in a sentence."""


def say(line: object) -> None:
    """Print a line."""
    sys.stdout.write(f"{line}\n")


def sha256(path: Path) -> str:
    """The hash of a file."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def dimensions(network: dict[str, Any]) -> list[str]:
    sides = [side for port in network["inputs"] for side in port["shape"]]
    return sorted({side["name"] for side in sides if isinstance(side, dict)})


def shape_of(port: dict[str, Any], items: int = 1) -> list[int]:
    return [items if isinstance(side, dict) else side for side in port["shape"]]
