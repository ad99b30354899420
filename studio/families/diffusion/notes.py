"""What Maquette knows of a pipeline folder that it wrote, beside what diffusers reads.

``maquette.json``, which diffusers passes over, holds the name and history of the pipeline and,
where its denoiser was cut or ordered, its sizes and what was measured. Imports no torch.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.families.info import HistoryStep
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.scheduling import Ordered, Sensitivity

NOTES = "maquette.json"
_LARGEST = 4_000_000  # bytes
_MOST = 10_000  # entries of a list or a table


@dataclass(frozen=True)
class Notes:
    """Notes of a folder; of one that Maquette did not write, nothing.

    Args:
        name, title, licence, source_sha256: of the pipeline, empty where they are not known.
        kept: what its denoiser is of the one that its config.json describes; None for all.
        ordered: what was measured when the denoiser was ordered; None where it was not.
    """

    name: str = ""
    title: str = ""
    licence: str = ""
    source_sha256: str = ""
    history: tuple[HistoryStep, ...] = ()
    kept: Kept | None = None
    ordered: Ordered | None = None


def elastic_notes(kept: Kept | None, ordered: Ordered | None) -> dict[str, Any]:
    """What a cut or ordered denoiser adds to the notes."""
    made: dict[str, Any] = {}
    if kept is not None:
        made["kept"] = {"counts": dict(kept.counts), "skipped": sorted(kept.skipped)}
    if ordered is not None:
        made["ordered"] = asdict(ordered)
    return made


def read_notes(folder: Path) -> Notes:
    """The notes of a folder.

    Raises:
        Cause: they are there and are none.
    """
    file = folder / NOTES
    if not file.is_file():
        return Notes()
    if file.stat().st_size > _LARGEST:
        raise Cause(f"{NOTES} is far larger than any notes")
    given = parse_json(file.read_bytes(), NOTES)
    if not isinstance(given, dict):
        raise Cause(f"{NOTES} is no JSON object")
    try:
        return _notes(given)
    except (KeyError, TypeError, ValueError) as error:
        raise Cause(f"{NOTES} is damaged") from error


def _notes(given: Mapping[str, Any]) -> Notes:
    texts = {}
    for field in ("name", "title", "licence", "source_sha256"):
        texts[field] = _text(given.get(field, ""))
    history = tuple(
        HistoryStep(_text(each["step"]), _text(each["detail"]))
        for each in _listed(given.get("history", []))
    )
    kept, ordered = given.get("kept"), given.get("ordered")
    return Notes(
        **texts,
        history=history,
        kept=None if kept is None else _kept(kept),
        ordered=None if ordered is None else _ordered(ordered),
    )


def _kept(given: Mapping[str, Any]) -> Kept:
    counts = dict(given["counts"])
    if len(counts) > _MOST or any(type(each) is not int or each < 1 for each in counts.values()):
        raise ValueError("counts")
    return Kept(counts, frozenset(_text(name) for name in _listed(given["skipped"])))


def _ordered(given: Mapping[str, Any]) -> Ordered:
    found = given["sensitivity"]
    widths = tuple(_number(each) for each in _listed(found["widths"]))
    errors = tuple(
        tuple(_number(each) for each in _listed(row)) for row in _listed(found["errors"])
    )
    if not widths or not errors or any(len(row) != len(widths) for row in errors):
        raise ValueError("sensitivity")
    if not all(0 < width <= 1 for width in widths):
        raise ValueError("widths")
    order = tuple(_text(name) for name in _listed(given["skip_order"]))
    return Ordered(order, Sensitivity(len(errors), widths, errors))


def _listed(value: object) -> list[Any]:
    if not isinstance(value, list) or len(value) > _MOST:
        raise ValueError("a list")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or len(value) > _LARGEST:
        raise ValueError("a text")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("a number")
    return float(value)


def write_notes(folder: Path, notes: Mapping[str, Any]) -> None:
    """Write notes into a folder that is being made.

    Raises:
        OSError: the file cannot be written.
    """
    text = json.dumps(dict(notes), indent=2, sort_keys=True, ensure_ascii=False)
    (folder / NOTES).write_text(text + "\n", encoding="utf-8")
