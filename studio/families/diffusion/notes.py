"""What the notes of a pipeline folder say of a denoiser that is not as its class makes it.

Imports no torch. A denoiser that was cut or factorised has the config.json of the whole one, for
diffusers has no words for widths inside of blocks nor for layers that are chains; what is left of
it stands in the notes.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from dataclasses import asdict, replace
from types import MappingProxyType
from typing import Any, TypeVar

from studio.checkpoints.causes import Cause
from studio.checkpoints.json_text import parse_json
from studio.errors import BadChoice
from studio.families.diffusion.config import MOST_GUIDANCE, MOST_STEPS, DiffusionConfig
from studio.families.diffusion.folder import NOTES
from studio.subnets.denoisers.chain_shapes import ChainShape
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.scheduling import Ordered, Sensitivity

KEPT, CHAINS, ORDERED = "kept", "chains", "ordered"
DRAWN = "drawn"  # steps and guidance that are taken when none are given
Value = TypeVar("Value")
_MOST = 10_000  # entries of a list or a table


def elastic_notes(
    kept: Kept | None,
    ordered: Ordered | None,
    chains: Mapping[str, ChainShape] = MappingProxyType({}),
) -> dict[str, str]:
    """The notes of a denoiser, as texts by name.

    Args:
        kept: what it is of the denoiser that its config.json describes; None for all.
        ordered: what was measured when it was ordered; None where it was not.
        chains: which of its layers are chains.
    """
    made: dict[str, str] = {}
    if kept is not None:
        counts = dict(sorted(kept.counts.items()))
        made[KEPT] = json.dumps({"counts": counts, "skipped": sorted(kept.skipped)})
    if chains:
        said = {name: [shape.form, *shape.ranks] for name, shape in sorted(chains.items())}
        made[CHAINS] = json.dumps(said)
    if ordered is not None:
        made[ORDERED] = json.dumps(asdict(ordered))
    return made


def read_elastic(notes: Mapping[str, str]) -> tuple[Kept | None, Ordered | None]:
    """What :func:`elastic_notes` wrote.

    Raises:
        Cause: it is damaged.
    """
    kept = read_note(notes, KEPT, _kept)
    return kept, read_note(notes, ORDERED, _ordered)


def read_chains(notes: Mapping[str, str]) -> Mapping[str, ChainShape]:
    """The chains that :func:`elastic_notes` wrote, by the names of their layers.

    Raises:
        Cause: they are damaged.
    """
    return read_note(notes, CHAINS, _chains) or {}


def drawn_notes(config: DiffusionConfig) -> dict[str, str]:
    """The note of what a pipeline is drawn with when nothing is said, which a folder of diffusers
    cannot tell."""
    return {DRAWN: json.dumps([config.steps, config.guidance_scale])}


def with_drawn(config: DiffusionConfig, notes: Mapping[str, str]) -> DiffusionConfig:
    """``config`` as :func:`drawn_notes` wrote it down; itself where nothing is noted.

    Raises:
        Cause: it is damaged.
    """
    found = read_note(notes, DRAWN, _drawn)
    return config if found is None else replace(config, steps=found[0], guidance_scale=found[1])


def _drawn(given: Any) -> tuple[int, float]:
    steps, guidance = _listed(given)
    if type(steps) is not int or not 1 <= steps <= MOST_STEPS or _number(guidance) > MOST_GUIDANCE:
        raise ValueError("drawn")
    return steps, float(guidance)


def read_note(notes: Mapping[str, str], name: str, read: Callable[[Any], Value]) -> Value | None:
    """What ``read`` makes of a note; None where there is none.

    Raises:
        Cause: it is damaged, which ``read`` says by any of the usual errors.
    """
    if name not in notes:
        return None
    where = f"{name} in {NOTES}"
    given = parse_json(notes[name].encode("utf-8", "replace"), where)
    try:
        return read(given)
    except (AttributeError, BadChoice, KeyError, TypeError, ValueError) as error:
        raise Cause(f"{where} is damaged") from error


def _kept(given: Mapping[str, Any]) -> Kept:
    counts = dict(given["counts"])
    if len(counts) > _MOST or any(type(each) is not int or each < 1 for each in counts.values()):
        raise ValueError("counts")
    return Kept(counts, frozenset(_text(name) for name in _listed(given["skipped"])))


def _chains(given: Mapping[str, Any]) -> Mapping[str, ChainShape]:
    if len(given) > _MOST:
        raise ValueError("chains")
    made = {}
    for name, said in given.items():
        form, *ranks = _listed(said)
        if any(type(rank) is not int for rank in ranks):
            raise ValueError("ranks")
        made[name] = ChainShape(form, tuple(ranks))
    return made


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
