"""Tensors by name from a file of weights, of whatever network. Nothing in the file is run."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import BinaryIO, TypeVar

import torch
from torch import Tensor

from studio.checkpoints.causes import Cause, TooLarge, listed, size_text
from studio.checkpoints.reading import content_of, refusing
from studio.checkpoints.safetensors_file import SafetensorsContent
from studio.checkpoints.spans import Span
from studio.checkpoints.stored import StoredTensor, load

LARGEST = 2_000_000_000  # bytes of a file; the networks that measure pictures are far smaller
Shapes = Mapping[str, tuple[int, ...]]
_Result = TypeVar("_Result")


def names_in(path: Path) -> dict[str, tuple[int, ...]]:
    """Names and shapes of the tensors in a file of safetensors or of torch.

    Raises:
        RefusedFile: the file is neither; the sentence names it and the cause.
    """
    return _with_table(path, lambda table: {name: t.shape for name, t in table.items()})


def read_state_dict(path: Path, wanted: Shapes) -> dict[str, Tensor]:
    """Read tensors by name from a file of safetensors or of torch, as float32.

    Args:
        wanted: names and shapes; what else the file holds is left alone.

    Raises:
        RefusedFile: the file is neither, or lacks one of them; the sentence names the cause.
    """

    def work(table: dict[str, StoredTensor]) -> dict[str, Tensor]:
        missing = [name for name in wanted if name not in table]
        if missing:
            raise Cause(f"it lacks the tensors {listed(missing)}")
        for name, shape in wanted.items():
            if table[name].shape != shape:
                raise Cause(
                    f"its tensor {name} has the shape {list(table[name].shape)}; accepted is "
                    f"{list(shape)}"
                )
        return {name: torch.from_numpy(load(name, table[name])) for name in wanted}

    return _with_table(path, work)


def _with_table(path: Path, work: Callable[[dict[str, StoredTensor]], _Result]) -> _Result:
    """What ``work`` makes of the tensors by name, while the file is open."""

    def opened(file: BinaryIO, size: int) -> _Result:
        if size > LARGEST:
            raise TooLarge(f"it has {size_text(size)}; accepted are at most {size_text(LARGEST)}")
        content = content_of(Span(file, 0, size), path.suffix.lower() == ".safetensors")
        table = content.tensors if isinstance(content, SafetensorsContent) else content
        if not isinstance(table, dict):
            raise Cause("it holds no table of named tensors")
        return work(
            {k: v for k, v in table.items() if isinstance(k, str) and isinstance(v, StoredTensor)}
        )

    return refusing(path, opened)
