"""Weights as whole numbers, one layer at a time.

Int8 is symmetric per output channel. Rounding shifts the mean of a layer's outputs by
``sum_k(Wq - W) @ E[x]`` (Nagel et al. 2019, section 4.2), which its bias takes back. Weight-only
int4 is symmetric per group of input channels, to the nearest number.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LARGEST = 127  # int8 from -127 to 127
LARGEST_4 = 7  # int4 from -7 to 7: -8 would have no opposite
GROUP = 64  # input values that share a scale in int4
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Rounded:
    """Whole numbers (o, ...) and what to multiply them by (o, 1, ...), or by group (o, g, 1)."""

    numbers: npt.NDArray[np.int8]
    scale: Floats


def rounded(weight: Floats) -> Rounded:
    """A weight (o, ...) as int8."""
    axes = tuple(range(1, weight.ndim))
    largest = np.abs(weight).max(axis=axes, keepdims=True)
    scale = (np.where(largest > 0, largest, 1.0) / LARGEST).astype(np.float32)
    numbers = np.rint(weight / scale)
    return Rounded(numbers.astype(np.int8), scale)


def rounded_by_group(weight: Floats, group: int = GROUP) -> Rounded:
    """A weight (o, i) as numbers from -7 to 7, shaped (o, i / group, group).

    Raises:
        ValueError: ``group`` does not divide the number of inputs.
    """
    outputs, inputs = weight.shape
    if inputs % group:
        raise ValueError(f"groups of {group} do not divide {inputs} inputs")
    parts = weight.reshape(outputs, inputs // group, group)
    largest = np.abs(parts).max(axis=2, keepdims=True)
    scale = (np.where(largest > 0, largest, 1.0) / LARGEST_4).astype(np.float32)
    return Rounded(np.rint(parts / scale).astype(np.int8), scale)


def shift_of(weight: Floats, made: Rounded, means: Floats) -> Floats:
    """What rounding adds to the mean of each output, (o,).

    Args:
        means: of the inputs by channel; a convolution in groups has more than its weight reads.
    """
    apart = made.numbers * made.scale
    apart -= weight
    apart = apart.reshape(*weight.shape[:2], -1).sum(axis=2)  # (o, inputs of a group)
    outputs, each = apart.shape
    groups = means.size // each
    read = means.reshape(groups, each)
    shift = np.einsum("goi,gi->go", apart.reshape(groups, outputs // groups, each), read)
    found: Floats = shift.reshape(-1).astype(np.float32)
    return found
