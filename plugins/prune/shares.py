"""How many elements go from every place of a denoiser."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import TYPE_CHECKING

from studio.errors import BadChoice
from studio.subnets.denoisers.sites import KINDS

if TYPE_CHECKING:
    from plugins.prune.denoisers import Place
    from plugins.prune.params import PruneParams

ROUNDING = 1e-9  # of the whole cost: sums of floats


def chosen(places: Sequence[Place], params: PruneParams, total: float) -> tuple[int, ...]:
    """How many elements go from each place.

    Args:
        total: cost of the whole denoiser, of which ``params.ratio`` is a share.

    Raises:
        BadChoice: that much cannot go, or the number of free ratios does not fit the denoiser.
    """
    limits = [spare(place, params.least_channels) for place in places]
    if params.ratios is not None:
        shares = _shares(places, params)
        return tuple(
            min(limit, round(share * place.site.count))
            for place, limit, share in zip(places, limits, shares, strict=True)
        )
    wanted = params.ratio * total - ROUNDING * total
    costs = [place.cost for place in places]
    most = sum(limit * cost for limit, cost in zip(limits, costs, strict=True))
    if wanted > most:
        raise BadChoice(
            f"ratio {params.ratio:g} of the {params.counted} cannot go: what may be removed holds "
            f"{most / total:.0%} of them; accepted is less, more kinds or fewer channels left"
        )
    if params.spread == "even":
        return _even(places, limits, wanted)
    return _globally(places, limits, wanted)


def spare(place: Place, least_channels: int = 1) -> int:
    """How many elements of a place may go."""
    site = place.site
    least = max(1, math.ceil(least_channels / site.size))
    return 0 if place.kept else max(0, site.count - least)


def _even(places: Sequence[Place], limits: Sequence[int], wanted: float) -> tuple[int, ...]:
    """The least share of every place that is enough."""

    def counts(share: float) -> tuple[int, ...]:
        return tuple(
            min(limit, round(share * place.site.count))
            for place, limit in zip(places, limits, strict=True)
        )

    def enough(share: float) -> bool:
        gone = zip(counts(share), places, strict=True)
        return sum(count * place.cost for count, place in gone) >= wanted

    low, high = 0.0, 1.0
    if enough(low):
        return counts(low)
    for _ in range(40):
        middle = (low + high) / 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return counts(high)


def _globally(places: Sequence[Place], limits: Sequence[int], wanted: float) -> tuple[int, ...]:
    """Those of the least score for what they cost go first, until that is enough."""
    # Of a place only its worst may go, as many as it can spare: none of them is passed over later.
    candidates = [
        (float(score) / max(place.cost, 1e-30), number)
        for number, (place, limit) in enumerate(zip(places, limits, strict=True))
        for score in place.scores.sort().values[:limit]
    ]
    counts, gone = [0] * len(places), 0.0
    for _, number in sorted(candidates):
        if gone >= wanted:
            break
        counts[number] += 1
        gone += places[number].cost
    return tuple(counts)


def _shares(places: Sequence[Place], params: PruneParams) -> Sequence[float]:
    """The free ratios, one for each place."""
    ratios = params.ratios or ()
    if len(ratios) == len(places):
        return ratios
    there = [kind for kind in KINDS if any(place.site.kind == kind for place in places)]
    if len(ratios) != len(there):
        raise BadChoice(
            f"ratios has {len(ratios)} numbers; accepted are {len(there)} (one each for "
            f"{', '.join(there)}) or {len(places)} (one for every place)"
        )
    of = dict(zip(there, ratios, strict=True))
    return [of[place.site.kind] for place in places]
