"""What a run of elastic training takes in memory, from sizes alone. Imports no torch."""

from __future__ import annotations

from studio.families.stylegan.config import StyleGanConfig
from studio.subnets.choice import SubnetChoice, resolve
from studio.subnets.cost import cost

COPIES = 8  # teacher, student, average, best, gradients, two moments, and one on its way to disk
KEPT = 10  # numbers kept for the gradient for each number that a layer puts out, measured
BYTES = 4
BASE = 350_000_000  # torch itself


def bytes_needed(config: StyleGanConfig, pictures: int) -> int:
    """Memory of a run that takes ``pictures`` at a time."""
    weights = cost(config, resolve(SubnetChoice(), config)).parameters
    outputs = sum(c * config.layer_resolution(k) ** 2 for k, c in enumerate(config.channels))
    return BASE + BYTES * (COPIES * weights + KEPT * outputs * pictures)


def largest_piece(config: StyleGanConfig, batch: int, memory: float) -> int:
    """The most pictures of a batch that fit in ``memory`` bytes at a time; 0 when not even one."""
    return next((n for n in range(batch, 0, -1) if bytes_needed(config, n) <= memory), 0)
