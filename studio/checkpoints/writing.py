"""Writing Maquette's own files: aside first, then renamed, so that none is ever half-written."""

from __future__ import annotations

import os
import secrets
from collections.abc import Mapping
from pathlib import Path
from typing import Literal

import numpy as np
import torch
from numpy.typing import NDArray

from studio.checkpoints.causes import Cause
from studio.checkpoints.layouts import maquette
from studio.checkpoints.layouts.translation import own
from studio.checkpoints.safetensors_file import write_safetensors
from studio.checkpoints.stored import Shape
from studio.errors import BadChoice


def save_maquette(
    path: str | Path,
    tensors: Mapping[str, torch.Tensor],
    metadata: Mapping[str, str],
    directions: Mapping[str, torch.Tensor],
    dtype: Literal["f32", "f16"] = "f32",
) -> None:
    """Write a model in Maquette's layout. The same content gives the same bytes.

    Args:
        path: where to; an existing file is replaced in one step.
        tensors: the state dict of ``StyleGan2``.
        metadata: texts; ``config`` is required. The format, its version, the family and the
            names of the directions are filled in.
        directions: edit directions by name, each (w_dim,).
        dtype: ``f32`` or ``f16``.

    Raises:
        BadChoice: the content would not open again.
        OSError: the file cannot be written; whatever stood at ``path`` is untouched.
    """
    path = Path(path)
    complete = maquette.complete_metadata(metadata, directions)
    arrays = {name: _array(tensor) for name, tensor in tensors.items()}
    try:
        _check(arrays, complete, directions)
        if directions:
            arrays[maquette.DIRECTIONS] = np.stack([_array(d) for d in directions.values()])
        _write(path, arrays, complete, dtype)
    except Cause as cause:
        raise BadChoice(f"{path.name} cannot be saved: {cause}.") from cause


def save_translation(
    path: str | Path,
    tensors: Mapping[str, torch.Tensor],
    metadata: Mapping[str, str],
    dtype: Literal["f32", "f16"] = "f32",
) -> None:
    """Write a translation model in Maquette's layout. The same content gives the same bytes.

    Args:
        path: where to; an existing file is replaced in one step.
        tensors: the state dict of ``TranslationNetwork``.
        metadata: texts; ``config`` is required. Format, version and family are filled in.
        dtype: ``f32`` or ``f16``.

    Raises:
        BadChoice: the content would not open again.
        OSError: the file cannot be written; whatever stood at ``path`` is untouched.
    """
    path = Path(path)
    complete = dict(metadata)
    complete |= {"format": maquette.FORMAT, "format_version": own.VERSION, "family": own.FAMILY}
    arrays = {name: _array(tensor) for name, tensor in tensors.items()}
    try:
        _check_shapes(arrays, own.describe(complete)[0].shapes())
        _write(path, arrays, complete, dtype)
    except Cause as cause:
        raise BadChoice(f"{path.name} cannot be saved: {cause}.") from cause


def _array(tensor: torch.Tensor) -> NDArray[np.float32]:
    array: NDArray[np.float32] = tensor.detach().to("cpu", torch.float32).numpy()
    return array


def _check(
    arrays: Mapping[str, NDArray[np.float32]],
    metadata: Mapping[str, str],
    directions: Mapping[str, torch.Tensor],
) -> None:
    described = maquette.describe(metadata)
    _check_shapes(arrays, described.sizes.shapes())
    for name, direction in directions.items():
        if tuple(direction.shape) != (described.sizes.w_dim,):
            raise Cause(f"the direction {name} has the shape {list(direction.shape)}")


def _check_shapes(arrays: Mapping[str, NDArray[np.float32]], expected: Mapping[str, Shape]) -> None:
    if set(arrays) != set(expected):
        odd = sorted(set(arrays) ^ set(expected))
        raise Cause(f"its config and its tensors do not agree on {odd[0]}")
    for name, array in arrays.items():
        if array.shape != expected[name]:
            raise Cause(
                f"the tensor {name} has the shape {list(array.shape)} where its config asks for "
                f"{list(expected[name])}"
            )


def _write(
    path: Path, arrays: Mapping[str, NDArray[np.float32]], metadata: dict[str, str], dtype: str
) -> None:
    aside = path.with_name(f".{path.name}.{secrets.token_hex(8)}.part")
    try:
        with aside.open("xb") as file:
            write_safetensors(file, arrays, metadata, dtype)
            file.flush()
            os.fsync(file.fileno())
        aside.replace(path)
    except BaseException:
        aside.unlink(missing_ok=True)
        raise
