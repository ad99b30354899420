"""A file becomes tensors, safely: one module per on-disk layout.

Importing this package imports no torch; the first call that needs it does.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from studio.checkpoints.checkpoint import Checkpoint
from studio.checkpoints.sniff import is_maquette

if TYPE_CHECKING:
    from studio.checkpoints.discriminators import FoundDiscriminator, open_discriminator
    from studio.checkpoints.reading import open_checkpoint, read_directions
    from studio.checkpoints.writing import save_maquette

__all__ = [
    "Checkpoint",
    "FoundDiscriminator",
    "is_maquette",
    "open_checkpoint",
    "open_discriminator",
    "read_directions",
    "save_maquette",
]

_LAZY = {
    "FoundDiscriminator": "studio.checkpoints.discriminators",
    "open_discriminator": "studio.checkpoints.discriminators",
    "open_checkpoint": "studio.checkpoints.reading",
    "read_directions": "studio.checkpoints.reading",
    "save_maquette": "studio.checkpoints.writing",
}


def __getattr__(name: str) -> object:
    if name not in _LAZY:
        raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_LAZY[name]), name)
