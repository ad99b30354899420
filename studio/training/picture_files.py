"""What damaged pictures raise, and room to keep pictures to train on."""

from __future__ import annotations

import shutil
import struct
from pathlib import Path

from PIL import Image

from studio.errors import MaquetteError

FREE = 1_000_000_000  # bytes of disk that are left to the user

# What damaged pictures make Pillow raise.
UNREADABLE = (
    Image.DecompressionBombError,
    EOFError,
    LookupError,
    OSError,
    SyntaxError,
    TypeError,
    ValueError,
    struct.error,
)


def check_room(home: Path, needed: int) -> None:
    """Refuse before any work where ``needed`` bytes would leave the disk of ``home`` too full.

    Raises:
        MaquetteError: they would.
    """
    free = shutil.disk_usage(home).free
    if needed > free - FREE:
        raise MaquetteError(
            f"the pictures would take {needed / 1e9:.1f} GB in {home}, where {free / 1e9:.1f} GB "
            "are free; fewer pictures would fit"
        )
