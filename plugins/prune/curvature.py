"""How much a denoiser's answers would change without each of its elements.

A gate g scales an element wherever it is read; g = 0 removes it. The loss ``|F(g) - F(1)|^2 /
|F(1)|^2`` has no slope at g = 1, and its curvature there is ``|dF/dg|^2``: see
:mod:`plugins.prune.importance`, whose estimate by random probes this is.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import ExitStack
from typing import Any

import torch
from torch import Tensor, nn
from torch.utils import _pytree as pytree

from studio.subnets.denoisers.calls import Call, first_tensor
from studio.subnets.denoisers.clones import twin
from studio.subnets.denoisers.sites import Layout, Site

PROBES = 2  # perturbations of each answer


def curvatures(
    denoiser: nn.Module,
    layout: Layout,
    calls: Sequence[Call],
    seed: int,
    progress: Callable[[float, str], None],
) -> dict[str, Tensor]:
    """Curvatures (count,) by the keys of the sites, float64, in the mean of ``calls``.

    Args:
        progress: told a fraction and a line of text; may raise to stop.
    """
    network: Any = twin(denoiser)
    if getattr(network, "_supports_gradient_checkpointing", False):
        network.enable_gradient_checkpointing()  # a big one's activations would fill the memory
    generator = torch.Generator().manual_seed(seed)
    totals = {site.key: torch.zeros(site.count, dtype=torch.float64) for site in layout.sites}
    for number, call in enumerate(calls):
        progress(number / len(calls), f"looking at step {number + 1} of {len(calls)}")
        # What was taken down in inference mode cannot be differentiated, copies of it can.
        args, kwargs = pytree.tree_map_only(
            Tensor, lambda tensor: tensor.clone(), (call.args, dict(call.kwargs))
        )
        with torch.enable_grad(), ExitStack() as hooks:
            gates = _gated(network, layout.sites, hooks)
            answer = first_tensor(network(*args, **kwargs)).float()
            size = float(answer.detach().double().square().sum()) or 1.0
            for probe in range(PROBES):
                v = torch.randn(answer.shape, generator=generator)
                slopes = torch.autograd.grad(
                    (answer * v).sum(),
                    list(gates.values()),
                    retain_graph=probe + 1 < PROBES,
                    allow_unused=True,
                )
                for key, slope in zip(gates, slopes, strict=True):
                    if slope is not None:
                        totals[key] += slope.double().square() / (size * PROBES * len(calls))
    return totals


def _gated(network: nn.Module, sites: Sequence[Site], hooks: ExitStack) -> dict[str, Tensor]:
    """Gates (count,) of every site, by which what its readers read is multiplied."""
    gates, read = {}, {}
    for site in sites:
        gates[site.key] = torch.ones(site.count, requires_grad=True)
        for part in site.parts:
            if part.inputs:
                read.setdefault(part.layer, []).append((part.offset, site, gates[site.key]))
    for name, entries in read.items():
        layer = network.get_submodule(name)
        handle = layer.register_forward_pre_hook(_scaled(sorted(entries, key=lambda e: e[0])))
        hooks.callback(handle.remove)
    return gates


def _scaled(entries: Sequence[tuple[int, Site, Tensor]]) -> Callable[..., Any]:
    def hook(layer: nn.Module, args: tuple[Tensor, ...]) -> tuple[Tensor, ...]:
        x = args[0]
        picture = isinstance(layer, nn.Conv2d)
        parts, at = [], 0
        for offset, site, gate in entries:
            parts += [torch.ones(offset - at), gate.repeat_interleave(site.size)]
            at = offset + site.count * site.size
        parts.append(torch.ones(x.shape[1 if picture else -1] - at))
        whole = torch.cat(parts).to(x.dtype)
        return (x * (whole[:, None, None] if picture else whole), *args[1:])

    return hook
