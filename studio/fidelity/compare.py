"""One call that compares two pictures, whatever their resolutions."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from PIL import Image

from studio.fidelity.metrics import Pixels, flip, psnr, ssim


@dataclass(frozen=True)
class Fidelity:
    """How close a candidate is to a reference.

    Args:
        psnr: dB; None when the pictures are equal. ssim: in [-1, 1], 1 when equal.
        flip: mean FLIP error in [0, 1], 0 when equal.
        map: the FLIP map (h, w, 3) in the magma colours, where it was asked for.
    """

    psnr: float | None
    ssim: float
    flip: float
    map: Pixels | None = None


def compare_pictures(reference: Pixels, candidate: Pixels, *, with_map: bool = False) -> Fidelity:
    """Compare two 8-bit RGB pictures (h, w, 3).

    Args:
        reference: the picture to come near to.
        candidate: of the same size, or smaller: then it is scaled up bilinearly first.
        with_map: also return the FLIP map.

    Raises:
        ValueError: the candidate is larger than the reference, or one is no 8-bit RGB picture.
    """
    for picture in (reference, candidate):
        if picture.dtype != np.uint8 or picture.ndim != 3 or picture.shape[2] != 3:
            raise ValueError("pictures must be 8-bit RGB arrays (h, w, 3)")
    candidate = scaled_to(candidate, reference.shape[0], reference.shape[1])
    if np.array_equal(reference, candidate) and not with_map:
        return Fidelity(None, 1.0, 0.0)
    error = flip(reference, candidate, with_map=with_map)
    return Fidelity(psnr(reference, candidate), ssim(reference, candidate), error.mean, error.map)


def scaled_to(picture: Pixels, height: int, width: int) -> Pixels:
    """``picture`` scaled up bilinearly (pixel centres at half) to ``height`` x ``width``."""
    if picture.shape[:2] == (height, width):
        return picture
    if picture.shape[0] > height or picture.shape[1] > width:
        raise ValueError("the candidate is larger than the reference")
    image = Image.fromarray(np.ascontiguousarray(picture))
    return np.asarray(image.resize((width, height), Image.Resampling.BILINEAR))
