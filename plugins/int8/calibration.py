"""Calibration inputs from a folder: latents as ``.npy``, or seeds as ``.json``."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
import torch
from torch import Tensor

from studio.errors import BadChoice, cause_of

if TYPE_CHECKING:
    from studio.families.model import Model

LARGEST_FILE = 64 * 2**20  # bytes
ACCEPTED = "latents as .npy (z, or w in files whose name begins with w) or seeds as .json"


def latents_in(folder: str, model: Model, most: int) -> Tensor:
    """Latents w (n, w_dim) of the files in a folder, in the order of their names, at most ``most``.

    A ``.npy`` file holds z (n, z_dim) or (z_dim,), or w of w_dim numbers; where both have as many,
    the name decides. A ``.json`` file holds a list of seeds. Other files are passed over.

    Raises:
        BadChoice: there is no such folder, nothing to use in it, or a file is broken.
    """
    place = Path(folder)
    try:
        files = sorted(p for p in place.iterdir() if p.suffix.lower() in (".npy", ".json"))
    except OSError as error:
        raise BadChoice(
            f"the calibration folder {folder} cannot be read: {cause_of(error)}"
        ) from error
    if not files:
        raise BadChoice(f"the calibration folder {folder} holds no inputs; accepted are {ACCEPTED}")
    rows: list[Tensor] = []
    for path in files:
        left = most - sum(len(each) for each in rows)
        if left <= 0:
            break
        read = _seeds if path.suffix.lower() == ".json" else _arrays
        rows.append(read(path, model, left))
    return torch.cat(rows)


def _seeds(path: Path, model: Model, most: int) -> Tensor:
    try:
        seeds = json.loads(_bytes(path))
    except (ValueError, RecursionError) as error:
        raise BadChoice(f"{path} is no list of seeds: it is not JSON") from error
    if not isinstance(seeds, list) or not seeds or any(type(seed) is not int for seed in seeds):
        raise BadChoice(f"{path} is no list of seeds; a list of whole numbers is")
    try:
        return _mapped(torch.cat([model.latent(seed) for seed in seeds[:most]]), model)
    except BadChoice as error:
        raise BadChoice(f"{path} cannot be used: {error}") from error


def _arrays(path: Path, model: Model, most: int) -> Tensor:
    _bytes(path)  # refuses what is too large
    try:
        with path.open("rb") as file:
            array = np.load(file, allow_pickle=False)
    except (ValueError, EOFError, OSError, SyntaxError, MemoryError) as error:
        raise BadChoice(f"{path} is no array: it cannot be read as .npy") from error
    config = model.info.config
    if not isinstance(array, np.ndarray) or array.dtype.kind not in "fiu":
        raise BadChoice(f"{path} holds no numbers; accepted are {ACCEPTED}")
    if array.ndim == 1:
        array = array[None]
    if array.ndim != 2 or not len(array) or array.shape[1] not in (config.z_dim, config.w_dim):
        raise BadChoice(
            f"{path} has the shape {array.shape}; accepted is (n, {config.z_dim}) for z or "
            f"(n, {config.w_dim}) for w"
        )
    rows = torch.from_numpy(array[:most].astype(np.float32))
    if not bool(rows.isfinite().all()):
        raise BadChoice(f"{path} holds values that are no finite numbers")
    is_w = array.shape[1] == config.w_dim and (
        config.z_dim != config.w_dim or path.name.lower().startswith("w")
    )
    return rows if is_w else _mapped(rows, model)


def _bytes(path: Path) -> bytes:
    try:
        if path.stat().st_size > LARGEST_FILE:
            raise BadChoice(f"{path} is larger than {LARGEST_FILE >> 20} MB")
        return path.read_bytes()
    except OSError as error:
        raise BadChoice(f"{path} cannot be read: {cause_of(error)}") from error


def _mapped(z: Tensor, model: Model) -> Tensor:
    """w of z; classes of a conditional model take turns."""
    classes = model.info.config.c_dim
    labels = torch.eye(classes)[torch.arange(len(z)) % classes] if classes else None
    with torch.no_grad():
        return model.network.map(z, labels)
