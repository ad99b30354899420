"""Multiplies of a denoiser, counted by running it on tensors without content.

Counted are the multiplies of convolutions, linear layers and of both products of attention, as they
really run; sums, norms and activations are not.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree
from torch.utils.flop_counter import FlopCounterMode

from studio.subnets.denoisers.calls import Call
from studio.subnets.denoisers.choice import Kept
from studio.subnets.denoisers.clones import with_tensors
from studio.subnets.denoisers.sites import Layout


@dataclass(frozen=True)
class CostTable:
    """What follows for every choice from one count: insides of blocks cost in proportion to what
    is kept of them.

    Args:
        total: multiplies of the whole denoiser for one call. sites: of all elements of each site,
            by key. blocks: of each skippable block, with its sites, by name.
    """

    total: int
    sites: Mapping[str, int]
    blocks: Mapping[str, int]

    def of(self, layout: Layout, kept: Kept) -> int:
        """Multiplies of one call of a subnet."""
        made = self.total - sum(self.blocks[name] for name in kept.skipped)
        for site in layout.sites:
            count = kept.counts.get(site.key, site.count)
            if site.block not in kept.skipped:
                # Every site costs a whole number for each element, so nothing is rounded.
                made -= self.sites[site.key] * (site.count - count) // site.count
        return made


def cost_table(denoiser: nn.Module, layout: Layout, call: Call) -> CostTable:
    """Count a denoiser once for calls of the sizes of ``call``, whose numbers are not looked at."""
    counts = counted(denoiser, call)
    sites = {}
    for site in layout.sites:
        found = 0
        for part in site.parts:
            own = counts.get(part.layer, 0)
            # A layer of which only a part of the inputs belongs to the site (Flux).
            module: Any = denoiser.get_submodule(part.layer)
            if part.inputs and isinstance(module, nn.Linear):
                own = own * site.count * site.size // module.in_features
            found += own
        if site.kind == "heads":
            # Besides its layers, an attention multiplies queries with keys and weights with values.
            inside = (path for path, _ in denoiser.get_submodule(site.name).named_modules() if path)
            layers = [f"{site.name}.{path}" for path in inside]
            leaves = [n for n in layers if not any(m.startswith(f"{n}.") for m in layers)]
            found += counts.get(site.name, 0) - sum(counts.get(name, 0) for name in leaves)
        sites[site.key] = found
    blocks = {block.name: counts.get(block.name, 0) for block in layout.blocks}
    return CostTable(counts.get("", 0), sites, blocks)


def multiplies(denoiser: nn.Module, call: Call) -> int:
    """Multiplies of one call of any denoiser, whole or cut or with features used again."""
    return counted(denoiser, call).get("", 0)


def counted(denoiser: nn.Module, call: Call) -> dict[str, int]:
    """Multiplies inside each module by path."""
    empty = without_content(denoiser)
    args, kwargs = pytree.tree_map_only(
        Tensor, lambda t: torch.empty_like(t, device="meta"), (call.args, dict(call.kwargs))
    )
    counter = FlopCounterMode(display=False)
    with torch.no_grad(), counter:
        empty(*args, **kwargs)
    root = type(empty).__name__
    found = {}
    for name, operators in counter.get_flop_counts().items():
        path = name.removeprefix(root).removeprefix(".") if name != "Global" else ""
        # The counter counts a multiply and its addition as two.
        found[path] = sum(operators.values()) // 2
    return found


def without_content(denoiser: nn.Module) -> nn.Module:
    """The same network on tensors that have shapes and no memory."""
    return with_tensors(denoiser, lambda tensor: tensor.to("meta"))
