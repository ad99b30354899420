"""Names of edit directions: those a model comes with, and those found in its weights.

Directions found by SeFa are named by their rank and the stages they were found for and act on:
``sefa1`` (all stages), ``sefa3.coarse``, ``sefa1.fine``. Imports no torch.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import get_args

from studio.families.stylegan.stages import StageRange

FOUND_COUNT = 8  # how many are offered unless another number is asked for
PATTERN = re.compile(r"sefa([1-9][0-9]{0,4})(?:\.([a-z]+))?")


@dataclass(frozen=True)
class FoundDirection:
    """A direction found by SeFa: its rank from 1 (the strongest), and its range of stages."""

    number: int
    stages: StageRange = "all"

    @property
    def name(self) -> str:
        """How edits name it: ``sefa1``, ``sefa3.coarse``."""
        return f"sefa{self.number}" + ("" if self.stages == "all" else f".{self.stages}")


def found_direction(name: str) -> FoundDirection | None:
    """The found direction that ``name`` means, or None when it means none."""
    match = PATTERN.fullmatch(name)
    if match is None:
        return None
    for stages in get_args(StageRange):
        if match[2] in (stages, None):
            return FoundDirection(int(match[1]), stages)
    return None
