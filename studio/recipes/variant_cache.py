"""Baked models on disk, so that what variants share is computed once.

An entry is a folder named by the key of its model: ``model.safetensors`` and ``report.json``. It is
written aside and renamed. An entry that cannot be read is thrown away; the oldest ones go when the
folder grows beyond its limit.
"""

from __future__ import annotations

import json
import logging
import os
import secrets
import shutil
from contextlib import suppress
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from studio.errors import MaquetteError, RefusedFile
from studio.places import cache_dir, cache_limit
from studio.processes.aside import folder_written_aside
from studio.recipes.contract import Baked, LayerReport, Report

if TYPE_CHECKING:
    from studio.families.info import BaseInfo

FOLDER = "variants"
MODEL, REPORT = "model.safetensors", "report.json"
FORMAT = 1
UNFINISHED = ".unfinished"
MOST_UNFINISHED = 3
_log = logging.getLogger(__name__)


class VariantCache:
    """The baked models of one folder, ``variants`` in the cache folder when None is given."""

    def __init__(self, folder: Path | None = None, limit: int | None = None) -> None:
        """``limit``: bytes that all entries may fill; None for that of compiled networks."""
        self._folder = cache_dir() / FOLDER if folder is None else folder
        self._limit = cache_limit() if limit is None else limit

    def get(self, key: str, origin: BaseInfo) -> Baked | None:
        """The entry of that key, or None when there is none that can be used.

        Args:
            origin: of the model that the recipe began with; the entry goes under its path.
        """
        folder = self._folder / key
        if not folder.is_dir():
            return None
        from studio.families.described import described_as
        from studio.families.opening import open_model

        try:
            report = read_report((folder / REPORT).read_bytes())
            model = open_model(folder / MODEL)
        except (RefusedFile, OSError, ValueError) as error:
            _log.warning("the baked model %s cannot be read and is made again: %s", key, error)
            shutil.rmtree(folder, ignore_errors=True)
            return None
        with suppress(OSError):
            os.utime(folder)
        info = replace(model.info, key=key, path=origin.path)
        return Baked(described_as(model, info), report)

    def put(self, key: str, baked: Baked) -> bool:
        """Keep a baked model; a cache that cannot be written is passed over. Whether it is there.

        Raises:
            MaquetteError: the model could not be opened again as it is.
        """
        target = self._folder / key
        try:
            with folder_written_aside(target, secrets.token_hex(8)) as folder:
                baked.model.save(folder / MODEL)
                text = json.dumps({"format": FORMAT, **asdict(baked.report)})
                (folder / REPORT).write_text(text, encoding="utf-8")
        except OSError as error:
            if not target.is_dir():  # else another process was first
                _log.warning("the baked model %s cannot be kept: %s", key, error)
        except MaquetteError as error:
            if not isinstance(error.__cause__, OSError):
                raise
            _log.warning("the baked model %s cannot be kept: %s", key, error)
        self._trim(target)
        return target.is_dir()

    def unfinished(self, key: str) -> Path:
        """Where the state of a step that learns may be kept, until it has ended. Of other states
        only the newest stay."""
        folder = self._folder / UNFINISHED
        with suppress(OSError):
            others = [file for file in folder.glob("*.safetensors") if file.stem != key]
            others.sort(key=lambda file: file.stat().st_mtime)
            for file in others[: max(0, len(others) - MOST_UNFINISHED + 1)]:
                file.unlink(missing_ok=True)
        return folder / f"{key}.safetensors"

    def _trim(self, newest: Path) -> None:
        """Remove what was used longest ago until the rest fits, the newest never."""
        entries = []
        with suppress(OSError):
            for folder in self._folder.iterdir():
                with suppress(OSError):
                    # A pipeline is a folder of its own in the entry.
                    size = sum(file.stat().st_size for file in folder.rglob("*"))
                    entries.append((folder.stat().st_mtime, size, folder))
        total = sum(size for _, size, _ in entries)
        for _, size, folder in sorted(entries):
            if total <= self._limit:
                return
            if folder != newest and not folder.name.startswith("."):
                shutil.rmtree(folder, ignore_errors=True)
                total -= size


def read_report(data: bytes) -> Report:
    """A report as :meth:`VariantCache.put` wrote it.

    Raises:
        ValueError: it is damaged, or of another version.
    """
    try:
        raw: dict[str, Any] = json.loads(data)
        if raw.pop("format") != FORMAT:
            raise ValueError("it is of another version")
        layers = tuple(LayerReport(**each) for each in raw.pop("layers"))
        return Report(layers=layers, notes=tuple(raw.pop("notes")), **raw)
    except (TypeError, KeyError, AttributeError, RecursionError) as error:
        raise ValueError("it is damaged") from error
