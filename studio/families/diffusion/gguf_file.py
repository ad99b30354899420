"""GGUF files: the header read and checked by hand, the weights left where they are.

The format is that of ggml: a header of counts, fields and tensor descriptions, then the tensors,
each at an aligned place. It holds no code. The ``gguf`` package knows the types and the sizes of
their blocks; its reader trusts the counts of a header, so the header is read here. Imports no
torch.
"""

from __future__ import annotations

import math
import mmap
import struct
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from studio.checkpoints.causes import Cause, shortened

SUFFIX = ".gguf"
MAGIC = b"GGUF"
FLOAT_KINDS: Mapping[str, str] = {"F32": "float32", "F16": "float16", "BF16": "bfloat16"}
"""Types of plain numbers, and what they are called elsewhere."""
PACKED_KINDS = (
    "Q4_0", "Q4_1", "Q5_0", "Q5_1", "Q8_0", "Q2_K", "Q3_K", "Q4_K", "Q5_K", "Q6_K",
    "IQ4_NL", "IQ4_XS",
)  # fmt: skip
"""Types of a few bits a weight that can be unpacked, those of diffusers."""
_VERSIONS = (2, 3)
_MOST_TENSORS, _MOST_FIELDS, _MOST_TEXT = 1 << 16, 1 << 16, 1 << 24
_MOST_AXES = 4
_SAMPLES, _SAMPLE, _BEGINNING = 512, 1 << 16, 1 << 12  # of a file; bytes of one; of a tensor
_SCALARS = {
    0: "B",
    1: "b",
    2: "H",
    3: "h",
    4: "I",
    5: "i",
    6: "f",
    7: "B",
    10: "Q",
    11: "q",
    12: "d",
}
_STRING, _ARRAY = 8, 9
_SHAPE = "comfy.gguf.orig_shape."  # of tensors that were reshaped so that rows fill whole blocks


@dataclass(frozen=True)
class GgufTensor:
    """A tensor as the header describes it.

    Args:
        kind: its type, e.g. ``F16`` or ``Q4_K``.
        shape: as PyTorch has it, the outermost axis first. offset, size: bytes in the file.
        rows: whether the bytes lie in rows of the outermost axis; not of tensors that were
            reshaped before they were packed.
    """

    kind: str
    shape: tuple[int, ...]
    offset: int
    size: int
    rows: bool = True

    @property
    def dtype(self) -> str:
        """The type by the name that other files have for it: ``float16``, or ``Q4_K``."""
        return FLOAT_KINDS.get(self.kind, self.kind)


@dataclass(frozen=True)
class GgufFile:
    """What the header says.

    Args:
        architecture: field ``general.architecture``; empty without. header: bytes before the
            tensors. size: of the file.
    """

    path: Path
    architecture: str
    tensors: Mapping[str, GgufTensor]
    header: int
    size: int


@dataclass(frozen=True)
class Place:
    """Where a tensor of a network lies: in a tensor of the file, whole or in runs of its rows, one
    after the other."""

    source: str
    rows: tuple[tuple[int, int], ...] = ()


@dataclass(frozen=True)
class GgufWeights:
    """A file, and where in it the tensors of a network are, by the names of diffusers."""

    file: GgufFile
    places: Mapping[str, Place]


def read_gguf(path: Path) -> GgufFile:
    """Read the header of a file.

    Raises:
        Cause: it is damaged, cut short, or has a type of weights that cannot be unpacked.
        OSError: it cannot be read.
    """
    size = path.stat().st_size
    with path.open("rb") as stream:
        if stream.read(4) != MAGIC:
            raise Cause("it is no GGUF file: it does not begin as one")
        with mmap.mmap(stream.fileno(), 0, access=mmap.ACCESS_READ) as data:
            return _Header(data, size).read(path)


