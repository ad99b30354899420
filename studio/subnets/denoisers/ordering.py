"""Ordering what lies inside a denoiser's blocks, so that the first part of it is a good subnet.

Lin et al. 2021, "Anycost GANs", section 3.2, order channels by what their consumer makes of them.
Here an element (a GroupNorm group of channels, a head, a unit) weighs as much as it adds to the
trunk: the mean energy of its channels along real runs times the energy of the consumer's weights
for them, summed over its channels. That is the energy of its addition where channels are
uncorrelated, and 0 for what is dead, whether by its values or by its consumer's weights.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any, TypeVar

import torch
from torch import Tensor, nn

from studio.errors import BadChoice
from studio.subnets.denoisers.calls import Call, outcome
from studio.subnets.denoisers.clones import is_hooked, replaced, shallow
from studio.subnets.denoisers.sites import Layout, Part, Site

Module = TypeVar("Module", bound=nn.Module)


def importances(denoiser: nn.Module, layout: Layout, calls: Iterable[Call]) -> dict[str, Tensor]:
    """Importance of every site's elements by key: (count,) float64, 0 or more.

    Args:
        calls: of the denoiser along real runs; they are walked through once.

    Raises:
        BadChoice: there is no call.
    """
    energies = _Energies(denoiser, layout)
    count = 0
    with energies:
        for call in calls:
            outcome(denoiser, call)
            count += 1
    if not count:
        raise BadChoice("importance is measured along a run; there is no call of the denoiser")
    return {site.key: energies.importance(site) for site in layout.sites}


def orders(found: Mapping[str, Tensor]) -> dict[str, Tensor]:
    """For every site its elements by falling importance; equal ones keep their order."""
    return {k: torch.argsort(values, descending=True, stable=True) for k, values in found.items()}


def reordered(denoiser: Module, layout: Layout, order: Mapping[str, Tensor]) -> Module:
    """The same denoiser with the elements of sites in another order: ``new[i] = old[order[i]]``.

    Its answers stay the same up to rounding. Layers whose order changes have memory of their own,
    the others share it.

    Args:
        order: by key of the site; those that it lacks stay as they are.
    """
    if is_hooked(denoiser):
        raise BadChoice("a cache or another hook runs in the place of this denoiser; disable it")
    changes: dict[str, nn.Module] = {}
    for site in layout.sites:
        wanted = order.get(site.key)
        if wanted is None or torch.equal(wanted, torch.arange(site.count)):
            continue
        for part in site.parts:
            before = changes.get(part.layer) or denoiser.get_submodule(part.layer)
            changes[part.layer] = _permuted(
                before, part.inputs, _indices(site, part, wanted, before)
            )
    return replaced(denoiser, changes)


def _indices(site: Site, part: Part, order: Tensor, layer: nn.Module) -> Tensor:
    """For one side of a layer, which of its old indices comes where."""
    weight: Any = layer.weight
    made = torch.arange(weight.shape[1 if part.inputs else 0])
    inside = (order[:, None] * site.size + torch.arange(site.size)).flatten()
    for run in range(part.runs):
        start = part.offset + run * len(inside)
        made[start : start + len(inside)] = start + inside
    return made


def _permuted(layer: nn.Module, inputs: bool, index: Tensor) -> nn.Module:
    given: Any = layer
    made = shallow(layer)
    weight = given.weight.detach()
    index = index.to(weight.device)
    made._parameters["weight"] = nn.Parameter(
        weight[:, index] if inputs else weight[index], requires_grad=False
    )
    if not inputs and given.bias is not None:
        made._parameters["bias"] = nn.Parameter(given.bias.detach()[index], requires_grad=False)
    return made


class _Energies:
    """Sums of squares of what the consumers of sites read, while denoisers run within it."""

    def __init__(self, denoiser: nn.Module, layout: Layout) -> None:
        self.layers = {
            part.layer: denoiser.get_submodule(part.layer)
            for site in layout.sites
            for part in site.parts
            if part.inputs
        }
        self.sums: dict[str, Tensor] = {}
        self.handles: list[Any] = []

    def __enter__(self) -> None:
        for name, layer in self.layers.items():
            self.handles.append(layer.register_forward_pre_hook(self._hook(name)))

    def __exit__(self, *error: object) -> None:
        for handle in self.handles:
            handle.remove()

    def _hook(self, name: str) -> Callable[[nn.Module, tuple[Tensor, ...]], None]:
        def add(layer: nn.Module, args: tuple[Tensor, ...]) -> None:
            squares = args[0].detach().float().square()
            # Channels come second in pictures and last in rows of tokens.
            channels = 1 if isinstance(layer, nn.Conv2d) else squares.dim() - 1
            found = squares.mean([n for n in range(squares.dim()) if n != channels]).double()
            self.sums[name] = self.sums[name] + found if name in self.sums else found

        return add

    def importance(self, site: Site) -> Tensor:
        total = torch.zeros(site.count, dtype=torch.float64)
        for part in site.parts:
            # A layer that no call has reached tells nothing.
            if not part.inputs or part.layer not in self.sums:
                continue
            weight: Any = self.layers[part.layer].weight
            others = [n for n in range(weight.dim()) if n != 1]
            read = weight.detach().float().square().sum(others).double()
            each = (self.sums[part.layer] * read).cpu()
            stop = part.offset + site.count * site.size
            total += each[part.offset : stop].view(site.count, site.size).sum(1)
        return total
