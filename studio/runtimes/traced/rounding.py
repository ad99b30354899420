"""Weights as whole numbers, one layer at a time.

Int8 is symmetric per output channel. Rounding shifts the mean of a layer's outputs by
``sum_k(Wq - W) @ E[x]`` (Nagel et al. 2019, section 4.2), which its bias takes back. Weight-only
int4 is symmetric per group of input channels, to the nearest number.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

LARGEST = 127  # int8 from -127 to 127
LARGEST_4 = 7  # int4 from -7 to 7: -8 would have no opposite
BLOCK = 4 << 20  # bytes that are rounded at a time
GROUP = 64  # input values that share a scale in int4
Floats = npt.NDArray[np.float32]


@dataclass(frozen=True)
class Rounded:
    """Whole numbers (o, ...) and what to multiply them by (o, 1, ...), or by group (o, g, 1)."""

    numbers: npt.NDArray[np.int8]
    scale: Floats


def rounded(weight: Floats, factors: Floats | None = None) -> Rounded:
    """A weight (o, c, ...) as int8.

    Args:
        factors: what its input channels (c,) are multiplied by before; nothing when None.
    """
    flat = weight.reshape(len(weight), -1)
    wide = _by_place(weight, factors)
    numbers, scale = np.empty(flat.shape, np.int8), np.empty((len(flat), 1), np.float32)
    for rows in _blocks(flat):
        part = flat[rows] if wide is None else flat[rows] * wide
        largest = np.abs(part).max(axis=1, keepdims=True)
        scale[rows] = np.where(largest > 0, largest, 1.0) / LARGEST
        numbers[rows] = np.rint(part / scale[rows])
    ones = (1,) * (weight.ndim - 1)
    return Rounded(numbers.reshape(weight.shape), scale.reshape(-1, *ones))


def _by_place(weight: Floats, factors: Floats | None) -> Floats | None:
    """Factors of input channels for every value of a row of a weight."""
    if factors is None:
        return None
    return np.repeat(factors, weight[0].size // len(factors))


def _blocks(flat: Floats) -> Iterator[slice]:
    """Rows of a matrix, some megabytes at a time: a large layer is never copied whole."""
    step = max(1, BLOCK // flat[0].nbytes)
    for start in range(0, len(flat), step):
        yield slice(start, start + step)


def rounded_by_group(weight: Floats, group: int = GROUP) -> Rounded:
    """A weight (o, i) as numbers from -7 to 7, shaped (o, i / group, group).

    Raises:
        ValueError: ``group`` does not divide the number of inputs.
    """
    outputs, inputs = weight.shape
    if inputs % group:
        raise ValueError(f"groups of {group} do not divide {inputs} inputs")
    numbers = np.empty((outputs, inputs // group, group), np.int8)
    scale = np.empty((outputs, inputs // group, 1), np.float32)
    for rows in _blocks(weight):
        part = weight[rows].reshape(-1, inputs // group, group)
        largest = np.abs(part).max(axis=2, keepdims=True)
        scale[rows] = np.where(largest > 0, largest, 1.0) / LARGEST_4
        numbers[rows] = np.rint(part / scale[rows])
    return Rounded(numbers, scale)


def shift_of(weight: Floats, made: Rounded, means: Floats, factors: Floats | None = None) -> Floats:
    """What rounding adds to the mean of each output, (o,).

    Args:
        means: of the inputs by channel; a convolution in groups has more than its weight reads.
        factors: as for :func:`rounded`; the means are those of inputs divided by them.
    """
    sums, wide = [], _by_place(weight, factors)
    for rows in _blocks(weight.reshape(len(weight), -1)):
        part = made.numbers[rows] * made.scale[rows]
        part -= weight[rows] if wide is None else weight[rows] * wide.reshape(weight[0].shape)
        sums.append(part.reshape(len(part), weight.shape[1], -1).sum(axis=2))
    apart = np.concatenate(sums)  # (o, inputs of a group)
    outputs, each = apart.shape
    groups = means.size // each
    read = means.reshape(groups, each)
    shift = np.einsum("goi,gi->go", apart.reshape(groups, outputs // groups, each), read)
    found: Floats = shift.reshape(-1).astype(np.float32)
    return found
