"""Structured pruning of models that turn pictures into pictures.

Channels are judged by those who read them, as in :mod:`plugins.prune.importance`: a channel that
nobody reads, or that is read by zeros alone, changes nothing and goes first. What must go together
(residual blocks, depthwise and pointwise pairs, skips) follows from ``translation.groups``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from plugins.prune.params import PruneParams
from studio.errors import BadChoice
from studio.families.info import HistoryStep
from studio.families.translation.deriving import BYTES, derived
from studio.families.translation.groups import Group, groups, kept, sizes_of
from studio.families.translation.model import TranslationModel
from studio.families.translation.reading import prepared
from studio.families.translation.run import run
from studio.families.translation.sampling import gathered
from studio.families.translation.steps import Convolve, ConvolveUp
from studio.recipes.contract import Baked, Context, LayerReport, Report

if TYPE_CHECKING:
    from collections.abc import Callable

PROBES = 2  # perturbations of each picture
SCORED = 0.9  # of the progress; the rest is cutting
Kernel = Convolve | ConvolveUp


@dataclass(frozen=True)
class _Chosen:
    """Of every group the channels that stay, ascending, and why no more go."""

    indices: tuple[Tensor, ...]
    reasons: tuple[str, ...]


def pruned(model: TranslationModel, params: PruneParams, context: Context) -> Baked:
    """The model without the channels that matter least.

    Raises:
        MaquetteError: the number of free ratios does not fit the network, or the calibration folder
            does not suit it.
    """
    from dataclasses import replace

    every = groups(model.info.config)
    found, said = scores(model, every, params, context)
    chosen = _chosen(every, found, params)
    context.progress(SCORED, "removing channels")
    result = model
    if any(len(index) < g.count for g, index in zip(every, chosen.indices, strict=True)):
        tensors = kept(model.network.tensors(), every, chosen.indices)
        config = replace(model.info.config, sizes=sizes_of(model.info.config.sizes, tensors))
        detail = f"{params.model_dump_json()}, seed {context.seed}"
        result = derived(model, config, tensors, HistoryStep("prune", detail))
    before = sum(group.count for group in every)
    gone = before - sum(map(len, chosen.indices))
    notes = [_multiplies(model, result)]
    if said:
        notes.insert(0, f"judged over {said}")
    report = Report(
        f"{gone} of {before} channels removed ({params.importance})",
        tuple(_layers(model, result, every, chosen)),
        notes=tuple(notes),
    )
    return Baked(result, report)


def scores(
    model: TranslationModel, every: Sequence[Group], params: PruneParams, context: Context
) -> tuple[list[Tensor], str]:
    """Scores (c,) of every group, at least 0, and what they were taken over in words.

    See :mod:`plugins.prune.importance` for the kinds.
    """
    kind, tensors = params.importance, model.network.tensors()
    if kind in ("l1", "l2"):
        context.progress(0.0, "looking at the weights")
        return [_shares(group, tensors, kind, {}) for group in every], ""
    config = model.info.config
    seen = gathered(context.calibration, params.samples, config, seed=context.seed)
    inputs = [prepared(each, config) for each in seen.inputs]

    def tell(number: int) -> None:
        share = SCORED * number / len(inputs)
        context.progress(share, f"looking at picture {number + 1} of {len(inputs)}")

    if kind == "taylor":
        return _taylor(model, every, inputs, context.seed, tell), seen.said
    sizes: dict[str, Tensor] = {}

    def look(step: Kernel, x: Tensor) -> Tensor:
        mean = x.abs().mean(dim=(0, 2, 3)) / len(inputs)
        sizes[step.name] = sizes.get(step.name, torch.zeros(())) + mean
        return x

    for number, x in enumerate(inputs):
        tell(number)
        with torch.no_grad():
            run(model.network.steps, tensors, x, reads=look)
    return [_shares(group, tensors, kind, sizes) for group in every], seen.said


def _shares(
    group: Group, tensors: dict[str, Tensor], kind: str, sizes: dict[str, Tensor]
) -> Tensor:
    """Mean over the readers of what each takes in of a channel, 1 on average."""
    total = torch.zeros(group.count)
    for reader in group.readers:
        weight = tensors[reader.weight].narrow(reader.axis, reader.start, group.count)
        others = [axis for axis in range(4) if axis != reader.axis]
        taken = weight.square().sum(others).sqrt() if kind == "l2" else weight.abs().sum(others)
        if kind == "activation":
            taken = taken * sizes[reader.step][reader.start : reader.start + group.count]
        total += taken / taken.mean().clamp(min=1e-30)
    return total / max(1, len(group.readers))


def _taylor(
    model: TranslationModel,
    every: Sequence[Group],
    inputs: Sequence[Tensor],
    seed: int,
    tell: Callable[[int], None],
) -> list[Tensor]:
    """Squares of the slope that a gate on each channel, wherever it is read, gives a perturbed
    picture (see :mod:`plugins.prune.importance`)."""
    generator = torch.Generator().manual_seed(seed)
    tensors = model.network.tensors()
    totals = [torch.zeros(group.count) for group in every]
    read: dict[str, list[tuple[int, int]]] = {}  # of a step: numbers of groups and where they begin
    for number, group in enumerate(every):
        for reader in group.readers:
            read.setdefault(reader.step, []).append((number, reader.start))
    for index, x in enumerate(inputs):
        tell(index)
        with torch.enable_grad():
            gates = [torch.ones(group.count, requires_grad=True) for group in every]

            def gated(step: Kernel, value: Tensor, gates: list[Tensor] = gates) -> Tensor:
                parts, at = [], 0
                for number, start in sorted(read.get(step.name, ()), key=lambda each: each[1]):
                    parts += [torch.ones(start - at), gates[number]]
                    at = start + len(gates[number])
                parts.append(torch.ones(value.shape[1] - at))
                return value * torch.cat(parts)[:, None, None]

            picture = run(model.network.steps, tensors, x, reads=gated)
            for probe in range(PROBES):
                v = torch.randn(picture.shape, generator=generator)
                again = probe + 1 < PROBES
                slopes = torch.autograd.grad(
                    (picture * v).sum(), gates, retain_graph=again, allow_unused=True
                )
                for total, slope in zip(totals, slopes, strict=True):
                    if slope is not None:
                        total += slope.square()
    return [total / (PROBES * len(inputs)) for total in totals]


def _chosen(every: Sequence[Group], found: list[Tensor], params: PruneParams) -> _Chosen:
    """Choose; equal scores go from the last channel to the first.

    Raises:
        BadChoice: the number of free ratios does not fit the network.
    """
    from plugins.prune.selecting import _globally

    if params.ratios is not None and len(params.ratios) != len(every):
        raise BadChoice(
            f"ratios has {len(params.ratios)} numbers; accepted are {len(every)}, one for each of "
            + ", ".join(group.name for group in every)
        )
    last = len(every) - 1
    limits = []
    for number, group in enumerate(every):
        first_kept = params.keep_first and number == 0
        last_kept = params.keep_last and number == last
        spare = max(0, group.count - params.least_channels)
        limits.append(0 if first_kept or last_kept else spare)
    if params.ratios is None and params.spread == "global":
        counts = _globally(found, params.ratio, limits)
    else:
        shares = params.ratios or (params.ratio,) * len(every)
        counts = [
            min(limit, round(share * group.count))
            for group, share, limit in zip(every, shares, limits, strict=True)
        ]
    for tie in {group.tie for group in every} - {""}:
        tied = [number for number, group in enumerate(every) if group.tie == tie]
        # Of layers that must stay as wide as each other none loses more than each can spare.
        least = min(counts[number] for number in tied)
        for number in tied:
            counts[number] = least
    indices = tuple(
        torch.sort(score, descending=True, stable=True).indices[: len(score) - count].sort().values
        for score, count in zip(found, counts, strict=True)
    )
    reasons = []
    for number, (count, limit) in enumerate(zip(counts, limits, strict=True)):
        kept_end = (params.keep_first and number == 0) or (params.keep_last and number == last)
        if count:
            reasons.append("")
        elif kept_end:
            reasons.append("it is kept")
        elif not limit:
            reasons.append(f"it has no more than {params.least_channels} channels")
        else:
            reasons.append("none of its channels is among the least important")
    return _Chosen(indices, tuple(reasons))


def _layers(
    before: TranslationModel,
    after: TranslationModel,
    every: Sequence[Group],
    chosen: _Chosen,
) -> list[LayerReport]:
    """One row a group, with the bytes of the convolution that makes it."""
    old, new = before.network.state_dict(), after.network.state_dict()
    rows = []
    for group, index, reason in zip(every, chosen.indices, chosen.reasons, strict=True):
        name = f"{group.name}.weight"
        sizes = [BYTES * tensors[name].numel() for tensors in (old, new)]
        detail = "" if reason else f"{group.count} to {len(index)} channels"
        error = None if reason else _lost(group, index, old)
        rows.append(LayerReport(group.name, reason, detail, *sizes, error))
    return rows


def _lost(group: Group, index: Tensor, tensors: dict[str, Tensor]) -> float:
    """Norm of the readers' weights whose inputs went, by the norm of all of them."""
    squares = torch.zeros(group.count, dtype=torch.float64)
    for reader in group.readers:
        weight = tensors[reader.weight].narrow(reader.axis, reader.start, group.count).double()
        squares += weight.square().sum([axis for axis in range(4) if axis != reader.axis])
    left, total = float(squares[index].sum()), float(squares.sum())
    return max(0.0, 1 - left / total) ** 0.5 if total else 0.0


def _multiplies(before: TranslationModel, after: TranslationModel) -> str:
    from studio.subnets.describe import in_words

    said = [in_words(model.cost().macs) for model in (before, after)]
    return f"multiplies of a picture: {said[0]} before, {said[1]} after"
