"""What a choice costs a denoiser, from the counts of its layers alone. Imports no torch.

Insides of blocks cost in proportion to what is kept of them, so nothing has to be run.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from studio.errors import BadChoice
from studio.subnets.denoisers.choice import Denoising, Kept, Reuse, resolve
from studio.subnets.denoisers.sites import Kind, Layout

if TYPE_CHECKING:
    from studio.families.diffusion.config import DiffusionConfig, LayerCount

SPANS = ("transformer_blocks", "single_transformer_blocks")


@dataclass(frozen=True)
class LayerPart:
    """What of a layer a choice runs.

    Args:
        weights: that it reads, in the widest of its forms.
        macs: multiply-accumulates of one call at batch 1, in the mean of a run's steps.
    """

    name: str
    weights: int
    macs: int


def layer_parts(config: DiffusionConfig, denoising: Denoising) -> tuple[LayerPart, ...]:
    """Every layer of a denoiser under a choice.

    Norms inside of blocks that are left out are still counted among the weights of the rest.

    Raises:
        BadChoice: the denoiser has no such branch.
    """
    reuse, elastic = denoising.reuse, denoising.elastic
    layout, order = config.layout, _order(config)
    widths = elastic.schedule or (elastic.width,)
    shares = [_shares(config.layers, layout, resolve(elastic, layout, order, w)) for w in widths]
    widest = _shares(config.layers, layout, resolve(elastic, layout, order, max(widths)))
    runs = _how_often(config, reuse)
    made = []
    for place, layer in enumerate(config.layers):
        weights = round(layer.weights * widest[place].weights)
        macs = layer.macs * sum(each[place].macs for each in shares) / len(shares)
        made.append(LayerPart(layer.name, weights, round(macs * runs(layer.name))))
    return tuple(made)


@dataclass(frozen=True)
class _Share:
    """Which part of a layer runs."""

    weights: float
    macs: float


@dataclass(frozen=True)
class ElementCost:
    """What one element of a site (a group of channels, a head, a unit) costs: weights, and
    multiply-accumulates of one call at batch 1 and the default size."""

    weights: float
    macs: float


def element_costs(config: DiffusionConfig) -> dict[str, ElementCost]:
    """By the keys of the sites that have more than one element, what goes with each of them."""
    found = {}
    for site in config.layout.sites:
        if site.count < 2:
            continue
        kept = Kept({site.key: site.count - 1})
        weights = macs = 0.0
        shares = _shares(config.layers, config.layout, kept)
        for layer, share in zip(config.layers, shares, strict=True):
            weights += layer.weights * (1 - share.weights)
            macs += layer.macs * (1 - share.macs)
        found[site.key] = ElementCost(weights, macs)
    return found


def _order(config: DiffusionConfig) -> tuple[str, ...]:
    return () if config.ordered is None else config.ordered.skip_order


def _shares(layers: Sequence[LayerCount], layout: Layout, kept: Kept) -> list[_Share]:
    sides: dict[tuple[str, bool], dict[Kind, tuple[int, int]]] = {}
    for site in layout.sites:
        count = kept.counts.get(site.key, site.count)
        for part in site.parts:
            entry = (count * site.size * part.runs, site.count * site.size * part.runs)
            sides.setdefault((part.layer, part.inputs), {})[site.kind] = entry
    counted = {layer.name: layer for layer in layers}
    skipped = tuple(f"{block}." for block in kept.skipped)

    def share(layer: LayerCount) -> _Share:
        if f"{layer.name}.".startswith(skipped):
            return _Share(0.0, 0.0)
        made = 1.0
        for inputs in (False, True):
            parts = sides.get((layer.name, inputs), {})
            if parts:
                made *= sum(k for k, _ in parts.values()) / sum(w for _, w in parts.values())
        parts = sides.get((layer.name, True), {})
        if len(parts) < 2:
            return _Share(made, made)
        # FLUX: one layer reads units and heads, and the products of attention are counted with it.
        (_, all_units), (heads, all_heads) = parts["units"], parts["heads"]
        own = _own(layer, counted, all_units, all_units + all_heads)
        attended = (layer.macs - own) * heads / all_heads
        return _Share(made, (own * made + attended) / layer.macs)

    return [share(layer) for layer in layers]


def _own(layer: LayerCount, counted: Mapping[str, LayerCount], units: int, reads: int) -> float:
    """Multiplies of FLUX's ``proj_out``, or of the first link of its chain, by itself: of as many
    places as the layer beside it that makes the units."""
    block, _, link = layer.name.rpartition("proj_out")
    beside = counted.get(f"{block}proj_mlp") or counted[f"{block}proj_mlp.expand"]
    places = beside.macs / (beside.weights - units)  # its bias has as many numbers as units
    outputs = layer.weights / reads if link else layer.weights / (reads + 1)
    return places * outputs * reads


def _how_often(config: DiffusionConfig, reuse: Reuse) -> Callable[[str], float]:
    """In which part of a run's calls a layer runs; halves of a guided batch count each."""
    steps = max(1, config.steps)
    whole = math.ceil(steps / reuse.interval) / steps
    between = branch_layers(config.layers, reuse.branch) if reuse.interval > 1 else None
    part = 1.0
    if config.guidance == "classifier-free":
        guided = sum(reuse.guides(step, steps) for step in range(steps)) / steps
        part = (1 + guided) / 2

    def often(name: str) -> float:
        return part * (1.0 if between is None or name in between else whole)

    return often


