"""Which variants no other beats in both cost and quality. Imports no torch."""

from __future__ import annotations

import math
from collections.abc import Sequence


def unbeaten(values: Sequence[tuple[float, float]]) -> tuple[int, ...]:
    """Indices of the (cost, quality) pairs that no other beats, cheapest first; O(n log n).

    A pair is beaten by one that is at least as cheap and at least as good, and better in one of the
    two. Equal pairs stand together, in their order. Numbers only, no NaN.
    """
    order = sorted(range(len(values)), key=lambda i: (values[i][0], -values[i][1]))
    kept: list[int] = []
    best, last = -math.inf, (math.nan, math.nan)
    for index in order:
        # Those of one cost come best first: a second one passes only if it equals the first.
        if values[index][1] > best or values[index] == last:
            kept.append(index)
            best, last = values[index][1], values[index]
    return tuple(kept)
