"""Pictures of an exported file beside those of the full model, at the same seeds."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from studio.bundles.manifest import Quality
from studio.bundles.request import Limits
from studio.families.generative import AnyModel
from studio.families.inputs import MAX_SEED
from studio.fidelity.compare import compare_pictures
from studio.fidelity.measure import median_psnr

Pixels = npt.NDArray[np.uint8]


def seeds_from(first: int, count: int) -> tuple[int, ...]:
    """``count`` seeds from ``first`` on, beginning anew at the largest."""
    return tuple((first + n) % (MAX_SEED + 1) for n in range(count))


def full_pictures(
    full: AnyModel, inputs: Sequence[Any], between: Callable[[], None]
) -> list[Pixels]:
    """What the full model draws, by PyTorch in float32."""
    return [full.render(each, between=between) for each in inputs]


def quality(
    seeds: Sequence[int],
    full: Sequence[Pixels],
    made: Sequence[Pixels],
    between: Callable[[], None] = lambda: None,
) -> Quality:
    """Medians of FLIP, SSIM and PSNR over the seeds.

    Args:
        between: called before every pair; may raise to stop.
    """
    close = []
    for one, two in zip(full, made, strict=True):
        between()
        close.append(compare_pictures(one, two))
    return Quality(
        seeds=tuple(seeds),
        psnr=median_psnr([each.psnr for each in close]),
        ssim=statistics.median(each.ssim for each in close),
        flip=statistics.median(each.flip for each in close),
    )


def missed(found: Quality, limits: Limits) -> list[str]:
    """The limits that are not kept, in words."""
    said = []
    if limits.flip is not None and found.flip > limits.flip:
        said.append(f"FLIP {found.flip:.3f} is above {limits.flip:g}")
    if limits.ssim is not None and found.ssim < limits.ssim:
        said.append(f"SSIM {found.ssim:.3f} is below {limits.ssim:g}")
    if limits.psnr is not None and found.psnr is not None and found.psnr < limits.psnr:
        said.append(f"PSNR {found.psnr:.1f} dB is below {limits.psnr:g} dB")
    return said