def digest_gguf(file: GgufFile, digest: Any) -> None:
    """Let ``digest`` take the header, the beginning of every tensor and samples all over."""
    with file.path.open("rb") as stream:
        digest.update(stream.read(file.header))
        places = [(each.offset, min(_BEGINNING, each.size)) for each in file.tensors.values()]
        step = max(_SAMPLE, (file.size - file.header) // _SAMPLES)
        places += [(begin, _SAMPLE) for begin in range(file.header, file.size, step)]
        for begin, length in places:
            stream.seek(begin)
            digest.update(stream.read(length))


class _Header:
    """Reads on and on, never beyond the end."""

    def __init__(self, data: mmap.mmap, size: int) -> None:
        self.data, self.size, self.at = data, size, 4

    def read(self, path: Path) -> GgufFile:
        version = self.number("I")
        if version not in _VERSIONS:
            raise Cause(f"it is a GGUF file of version {version}; accepted are 2 and 3")
        count, fields = self.number("Q"), self.number("Q")
        if count > _MOST_TENSORS or fields > _MOST_FIELDS:
            raise Cause(
                f"its header speaks of {count} tensors and {fields} fields, which no network has"
            )
        said = dict(self.field() for _ in range(fields))
        described = [self.description() for _ in range(count)]
        align = said.get("general.alignment", 32)
        if type(align) is not int or not 8 <= align <= 1 << 20 or align & (align - 1):
            raise Cause("its general.alignment is no power of two of 8 bytes or more")
        begin = -(-self.at // align) * align
        tensors: dict[str, GgufTensor] = {}
        for name, kind, shape, offset in described:
            if name in tensors:
                raise Cause(f"it has {shortened(name)} twice")
            if offset % align:
                raise Cause(f"{shortened(name)} does not begin at a multiple of {align} bytes")
            tensors[name] = self.placed(name, kind, shape, begin + offset, said)
        architecture = said.get("general.architecture", "")
        named = architecture if isinstance(architecture, str) else ""
        return GgufFile(path, named, tensors, begin, self.size)

    def placed(
        self, name: str, kind: int, shape: tuple[int, ...], offset: int, said: Mapping[str, Any]
    ) -> GgufTensor:
        from gguf import GGML_QUANT_SIZES, GGMLQuantizationType

        known = {each.value: each.name for each in GGMLQuantizationType}
        named = known.get(kind, f"number {kind}")
        if named not in FLOAT_KINDS and named not in PACKED_KINDS:
            accepted = ", ".join((*FLOAT_KINDS, *PACKED_KINDS))
            raise Cause(f"{shortened(name)} is of the type {named}; accepted are {accepted}")
        block, length = GGML_QUANT_SIZES[GGMLQuantizationType(kind)]
        count = math.prod(shape)
        if not shape or shape[-1] % block:
            raise Cause(f"the rows of {shortened(name)} are no whole blocks of {named}")
        size = count // block * length
        if offset + size > self.size:
            raise Cause(
                f"it is cut short: {shortened(name)} ends at byte {offset + size} and the file at "
                f"{self.size}"
            )
        before = said.get(f"{_SHAPE}{name}")
        if before is None:
            return GgufTensor(named, shape, offset, size)
        if not isinstance(before, tuple) or math.prod(before) != count or min(before) < 1:
            raise Cause(f"its field {shortened(_SHAPE + name)} does not fit that tensor")
        return GgufTensor(named, before, offset, size, rows=before == shape)

    def take(self, length: int) -> int:
        """Where the next bytes begin."""
        begin = self.at
        if length > self.size - begin:
            raise Cause("it is cut short: its header goes on beyond its end")
        self.at = begin + length
        return begin

    def number(self, form: str) -> Any:
        form = "<" + form
        return struct.unpack_from(form, self.data, self.take(struct.calcsize(form)))[0]

    def text(self) -> str:
        length = self.number("Q")
        if length > _MOST_TEXT:
            raise Cause(f"its header has a text of {length} bytes, far too long")
        begin = self.take(length)
        return self.data[begin : begin + length].decode("utf-8", "replace")

    def field(self) -> tuple[str, Any]:
        return self.text(), self.value(self.number("I"))

    def value(self, kind: int) -> Any:
        """A value; of an array what a shape may be, its few whole numbers, else None."""
        if kind == _STRING:
            return self.text()
        if kind in _SCALARS:
            return self.number(_SCALARS[kind])
        if kind != _ARRAY:
            raise Cause(f"its header has a field of the unknown type {kind}")
        inner, count = self.number("I"), self.number("Q")
        if inner in _SCALARS:
            if count <= _MOST_AXES + 1 and inner in (4, 5, 10, 11):
                return tuple(self.number(_SCALARS[inner]) for _ in range(count)) or None
            self.take(count * struct.calcsize("<" + _SCALARS[inner]))
            return None
        if inner != _STRING:
            raise Cause(f"its header has an array of the unknown type {inner}")
        if count > (self.size - self.at) // 8:
            raise Cause("it is cut short: its header goes on beyond its end")
        for _ in range(count):
            self.text()
        return None

    def description(self) -> tuple[str, int, tuple[int, ...], int]:
        name = self.text()
        axes = self.number("I")
        if not 1 <= axes <= _MOST_AXES:
            raise Cause(f"{shortened(name)} has {axes} axes; accepted are 1 to {_MOST_AXES}")
        shape = tuple(self.number("Q") for _ in range(axes))[::-1]
        if min(shape) < 1 or math.prod(shape) > 1 << 40:
            raise Cause(f"{shortened(name)} is {list(shape)}, a size that no tensor has")
        return name, self.number("I"), shape, self.number("Q")
