"""From scores to the channels that stay."""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from plugins.prune.params import PruneParams
from studio.errors import BadChoice
from studio.families.stylegan.config import StyleGanConfig


@dataclass(frozen=True)
class Kept:
    """For every entry of the channel list the indices that stay, ascending, and why no more go."""

    indices: tuple[Tensor, ...]
    reasons: tuple[str, ...]


def kept_channels(scores: list[Tensor], params: PruneParams, config: StyleGanConfig) -> Kept:
    """Choose; equal scores go from the last channel to the first.

    Args:
        scores: (c,) for every entry of the channel list.

    Raises:
        BadChoice: the number of free ratios does not fit the network.
    """
    limits = [_most(entry, len(score), params, config) for entry, score in enumerate(scores)]
    if params.ratios is None and params.spread == "global":
        counts = _globally(scores, params.ratio, limits)
    else:
        shares = _shares(params, config)
        counts = [
            min(limit, round(share * len(score)))
            for score, share, limit in zip(scores, shares, limits, strict=True)
        ]
    indices = tuple(
        torch.sort(score, descending=True, stable=True).indices[: len(score) - count].sort().values
        for score, count in zip(scores, counts, strict=True)
    )
    reasons = tuple(
        _reason(entry, count, limit, params, config)
        for entry, (count, limit) in enumerate(zip(counts, limits, strict=True))
    )
    return Kept(indices, reasons)


def _shares(params: PruneParams, config: StyleGanConfig) -> tuple[float, ...]:
    entries, stages = len(config.channels), len(config.resolutions)
    if params.ratios is None:
        return (params.ratio,) * entries
    if len(params.ratios) == stages:
        return tuple(ratio for ratio in params.ratios for _ in range(2))
    if len(params.ratios) != entries:
        raise BadChoice(
            f"ratios has {len(params.ratios)} numbers; accepted are {entries} (one for every entry "
            f"of the channel list) or {stages} (one for every resolution)"
        )
    return params.ratios


def _protected(entry: int, params: PruneParams, config: StyleGanConfig) -> bool:
    first, last = entry < 2, entry >= len(config.channels) - 2
    return (params.keep_first and first) or (params.keep_last and last)


def _most(entry: int, count: int, params: PruneParams, config: StyleGanConfig) -> int:
    """How many channels of an entry may go."""
    return 0 if _protected(entry, params, config) else max(0, count - params.least_channels)


def _globally(scores: list[Tensor], ratio: float, limits: list[int]) -> list[int]:
    """How many go from each entry when the least important of all go first.

    The share is of the channels of all entries that may lose some.
    """
    free = [len(score) for score, limit in zip(scores, limits, strict=True) if limit]
    left = min(sum(limits), round(ratio * sum(free)))
    # Of an entry only its worst may go, as many as it can spare: none of them is passed over later.
    candidates = [
        (float(value), entry)
        for entry, (score, limit) in enumerate(zip(scores, limits, strict=True))
        for value in score.sort().values[:limit]
    ]
    counts = [0] * len(scores)
    for _, entry in sorted(candidates)[:left]:
        counts[entry] += 1
    return counts


def _reason(entry: int, count: int, limit: int, params: PruneParams, config: StyleGanConfig) -> str:
    """Why an entry lost nothing; empty when it did."""
    if count:
        return ""
    if _protected(entry, params, config):
        return "its resolution is kept"
    if not limit:
        return f"it has no more than {params.least_channels} channels"
    return "none of its channels is among the least important"
