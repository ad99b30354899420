"""Translation models in Maquette's own layout: what a file says beside the tensors."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.checkpoints.layouts.translation.own import to_json
from studio.checkpoints.writing import save_translation
from studio.errors import MaquetteError, RefusedFile, cause_of
from studio.families.info import HistoryStep
from studio.families.picture_file import checked_target
from studio.families.quantization import QuantPlan
from studio.families.translation.info import TranslationInfo

if TYPE_CHECKING:
    from studio.families.translation.model import TranslationModel


def save_translation_model(
    model: TranslationModel, path: str | Path, dtype: Literal["f32", "f16"] = "f32"
) -> None:
    """Write ``model`` at ``path``, aside and then renamed. 16 bits are noted in its history.

    Raises:
        MaquetteError: the file cannot be written, or a weight does not fit 16 bits.
    """
    target = checked_target(path)
    info = model.info
    if dtype == "f16":
        step = HistoryStep("store", "weights rounded to 16-bit floats")
        info = replace(info, history=(*info.history, step))
    try:
        save_translation(target, model.network.state_dict(), to_metadata(info, model.plan), dtype)
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error


def to_metadata(info: TranslationInfo, plan: QuantPlan | None = None) -> dict[str, str]:
    """The texts to write beside the tensors of ``info``'s model, quantised by ``plan`` if any."""
    quantised = {} if plan is None else {"quantization": plan.to_json()}
    return quantised | {
        "name": info.name,
        "title": info.title,
        "licence": info.licence,
        "source_sha256": info.source_sha256,
        "config": to_json(info.config.sizes),
        "origin": origin_of(info),
        "answers": json.dumps(dict(info.answers)),
        "assumed": json.dumps(info.assumed),
        "history": json.dumps([asdict(step) for step in info.history], ensure_ascii=False),
    }


def origin_of(info: TranslationInfo) -> str:
    """The layout the weights first came in, which decides what is likely."""
    return next((s.detail for s in info.history if s.step == READ), info.layout)


READ = "read"  # the step of a history that names the layout


def answers_in(metadata: Mapping[str, str], path: str) -> dict[str, str]:
    """The answers that a file keeps.

    Raises:
        RefusedFile: they are no table of texts.
    """
    try:
        found = json.loads(metadata.get("answers", "{}"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not all(isinstance(v, str) for v in found.values()):
        raise RefusedFile(
            f"{path} cannot be opened: “answers” in its metadata is not a table of texts"
        )
    return found


def assumed_in(metadata: Mapping[str, str], path: str) -> tuple[str, ...]:
    """Names of the questions whose answers in a file are only likely ones.

    Raises:
        RefusedFile: they are no list of texts.
    """
    try:
        found = json.loads(metadata.get("assumed", "[]"))
    except (ValueError, RecursionError):
        found = None
    if not isinstance(found, list) or not all(isinstance(name, str) for name in found):
        raise RefusedFile(
            f"{path} cannot be opened: “assumed” in its metadata is not a list of texts"
        )
    return tuple(found)
