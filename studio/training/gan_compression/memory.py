"""What a run of GAN Compression takes in memory, from sizes alone. Imports no torch."""

from __future__ import annotations

import math

from studio.families.translation.config import TranslationConfig
from studio.families.translation.cost import value_sizes
from studio.families.translation.program import program

COPIES = 7  # student, best, gradients, two moments, one on its way to disk, one of a subnet
KEPT = 2  # numbers kept for the gradient for each that a step puts out
BYTES = 4
BASE = 350_000_000  # torch itself


def bytes_needed(
    student: TranslationConfig, teacher: TranslationConfig | None, pictures: int
) -> int:
    """Memory of a step over ``pictures`` at a time; the discriminator is in ``KEPT``."""
    weights, values = _numbers(student)
    needed = BASE + BYTES * (COPIES * weights + KEPT * values * pictures)
    if teacher is not None:
        needed += BYTES * _numbers(teacher)[0]
    return needed


def _numbers(config: TranslationConfig) -> tuple[int, int]:
    """Weights, and numbers that the steps put out for one picture."""
    sizes, settings = config.sizes, config.settings
    shapes = sizes.shapes()
    values = value_sizes(program(config), shapes, sizes.inputs, settings.height, settings.width)
    return (
        sum(math.prod(shape) for shape in shapes.values()),
        sum(math.prod(size) for size in values.values()),
    )