def branches(layers: Iterable[LayerCount]) -> int:
    """How many branches there are to choose from, as in ``reuse``."""
    names = [layer.name for layer in layers]
    downs, _ = _ways(names)
    if downs:
        return len(downs) - (not any(name.startswith("mid_block.") for name in names))
    return max(len(_blocks(names)) - 1, 0)


def branch_layers(layers: Iterable[LayerCount], branch: int) -> frozenset[str]:
    """Names of the layers that the steps between compute.

    Raises:
        BadChoice: there is no such branch.
    """
    layers = tuple(layers)
    there = branches(layers)
    if not 0 <= branch < there:
        raise BadChoice(
            f"branch {branch} is not within 0 and {there - 1}"
            if there
            else "features of this denoiser cannot be used again"
        )
    names = [layer.name for layer in layers]
    downs, ups = _ways(names)
    if downs:
        stale = ["mid_block.", *_flat(downs[branch + 1 :]), *_flat(ups[: len(ups) - 1 - branch])]
    else:
        before, after = (branch + 2) // 2, (branch + 1) // 2
        blocks = _blocks(names)
        stale = [f"{block}." for block in blocks[before : len(blocks) - after]]
    return frozenset(name for name in names if not name.startswith(tuple(stale)))


def _flat(groups: Sequence[Sequence[str]]) -> list[str]:
    return [each for group in groups for each in group]


def _ways(names: Sequence[str]) -> tuple[list[list[str]], list[list[str]]]:
    """Beginnings of the names of a U-Net's layers on the way down, one group for each skip
    connection from the outside in, and on the way up."""
    found: dict[str, dict[int, set[int]]] = {"down_blocks": {}, "up_blocks": {}}
    for name in names:
        match = re.match(r"(down_blocks|up_blocks)\.(\d+)\.resnets\.(\d+)\.", name)
        if match:
            found[match[1]].setdefault(int(match[2]), set()).add(int(match[3]))
    downs: list[list[str]] = [["conv_in."]] if found["down_blocks"] else []
    ups: list[list[str]] = []
    for side, groups in (("down_blocks", downs), ("up_blocks", ups)):
        for number, layers in sorted(found[side].items()):
            start = f"{side}.{number}"
            groups += [
                [f"{start}.resnets.{layer}.", f"{start}.attentions.{layer}."]
                for layer in sorted(layers)
            ]
            if side == "down_blocks" and any(n.startswith(f"{start}.downsamplers.") for n in names):
                groups.append([f"{start}.downsamplers."])
            elif side == "up_blocks":
                groups[-1].append(f"{start}.upsamplers.")
    return downs, ups


def _blocks(names: Sequence[str]) -> list[str]:
    """Paths of a transformer's blocks in their order."""
    numbers: dict[str, set[int]] = {span: set() for span in SPANS}
    for name in names:
        span, _, rest = name.partition(".")
        if span in numbers:
            numbers[span].add(int(rest.partition(".")[0]))
    return [f"{span}.{number}" for span in SPANS for number in sorted(numbers[span])]
