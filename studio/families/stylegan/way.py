"""The path of a walk through w+: a smooth curve through its pins, taken at an even pace.

In w a straight line keeps to what the mapping network produces and changes a picture evenly, which
one through z does not (Karras et al. 2019, section 4.1, path length). Truncation, edits and mixing
are part of w+, so they change along with everything else.

Even w does not change a picture evenly where something appears that was not there, glasses for
one. The pace therefore follows, as far as it is known, how much the picture changes.

Between two pins the way is straight. Through more it is a cubic Hermite curve whose tangents follow
the neighbours, weighted by distance (Bessel's), so that it bends at the pins instead of breaking.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import torch
from torch import Tensor

SAMPLES = 32  # points of each piece at which its length is measured
BY_PICTURE = 0.8  # of the pace; the rest is by w, so that nothing is passed in no time


class Way:
    """A curve through style inputs.

    Args:
        knots: w+ (n, rows, w_dim) of the pins, n at least 1.
        noise: strength of the noise at each pin; in between it changes evenly.
        closed: go on from the last pin to the first.
        eased: slow down at every pin (smoothstep) instead of going at an even pace.
        changes: given w+ (n, rows, w_dim), how much the picture changes from each to the next,
            (n - 1,); without it the pace is even in w.
    """

    def __init__(
        self,
        knots: Tensor,
        noise: Sequence[float],
        *,
        closed: bool = False,
        eased: bool = False,
        changes: Callable[[Tensor], Tensor] | None = None,
    ) -> None:
        places, strengths = _distinct(knots, noise, closed=closed)
        count = len(places)
        self._eased = eased
        self._pieces = [
            (i, (i + 1) % count) for i in range(count if closed and count > 1 else count - 1)
        ]
        self._knots, self._noise = places, strengths
        self._chords = [float((places[b] - places[a]).norm()) for a, b in self._pieces]
        self._tangents = self._make_tangents(closed)
        self._lengths = self._measure(changes)

    def at(self, share: float) -> tuple[Tensor, float]:
        """The style inputs (1, rows, w_dim) and the noise at a share (0 to 1) of the walk's time.

        At an even pace equal shares change the picture equally, or are equal distances in w+; an
        eased way takes as long between two pins.
        """
        share = min(1.0, max(0.0, share))
        if not self._pieces:
            return self._knots[0][None], self._noise[0]
        piece, local = self._piece_at(share)
        if self._eased:
            local = local * local * (3 - 2 * local)
        table = self._lengths[piece]
        wanted = table[-1] * local
        upper = int(torch.searchsorted(table, wanted).clamp(1, SAMPLES))
        low, high = table[upper - 1], table[upper]
        within = float((wanted - low) / (high - low)) if high > low else 0.0
        u = (upper - 1 + within) / SAMPLES
        a, b = self._pieces[piece]
        noise = self._noise[a] + (self._noise[b] - self._noise[a]) * u
        return self._curve(piece, torch.tensor([u])), noise

    def _piece_at(self, share: float) -> tuple[int, float]:
        """The piece at a share of the time, and how far into it: time goes with length."""
        totals = [float(table[-1]) for table in self._lengths]
        left = share * sum(totals)
        for piece, total in enumerate(totals):
            if left <= total or piece == len(totals) - 1:
                return piece, min(1.0, left / total)
            left -= total
        raise AssertionError("a way has at least one piece here")

    def _make_tangents(self, closed: bool) -> list[Tensor]:
        """The tangent at every pin, by unit of chord length."""
        slopes = [
            (self._knots[b] - self._knots[a]) / chord
            for (a, b), chord in zip(self._pieces, self._chords, strict=True)
        ]
        tangents = []
        for i in range(len(self._knots)):
            before = i - 1 if i > 0 else (len(slopes) - 1 if closed else -1)
            after = i if i < len(slopes) else -1
            if before < 0 or after < 0:
                tangents.append(slopes[max(before, after)] if slopes else self._knots[0] * 0)
                continue
            d, e = self._chords[before], self._chords[after]
            tangents.append((slopes[before] * e + slopes[after] * d) / (d + e))
        return tangents

    def _curve(self, piece: int, u: Tensor) -> Tensor:
        """Points (n, rows, w_dim) of a piece at parameters u (n,), 0 to 1."""
        a, b = self._pieces[piece]
        chord = self._chords[piece]
        t = u.to(self._knots[0])[:, None, None]
        u2, u3 = t * t, t * t * t
        start, end = self._knots[a], self._knots[b]
        out, into = self._tangents[a] * chord, self._tangents[b] * chord
        return (
            start + (end - start) * (3 * u2 - 2 * u3) + out * (u3 - 2 * u2 + t) + into * (u3 - u2)
        )

    def _measure(self, changes: Callable[[Tensor], Tensor] | None) -> list[Tensor]:
        """Length of each piece up to each of its samples, (SAMPLES + 1,) each."""
        u = torch.linspace(0, 1, SAMPLES + 1)
        every = [self._curve(piece, u) for piece in range(len(self._pieces))]
        steps = [(p[1:] - p[:-1]).flatten(1).norm(dim=1).double() for p in every]
        if changes is not None and every:
            seen = [changes(points).double() for points in every]
            total = torch.cat(seen).sum()
            if total > 0:
                whole = torch.cat(steps).sum()
                steps = [
                    (1 - BY_PICTURE) * step / whole + BY_PICTURE * change / total
                    for step, change in zip(steps, seen, strict=True)
                ]
        start = torch.zeros(1, dtype=torch.float64)
        return [torch.cat([start, step.cumsum(0)]) for step in steps]


def _distinct(
    knots: Tensor, noise: Sequence[float], *, closed: bool
) -> tuple[list[Tensor], list[float]]:
    """The pins without those that lie where the one before lies: there is no way between them."""
    places: list[Tensor] = []
    strengths: list[float] = []
    for place, strength in zip(knots, noise, strict=True):
        if not places or not torch.equal(places[-1], place):
            places.append(place)
            strengths.append(strength)
    if closed and len(places) > 1 and torch.equal(places[0], places[-1]):
        del places[-1], strengths[-1]
    return places, strengths
