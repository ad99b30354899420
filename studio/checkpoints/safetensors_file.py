"""The safetensors form: 8 bytes of header length, a JSON header, then the numbers.

Read and written by hand: the header is checked more strictly than the library does, refusals say
what is wrong, and files come out byte for byte the same for the same tensors.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from typing import BinaryIO

import numpy as np
from numpy.typing import NDArray

from studio.checkpoints.causes import Cause, shortened, size_text
from studio.checkpoints.json_text import parse_json
from studio.checkpoints.spans import Span
from studio.checkpoints.stored import ITEM_BYTES, Shape, Storage, StoredTensor, contiguous_strides

MAX_HEADER = 16_000_000
_METADATA = "__metadata__"
_MAX_NUMBERS = 1 << 48
_MAX_TENSORS = 20_000
_DTYPES = {
    "F32": "float32",
    "F16": "float16",
    "BF16": "bfloat16",
    "F64": "float64",
    "I64": "int64",
    "I32": "int32",
    "I16": "int16",
    "I8": "int8",
    "U64": "uint64",
    "U32": "uint32",
    "U16": "uint16",
    "U8": "uint8",
    "BOOL": "bool",
    "C64": "complex64",
    "F8_E4M3": "float8",
    "F8_E5M2": "float8",
}
_WRITTEN = {"f32": ("F32", "<f4"), "f16": ("F16", "<f2")}


@dataclass(frozen=True)
class SafetensorsContent:
    """What the header says, checked against the file."""

    tensors: dict[str, StoredTensor]
    metadata: dict[str, str]


def read_header(span: Span) -> dict[str, object]:
    """Parse the JSON header.

    Raises:
        Cause: its length does not fit the file, it is no JSON object, or a name stands twice.
    """
    length = int.from_bytes(span.read(0, 8), "little")
    if length > span.length - 8:
        raise Cause(
            f"its header length of {length} bytes is larger than the file ({span.length} bytes)"
        )
    if length > MAX_HEADER:
        raise Cause(
            f"its header length of {size_text(length)} is above the {size_text(MAX_HEADER)} limit"
        )
    header = parse_json(span.read(8, length), "its header")
    if not isinstance(header, dict):
        raise Cause("its header is no JSON object")
    return header


def read_safetensors(span: Span) -> SafetensorsContent:
    """Read the header; numbers stay in the file.

    Raises:
        Cause: offsets overlap, leave holes, or reach beyond the file; sizes are negative or do
            not agree with the offsets; anything else that the format does not allow.
    """
    header = read_header(span)
    metadata = header.pop(_METADATA, {})
    if not isinstance(metadata, dict) or not all(isinstance(v, str) for v in metadata.values()):
        raise Cause("the metadata in its header is no table of texts")
    if len(header) > _MAX_TENSORS:
        raise Cause(f"its header lists {len(header)} tensors, far more than any generator has")
    data = span.part(8 + _header_length(span), span.length - 8 - _header_length(span))
    places = []
    tensors = {}
    for name, entry in header.items():
        dtype, shape, begin, end = _entry(name, entry)
        if end > data.length:
            raise Cause(
                f"the tensor {shortened(name)} reaches beyond the end of the file: it ends at byte "
                f"{end} of {data.length}"
            )
        places.append((begin, end, name))
        count = math.prod(shape)
        storage = Storage(dtype, count, data.part(begin, end - begin))
        tensors[name] = StoredTensor(storage, 0, shape, contiguous_strides(shape))
    _check_places(places, data.length)
    return SafetensorsContent(tensors, metadata)


def _header_length(span: Span) -> int:
    return int.from_bytes(span.read(0, 8), "little")


def _entry(name: str, entry: object) -> tuple[str, Shape, int, int]:
    shown = f"the tensor {shortened(name)}"
    if not isinstance(entry, dict) or set(entry) != {"dtype", "shape", "data_offsets"}:
        raise Cause(f"{shown} is not described by a type, a shape and its offsets")
    dtype = _DTYPES.get(entry["dtype"]) if isinstance(entry["dtype"], str) else None
    if dtype is None:
        raise Cause(f"{shown} is of the unknown type {shortened(str(entry['dtype']))}")
    shape, offsets = _numbers(entry["shape"]), _numbers(entry["data_offsets"])
    if shape is None or len(shape) > 8:
        raise Cause(f"{shown} has a shape that is no short list of whole numbers")
    if any(abs(size) >= 1 << 64 for size in shape):
        raise Cause(f"{shown} has a size of 64 bits or more, which no file can hold")
    if any(size < 0 for size in shape):
        raise Cause(f"{shown} has negative sizes: {list(shape)}")
    count = math.prod(shape)
    if count > _MAX_NUMBERS:
        raise Cause(
            f"{shown} has the sizes {list(shape)}, which multiply to {count:.3g} "
            "numbers, more than any file holds"
        )
    if offsets is None or len(offsets) != 2 or not 0 <= offsets[0] <= offsets[1]:
        raise Cause(f"{shown} has offsets that are no two rising whole numbers")
    begin, end = offsets
    if end - begin != count * ITEM_BYTES[dtype]:
        raise Cause(
            f"{shown} of sizes {list(shape)} needs {count * ITEM_BYTES[dtype]} bytes, but its "
            f"offsets hold {end - begin}"
        )
    return dtype, shape, begin, end


def _numbers(value: object) -> Shape | None:
    if isinstance(value, list) and all(type(item) is int for item in value):
        return tuple(value)
    return None


def _check_places(places: list[tuple[int, int, str]], length: int) -> None:
    reached = 0
    for begin, end, name in sorted(places):
        if begin < reached:
            raise Cause(f"the tensor {shortened(name)} overlaps the one before it")
        if begin > reached:
            raise Cause(
                f"{begin - reached} bytes before the tensor {shortened(name)} belong to none"
            )
        reached = end
    if reached != length:
        raise Cause(f"{length - reached} bytes after the last tensor belong to none")


def write_safetensors(
    file: BinaryIO, tensors: Mapping[str, NDArray[np.float32]], metadata: dict[str, str], dtype: str
) -> None:
    """Write float32 arrays as ``f32`` or ``f16``, in the order of their names.

    Raises:
        Cause: a number does not fit the type; the clause names the tensor.
    """
    code, form = _WRITTEN[dtype]
    header: dict[str, object] = {_METADATA: dict(sorted(metadata.items()))}
    at = 0
    for name in sorted(tensors):
        size = tensors[name].size * np.dtype(form).itemsize
        header[name] = {
            "dtype": code,
            "shape": list(tensors[name].shape),
            "data_offsets": [at, at + size],
        }
        at += size
    text = json.dumps(header, separators=(",", ":"), ensure_ascii=False).encode()
    text += b" " * (-len(text) % 8)
    file.write(len(text).to_bytes(8, "little") + text)
    for name in sorted(tensors):
        with np.errstate(over="ignore"):
            values = np.ascontiguousarray(tensors[name], dtype=form)
        if not bool(np.isfinite(values).all()):
            raise Cause(f"the tensor {name} has numbers that do not fit {code}")
        file.write(values.tobytes())
