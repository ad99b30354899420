"""Whether training in bf16 is faster on this machine, measured rather than guessed."""

from __future__ import annotations

import time

import torch

SIDE = 768
TURNS = 5
WORTH = 1.5  # times; below that the conversions eat the gain


def bf16_pays(device: str) -> bool:
    """Whether a product of matrices in bf16 is clearly faster than in f32; always so on CUDA."""
    if device != "cpu":
        return True
    wide = torch.ones(SIDE, SIDE)
    return _seconds(wide) > WORTH * _seconds(wide.bfloat16())


def _seconds(matrix: torch.Tensor) -> float:
    """The least time of a few products."""
    times = []
    for _ in range(TURNS):
        start = time.perf_counter()
        torch.mm(matrix, matrix)
        times.append(time.perf_counter() - start)
    return min(times)
