"""How far one picture is from another: PSNR, SSIM, FLIP. Pictures are 8-bit RGB (h, w, 3)."""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import numpy.typing as npt

if TYPE_CHECKING:
    from torch import Tensor

Pixels = npt.NDArray[np.uint8]


@dataclass(frozen=True)
class Flip:
    """Mean error in [0, 1], and where asked for its map (h, w, 3) in 8-bit colours."""

    mean: float
    map: Pixels | None = None


SSIM_SIGMA = 1.5
SSIM_WINDOW = 11  # pixels across at sigma 1.5: Wang et al. 2004, section III-C


def psnr(reference: Pixels, candidate: Pixels) -> float | None:
    """Peak signal-to-noise ratio in dB, peak 255; None when the pictures are equal."""
    difference = reference.astype(np.float64) - candidate.astype(np.float64)
    error = float(np.mean(difference * difference))
    return None if error == 0 else 10 * math.log10(255.0**2 / error)


def ssim(reference: Pixels, candidate: Pixels) -> float:
    """Structural similarity in [-1, 1], mean of the three channels (Wang et al. 2004).

    Pictures below 11 pixels get a window as large as they allow.
    """
    # torchmetrics takes a second to import, which a command that needs no SSIM should not wait for
    from torchmetrics.functional.image import structural_similarity_index_measure

    height, width = reference.shape[:2]
    window = min(SSIM_WINDOW, *(n if n % 2 else n - 1 for n in (height, width)))
    value = structural_similarity_index_measure(
        _tensor(candidate),
        _tensor(reference),
        gaussian_kernel=True,
        sigma=SSIM_SIGMA * window / SSIM_WINDOW,
        kernel_size=window,
        data_range=1.0,
    )
    assert not isinstance(value, tuple)
    return min(1.0, float(value))


def _tensor(picture: Pixels) -> Tensor:
    import torch

    return torch.from_numpy(picture.copy()).permute(2, 0, 1)[None].float() / 255


def flip(reference: Pixels, candidate: Pixels, *, with_map: bool = False) -> Flip:
    """FLIP (Andersson et al. 2020) seen at 67 pixels a degree.

    Args:
        with_map: also give the map of errors in the magma colours, dark for none.
    """
    import flip_evaluator

    error_map, mean, _ = flip_evaluator.evaluate(
        reference.astype(np.float32) / 255,
        candidate.astype(np.float32) / 255,
        "LDR",
        applyMagma=with_map,
    )
    if not with_map:
        return Flip(float(mean))
    colours = np.asarray(error_map, dtype=np.float32).clip(0, 1) * 255 + 0.5
    return Flip(float(mean), colours.astype(np.uint8))
