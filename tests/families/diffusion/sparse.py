"""Weight files that are all header: as large as real ones, and nothing on the disk."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from pathlib import Path

WIDTHS = {"F32": 4, "BF16": 2, "F16": 2}


def header_only(path: Path, shapes: Mapping[str, tuple[int, ...]], code: str = "BF16") -> int:
    """A safetensors file of zeros that no disk holds; its bytes of data."""
    at, header = 0, {}
    for name, shape in shapes.items():
        size = math.prod(shape) * WIDTHS[code]
        header[name] = {"dtype": code, "shape": list(shape), "data_offsets": [at, at + size]}
        at += size
    text = json.dumps(header).encode()
    text += b" " * (-len(text) % 8)
    with path.open("wb") as file:
        file.write(len(text).to_bytes(8, "little") + text)
        file.truncate(8 + len(text) + at)
    return at
