"""The same latents as ``torch.Generator().manual_seed(seed)`` gives on a CPU."""

from __future__ import annotations

import math
from typing import Any

import numpy as np


class Normal:
    """Normal numbers (float32) of a seed from 0 to 2**32 - 1, as calls of ``torch.randn`` draw them
    one after the other: Box-Muller over the words of a Mersenne Twister, 16 numbers at a time."""

    def __init__(self, seed: int) -> None:
        self._random = np.random.RandomState(seed)

    def draw(self, shape: tuple[int, ...]) -> Any:
        """Numbers of a shape. Fewer than 16 are the last to be drawn: torch would keep one."""
        count, random = math.prod(shape), self._random
        if count < 16:
            return _one_by_one(random, count).reshape(shape)
        values = _uniform(random, count)
        whole = count - count % 16
        made = _box_muller(values[:whole].reshape(-1, 16)).reshape(-1)
        if whole < count:  # the last 16 are drawn anew, over what was there
            tail = _box_muller(_uniform(random, 16)[None])[0]
            made = np.concatenate([made, values[whole:]])
            made[count - 16 :] = tail
        return made.reshape(shape)


def normal(seed: int, count: int) -> Any:
    """The first ``count`` normal numbers of a seed."""
    return Normal(seed).draw((count,))


def _words(random: Any, count: int) -> Any:
    return np.frombuffer(random.bytes(4 * count), "<u4")


def _uniform(random: Any, count: int) -> Any:
    return (_words(random, count) & 0xFFFFFF).astype(np.float32) * np.float32(2.0**-24)


def _box_muller(values: Any) -> Any:
    first, second = np.float32(1) - values[:, :8], values[:, 8:]
    radius = np.sqrt(np.float32(-2) * np.log(first))
    angle = np.float32(2 * math.pi) * second
    return np.concatenate([radius * np.cos(angle), radius * np.sin(angle)], axis=1)


def _one_by_one(random: Any, count: int) -> Any:
    pairs = (count + 1) // 2
    words = _words(random, 4 * pairs).astype(np.uint64).reshape(-1, 2)
    numbers = ((words[:, 0] << np.uint64(32)) | words[:, 1]) & np.uint64((1 << 53) - 1)
    uniform = (numbers.astype(np.float64) * 2.0**-53).reshape(-1, 2)
    radius = np.sqrt(-2 * np.log1p(-uniform[:, 1]))
    angle = 2 * math.pi * uniform[:, 0]
    both = np.stack([radius * np.cos(angle), radius * np.sin(angle)], axis=1)
    return both.reshape(-1)[:count].astype(np.float32)
