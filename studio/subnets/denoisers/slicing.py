"""Subnets of a denoiser as views of its tensors, and cut into memory of their own."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar

import torch
from torch import nn

from studio.errors import BadChoice
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.clones import at, is_hooked, replaced, with_tensors
from studio.subnets.denoisers.layers import Run, SplitLinear, joined, narrowed, skipped
from studio.subnets.denoisers.sites import Kind, Layout, Part, Site

Module = TypeVar("Module", bound=nn.Module)


def view(denoiser: Module, layout: Layout, kept: Kept) -> Module:
    """A subnet on the denoiser's own memory: nothing is copied, nothing of it changed.

    Args:
        layout: of this denoiser. kept: elements that stay, the first ones of each site, and blocks
            that are left out.

    Returns:
        A network of the same class with the same config; ``denoiser`` itself when all is kept.

    Raises:
        BadChoice: a count or a block is not one of the layout.
    """
    if kept.whole:
        return denoiser
    if is_hooked(denoiser):
        raise BadChoice("a cache or another hook runs in the place of this denoiser; disable it")
    changes: dict[str, nn.Module] = {}
    known = {block.name: block for block in layout.blocks}
    for name in kept.skipped:
        if name not in known:
            raise BadChoice(f"'{name}' is not a block that can be left out")
        changes[name] = skipped(at(denoiser, name), known[name].kind)
    counts = _checked(kept.counts, layout)
    sites = [site for site in layout.sites if site.block not in changes]
    changes |= _narrowed(denoiser, sites, counts)
    made = replaced(denoiser, changes)
    for site in sites:
        if site.kind == "heads" and site.key in counts:
            _fewer_heads(at(made, site.name), counts[site.key], site.size)
    return made


def cut(denoiser: Module, layout: Layout, kept: Kept) -> Module:
    """A subnet on memory of its own, which keeps nothing of the denoiser alive.

    Its tensors have the names of the denoiser's, and it can be cut again. Of a denoiser without
    content (device ``meta``) it is what the tensors of such a cut can be loaded into.
    """
    narrow = view(denoiser, layout, kept)
    split = {n: m for n, m in narrow.named_modules() if isinstance(m, SplitLinear)}
    return with_tensors(
        replaced(narrow, {name: module.merged() for name, module in split.items()}),
        lambda tensor: tensor.clone(memory_format=torch.contiguous_format),
    )


def _checked(counts: Mapping[str, int], layout: Layout) -> dict[str, int]:
    sites = {site.key: site for site in layout.sites}
    for key, count in counts.items():
        if key not in sites:
            raise BadChoice(f"'{key}' is not a place where the denoiser can be narrowed")
        if not 1 <= count <= sites[key].count:
            raise BadChoice(f"'{key}' has {sites[key].count}; {count} is not within 1 and that")
    return {key: count for key, count in counts.items() if count < sites[key].count}


@dataclass(frozen=True)
class Sides:
    """What of a layer stays: runs of its outputs and inputs, None for all; ``size`` is the number
    of channels of an element."""

    outputs: tuple[Run, ...] | None
    inputs: tuple[Run, ...] | None
    size: int


def kept_sides(
    denoiser: nn.Module, sites: Collection[Site], counts: Mapping[str, int]
) -> dict[str, Sides]:
    """The layers that lose something, by path.

    Args:
        denoiser: the whole one. sites: that are narrowed. counts: elements that stay, by key of the
            site; those that it lacks stay whole.
    """
    # A layer may be read or written by several sites (Flux runs heads and units through one), so
    # the runs of each of its two sides are gathered from all of them.
    touched: dict[str, list[tuple[Part, Site, int]]] = {}
    for site in sites:
        for part in site.parts:
            entry = (part, site, counts.get(site.key, site.count))
            touched.setdefault(part.layer, []).append(entry)
    found = {}
    for layer, entries in touched.items():
        if all(count == site.count for _, site, count in entries):
            continue
        given: Any = at(denoiser, layer)
        sides: list[tuple[Run, ...] | None] = []
        for inputs in (False, True):
            side = [entry for entry in entries if entry[0].inputs is inputs]
            size = given.weight.shape[int(inputs)] if side else 0
            sides.append(_kept_runs(side, size) if side else None)
        found[layer] = Sides(sides[0], sides[1], entries[0][1].size)
    return found


def _narrowed(
    denoiser: nn.Module, sites: Collection[Site], counts: Mapping[str, int]
) -> dict[str, nn.Module]:
    """The layers that a choice touches, each over the runs that stay."""
    return {
        layer: narrowed(at(denoiser, layer), each.outputs, each.inputs, each.size)
        for layer, each in kept_sides(denoiser, sites, counts).items()
    }


def _kept_runs(side: list[tuple[Part, Site, int]], size: int) -> tuple[Run, ...]:
    """The runs of one side of a layer that stay: of its sites, and what belongs to no site."""
    part, site, count = side[0]
    if len(side) == part.runs == 1 and not part.offset and site.count * site.size == size:
        return ((0, count * site.size),)  # as nearly all are; the rest takes a while
    runs = [run for part, site, count in side for run in _runs(part, site, count)]
    belonging = joined([run for part, site, _ in side for run in _runs(part, site, site.count)])
    ends = [0, *(end for run in belonging for end in run), size]
    others = [(a, b) for a, b in zip(ends[::2], ends[1::2], strict=True) if a < b]
    return joined([*runs, *others])


def _runs(part: Part, site: Site, count: int) -> list[Run]:
    whole = site.count * site.size
    starts = (part.offset + run * whole for run in range(part.runs))
    return [(start, start + count * site.size) for start in starts]


def _fewer_heads(attention: Any, heads: int, size: int) -> None:
    """Say in an attention of a view, which is its own object, how many heads are left."""
    attention.heads = heads
    for name in ("inner_dim", "inner_kv_dim"):
        if hasattr(attention, name):
            setattr(attention, name, heads * size)
    if hasattr(attention, "sliceable_head_dim"):
        attention.sliceable_head_dim = heads


def widths_of(layout: Layout, kept: Kept) -> dict[Kind, tuple[int, int]]:
    """For each kind, channels that run and channels there are, over all sites that are not skipped
    and over all."""
    found: dict[Kind, tuple[int, int]] = {}
    for site in layout.sites:
        runs, there = found.get(site.kind, (0, 0))
        count = 0 if site.block in kept.skipped else kept.counts.get(site.key, site.count)
        found[site.kind] = (runs + count * site.size, there + site.count * site.size)
    return found
