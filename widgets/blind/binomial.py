"""How likely an outcome of guessing is: the exact two-sided binomial test at one half."""

from __future__ import annotations

import math


def two_sided(right: int, tries: int) -> float:
    """The probability that guessing alone gives an outcome at least as far from half as ``right``
    of ``tries``: the p value of the exact two-sided binomial test of 1/2, above 0 and at most 1.

    Raises:
        ValueError: there were no tries, or more right ones than tries.
    """
    if tries < 1 or not 0 <= right <= tries:
        raise ValueError(f"{right} right of {tries} tries is no outcome")
    far = max(right, tries - right)
    tail = sum(math.comb(tries, k) for k in range(far, tries + 1))
    return min(1.0, 2 * tail / 2**tries)
