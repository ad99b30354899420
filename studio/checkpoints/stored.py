"""Tensors as a file describes them: where their numbers lie, checked before any is read."""

from __future__ import annotations

import math
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from studio.checkpoints.causes import Cause
from studio.checkpoints.spans import Span

Shape = tuple[int, ...]

ITEM_BYTES = {
    "float32": 4,
    "float16": 2,
    "bfloat16": 2,
    "float64": 8,
    "int8": 1,
    "uint8": 1,
    "int16": 2,
    "uint16": 2,
    "int32": 4,
    "uint32": 4,
    "int64": 8,
    "uint64": 8,
    "bool": 1,
    "complex32": 4,
    "complex64": 8,
    "complex128": 16,
    "float8": 1,
}
_READABLE = {"float32": "<f4", "float16": "<f2", "bfloat16": "<u2", "float64": "<f8"}


@dataclass
class Storage:
    """A run of numbers of one type. ``span`` is known late in old files, where data comes last."""

    dtype: str
    count: int
    span: Span | None = None


@dataclass(frozen=True)
class StoredTensor:
    """A strided window into a storage; offset and strides are counted in numbers, not bytes."""

    storage: Storage
    offset: int
    shape: Shape
    strides: Shape

    @property
    def dtype(self) -> str:
        """Name of the type, such as ``float16``."""
        return self.storage.dtype

    @property
    def count(self) -> int:
        """How many numbers it has."""
        return math.prod(self.shape)

    @property
    def extent(self) -> int:
        """How many numbers of the storage lie between its first and its last, both included."""
        if self.count == 0:
            return 0
        return 1 + sum(s * (n - 1) for s, n in zip(self.strides, self.shape, strict=True))

    @property
    def peak_bytes(self) -> int:
        """Memory that reading it takes for a moment: the raw bytes and two copies in float32."""
        return self.extent * ITEM_BYTES[self.dtype] + 8 * self.count


@dataclass
class Record:
    """An object of the file as inert data: its class is a name and nothing of it ever runs."""

    kind: str
    state: dict[object, object] = field(default_factory=dict)


def contiguous_strides(shape: Shape) -> Shape:
    """Strides, in numbers, of a row-major tensor."""
    strides: list[int] = []
    step = 1
    for size in reversed(shape):
        strides.append(step)
        step *= max(size, 1)
    return tuple(reversed(strides))


def check_window(name: str, tensor: StoredTensor) -> None:
    """Make sure that a tensor lies inside its storage and uses every number at most once.

    A window that repeats numbers (stride 0) can claim terabytes from a file of a few bytes.

    Raises:
        Cause: it does not; the clause names the tensor.
    """
    if tensor.count == 0:
        return
    spread = 0
    axes = zip(tensor.strides, tensor.shape, strict=True)
    for stride, size in sorted((stride, size) for stride, size in axes if size > 1):
        if stride <= spread:
            raise Cause(
                f"the tensor {name} claims {tensor.count} numbers by repeating some of the "
                f"{tensor.storage.count} that are stored (stride {stride})"
            )
        spread += stride * (size - 1)
    end = tensor.offset + tensor.extent
    if end > tensor.storage.count:
        raise Cause(
            f"the tensor {name} reaches beyond its storage: it needs {end} numbers where "
            f"{tensor.storage.count} are stored"
        )


def check_dtype(name: str, tensor: StoredTensor) -> None:
    """Raise Cause, naming the tensor, when it does not hold real floating-point numbers."""
    if tensor.dtype not in _READABLE:
        raise Cause(
            f"the tensor {name} holds {tensor.dtype} numbers; accepted are "
            "float32, float16, bfloat16 and float64"
        )


def load(name: str, tensor: StoredTensor) -> NDArray[np.float32]:
    """Read a tensor as float32, row-major and on its own memory.

    Raises:
        Cause: it is outside its storage, of another type, cut short, or not finite.
    """
    check_dtype(name, tensor)
    check_window(name, tensor)
    if tensor.count == 0:
        return np.zeros(tensor.shape, np.float32)
    span = tensor.storage.span
    if span is None:
        raise Cause(f"the numbers of the tensor {name} are missing")
    item = ITEM_BYTES[tensor.dtype]
    raw = np.frombuffer(
        span.read(tensor.offset * item, tensor.extent * item), dtype=_READABLE[tensor.dtype]
    )
    window = np.lib.stride_tricks.as_strided(
        raw, tensor.shape, [stride * item for stride in tensor.strides], writeable=False
    )
    with np.errstate(all="ignore"):
        if tensor.dtype == "bfloat16":
            values = (window.astype(np.uint32) << np.uint32(16)).view(np.float32)
        else:
            values = window.astype(np.float32)
        # A sum is one cheap pass, and finite sums leave no room for NaN or infinity.
        finite = bool(np.isfinite(values.sum(dtype=np.float64)))
    if not finite:
        kind = "NaN (not a number)" if bool(np.isnan(values).any()) else "an infinity"
        raise Cause(f"the tensor {name} contains {kind}")
    return np.ascontiguousarray(values).reshape(tensor.shape)
