"""Writing a model in Maquette's own layout."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from studio.checkpoints import save_maquette
from studio.errors import MaquetteError, cause_of
from studio.families.info import HistoryStep
from studio.families.metadata import to_metadata
from studio.families.picture_file import checked_target

if TYPE_CHECKING:
    from studio.families.model import Model


def save_model(model: Model, path: str | Path, dtype: Literal["f32", "f16"] = "f32") -> None:
    """Write ``model`` at ``path``, aside and then renamed. 16 bits are noted in its history.

    Raises:
        MaquetteError: the file cannot be written, or a weight does not fit 16 bits.
    """
    target = checked_target(path)
    info = model.info
    if dtype == "f16":
        step = HistoryStep("store", "weights rounded to 16-bit floats")
        info = replace(info, history=(*info.history, step))
    directions = dict(zip(info.directions, model.directions, strict=True))
    try:
        save_maquette(
            target, model.network.state_dict(), to_metadata(info, model.plan), directions, dtype
        )
    except OSError as error:
        raise MaquetteError(f"cannot write {target}: {cause_of(error)}") from error
