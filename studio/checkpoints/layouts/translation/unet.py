"""U-Nets of pix2pix, whose blocks are nested: each holds the next one as its module 3.

The outermost block is ``model.model`` with its convolutions at 0 and 3 and the next block at 1.
Inside, a block has a convolution (1), its norm (2), the next block (3), a transposed convolution
(5) and its norm (6); the innermost has no block and no norm before it: 1, 3 and 4.
"""

from __future__ import annotations

from collections.abc import Collection

from studio.checkpoints.causes import Cause
from studio.checkpoints.layouts.translation.taking import (
    Found,
    Stored,
    axis,
    norm_of,
    norm_sources,
)
from studio.checkpoints.translation_sizes import MOST_HALVINGS, Norm, UNetSizes

_FIRST, _LAST = "model.model.0", "model.model.3"


def recognises(names: Collection[str]) -> bool:
    """Whether a state dict has nested blocks under these names."""
    return any(name.startswith("model.model.") for name in names)


def find(stored: Stored) -> Found:
    """Every size from shapes, and where each tensor is.

    Raises:
        Cause: parts are missing or fit no generator.
    """
    depth = _depth(stored)
    down = [_FIRST, *(f"{_block(level)}.1" for level in range(1, depth))]
    up = [f"{_block(level)}.5" for level in range(1, depth - 1)] + [f"{_block(depth - 1)}.3"]
    up = [*reversed(up), _LAST]
    bias = f"{_FIRST}.bias" in stored
    without: Norm = "instance" if bias else "none"
    sizes = UNetSizes(
        inputs=axis(stored, f"{_FIRST}.weight", 1),
        outputs=axis(stored, f"{_LAST}.weight", 1),
        down=tuple(axis(stored, f"{name}.weight", 0) for name in down),
        up=tuple(axis(stored, f"{name}.weight", 1) for name in up[:-1]),
        norm=norm_of(stored, f"{_block(depth - 1)}.4", without),
        bias=bias,
    )
    sources: dict[str, str] = {}
    for kind, names in (("down", down), ("up", up)):
        for i, name in enumerate(names):
            path, _, number = name.rpartition(".")
            norm = f"{path}.{int(number) + 1}"
            sources |= norm_sources(f"{kind}.{i}.norm", norm, sizes.norm)
            for part in ("weight", "bias"):
                sources[f"{kind}.{i}.{part}"] = f"{name}.{part}"
    return Found(layout="pix2pix", sizes=sizes, sources=sources)


def _block(level: int) -> str:
    return "model.model.1" + ".model.3" * (level - 1) + ".model"


def _depth(stored: Stored) -> int:
    for level in range(1, MOST_HALVINGS):
        if f"{_block(level)}.1.weight" not in stored:
            break
        if not any(name.startswith(f"{_block(level)}.3.model.") for name in stored):
            return level + 1
    raise Cause(f"it looks like a U-Net generator of pix2pix, but lacks {_block(level)}.1.weight")
