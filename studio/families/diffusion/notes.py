"""What the notes of a pipeline folder say of a denoiser that was cut or ordered. Imports no torch.

A cut denoiser has the config.json of the whole one, for diffusers has no words for widths inside of
blocks; what is left of it stands in the notes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from typing import Any, TypeVar

from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.families.diffusion.config import MOST_GUIDANCE, MOST_STEPS, DiffusionConfig
from studio.families.diffusion.folder import NOTES
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.scheduling import Ordered, Sensitivity

KEPT, ORDERED, USUAL = "kept", "ordered", "usual"
Value = TypeVar("Value")
_MOST = 10_000  # entries of a list or a table


def elastic_notes(kept: Kept | None, ordered: Ordered | None) -> dict[str, str]:
    """The notes of a denoiser, as texts by name.

    Args:
        kept: what it is of the denoiser that its config.json describes; None for all.
        ordered: what was measured when it was ordered; None where it was not.
    """
    made: dict[str, str] = {}
    if kept is not None:
        counts = dict(sorted(kept.counts.items()))
        made[KEPT] = json.dumps({"counts": counts, "skipped": sorted(kept.skipped)})
    if ordered is not None:
        made[ORDERED] = json.dumps(asdict(ordered))
    return made


def usual_notes(config: DiffusionConfig) -> dict[str, str]:
    """The notes of what a pipeline is asked where nothing is said, as texts by name."""
    return {USUAL: json.dumps({"steps": config.steps, "guidance": config.guidance_scale})}


def with_usual(config: DiffusionConfig, notes: Mapping[str, str]) -> DiffusionConfig:
    """``config`` with what :func:`usual_notes` wrote, where there is something: a variant is asked
    the same as the pipeline that it was made of, which may have known better than its class.

    Raises:
        Cause: it is damaged.
    """

    def read(given: Mapping[str, Any]) -> DiffusionConfig:
        steps, guidance = given["steps"], _number(given["guidance"])
        if type(steps) is not int or not 1 <= steps <= MOST_STEPS or guidance > MOST_GUIDANCE:
            raise ValueError("usual")
        return replace(config, steps=steps, guidance_scale=guidance)

    return _read(notes, USUAL, read) or config


def read_elastic(notes: Mapping[str, str]) -> tuple[Kept | None, Ordered | None]:
    """What :func:`elastic_notes` wrote.

    Raises:
        Cause: it is damaged.
    """
    kept = _read(notes, KEPT, _kept)
    return kept, _read(notes, ORDERED, _ordered)


def _read(notes: Mapping[str, str], name: str, read: Callable[[Any], Value]) -> Value | None:
    if name not in notes:
        return None
    where = f"{name} in {NOTES}"
    given = parse_json(notes[name].encode("utf-8", "replace"), where)
    try:
        return read(given)
    except (KeyError, TypeError, ValueError) as error:
        raise Cause(f"{where} is damaged") from error


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
    if not isinstance(value, str):
        raise ValueError("a text")
    return value


def _number(value: object) -> float:
    if not isinstance(value, int | float) or not math.isfinite(value) or value < 0:
        raise ValueError("a number")
    return float(value)
