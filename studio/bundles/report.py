"""What came of an export: kept beside the target when nothing else is. Imports no torch."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.bundles.manifest import Manifest, Runnable
from studio.errors import MaquetteError


@dataclass(frozen=True)
class Report:
    """An export that was done.

    Args:
        folder: where the bundle stands. manifest: what it says.
        seconds: all of it took, verification included.
    """

    folder: Path
    manifest: Manifest
    seconds: float

    @property
    def bytes(self) -> int:
        """Size of all files."""
        return sum(each.bytes for each in self.manifest.files)

    def size_of(self, one: Runnable) -> int:
        """Bytes of the files of a network, or of all networks of a pipeline."""
        return sum(self.manifest.file(path).bytes for path in self.manifest.files_of(one))


class ExportRefused(MaquetteError):
    """A file does not agree with the reference, or is beyond a limit: nothing was kept.

    ``networks`` are the records of those that were made, the refused one last.
    """

    def __init__(self, sentence: str, networks: Sequence[Runnable] = ()) -> None:
        super().__init__(sentence)
        self.networks = tuple(networks)


def report_path(target: Path) -> Path:
    """Where the report of a refused export goes: beside the folder, under its name."""
    return target.with_name(f"{target.name}.report.json")


def write_report(error: ExportRefused, target: Path) -> Path:
    """Write the report of a refused export.

    Raises:
        MaquetteError: it cannot be written.
    """
    from studio.families.picture_file import replacing

    record: dict[str, Any] = {
        "format": "maquette-export-report",
        "version": 1,
        "bundle": target.name,
        "refused": str(error),
        "networks": [each.model_dump(mode="json") for each in error.networks],
    }
    path = report_path(target)
    with replacing(path) as aside:
        text = json.dumps(record, indent=1, ensure_ascii=False, allow_nan=False) + "\n"
        aside.write_text(text, encoding="utf-8")
    return path
