"""Picture files as pipelines take them: 8 bits, upright, nothing to be seen through."""

from __future__ import annotations

import io

import numpy as np
from PIL import Image

from studio.families.translation.reading import opened_picture


def colours(data: bytes) -> Image.Image:
    """The content of a picture file as RGB; what can be seen through lies on white.

    Raises:
        RefusedFile: it is no picture that can be read, or far too large.
    """
    return _on(data, "the picture", 255).convert("RGB")


def mask(data: bytes) -> Image.Image:
    """The content of a mask's file in grey; what can be seen through stays, like black.

    Raises:
        RefusedFile: it is no picture that can be read, or far too large.
    """
    return _on(data, "the mask", 0).convert("L")


def _on(data: bytes, name: str, ground: int) -> Image.Image:
    image = _eight_bits(opened_picture(io.BytesIO(data), name))
    if not image.has_transparency_data:
        return image
    below = Image.new("RGBA", image.size, (ground, ground, ground, 255))
    return Image.alpha_composite(below, image.convert("RGBA")).convert("RGB")


def _eight_bits(image: Image.Image) -> Image.Image:
    """Numbers of 16 bits, or between 0 and 1, brought to 0 to 255, which Pillow would cut off."""
    if image.mode not in ("F", "I") and not image.mode.startswith("I;16"):
        return image
    values = np.asarray(image).astype(np.float64)
    most = values.max(initial=0)
    if image.mode == "F":
        scale = 255.0 if most <= 1 else 1.0
    else:
        scale = 255.0 / 65535.0 if image.mode != "I" or most > 255 else 1.0
    values = np.nan_to_num(values * scale).round().clip(0, 255)
    return Image.fromarray(values.astype(np.uint8))
